"""The devices that move nothing: ID card reader, barcode scanner, camera."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any
from unittest.mock import patch

from config.clock import Deadline
from drivers.devices.barcode import SerialBarcodeReader
from drivers.devices.camera import OpencvCamera
from drivers.devices.camera import Timings as CameraTimings
from drivers.devices.options import Value
from drivers.devices.sam_v import SamVReader
from drivers.devices.sam_v_exchange import Timings as SamVTimings
from drivers.ports import Barcode, BarcodeReader, Camera, IdCardReader
from drivers.protocols import sam_v
from drivers.simulators.barcode_scanner import BarcodeScannerSimulator
from drivers.simulators.base import Pace
from drivers.simulators.camera import CameraSimulator
from drivers.simulators.card_reader import CardReaderSimulator
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.video import VideoLink
from tests.drivers.cards import RESIDENT
from tests.drivers.contract.subject import CLOCK, Command, Subject
from tests.drivers.contract.tap import SerialTap, TcpTap

_SHORTLY = 0.02


class IdReader(Subject):
    """SAM_V module on a serial line."""

    name = "sam-v"
    port = IdCardReader
    driver = SamVReader
    limit = 1.2
    heals = frozenset({"garbage-before", "twice"})

    async def start(self) -> None:
        self.sim = CardReaderSimulator(self.directory / "tty-far", Pace(100))
        await self.sim.start()
        self.tap: SerialTap = SerialTap(self.sim.port.link, self.directory / "tty-near")
        await self.tap.start()
        waits = dict.fromkeys(sam_v.Command, 0.25) | {sam_v.Command.READ_BASE: 0.7}
        timings = SamVTimings(waits, 0.02, presence_interval=0.03, status_interval=60, quiet=0.02)
        self.device = SamVReader(Channel(SerialLink(str(self.tap.link))), CLOCK, timings=timings)

    async def stop(self) -> None:
        await self.tap.stop()
        await self.sim.stop()

    def options(self) -> Mapping[str, Value]:
        return {"port": str(self.tap.link)}

    def commands(self, device: SamVReader) -> Mapping[str, Command]:
        async def lay() -> None:
            await device.reset(_soon())
            await self.sim.do("present", {"card": RESIDENT})

        async def found() -> None:
            await lay()
            await device.find(_soon())

        async def read() -> None:
            await found()
            await device.read(_soon())

        async def take() -> None:
            await asyncio.sleep(_SHORTLY)
            await self.sim.do("remove")

        async def fresh() -> None:
            # The number is asked for once in the life of a connection.
            await device.close()
            await device.open()

        number, sam = RESIDENT["number"], "05.01-20261012-0000000042-0000007031"
        return {
            "find": Command(device.find, none, lay),
            "read": Command(device.read, lambda card: card.number == number, found),
            "removed": Command(device.removed, none, read, take),
            "sam_id": Command(device.sam_id, lambda told: told == sam, fresh),
            "reset": Command(device.reset, none, lay),
        }


class Scanner(Subject):
    """Code scanner on a serial line. It has no check sum, so a spoilt code is a code."""

    name = "barcode-serial"
    port = BarcodeReader
    driver = SerialBarcodeReader
    limit = 0.25
    heals = frozenset({"twice"})

    async def start(self) -> None:
        self.sim = BarcodeScannerSimulator(self.directory / "tty-far", Pace(100), trigger_mode=True)
        await self.sim.start()
        self.tap: SerialTap = SerialTap(self.sim.port.link, self.directory / "tty-near")
        await self.tap.start()
        self.device = SerialBarcodeReader(Channel(SerialLink(str(self.tap.link), 9600)), CLOCK)

    async def stop(self) -> None:
        await self.tap.stop()
        await self.sim.stop()

    def options(self) -> Mapping[str, Value]:
        return {"port": str(self.tap.link)}

    def commands(self, device: SerialBarcodeReader) -> Mapping[str, Command]:
        async def dark() -> None:
            async with asyncio.timeout(2):
                while self.sim.state()["light"]:
                    await asyncio.sleep(0.002)

        async def show() -> None:
            while not self.sim.state()["light"]:
                await asyncio.sleep(0.002)
            await self.sim.do("scan", {"text": "https://ex.test/s/42"})

        code = Barcode("qrCode", b"https://ex.test/s/42")
        return {
            "scan": Command(device.scan, lambda told: told == code, hand=show),
            "reset": Command(device.reset, none),
        }


class FaceCamera(Subject):
    """Motion JPEG over HTTP, as network cameras give it; closed while nobody looks, so each call opens it."""

    name = "camera-opencv"
    port = Camera
    driver = OpencvCamera
    limit = 4.0
    steps = 1
    piece = 1024
    combs = 2
    singles = 48
    # A picture that is lost or spoilt is one of many; TCP has a check sum of its own.
    exempt = frozenset({"flipped"})

    async def start(self) -> None:
        # OpenCV looks at a number of frames before it gives the first one.
        self._fast = patch("drivers.simulators.film.FPS", 60)
        self._fast.start()
        self.sim = CameraSimulator(Pace(1))
        await self.sim.start()
        self.tap: TcpTap = TcpTap(self.sim.port)
        await self.tap.start()
        timings = CameraTimings(frame=0.02, linger=0, check=60, wait=1.0)
        self.device = OpencvCamera(VideoLink(self._uri, wait_s=1.0), CLOCK, timings)

    async def stop(self) -> None:
        self._fast.stop()
        await self.tap.stop()
        await self.sim.stop()

    async def still(self) -> None:
        """Wait until the camera is closed: what it makes of the rest of a spoilt film belongs to that film."""
        device = self.device
        assert isinstance(device, OpencvCamera)
        async with asyncio.timeout(3):
            while device.connected and device._link.is_open:
                await asyncio.sleep(0.005)

    @property
    def _uri(self) -> str:
        return f"http://127.0.0.1:{self.tap.port}/video.mjpg"

    def options(self) -> Mapping[str, Value]:
        return {"uri": self._uri}

    def commands(self, device: OpencvCamera) -> Mapping[str, Command]:
        return camera_commands(device)


def camera_commands(device: Camera) -> Mapping[str, Command]:
    """How every camera is used."""

    async def preview(deadline: object) -> Sequence[bytes]:
        seen: list[bytes] = []
        async with aclosing(device.frames()) as frames:  # type: ignore[type-var]
            async for frame in frames:
                seen.append(frame)
                if len(seen) == 2:
                    break
        return seen

    return {
        "frames": Command(preview, lambda seen: _jpegs(seen, 2)),
        "picture": Command(device.picture, lambda told: _jpegs([told], 1)),
        "capture": Command(lambda d: device.capture(2, d), lambda seen: _jpegs(seen, 2)),
        "reset": Command(device.reset, none),
    }


def _jpegs(frames: Sequence[bytes], count: int) -> bool:
    return len(frames) == count and all(f[:2] == b"\xff\xd8" and f[-2:] == b"\xff\xd9" for f in frames)


def none(told: Any) -> bool:
    return told is None


def _soon() -> Deadline:
    return Deadline.after(5)
