"""What a person gives by hand: codes over USB."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import ClassVar, Literal

from drivers.devices.barcode_hid import HidBarcodeReader
from drivers.devices.options import Value
from drivers.ports import Barcode, BarcodeReader
from drivers.protocols.hid_pos import ReportCutter
from drivers.protocols.keyboard_wedge import WedgeCutter
from drivers.simulators.barcode_hid import HidScannerSimulator
from drivers.simulators.base import Pace
from drivers.transports.channel import Channel
from drivers.transports.hid import HidLink
from tests.drivers.contract.readers import none
from tests.drivers.contract.subject import CLOCK, Command, Subject
from tests.drivers.contract.tap import SerialTap


class KeyboardScanner(Subject):
    """A scanner that types. USB has a check sum of its own, so no bit flips; and a code has none, so two are two."""

    name = "barcode-hid-keyboard"
    port = BarcodeReader
    driver = HidBarcodeReader
    limit = 0.4
    combs = 8
    singles = 64
    heals = frozenset({"twice"})
    exempt = frozenset({"flipped"})
    mode: ClassVar[Literal["keyboard", "pos"]] = "keyboard"

    async def start(self) -> None:
        self.sim = HidScannerSimulator(self.directory / "tty-far", Pace(100), self.mode)
        await self.sim.start()
        self.tap: SerialTap = SerialTap(self.sim.port.link, self.directory / "tty-near")
        await self.tap.start()
        link = HidLink(str(self.tap.link), "keyboard" if self.mode == "keyboard" else "raw", simulated=True)
        cutter = WedgeCutter() if self.mode == "keyboard" else ReportCutter()
        self.device = HidBarcodeReader(Channel(link), CLOCK, cutter, gap_s=0.3)

    async def stop(self) -> None:
        await self.tap.stop()
        await self.sim.stop()

    def options(self) -> Mapping[str, Value]:
        return {"port": str(self.tap.link), "simulated_port": True}

    def commands(self, device: HidBarcodeReader) -> Mapping[str, Command]:
        async def show() -> None:
            while not device._waiting:
                await asyncio.sleep(0.002)
            await self.sim.do("scan", {"text": "ex.test/42"})

        async def quiet() -> None:
            """What a spoilt code has left behind is forgotten."""
            async with asyncio.timeout(5):
                while device._silence is not None:
                    await asyncio.sleep(0.01)

        symbology = "code128" if self.mode == "keyboard" else "qrCode"
        code = Barcode(symbology, b"ex.test/42")
        return {
            "scan": Command(device.scan, lambda told: told == code, quiet, show),
            "reset": Command(device.reset, none),
        }


class PosScanner(KeyboardScanner):
    """A scanner with point-of-sale reports."""

    name = "barcode-hid-pos"
    mode = "pos"


INPUTS: tuple[type[Subject], ...] = (KeyboardScanner, PosScanner)
