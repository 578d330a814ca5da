"""What a person gives by hand: codes over USB, a signature, a PIN."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import ClassVar, Literal

from config.clock import Deadline
from drivers.devices.barcode_hid import HidBarcodeReader
from drivers.devices.options import Value
from drivers.devices.pin_pad import PinPadUnit
from drivers.devices.pin_pad import Timings as PinPadTimings
from drivers.devices.signature_pad import SignaturePadUnit
from drivers.devices.signature_pad import Timings as PadTimings
from drivers.ports import Barcode, BarcodeReader
from drivers.ports_input import Entry, KeyPress, PadEnd, PinFormat, PinPad, SignaturePad
from drivers.protocols.hid_pos import ReportCutter
from drivers.protocols.keyboard_wedge import WedgeCutter
from drivers.simulators.barcode_hid import HidScannerSimulator
from drivers.simulators.base import Pace
from drivers.simulators.handwriting import sign
from drivers.simulators.pin_pad import MASTER, PinPadSimulator, master_key
from drivers.simulators.signature_pad import HEIGHT, WIDTH, SignaturePadSimulator
from drivers.transports.channel import Channel
from drivers.transports.hid import HidLink
from drivers.transports.serial import SerialLink
from tests.drivers.contract.serial_subject import SerialSubject
from tests.drivers.contract.subject import CLOCK, Command, none
from tests.drivers.hsm import ACCOUNT, KEYS, check_value, opened, wrap

_DOCUMENT = bytes(range(32))
_SEED = 2


class KeyboardScanner(SerialSubject):
    """A scanner that types. USB has a check sum of its own, so no bit flips; and a code has none, so two are two."""

    name = "barcode-hid-keyboard"
    node = ""  # one that types is named by udev's own link, which stays
    port = BarcodeReader
    driver = HidBarcodeReader
    limit = 0.4
    asks = False
    combs = 8
    singles = 64
    heals = frozenset({"twice"})
    exempt = frozenset({"flipped"})
    mode: ClassVar[Literal["keyboard", "pos"]] = "keyboard"

    async def start(self) -> None:
        self.sim = HidScannerSimulator(self.far, Pace(100), self.mode)
        await self.wire(self.sim)
        link = HidLink(self.near, "keyboard" if self.mode == "keyboard" else "raw", simulated=True)
        cutter = WedgeCutter() if self.mode == "keyboard" else ReportCutter()
        self.device = HidBarcodeReader(Channel(link), CLOCK, cutter, gap_s=0.3)

    def options(self) -> Mapping[str, Value]:
        return {"port": self.near, "simulated_port": True}

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
    node = "hidraw{}"
    node_class = "hidraw"
    mode = "pos"


class SignaturePads(SerialSubject):
    """Signature pad on a serial line; its frames repair what is lost or spoilt."""

    name = "signature-pad-serial"
    port = SignaturePad
    driver = SignaturePadUnit
    limit = 2.5
    steps = 2
    piece = 24
    combs = 8
    singles = 300
    heals = frozenset({"garbage-before", "twice", "late"})

    async def start(self) -> None:
        self.sim = SignaturePadSimulator(self.far, Pace(200))
        await self.wire(self.sim)
        timings = PadTimings(ack=0.2, gap=0.1, reply=0.4, poll=60, signing_poll=0.1)
        self.device = SignaturePadUnit(Channel(SerialLink(self.near)), CLOCK, timings=timings)

    def commands(self, device: SignaturePadUnit) -> Mapping[str, Command]:
        async def idle() -> None:
            await device.reset(_soon())

        async def begun() -> None:
            await device.begin(_DOCUMENT, _soon())

        async def written() -> None:
            await begun()
            await self.sim.do("sign", {"seed": _SEED, "then": "nothing"})

        async def press() -> None:
            await self.sim.do("key", {"key": "ok"})

        points = sum(moment.pressure > 0 for moment in sign(_SEED, WIDTH, HEIGHT))
        return {
            "begin": Command(lambda d: device.begin(_DOCUMENT, d), none, idle),
            "ended": Command(device.ended, lambda told: told is PadEnd.CONFIRM, begun, press),
            "clear": Command(device.clear, none, written),
            "confirm": Command(device.confirm, lambda told: told.points == points, written),
            "cancel": Command(device.cancel, none, written),
            "reset": Command(device.reset, none, written),
        }


class PinPads(SerialSubject):
    """PIN pad on a serial line; its frames repair what is lost or spoilt."""

    name = "pin-pad-serial"
    port = PinPad
    driver = PinPadUnit
    limit = 2.5
    steps = 2
    piece = 24
    combs = 8
    singles = 300
    heals = frozenset({"garbage-before", "twice", "late"})

    async def start(self) -> None:
        self.sim = PinPadSimulator(self.far, Pace(200))
        await self.wire(self.sim)
        timings = PinPadTimings(ack=0.2, gap=0.1, reply=0.4, poll=60, typing_poll=0.1)
        self.device = PinPadUnit(Channel(SerialLink(self.near, 38400)), CLOCK, timings)

    def commands(self, device: PinPadUnit) -> Mapping[str, Command]:
        entry = Entry(True, 4, 6, False)
        block = wrap(master_key(), "A", KEYS["A"])
        check = check_value("A", KEYS["A"])

        async def idle() -> None:
            await device.reset(_soon())

        async def begun() -> None:
            await device.begin(entry, _soon())

        async def typed() -> None:
            await held()
            await begun()
            await self.sim.do("type", {"digits": "1234"})

        async def free() -> None:
            """Asked over the line, behind whatever a cancelled command left in it."""
            if any(key.name == "PIN1" for key in await device.keys(_soon())):
                await device.delete_key("PIN1", _soon())

        async def held() -> None:
            await free()
            await device.load_key("PIN1", MASTER, block, _soon())

        async def press() -> None:
            await self.sim.do("type", {"digits": "7", "then": "nothing"})

        return {
            "begin": Command(lambda d: device.begin(entry, d), none, idle),
            "press": Command(device.press, lambda told: told == KeyPress("*", 1), begun, press),
            "stop": Command(device.stop, none, typed),
            "pin_block": Command(
                lambda d: device.pin_block("PIN1", PinFormat.ISO4, ACCOUNT, d),
                lambda told: opened("A", KEYS["A"], told) == "1234",
                typed,
            ),
            "load_key": Command(
                lambda d: device.load_key("PIN1", MASTER, block, d), lambda told: told.check == check, free
            ),
            "delete_key": Command(lambda d: device.delete_key("PIN1", d), none, held),
            "keys": Command(device.keys, lambda told: [key.name for key in told] == [MASTER, "PIN1"], held),
            "reset": Command(device.reset, none, typed),
        }


def _soon() -> Deadline:
    return Deadline.after(5)
