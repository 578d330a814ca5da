"""The asyncio face of a blocking line: bytes arrive on the loop, every blocking call has its own thread."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from config.clock import Deadline
from drivers.errors import DeadlinePassed, DeviceError, LinkLost
from drivers.transports.link import Link, Tap

_T = TypeVar("_T")
_log = logging.getLogger("kiosk.devices.link")

_WINDOW = 32
"""Chunks that may wait for the loop: a device that floods its line is slowed down, not buffered."""


class Channel:
    """One line as the loop sees it. ``open`` may follow ``close`` any number of times.

    ``receive`` gets each chunk on the loop; ``lost`` is called once on the loop when the port vanishes by
    itself. Writing and opening happen on one worker thread, reading on another.
    """

    def __init__(self, link: Link, tap: Tap | None = None) -> None:
        self._link = link if tap is None else tap.line(link)
        self._tap = tap
        self.receive: Callable[[bytes], None] = lambda data: None
        self.lost: Callable[[DeviceError], None] = lambda error: None
        self._worker: ThreadPoolExecutor | None = None
        self._session: _Session | None = None

    @property
    def name(self) -> str:
        """The line's name for logs."""
        return self._link.name

    @property
    def is_open(self) -> bool:
        """Whether the line is open and has not been lost."""
        return self._session is not None

    async def open(self) -> None:
        """Open the line and begin to listen; raise ``LinkLost`` when it is not there."""
        await self.close()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=f"link-{self.name}")
        try:
            await self.call(self._link.open)
        except BaseException:
            await self.close()
            raise
        if self._tap is not None:
            self._tap.opened()
        self._session = _Session(self, self._link, self._tap, asyncio.get_running_loop())
        self._session.start()

    async def close(self) -> None:
        """Close the line, wait for its threads; never raises."""
        session, self._session = self._session, None
        worker, self._worker = self._worker, None
        if worker is None:
            return
        try:
            await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, self._end, session, worker))
        except DeviceError:
            _log.debug("closing %s", self.name, exc_info=True)
        if session is not None and self._tap is not None:
            self._tap.closed("closed")

    def _end(self, session: _Session | None, worker: ThreadPoolExecutor) -> None:
        self._link.close()
        worker.shutdown(wait=True, cancel_futures=True)
        # An open that was under way when we were told to stop has left the port open behind our back.
        self._link.close()
        if session is not None:
            session.join()

    async def call(self, function: Callable[[], _T]) -> _T:
        """Run a blocking call of the link (a change of speed) on the worker thread.

        Raise ``LinkLost`` when it is closed, and what the call does.
        """
        if self._worker is None:
            raise LinkLost(f"{self.name} is closed")
        return await on_thread(self._worker, function, f"{self.name} is closed")

    def check(self) -> None:
        """Ask the transport whether its port is still there, where it can tell (blocking, for ``call``)."""
        check: Callable[[], None] | None = getattr(self._link, "check", None)
        if check is not None:
            check()

    async def write(self, data: bytes, deadline: Deadline) -> None:
        """Send ``data``; raise ``LinkLost``, or ``DeadlinePassed`` with the rest still on its way."""
        if self._session is None:
            raise LinkLost(f"{self.name} is closed")
        if self._tap is not None:
            data = self._tap.outgoing(data)
        try:
            async with asyncio.timeout(deadline.remaining):
                await self.call(lambda: self._link.write(data))
        except TimeoutError:
            raise DeadlinePassed(f"{self.name} took the data too slowly") from None

    def drop(self, session: _Session, error: DeviceError) -> None:
        """The reading thread found the line gone (called on the loop)."""
        if self._session is session:
            self._session = None
            if self._tap is not None:
                self._tap.closed(str(error))
            self.lost(error)


async def on_thread(worker: ThreadPoolExecutor, function: Callable[[], _T], closed: str) -> _T:
    """Run ``function`` there and wait; raise ``LinkLost`` (``closed``) when the worker ends before its turn.

    What still waits when a worker ends is cancelled, which to who waits looks as if it were cancelled itself.
    """
    try:
        turn = worker.submit(function)
    except RuntimeError:
        raise LinkLost(closed) from None
    try:
        return await asyncio.wrap_future(turn)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if turn.cancelled() and task is not None and not task.cancelling():
            raise LinkLost(closed) from None
        raise


class _Session:
    """One opening of the line: the reading thread and its window towards the loop."""

    def __init__(
        self, channel: Channel, link: Link, tap: Tap | None, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._channel, self._link, self._tap, self._loop = channel, link, tap, loop
        self._room = threading.Semaphore(_WINDOW)
        self._over = False
        self._thread = threading.Thread(target=self._run, name=f"read-{link.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        self._over = True
        self._room.release()
        self._thread.join(5)

    def _run(self) -> None:
        try:
            while not self._over:
                data = self._link.read()
                if not data:
                    return
                if self._tap is not None:
                    data = self._tap.incoming(data)
                self._room.acquire()
                self._post(self._deliver, data)
        except DeviceError as error:
            self._post(self._channel.drop, self, error)
        except Exception as error:  # a line that nobody reads any more is a lost one
            _log.exception("reading %s failed", self._link.name)
            lost = LinkLost(f"reading {self._link.name} failed ({type(error).__name__}); it is opened again")
            self._post(self._channel.drop, self, lost)

    def _post(self, function: Callable[..., None], *args: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(function, *args)

    def _deliver(self, data: bytes) -> None:
        self._room.release()
        if data and not self._over and self._channel.is_open:
            self._channel.receive(data)
