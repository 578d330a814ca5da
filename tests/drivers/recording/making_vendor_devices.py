"""Recordings of another vendor's card reader, scanner, cabinet and PIN pad."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from PIL import Image

from drivers.cabinet_ports import Color, FlashRate, Light, StartupTime
from drivers.ports import ChipPower
from drivers.ports_documents import PageOrder, PageSide
from drivers.ports_input import Entry, PinFormat
from drivers.recording.lines import Recording
from drivers.simulators.chip import PIN, Chip
from tests.drivers.hsm import ACCOUNT
from tests.drivers.recording.making_vendors import Made, service
from tests.drivers.recording.recorded import Recorded, soon, tried
from tests.drivers.xfs.vendor import Vendor

SECRET = Entry(True, 4, 6, False)


def cards(note: str) -> Made:
    return service("xfs4iot-card-reader", "smartCardReader", "Card", note)


async def inserted(it: Recorded, vendor: Vendor) -> None:
    """A person's card is put in."""
    chip = Chip()
    vendor.answered, vendor.card_reset = chip.answer, chip.reset
    insert = asyncio.create_task(it.device.insert(soon()))
    await asyncio.sleep(0.2)
    vendor.cards.put_nowait(chip.atr)
    await insert


async def card_signs(place: Path) -> Recording:
    async with cards("a card is put in, shows its certificate, signs, and is taken out") as (it, vendor):
        await inserted(it, vendor)
        await it.device.power(ChipPower.COLD, soon())
        await it.device.verify_pin(PIN, soon())
        await it.device.certificate(soon())
        await it.device.sign(b"challenge of 2026-10-12", soon())
        removed = asyncio.create_task(it.device.removed(soon()))
        await asyncio.sleep(0.2)
        await vendor.take_card()
        await removed
        return it.recording()


async def card_torn_out(place: Path) -> Recording:
    async with cards("the card is torn out before it is asked") as (it, vendor):
        await inserted(it, vendor)
        await it.device.power(ChipPower.COLD, soon())
        vendor.services["Card"].status["media"] = "notPresent"  # its event is late
        await tried(it.device.certificate(soon()))
        await tried(it.device.insert(soon(1.5)))
        return it.recording()


def scans(note: str) -> Made:
    return service("xfs4iot-document-scanner", "documentScanner", "Scan", note)


def _sheet(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (210, 297), colour).save(file, "JPEG")
    return file.getvalue()


async def sheet_refused(place: Path) -> Recording:
    async with scans("nobody lays a sheet in; then one has no back") as (it, vendor):
        await it.device.load(soon())
        await tried(it.device.scan(PageOrder(), soon(1.5)))
        vendor.sheets.put_nowait({"front": _sheet("white")})
        await tried(it.device.scan(PageOrder(sides=tuple(PageSide)), soon()))
        return it.recording()


async def sheet_scanned(place: Path) -> Recording:
    async with scans("both sides of a sheet are scanned") as (it, vendor):
        await it.device.load(soon())
        vendor.sheets.put_nowait({"front": _sheet("white"), "back": _sheet("grey")})
        await it.device.scan(PageOrder(sides=tuple(PageSide)), soon())
        return it.recording()


def boards(note: str) -> Made:
    return service("xfs4iot-auxiliaries", "auxiliaries", "Board", note)


async def board_lit(place: Path) -> Recording:
    async with boards("outputs, a light and the alarm clock are set, and a door opens") as (it, vendor):
        await it.device.set_lights({"scanner": Light(FlashRate.SLOW, Color.GREEN)}, soon())
        await it.device.set_auxiliaries({"heating": "on", "audio": "continuous warning"}, soon())
        await it.device.set_startup(StartupTime("weekly", 7, 30, weekday=1), soon())
        await vendor.cabinet.door("open")
        await vendor.cabinet.told_as_of_old(tamperSensor="on")
        await it.device.startup(soon())
        return it.recording()


