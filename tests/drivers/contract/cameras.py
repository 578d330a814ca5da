"""Cameras: motion JPEG over HTTP, as network cameras give it."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any, ClassVar
from unittest.mock import patch

from drivers.devices.camera import OpencvCamera
from drivers.devices.document_camera import OverheadCamera
from drivers.devices.filming import FilmingCamera, Timings
from drivers.devices.options import Value
from drivers.ports import Camera
from drivers.ports_documents import DocumentCamera, PageColour, PageOrder, PageSize
from drivers.simulators.base import Pace
from drivers.simulators.camera import CameraSimulator
from drivers.simulators.document_camera import DocumentCameraSimulator
from drivers.simulators.film import FilmSimulator
from drivers.transports.video import VideoLink
from tests.drivers.contract.subject import CLOCK, Command, Subject, none
from tests.drivers.contract.tap import TcpTap

_SHEET = PageOrder(PageSize.A4, PageColour.GRAY, 75)


class _Filmed(Subject):
    """Closed while nobody looks, so each call opens it."""

    limit = 6.0
    steps = 1
    closes = True
    singles = 48
    # A picture that is lost or spoilt is one of many; TCP has a check sum of its own.
    exempt = frozenset({"flipped"})
    speed: ClassVar[int]
    """Frames a second: OpenCV looks at a number of them before it gives the first one."""

    async def start(self) -> None:
        self._fast = patch("drivers.simulators.film.FPS", self.speed)
        self._fast.start()
        self.sim = await self.filming()
        self.tap: TcpTap = TcpTap(self.sim.port)
        await self.tap.start()
        timings = Timings(frame=0.02, linger=0, check=60, wait=2.0)
        self.device = self.made(VideoLink(self._uri, wait_s=2.0), timings)

    @abstractmethod
    async def filming(self) -> FilmSimulator:
        """The simulator, started, with something before its lens."""

    @abstractmethod
    def made(self, link: VideoLink, timings: Timings) -> Any:
        """The driver."""

    async def stop(self) -> None:
        self._fast.stop()
        await self.tap.stop()
        await self.sim.stop()

    async def still(self) -> None:
        """Wait until the camera is closed: what it makes of the rest of a spoilt film belongs to that film."""
        device = self.device
        assert isinstance(device, FilmingCamera)
        async with asyncio.timeout(3):
            while device.connected and device._link.is_open:
                await asyncio.sleep(0.005)

    @property
    def _uri(self) -> str:
        return f"http://127.0.0.1:{self.tap.port}/video.mjpg"

    def options(self) -> Mapping[str, Value]:
        return {"uri": self._uri}


class FaceCamera(_Filmed):
    """The camera that looks at a person."""

    name = "camera-opencv"
    port = Camera
    driver = OpencvCamera
    piece = 1024
    combs = 2
    speed = 60

    async def filming(self) -> FilmSimulator:
        sim = CameraSimulator(Pace(1))
        await sim.start()
        return sim

    def made(self, link: VideoLink, timings: Timings) -> OpencvCamera:
        return OpencvCamera(link, CLOCK, timings)

    def commands(self, device: OpencvCamera) -> Mapping[str, Command]:
        return camera_commands(device)


class Overhead(_Filmed):
    """The overhead camera; a small picture for the tap's sake."""

    name = "document-camera-opencv"
    port = DocumentCamera
    driver = OverheadCamera
    piece = 4096
    combs = 1
    speed = 40

    async def filming(self) -> FilmSimulator:
        sim = DocumentCameraSimulator(Pace(1), shrink=4)
        await sim.start()
        await sim.do("lay", {"kind": "blank", "angle": 3})
        return sim

    def made(self, link: VideoLink, timings: Timings) -> OverheadCamera:
        return OverheadCamera(link, CLOCK, timings)

    def commands(self, device: OverheadCamera) -> Mapping[str, Command]:
        return {
            "frames": _preview(device),
            "read": Command(
                lambda d: device.read(_SHEET, d),
                lambda told: (told.image.width, told.image.height) == (620, 877),
            ),
            "reset": Command(device.reset, none),
        }


def camera_commands(device: Camera) -> Mapping[str, Command]:
    """How every camera that looks at a person is used."""
    return {
        "frames": _preview(device),
        "picture": Command(device.picture, lambda told: _jpegs([told], 1)),
        "capture": Command(lambda d: device.capture(2, d), lambda seen: _jpegs(seen, 2)),
        "reset": Command(device.reset, none),
    }


def _preview(device: Camera | DocumentCamera) -> Command:
    """Two frames of the film."""

    async def look(deadline: object) -> Sequence[bytes]:
        seen: list[bytes] = []
        async with aclosing(device.frames()) as frames:  # type: ignore[type-var]
            async for frame in frames:
                seen.append(frame)
                if len(seen) == 2:
                    break
        return seen

    return Command(look, lambda seen: _jpegs(seen, 2))


def _jpegs(frames: Sequence[bytes], count: int) -> bool:
    return len(frames) == count and all(f[:2] == b"\xff\xd8" and f[-2:] == b"\xff\xd9" for f in frames)
