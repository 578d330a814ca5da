"""The card in a reader: one exclusive connection, its blocking calls on a thread of its own.

A card that never answers blocks its thread inside the service, which nothing can cancel. Callers are not held
by that: they leave at their deadline, the thread is left behind and ends when the card is taken out.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from config.clock import Deadline
from drivers.errors import DeadlinePassed, MediaMissing
from drivers.transports import pcsc_calls
from drivers.transports.pcsc_tap import CardCalls

_T = TypeVar("_T")
_LATE: Final = "the card did not answer in time; take it out and insert it again"


@dataclass(frozen=True, slots=True)
class Powered:
    """A card under power: its answer to reset, and whether it speaks T=0 (otherwise T=1)."""

    atr: bytes
    t0: bool


@dataclass(slots=True)
class _Job:
    """A call for the thread; ``wanted`` until its caller has left."""

    call: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]
    wanted: bool = field(default=True)

    def run(self) -> None:
        if not self.wanted:
            return
        try:
            result, error = self.call(), None
        except Exception as failed:
            result, error = None, failed
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self.loop.call_soon_threadsafe(self._finish, result, error)

    def _finish(self, result: Any, error: Exception | None) -> None:
        if self.answer.done():
            return
        if error is not None:
            self.answer.set_exception(error)
        else:
            self.answer.set_result(result)


class CardLine:
    """One connection to the card in the reader called ``reader``; of no use any more after ``close``.

    Raise ``MediaMissing`` for a card that is not there any more, ``DeadlinePassed``, ``LinkLost`` for a reader or
    service that has gone, and what ``pcsc_calls`` has words for.
    """

    def __init__(self, reader: str, calls: CardCalls | None = None) -> None:
        self._reader = reader
        self._calls = calls or CardCalls()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._context: int | None = None
        self._handle: int | None = None
        self._protocol = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="pcsc-card", daemon=True)

    async def power(self, deadline: Deadline) -> Powered:
        """Take the card for ourselves, with power on it."""
        if not self._thread.is_alive() and not self._closed:
            self._thread.start()
        return await self._call(self._connect, deadline)

    async def reset(self, deadline: Deadline, *, cold: bool) -> Powered:
        """Reset it, ``cold`` or warm."""
        return await self._call(lambda: self._again(cold), deadline)

    async def transmit(self, apdu: bytes, deadline: Deadline) -> bytes:
        """One command APDU and the response APDU."""
        return await self._call(lambda: self._calls.transmit(self._held(), self._protocol, apdu), deadline)

    def close(self) -> None:
        """Switch the card off and let go of it, as soon as what is under way has ended; never waits."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)

    async def ended(self, deadline: Deadline) -> bool:
        """Whether the closed line has let go of the card by the deadline."""
        while self._thread.is_alive() and not deadline.passed:
            await asyncio.sleep(0.002)
        return not self._thread.is_alive()

    async def _call(self, call: Callable[[], _T], deadline: Deadline) -> _T:
        if self._closed:
            raise MediaMissing("the card is no longer connected; insert it again")
        loop = asyncio.get_running_loop()
        job = _Job(call, loop, loop.create_future())
        self._jobs.put(job)
        try:
            async with asyncio.timeout(deadline.remaining):
                result: _T = await job.answer
                return result
        except TimeoutError:
            raise DeadlinePassed(_LATE) from None
        finally:
            job.wanted = False

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()
        if self._handle is not None:
            self._calls.disconnect(self._handle)
        if self._context is not None:
            self._calls.release(self._context)

    def _held(self) -> int:
        if self._handle is None:
            raise MediaMissing("the card is not connected; power it first")
        return self._handle

    def _connect(self) -> Powered:
        if self._context is None:
            self._context = self._calls.establish()
        if self._handle is None:
            self._handle, self._protocol = self._calls.connect(self._context, self._reader)
        return Powered(self._calls.answer_to_reset(self._handle), self._protocol == pcsc_calls.T0)

    def _again(self, cold: bool) -> Powered:
        self._protocol = self._calls.reconnect(self._held(), cold=cold)
        return self._connect()
