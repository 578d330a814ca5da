"""The readers: ID card reader and barcode scanner."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Any

from config.clock import Deadline
from drivers.devices.barcode import SerialBarcodeReader
from drivers.devices.sam_v import SamVReader
from drivers.devices.sam_v_exchange import Timings as SamVTimings
from drivers.ports import Barcode, BarcodeReader, IdCardReader
from drivers.protocols import sam_v
from drivers.simulators.barcode_scanner import BarcodeScannerSimulator
from drivers.simulators.base import Pace
from drivers.simulators.card_reader import CardReaderSimulator
from drivers.simulators.cards import Card
from drivers.simulators.faces import chip_photo
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.cards import RESIDENT
from tests.drivers.contract.serial_subject import SerialSubject
from tests.drivers.contract.subject import CLOCK, Command, none

_SHORTLY = 0.02


class IdReader(SerialSubject):
    """SAM_V module on a serial line."""

    name = "sam-v"
    port = IdCardReader
    driver = SamVReader
    limit = 1.2
    heals = frozenset({"garbage-before", "twice"})

    async def start(self) -> None:
        self.sim = CardReaderSimulator(self.far, Pace(100))
        await self.wire(self.sim)
        waits = dict.fromkeys(sam_v.Command, 0.25) | {sam_v.Command.READ_BASE: 0.7}
        timings = SamVTimings(waits, 0.02, presence_interval=0.03, status_interval=60, quiet=0.02)
        self.device = SamVReader(Channel(SerialLink(self.near)), CLOCK, timings=timings)

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

        sam = "05.01-20261012-0000000042-0000007031"
        return {
            "find": Command(device.find, none, lay),
            "read": Command(device.read, _is_resident, found),
            "removed": Command(device.removed, none, read, take),
            "sam_id": Command(device.sam_id, lambda told: told == sam, fresh),
            "reset": Command(device.reset, none, lay),
        }


class Scanner(SerialSubject):
    """Code scanner on a serial line. It has no check sum, so a spoilt code is a code."""

    name = "barcode-serial"
    port = BarcodeReader
    driver = SerialBarcodeReader
    limit = 0.25
    heals = frozenset({"twice"})
    unchecked = frozenset({"garbage-before", "garbage-within", "flipped"})

    async def start(self) -> None:
        self.sim = BarcodeScannerSimulator(self.far, Pace(100), trigger_mode=True)
        await self.wire(self.sim)
        self.device = SerialBarcodeReader(Channel(SerialLink(self.near, 9600)), CLOCK)

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


def _is_resident(card: Any) -> bool:
    """Every block of it: a wrong bit in the picture is as wrong as one in the number."""
    told = card.number, card.name, card.sex, card.nation_code, card.address, card.authority
    wanted = [RESIDENT[name] for name in ("number", "name", "sex", "nation", "address", "authority")]
    return [*told] == wanted and card.photo == _chip_photo()


@cache
def _chip_photo() -> bytes:
    return chip_photo(Card.model_validate(RESIDENT).seed)


def _soon() -> Deadline:
    return Deadline.after(5)
