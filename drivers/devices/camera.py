"""The face camera: films only while somebody looks, and says when the picture is no picture."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from config.clock import Clock, Deadline
from drivers.devices.camera_frames import FrameLook, FrameWatch, to_jpeg
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.supervised import SupervisedDevice
from drivers.errors import DeadlinePassed, DeviceError, LinkLost
from drivers.ports import DeviceState
from drivers.transports.video import VideoLink

_T = TypeVar("_T")
_log = logging.getLogger("kiosk.devices.faceCamera")


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds."""

    frame: float = 0.1  # at most ten previews a second
    linger: float = 4.0
    check: float = 3.0
    wait: float = 3.0


class OpencvCamera(SupervisedDevice):
    """Implements ``Camera``.

    OpenCV's calls run on one worker thread. While nobody looks the camera is closed (its light is off, no
    face is in memory) and only its presence is checked; it stays open for a moment after each use.
    """

    def __init__(self, link: VideoLink, clock: Clock, timings: Timings | None = None) -> None:
        super().__init__("faceCamera", clock)
        self._link = link
        self._timings = timings or Timings()
        self._worker: ThreadPoolExecutor | None = None
        self._users = 0
        self._linger_until = 0.0
        self._wake = asyncio.Event()
        self._look = FrameLook.UNKNOWN
        self._waiting: set[asyncio.Future[bytes]] = set()

    async def frames(self) -> AsyncIterator[bytes]:
        """JPEG previews, at most ten a second, until the iterator is closed."""
        self._require()
        with self._using():
            while True:
                yield await self._next()

    async def picture(self, deadline: Deadline) -> bytes:
        """One JPEG."""
        (jpeg,) = await self.capture(1, deadline)
        return jpeg

    async def capture(self, count: int, deadline: Deadline) -> Sequence[bytes]:
        """``count`` consecutive frames, a tenth of a second apart, as JPEG for liveness and matching."""
        self._require()
        taken: list[bytes] = []
        with self._using():
            try:
                async with asyncio.timeout(deadline.remaining):
                    while len(taken) < count:
                        taken.append(await self._next())
            except TimeoutError:
                raise DeadlinePassed("the camera gave too few frames in time") from None
        return taken

    async def reset(self, deadline: Deadline) -> None:
        """Close the camera and open it anew."""
        self._require()
        try:
            with self._using():  # else the watch may close it between opening and the first frame
                async with asyncio.timeout(deadline.remaining):
                    await self._call(self._reopen)
        except TimeoutError:
            raise DeadlinePassed("the camera did not come up in time") from None

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

    async def _next(self) -> bytes:
        self._require()  # lost between two frames, nobody would wake this one
        waiter: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            return await waiter
        finally:
            self._waiting.discard(waiter)

    async def _call(self, function: Callable[[], _T]) -> _T:
        if self._worker is None:
            raise LinkLost("the camera is closed")
        return await asyncio.get_running_loop().run_in_executor(self._worker, function)

    async def _connect(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="camera")
        await self._call(self._link.open)
        await self._call(self._link.read)
        self._look = FrameLook.UNKNOWN
        self._linger_until = 0.0

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
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

    async def _film(self) -> None:
        """Read frames while somebody looks, and a moment longer."""
        loop = asyncio.get_running_loop()
        if not self._link.is_open:
            await self._call(self._link.open)
        watch = FrameWatch()
        due = loop.time()
        while self._users or loop.time() < self._linger_until:
            wanted = bool(self._waiting) and loop.time() >= due
            look, jpeg = await self._call(partial(self._step, watch, wanted))
            self._show(look)
            if jpeg is not None:
                due = max(due + self._timings.frame, loop.time() - self._timings.frame)
                for waiter in tuple(self._waiting):
                    if not waiter.done():
                        waiter.set_result(jpeg)

    def _step(self, watch: FrameWatch, wanted: bool) -> tuple[FrameLook, bytes | None]:
        """One frame on the worker thread: everything that touches pixels."""
        picture = self._link.read()
        return watch.look(picture), to_jpeg(picture) if wanted else None

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
        self._board.publish(device, _details("inop" if frozen else "ok", look), "polled")

    def _away(self) -> Mapping[str, object]:
        return _details("unknown", FrameLook.UNKNOWN)


def _details(lens: str, look: FrameLook) -> Mapping[str, object]:
    return {
        "camera": {"cameras": {"person": lens}, "media": {"person": "ok"}},
        "faceCamera": {"frame": look.value},
    }


@driver("camera-opencv")
def _create(options: Options, clock: Clock) -> OpencvCamera:
    width, height = options.integer("width", 640, 160, 4096), options.integer("height", 480, 120, 4096)
    timings = Timings(linger=options.number("linger_s", 4, 0, 60))
    return OpencvCamera(VideoLink(options.text("uri"), width, height, timings.wait), clock, timings)
