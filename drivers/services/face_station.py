"""The face camera with what compares its pictures: hosted together, so that no live face crosses a process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from config.clock import Deadline
from drivers.errors import DriverConfigError, ReadFailed, UnsupportedData
from drivers.ports import Camera, FaceMatcher, FaceVerdict, PhotoDecoder, Snapshot, StatusListener

PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True)
class FaceAbility:
    """Which matcher compares, and whether a bureau may rely on it."""

    matcher: str
    production_ready: bool
    decodes_chip_photo: bool


class FaceStation(Camera, Protocol):
    """A camera that also compares."""

    async def ability(self) -> FaceAbility:
        """What compares."""
        ...

    async def compare(self, reference: bytes, frames: Sequence[bytes]) -> FaceVerdict:
        """Compare a reference (chip photo, PNG or JPEG) with frames; raise ``UnsupportedData``."""
        ...


class LocalFaceStation:
    """A ``FaceStation`` of a camera, a matcher and a decoder in this process; matching runs on a thread."""

    def __init__(
        self,
        camera: Camera,
        matcher: FaceMatcher,
        matcher_name: str,
        decoder: PhotoDecoder | None,
        production: bool,
    ) -> None:
        if production and not matcher.production_ready:
            raise DriverConfigError(
                f"the face matcher '{matcher_name}' is for demonstrations; name a certified one in production"
            )
        if production and decoder is not None and not decoder.production_ready:
            raise DriverConfigError(
                "the decoder of ID card photos is for demonstrations; name the licensed one in production, "
                "or 'decoder = \"\"' to do without the photo"
            )
        self._camera = camera
        self._matcher = matcher
        self._decoder = decoder
        self._ability = FaceAbility(matcher_name, matcher.production_ready, decoder is not None)

    @property
    def snapshot(self) -> Snapshot:
        """The camera's."""
        return self._camera.snapshot

    def on_status(self, listener: StatusListener) -> None:
        """The camera's."""
        self._camera.on_status(listener)

    async def open(self) -> None:
        """Open the camera."""
        await self._camera.open()

    async def close(self) -> None:
        """Close the camera."""
        await self._camera.close()

    async def reset(self, deadline: Deadline) -> None:
        """Reset the camera."""
        await self._camera.reset(deadline)

    async def frames(self) -> AsyncIterator[bytes]:
        """The camera's preview."""
        async with aclosing(cast(Any, self._camera.frames())) as frames:
            async for jpeg in frames:
                yield jpeg

    async def picture(self, deadline: Deadline) -> bytes:
        """One JPEG."""
        return await self._camera.picture(deadline)

    async def capture(self, count: int, deadline: Deadline) -> Sequence[bytes]:
        """Consecutive frames."""
        return await self._camera.capture(count, deadline)

    async def ability(self) -> FaceAbility:
        """What compares."""
        return self._ability

    async def compare(self, reference: bytes, frames: Sequence[bytes]) -> FaceVerdict:
        """Decode the reference if it is a chip photo, then compare."""
        return await asyncio.to_thread(self._compare, reference, list(frames))

    def _compare(self, reference: bytes, frames: Sequence[bytes]) -> FaceVerdict:
        picture = reference
        if not reference.startswith((PNG, JPEG)):
            decoded = self._decoder.decode(reference) if self._decoder is not None else None
            if decoded is None:
                raise UnsupportedData("no decoder here knows this chip photo; install the licensed one")
            picture = decoded
        verdict = self._matcher.verify(picture, frames)
        if not 0.0 <= verdict.score <= 1.0:
            raise ReadFailed("the matcher gave a score outside 0 to 1; check its adapter")
        return verdict
