"""What every camera has: it films only while somebody looks, and says when the picture is no picture."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Final, Generic, TypeVar

from config.clock import Clock, Deadline
from drivers.devices.camera_frames import COVERED, FrameLook, FrameWatch
from drivers.devices.supervised import SupervisedDevice
from drivers.errors import DeadlinePassed, DeviceError, LinkLost, MediaInvalid, MediaMissing
from drivers.ports import DeviceState
from drivers.ports_documents import StraightPage
from drivers.protocols.wire import Wire
from drivers.transports.channel import on_thread
from drivers.transports.video import Picture, VideoLink

_T = TypeVar("_T")
_F = TypeVar("_F")
_log = logging.getLogger("kiosk.devices.camera")
_CLOSED: Final = "the camera is closed"


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds."""

    frame: float = 0.1  # at most ten previews a second
    linger: float = 4.0
    check: float = 3.0
    wait: float = 3.0


class FilmingCamera(SupervisedDevice, Generic[_F]):
    """Base of the cameras; ``_made`` says what a frame becomes for those who wait for one.

    OpenCV's calls run on one worker thread. While nobody looks the camera is closed (its light is off, nobody
    is in memory) and only its presence is checked; it stays open for a moment after each use.
    """

    covered: ClassVar[float] = COVERED
    """Grey level of a covered lens; see ``darkness``."""

    def __init__(self, label: str, link: VideoLink, clock: Clock, timings: Timings | None = None) -> None:
        super().__init__(label, clock)
        self._link = link
        self._timings = timings or Timings()
        self._worker: ThreadPoolExecutor | None = None
        self._users = 0
        self._broken: DeviceError | None = None
        """Why it has to be connected anew, whatever its next frame is."""
        self._linger_until = 0.0
        self._wake = asyncio.Event()
        self._look = FrameLook.UNKNOWN
        self._waiting: set[asyncio.Future[_F]] = set()

    @abstractmethod
    def _made(self, picture: Picture) -> _F:
        """What one frame is to those who wait; on the worker thread."""

    def _another(self, made: _F) -> _F:
        """The same for one more who waits: memory of their own, where what they get can be changed."""
        return made

    @abstractmethod
    def _details(self, lens: str, look: FrameLook) -> Mapping[str, object]:
        """The class's status: ``lens`` is ok, inop or unknown."""

    async def reset(self, deadline: Deadline) -> None:
        """Close the camera and open it anew; raise ``DeviceNotReady``, ``DeadlinePassed``."""
        self._require()
        connection = self._connection
        try:
            with self._using():  # else the watch may close it between opening and the first frame
                async with asyncio.timeout(deadline.remaining):
                    await self._call(self._reopen)
        except TimeoutError:
            late = DeadlinePassed("the camera did not come up in time")
            self._give_up(connection, late)
            raise late from None
        except DeviceError as error:
            self._give_up(connection, error)
            raise

    def _give_up(self, connection: int, error: DeviceError) -> None:
        """It did not come up: lost at once, and not only when the watch has found that out from its next frame.

        Until then whoever asks would be let in, and thrown out in the middle of what they ask.
        """
        if connection == self._connection:
            self._broken = error
            self._lost(error)
            self._wake.set()

    def _reopen(self) -> None:
        self._link.open()
        self._link.read()

    @contextmanager
    def _using(self) -> Iterator[None]:
        self._users += 1
        self._wake.set()
        try:
            yield
        finally:
            self._users -= 1
            self._linger_until = asyncio.get_running_loop().time() + self._timings.linger

    async def _next(self) -> _F:
        """The next frame, at most ten a second."""
        self._require()  # lost between two frames, nobody would wake this one
        waiter: asyncio.Future[_F] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            return await waiter
        finally:
            self._waiting.discard(waiter)

    async def _call(self, function: Callable[[], _T]) -> _T:
        if self._worker is None:
            raise LinkLost(_CLOSED)
        return await on_thread(self._worker, function, _CLOSED)

    async def _connect(self) -> None:
        self._broken = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="camera")
        await self._call(self._link.open)
        await self._call(self._link.read)
        self._look = FrameLook.UNKNOWN
        self._linger_until = 0.0

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while self._broken is None:
            if self._users or loop.time() < self._linger_until:
                await self._film()
                continue
            self._wake.clear()  # before the camera closes: who comes meanwhile must not wait for the next check
            await self._call(self._link.close)
            self._show(FrameLook.UNKNOWN)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._timings.check):
                    await self._wake.wait()
            if not self._users and not await self._call(self._link.present):
                raise LinkLost(f"camera {self._link.name} is not there; check its cable and power")
        raise self._broken

    async def _film(self) -> None:
        """Read frames while somebody looks, and a moment longer."""
        loop = asyncio.get_running_loop()
        if not self._link.is_open:
            await self._call(self._link.open)
        watch = FrameWatch(self.covered)
        due = loop.time()
        while self._broken is None and (self._users or loop.time() < self._linger_until):
            wanted = bool(self._waiting) and loop.time() >= due
            look, made = await self._call(partial(self._step, watch, wanted))
            self._show(look)
            if made is not None:
                due = max(due + self._timings.frame, loop.time() - self._timings.frame)
                self._hand_out(made)

    def _hand_out(self, made: _F) -> None:
        waiting = [waiter for waiter in self._waiting if not waiter.done()]
        for place, waiter in enumerate(waiting):
            waiter.set_result(self._another(made) if place else made)

    def _step(self, watch: FrameWatch, wanted: bool) -> tuple[FrameLook, _F | None]:
        """One frame on the worker thread: everything that touches pixels."""
        picture = self._link.read()
        return watch.look(picture), self._made(picture) if wanted else None

    async def _disconnect(self) -> None:
        worker, self._worker = self._worker, None
        lost = LinkLost("the camera is lost; check its cable and power")
        for waiter in tuple(self._waiting):
            if not waiter.done():
                waiter.set_exception(lost)
        if worker is not None:
            try:
                await asyncio.shield(asyncio.to_thread(self._end, worker))
            except DeviceError:
                _log.debug("closing the camera", exc_info=True)

    def _end(self, worker: ThreadPoolExecutor) -> None:
        worker.shutdown(wait=True, cancel_futures=True)
        self._link.close()

    def _announce(self) -> None:
        self._show(FrameLook.UNKNOWN)

    def _show(self, look: FrameLook) -> None:
        if not self._connected:
            return
        self._look = look
        frozen = look is FrameLook.FROZEN
        device = DeviceState.HARDWARE_ERROR if frozen else DeviceState.ONLINE
        self._board.publish(device, self._details("inop" if frozen else "ok", look), "polled")

    def _away(self) -> Mapping[str, object]:
        return self._details("unknown", FrameLook.UNKNOWN)


class FilmWire(Wire):
    """Of each picture its facts, as the transport tells them. They make a film again in which nothing is to be seen."""

    films = True

    def brings_about(self, outcome: Mapping[str, Any]) -> bool:
        """A page that was read, or was not found, was a matter of the picture."""
        result = outcome.get("result")
        read = isinstance(result, Mapping) and result.get("kind") == StraightPage.__name__
        return not read and outcome.get("raised") not in _SEEN


_SEEN: Final = frozenset({MediaMissing.__name__, MediaInvalid.__name__})