async def board_goes_dark(place: Path) -> Recording:
    async with boards("the service dies, its board comes back dark, and is set again") as (it, vendor):
        await it.device.set_auxiliaries({"heating": "on"}, soon())
        port = vendor.port
        await vendor.stop()
        async with asyncio.timeout(10):
            while it.real.connected:
                await asyncio.sleep(0.01)
        await tried(it.device.set_auxiliaries({"heating": "off"}, soon()))
        vendor.cabinet.goes_dark()
        await vendor.start(port)
        await it.found()
        await it.device.reset(soon())
        await tried(it.device.set_lights({"pinPad": Light(FlashRate.SLOW)}, soon()))
        return it.recording()


def power(note: str) -> Made:
    return service("xfs4iot-ups", "ups", "Ups", note)


async def mains_failed(place: Path) -> Recording:
    async with power("the mains fail, the battery runs low, and the mains are back") as (it, vendor):
        await it.device.read(soon())
        for there, low in ((False, False), (False, True), (True, False)):
            await vendor.cabinet.mains(there, low=low)
            await it.device.read(soon())
        return it.recording()


async def ups_silent_of_mains(place: Path) -> Recording:
    async with power("the service tells nothing of mains any more, then dies") as (it, vendor):
        vendor.cabinet.ups.status.clear()
        vendor.cabinet.ups.other_status["powerManagement"]["info"] = {"batteryStatus": "full"}
        await tried(it.device.read(soon()))
        await vendor.stop()
        async with asyncio.timeout(10):
            while it.real.connected:
                await asyncio.sleep(0.01)
        await tried(it.device.read(soon()))
        return it.recording()


def pads(note: str, key: str = "BANK02") -> Made:
    return service("xfs4iot-pin-pad", "pinPad", "Pad", note, pin_key=key)


async def typed(it: Recorded, vendor: Vendor, entry: Entry, *keys: Any) -> None:
    """An entry to its end; nobody begins to type before the screen says so."""
    await it.device.begin(entry, soon())
    await asyncio.sleep(0.3)
    vendor.pad.type(*keys)
    while not (await it.device.press(soon())).ends:
        pass


async def pin_typed(place: Path) -> Recording:
    async with pads("a code and a PIN are typed, and the PIN is taken as a block") as (it, vendor):
        await typed(it, vendor, Entry(False, 0, 6, False), "602514", "enter")
        await typed(it, vendor, SECRET, "975310", "enter")
        await it.device.pin_block("BANK02", PinFormat.ISO4, ACCOUNT, soon())
        await it.device.keys(soon())
        return it.recording()


async def pin_refused(place: Path) -> Recording:
    async with pads(
        "no PIN was typed; then the service has no such key, and the pad tells a digit", "LOST"
    ) as (
        it,
        vendor,
    ):
        await tried(it.device.pin_block("LOST", PinFormat.ISO4, ACCOUNT, soon()))
        await tried(it.device.pin_block("BANK02", PinFormat.ISO4, ACCOUNT, soon()))
        vendor.pad.telling = True
        await it.device.begin(SECRET, soon())
        await asyncio.sleep(0.3)
        vendor.pad.type("9")
        await tried(it.device.press(soon()))
        await it.device.stop(soon())
        return it.recording()


VENDOR_DEVICES: dict[str, Callable[[Path], Awaitable[Recording]]] = {
    "xfs4iot-card-reader-signed": card_signs,
    "xfs4iot-card-reader-torn": card_torn_out,
    "xfs4iot-document-scanner-scanned": sheet_scanned,
    "xfs4iot-document-scanner-refused": sheet_refused,
    "xfs4iot-auxiliaries-lit": board_lit,
    "xfs4iot-auxiliaries-dark": board_goes_dark,
    "xfs4iot-ups-mains": mains_failed,
    "xfs4iot-ups-silent": ups_silent_of_mains,
    "xfs4iot-pin-pad-block": pin_typed,
    "xfs4iot-pin-pad-refused": pin_refused,
}
