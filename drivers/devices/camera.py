"""The face camera."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence

from config.clock import Clock, Deadline
from drivers.binding.identity import Kind
from drivers.devices.camera_frames import FrameLook, to_jpeg
from drivers.devices.filming import FilmingCamera, FilmWire, Timings
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Traits
from drivers.errors import DeadlinePassed
from drivers.transports.video import Picture, VideoLink

__all__ = ["OpencvCamera", "Timings"]


class OpencvCamera(FilmingCamera[bytes]):
    """Implements ``Camera``."""

    def __init__(self, link: VideoLink, clock: Clock, timings: Timings | None = None) -> None:
        super().__init__("faceCamera", link, clock, timings)

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

    def _made(self, picture: Picture) -> bytes:
        return to_jpeg(picture)

    def _details(self, lens: str, look: FrameLook) -> Mapping[str, object]:
        return {
            "camera": {"cameras": {"person": lens}, "media": {"person": "ok"}},
            "faceCamera": {"frame": look.value},
        }


@driver("camera-opencv", Traits(wire=FilmWire, node=Kind.CAMERA))
def _create(options: Options, clock: Clock) -> OpencvCamera:
    width, height = options.integer("width", 640, 160, 4096), options.integer("height", 480, 120, 4096)
    timings = Timings(linger=options.number("linger_s", 4, 0, 60))
    return OpencvCamera(
        VideoLink(options.text("uri"), width, height, timings.wait, options.tap), clock, timings
    )
