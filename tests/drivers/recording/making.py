"""Makes recordings from the simulators: the driver as configuration builds it, over its real transport.

python -m tests.drivers.recording.making      writes tests/drivers/recordings anew
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from drivers.ports import ChipPower, ChipProtocol
from drivers.recording.lines import Recording
from drivers.simulators.barcode_scanner import BarcodeScannerSimulator
from drivers.simulators.base import Pace
from drivers.simulators.card_reader import CardReaderSimulator
from drivers.simulators.chip import PIN
from drivers.simulators.document_printer import DocumentPrinterSimulator
from drivers.simulators.invoice_dispenser import InvoiceDispenserSimulator
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from drivers.simulators.smart_card import SmartCardSimulator
from tests.drivers.cards import RESIDENT
from tests.drivers.contract.machines import PDF, SLIP
from tests.drivers.contract.subject import CLOCK
from tests.drivers.pcscd import kept
from tests.drivers.recording.making_cabinet import CABINET
from tests.drivers.recording.making_documents import DOCUMENTS
from tests.drivers.recording.making_vendor_devices import VENDOR_DEVICES
from tests.drivers.recording.making_vendors import VENDORS
from tests.drivers.recording.recorded import Recorded, soon, tried

FOLDER = Path(__file__).parent.parent / "recordings"
CODE, FIRST = "012002600104", "10023001"


@asynccontextmanager
async def id_reader(place: Path, note: str) -> AsyncIterator[tuple[Recorded, Any]]:
    sim = CardReaderSimulator(place / "tty", Pace(20))
    await sim.start()
    try:
        async with Recorded("sam-v", "idReader", {"port": str(sim.port.link)}, note) as recorded:
            yield recorded, sim
    finally:
        await sim.stop()


@asynccontextmanager
async def scanner(place: Path, note: str) -> AsyncIterator[tuple[Recorded, Any]]:
    sim = BarcodeScannerSimulator(place / "tty", Pace(20))
    await sim.start()
    try:
        async with Recorded(
            "barcode-serial", "barcodeReader", {"port": str(sim.port.link)}, note
        ) as recorded:
            yield recorded, sim
    finally:
        await sim.stop()


@asynccontextmanager
async def receipts(place: Path, note: str, by: str = "serial") -> AsyncIterator[tuple[Recorded, Any]]:
    sim = ReceiptPrinterSimulator(place / "tty", PrintedStore(place / "printed", CLOCK), Pace(20))
    await sim.start()
    options: dict[str, dict[str, Any]] = {
        "serial": {"port": str(sim.port.link)},
        "tcp": {"host": "127.0.0.1", "port": sim.tcp.port},
        "usb": {"port": str(sim.port.link), "simulated_port": True},
    }
    try:
        async with Recorded(f"escpos-{by}", "receiptPrinter", options[by], note) as recorded:
            yield recorded, sim
    finally:
        await sim.stop()


@asynccontextmanager
async def documents(place: Path, note: str) -> AsyncIterator[tuple[Recorded, Any]]:
    sim = DocumentPrinterSimulator(PrintedStore(place / "printed", CLOCK), Pace(20), CLOCK)
    await sim.start()
    try:
        async with Recorded("ipp", "documentPrinter", {"uri": sim.uri}, note) as recorded:
            yield recorded, sim
    finally:
        await sim.stop()


@asynccontextmanager
async def invoices(place: Path, note: str) -> AsyncIterator[tuple[Recorded, Any]]:
    with patch("drivers.simulators.dispenser_unit.draw_invoice", return_value=b""):
        store = PrintedStore(place / "printed", CLOCK)
        sim = InvoiceDispenserSimulator(place / "tty", store, Pace(20), place / "machine.json", units=2)
        await sim.start()
        await sim.do("load", {"unit": 1, "code": CODE, "first": FIRST, "count": 50})
        options = {"port": str(sim.port.link), "units": 2}
        try:
            async with Recorded("invoice-dispenser-serial", "invoiceDispenser", options, note) as recorded:
                yield recorded, sim
        finally:
            await sim.stop()


@asynccontextmanager
async def cards(place: Path, note: str) -> AsyncIterator[tuple[Recorded, Any]]:
    sim = SmartCardSimulator(Pace(20), kept())
    await sim.start()
    options = {"socket": str(kept().socket), "reader": "Virtual PCD * 00", "profile": "iso-ecc"}
    try:
        async with Recorded("smart-card-pcsc", "smartCardReader", options, note) as recorded:
            yield recorded, sim
    finally:
        await sim.stop()


async def id_read(place: Path) -> Recording:
    async with id_reader(place, "a resident's card is laid on, read and taken off") as (it, sim):
        await it.device.sam_id(soon())
        find = asyncio.create_task(it.device.find(soon()))
        await asyncio.sleep(0.5)
        await sim.do("present", {"card": RESIDENT})
        await find
        await it.device.read(soon())
        await sim.do("remove")
        await it.device.removed(soon())
        return it.recording()


async def id_flipped(place: Path) -> Recording:
    async with id_reader(place, "one bit of every reply is wrong: the check fails, and so does the card") as (
        it,
        sim,
    ):
        await sim.do("present", {"card": RESIDENT})
        await it.device.find(soon())
        await sim.do("corrupt", {"mode": "flip"})
        await tried(it.device.read(soon()))
        return it.recording()


async def id_torn_then_well(place: Path) -> Recording:
    async with id_reader(place, "the first reply stops in the middle; the module refuses a second read") as (
        it,
        sim,
    ):
        await sim.do("present", {"card": RESIDENT})
        await it.device.find(soon())
        await sim.do("corrupt", {"mode": "torn", "count": 1})
        await tried(it.device.read(soon()))
        return it.recording()


async def id_bad_number(place: Path) -> Recording:
    async with id_reader(place, "the number's check digit is wrong: the card is refused") as (it, sim):
        await sim.do("present", {"card": RESIDENT})
        await it.device.find(soon())
        await sim.do("corrupt", {"mode": "badCheck"})
        await tried(it.device.read(soon()))
        return it.recording()


async def id_unplugged(place: Path) -> Recording:
    async with id_reader(place, "the cable is pulled during a search, and put back") as (it, sim):
        find = asyncio.create_task(tried(it.device.find(soon())))
        await asyncio.sleep(0.4)
        await sim.do("unplug")
        await find
        await sim.do("replug")
        await it.found()
        await sim.do("present", {"card": RESIDENT})
        await it.device.find(soon())
        return it.recording()


async def code_read(place: Path) -> Recording:
    async with scanner(place, "a payment code is shown") as (it, sim):
        scan = asyncio.create_task(it.device.scan(soon()))
        await asyncio.sleep(0.2)
        await sim.do("scan", {"text": "https://pay.example/o/20261012-张三?k=73"})
        await scan
        return it.recording()


async def code_unplugged(place: Path) -> Recording:
    async with scanner(place, "the scanner is pulled out while a code is awaited") as (it, sim):
        scan = asyncio.create_task(tried(it.device.scan(soon())))
        await asyncio.sleep(0.2)
        await sim.do("unplug")
        await scan
        return it.recording()


async def slip_printed(place: Path) -> Recording:
    async with receipts(place, "a slip is printed and cut") as (it, _):
        await it.device.print_receipt(SLIP, soon())
        return it.recording()


async def slip_jammed(place: Path) -> Recording:
    async with receipts(place, "the paper jams in the middle of a slip") as (it, sim):
        await sim.do("jam", {"where": "paper", "after_mm": 4})
        await it.device.print_receipt(SLIP, soon())
        return it.recording()


async def slip_no_paper(place: Path) -> Recording:
    async with receipts(place, "the roll is empty") as (it, sim):
        await sim.do("paper", {"level": "out"})
        await it.device.print_receipt(SLIP, soon())
        return it.recording()


async def slip_by_network(place: Path) -> Recording:
    async with receipts(place, "a slip is printed over the network", by="tcp") as (it, _):
        await it.device.print_receipt(SLIP, soon())
        return it.recording()


async def slip_network_gone(place: Path) -> Recording:
    async with receipts(place, "the network cable is pulled, then a slip is wanted", by="tcp") as (it, sim):
        await it.device.print_receipt(SLIP, soon())
        await sim.do("unplug")
        async with asyncio.timeout(10):
            while it.real.connected:
                await asyncio.sleep(0.01)
        await tried(it.device.print_receipt(SLIP, soon()))
        return it.recording()


async def slip_by_usb(place: Path) -> Recording:
    async with receipts(place, "a slip is printed at the USB", by="usb") as (it, _):
        await it.device.print_receipt(SLIP, soon())
        return it.recording()


async def slip_usb_pulled(place: Path) -> Recording:
    async with receipts(place, "the printer is pulled out of the USB, and put back", by="usb") as (it, sim):
        await it.device.print_receipt(SLIP, soon())
        await sim.do("unplug")
        async with asyncio.timeout(10):
            while it.real.connected:
                await asyncio.sleep(0.01)
        await tried(it.device.print_receipt(SLIP, soon()))
        await sim.do("replug")
        await it.found()
        await it.device.print_receipt(SLIP, soon())
        return it.recording()


async def page_printed(place: Path) -> Recording:
    async with documents(place, "a certificate is printed") as (it, _):
        await it.device.print_pdf("certificate-1", PDF, 1, soon(20))
        return it.recording()


async def page_no_paper(place: Path) -> Recording:
    async with documents(place, "the tray is empty") as (it, sim):
        await sim.do("media-empty")
        await it.device.print_pdf("certificate-2", PDF, 1, soon(20))
        return it.recording()


async def page_jammed(place: Path) -> Recording:
    async with documents(place, "the sheet jams") as (it, sim):
        await sim.do("jam", {"afterSheets": 0})
        await tried(it.device.print_pdf("certificate-3", PDF, 1, soon(3)))
        return it.recording()


async def page_gone(place: Path) -> Recording:
    async with documents(place, "the printer's network is gone") as (it, sim):
        await sim.do("unplug")
        await tried(it.device.print_pdf("certificate-4", PDF, 1, soon(6)))
        return it.recording()


async def sheet_dispensed(place: Path) -> Recording:
    async with invoices(place, "one sheet goes to the tray, is presented and taken") as (it, sim):
        await it.device.dispense_one("unit1", FIRST, soon(20))
        await it.device.present(soon())
        taken = asyncio.create_task(it.device.taken(soon()))
        await asyncio.sleep(0.3)
        await sim.do("take")
        await taken
        return it.recording()


async def sheet_wrong_number(place: Path) -> Recording:
    async with invoices(place, "another number lies in front") as (it, _):
        await it.device.dispense_one("unit1", "10029999", soon(20))
        return it.recording()


async def sheet_jammed(place: Path) -> Recording:
    async with invoices(place, "the sheet jams behind the gate") as (it, sim):
        await sim.do("jamAt", {"k": 1, "step": "accept"})
        await tried(it.device.dispense_one("unit1", FIRST, soon(20)))
        return it.recording()


async def sheet_bad_check(place: Path) -> Recording:
    async with invoices(place, "replies with a wrong CRC are asked for again") as (it, sim):
        await sim.do("link", {"fault": "flip", "count": 2, "seed": 5})
        await tried(it.device.dispense_one("unit1", FIRST, soon(20)))
        return it.recording()


async def lies(it: Recorded, sim: Any) -> None:
    """A card is in, and pcscd, which looks every 0.4 s, has forgotten the one before it."""
    await asyncio.sleep(1)
    await sim.do("insert")
    await it.real.insert(soon())
    await asyncio.sleep(1)


async def card_signed(place: Path) -> Recording:
    async with cards(place, "a UKey is inserted, shows its certificate and signs") as (it, sim):
        insert = asyncio.create_task(it.device.insert(soon()))
        await asyncio.sleep(0.2)
        await lies(it, sim)
        await insert
        await it.device.power(ChipPower.COLD, soon())
        await it.device.transmit(
            bytes.fromhex("00A4040008F05441584B45590100"), ChipProtocol.NOT_REQUIRED, soon()
        )
        await it.device.verify_pin(PIN, soon())
        await it.device.certificate(soon())
        await it.device.sign(b"challenge of 2026-10-12", soon())
        return it.recording()


async def card_wrong_pin(place: Path) -> Recording:
    async with cards(place, "a wrong PIN costs a try") as (it, sim):
        await lies(it, sim)
        await it.device.verify_pin("654321", soon())
        return it.recording()


async def card_torn_out(place: Path) -> Recording:
    async with cards(place, "the card is torn out in the middle of an answer") as (it, sim):
        await lies(it, sim)
        await it.device.power(ChipPower.COLD, soon())
        await sim.do("tear")
        await tried(it.device.certificate(soon()))
        return it.recording()


ALL: dict[str, Callable[[Path], Awaitable[Recording]]] = {
    "sam-v-read": id_read,
    "sam-v-wrong-check": id_flipped,
    "sam-v-torn": id_torn_then_well,
    "sam-v-bad-number": id_bad_number,
    "sam-v-unplugged": id_unplugged,
    "barcode-serial-read": code_read,
    "barcode-serial-unplugged": code_unplugged,
    "escpos-serial-printed": slip_printed,
    "escpos-serial-jam": slip_jammed,
    "escpos-serial-no-paper": slip_no_paper,
    "escpos-tcp-printed": slip_by_network,
    "escpos-tcp-unplugged": slip_network_gone,
    "escpos-usb-printed": slip_by_usb,
    "escpos-usb-unplugged": slip_usb_pulled,
    "ipp-printed": page_printed,
    "ipp-no-paper": page_no_paper,
    "ipp-jam": page_jammed,
    "ipp-unplugged": page_gone,
    "invoice-dispenser-serial-taken": sheet_dispensed,
    "invoice-dispenser-serial-wrong-number": sheet_wrong_number,
    "invoice-dispenser-serial-jam": sheet_jammed,
    "invoice-dispenser-serial-wrong-check": sheet_bad_check,
    "smart-card-pcsc-signed": card_signed,
    "smart-card-pcsc-wrong-pin": card_wrong_pin,
    "smart-card-pcsc-torn": card_torn_out,
    **CABINET,
    **DOCUMENTS,
    **VENDORS,
    **VENDOR_DEVICES,
}


async def make(names: list[str]) -> None:
    for name in names or ALL:
        with tempfile.TemporaryDirectory() as place:
            recording = await ALL[name](Path(place))
        (FOLDER / f"{name}.jsonl").write_text(recording.dump(), "utf-8")
        print(name, len(recording.lines), [dict(outcome) for outcome in recording.expected])


if __name__ == "__main__":
    from tests.drivers import pcscd

    try:
        asyncio.run(make(sys.argv[1:]))
    finally:
        pcscd.end()
