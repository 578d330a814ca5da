"""One command at a time for each service, in the order they came, over all connections."""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from drivers.xfs.request import Request
from drivers.xfs.words import CompletionCode

log = logging.getLogger("kiosk.devices.xfs")


class CommandQueue:
    """FIFO of a service. Started and closed on the loop; requests that ended while waiting are skipped."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: deque[Request] = deque()
        self._news = asyncio.Event()
        self._running: Request | None = None
        self._worker: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to execute."""
        if self._worker is None:
            self._worker = asyncio.create_task(self._work(), name=f"queue of {self._name}")

    async def close(self) -> None:
        """Cancel what waits and what runs, and wait for its end."""
        worker, self._worker = self._worker, None
        for request in [*self._waiting]:
            request.stop(CompletionCode.CANCELED)
        self._waiting.clear()
        if worker is not None:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)

    @property
    def busy(self) -> bool:
        """True while anything runs or waits."""
        return self._running is not None or any(not request.done for request in self._waiting)

    @property
    def hanging(self) -> Request | None:
        """What runs although it was asked to end long ago; None when nothing does."""
        return self._running if self._running is not None and self._running.hangs else None

    def put(self, request: Request) -> None:
        """Let it wait for its turn."""
        self._waiting.append(request)
        self._news.set()

    async def _work(self) -> None:
        while True:
            while not self._waiting:
                self._news.clear()
                await self._news.wait()
            request = self._waiting.popleft()
            self._running = request
            try:
                await request.run()
            except Exception:  # a queue that ends takes all commands to come along, and tells nobody
                log.exception("%s: %s failed around its handler", self._name, request.command.name)
            finally:
                self._running = None
