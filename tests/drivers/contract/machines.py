"""The devices that move paper: receipt printer on both lines, A4 printer, invoice dispenser."""

from __future__ import annotations

import asyncio
import itertools
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from config.clock import Deadline
from drivers.devices.dispenser import DispenserUnit
from drivers.devices.dispenser_exchange import Timings as DispenserTimings
from drivers.devices.escpos import EscposPrinter
from drivers.devices.escpos_engine import Timings as EscposTimings
from drivers.devices.escpos_profile import DEFAULT_MODEL, load_profile
from drivers.devices.ipp_client import IppClient
from drivers.devices.ipp_job import Timings as IppTimings
from drivers.devices.ipp_printer import IppPrinter
from drivers.devices.options import Value
from drivers.errors import DeadlinePassed, DeviceError, LinkLost
from drivers.ports import DispensedItem, DocumentPrinter, InvoiceDispenser, PrintOutcome, PrintResult
from drivers.ports import ReceiptPrinter as ReceiptPrinterPort
from drivers.receipt import parse_receipt
from drivers.receipt_raster import render
from drivers.simulators.base import Pace
from drivers.simulators.document_printer import DocumentPrinterSimulator
from drivers.simulators.invoice_dispenser import InvoiceDispenserSimulator
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from drivers.transports.channel import Channel
from drivers.transports.ipp import IppLink
from drivers.transports.serial import SerialLink
from drivers.transports.tcp import TcpLink
from tests.drivers.contract.faults import SPOILT
from tests.drivers.contract.serial_subject import SerialSubject
from tests.drivers.contract.subject import CLOCK, Command, Jams, Subject, none
from tests.drivers.contract.tap import SerialTap, TcpTap

SLIP: list[dict[str, object]] = [
    {"type": "row", "label": "企业", "value": "云川禾木文具有限公司"},
    {"type": "total", "label": "已缴合计", "value": "¥4,095.84"},
]
_RAW = b"Contract of 2026-10-12\n" * 40 + b"\x1dVB\x00"
_RAW_LINE_DOTS = 24
PDF = (
    b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
_SETTLED = 0.02


def agrees(told: object, moved: int) -> None:
    """A print's word and its paper: only "uncertain" leaves it open, and never is there more than one."""
    assert moved <= 1, f"printed {moved} times"
    if isinstance(told, PrintResult) and told.outcome is not PrintOutcome.UNCERTAIN:
        assert moved == (told.outcome is PrintOutcome.PRINTED), f"{told} but {moved} came out"
    if isinstance(told, DeviceError):
        assert not moved, f"{told!r} says that nothing was sent, but {moved} came out"


def printed(told: Any) -> bool:
    return isinstance(told, PrintResult) and told.outcome is PrintOutcome.PRINTED


class _Receipts(Jams, Subject):
    """Receipt printer; the line is the subclass's."""

    port = ReceiptPrinterPort
    driver = EscposPrinter
    limit = 4.0
    steps = 2
    jams = True

    async def start(self) -> None:
        self.store = PrintedStore(self.directory / "printed", CLOCK)
        self.sim = ReceiptPrinterSimulator(self.directory / "tty-far", self.store, Pace(400))
        await self.sim.start()
        self.tap, link = self.line()
        await self.tap.start()
        timings = EscposTimings(answer=0.2, late=0.2, poll=60, look=0.04, stall=1.0)
        profile = load_profile(DEFAULT_MODEL)
        self.device = EscposPrinter(Channel(link()), CLOCK, profile, rows_per_band=64, timings=timings)
        self._whole = {
            "print_receipt": len(render(parse_receipt(SLIP))),
            "print_raw": _RAW.count(b"\n") * _RAW_LINE_DOTS,
        }

    @abstractmethod
    def line(self) -> Any:
        """The tap in the cable, and what opens the driver's end of it."""

    async def stop(self) -> None:
        await self.tap.stop()
        await self.sim.stop()

    def commands(self, device: EscposPrinter) -> Mapping[str, Command]:
        return {
            "print_receipt": Command(lambda d: device.print_receipt(SLIP, d), printed, sheets=1),
            "print_raw": Command(lambda d: device.print_raw(_RAW, d), printed, sheets=1),
            "reset": Command(device.reset, none),
        }

    def moved(self, command: str) -> int:
        """Whole slips, the one that hangs uncut from the printer included."""
        whole = self._whole.get(command)
        if whole is None:
            return len(self.store.items())
        hanging = self.sim.state()["hangingDots"]
        assert isinstance(hanging, int)
        return sum(item["dots"] >= whole for item in self.store.items()) + (hanging >= whole)

    async def jam(self) -> None:
        await self.sim.do("jam")

    async def clear(self) -> None:
        await self.sim.do("clear")

    async def still(self) -> None:
        since = (-1, -1)
        while (now := (self.sim.state()["buffered"], self.sim.state()["hangingDots"])) != since or now[0]:
            since = now  # type: ignore[assignment]
            await asyncio.sleep(_SETTLED)

    def honest(self, told: object, moved: int) -> None:
        agrees(told, moved)


class SerialReceipts(_Receipts):
    name = "escpos-serial"
    node = "ttyUSB{}"

    def line(self) -> Any:
        tap = SerialTap(self.sim.port.link, self.directory / "tty-near")
        return tap, lambda: SerialLink(str(tap.link))

    def options(self) -> Mapping[str, Value]:
        return {"port": str(self.directory / "tty-near")}


class NetworkReceipts(_Receipts):
    name = "escpos-tcp"
    exempt = frozenset({"flipped"})  # TCP has a check sum

    def line(self) -> Any:
        tap = TcpTap(self.sim.tcp.port)
        return tap, lambda: TcpLink("127.0.0.1", tap.port)

    def options(self) -> Mapping[str, Value]:
        assert isinstance(self.tap, TcpTap)
        return {"host": "127.0.0.1", "port": self.tap.port}


class Documents(Jams, Subject):
    """A4 printer; each request has an HTTP connection of its own."""

    name = "ipp"
    port = DocumentPrinter
    driver = IppPrinter
    limit = 3.4
    steps = 2
    jams = True
    piece = 24
    holds_line = False
    exempt = frozenset({"flipped"})  # TCP has a check sum

    async def start(self) -> None:
        self.store = PrintedStore(self.directory / "printed", CLOCK)
        self.sim = DocumentPrinterSimulator(self.store, Pace(100), CLOCK)
        await self.sim.start()
        self.tap: TcpTap = TcpTap(self.sim._host.port)
        await self.tap.start()
        waits = {"step_s": 1.5, "document_s": 1.5} if self.hurried else {}
        timings = IppTimings(job_poll=0.02, poll=60, reserve=0.3, counter=0.2)
        if self.hurried:
            timings = replace(timings, step=1.7)
        link = IppLink(f"ipp://127.0.0.1:{self.tap.port}/ipp/print", **waits)
        self.device = IppPrinter(IppClient(link, {}), CLOCK, timings)
        self._numbers = itertools.count(1)
        self._name = ""

    async def stop(self) -> None:
        await self.tap.stop()
        await self.sim.stop()

    def options(self) -> Mapping[str, Value]:
        return {"uri": f"ipp://127.0.0.1:{self.tap.port}/ipp/print"}

    def commands(self, device: IppPrinter) -> Mapping[str, Command]:
        async def name() -> None:
            self._name = f"certificate-{next(self._numbers)}"

        async def earlier() -> None:
            await name()
            await device.print_pdf(self._name, PDF, 1, Deadline.after(5))

        return {
            "print_pdf": Command(lambda d: device.print_pdf(self._name, PDF, 1, d), printed, name, sheets=1),
            "find_job": Command(lambda d: device.find_job(self._name, 0.5, d), printed, earlier),
            "reset": Command(device.reset, none),
        }

    def moved(self, command: str) -> int:
        return sum(item["sheets"] for item in self.store.items())

    async def jam(self) -> None:
        await self.sim.do("jam")

    async def clear(self) -> None:
        await self.sim.do("clear")

    async def still(self) -> None:
        jobs = self.sim._engine.jobs
        async with asyncio.timeout(3):
            while any(not job.over for job in jobs.values()):
                await asyncio.sleep(0.01)

    def honest(self, told: object, moved: int) -> None:
        if isinstance(told, PrintResult):
            agrees(told, sum(item["sheets"] for item in self.store.items() if item["name"] == self._name))
        assert moved <= 1

    async def again(self) -> None:
        """Printed once more under its own name, it lies there once, and is told to."""
        device = self.device
        assert isinstance(device, IppPrinter)
        if self._name:
            told = await device.print_pdf(self._name, PDF, 1, Deadline.after(3))
            await self.still()
            self.honest(told, 0)


class Invoices(Jams, SerialSubject):
    """Invoice dispenser; its protocol repeats under one sequence number and repairs every single answer."""

    name = "invoice-dispenser-serial"
    port = InvoiceDispenser
    driver = DispenserUnit
    limit = 4.0
    steps = 2
    piece = 16
    heals = frozenset(SPOILT)
    jams = True

    async def start(self) -> None:
        self.store = PrintedStore(self.directory / "printed", CLOCK)
        self._blank = patch("drivers.simulators.dispenser_unit.draw_invoice", return_value=b"")
        self._blank.start()  # nobody looks at the sheets, and a drawing takes longer than all else
        file = self.directory / "machine.json"
        self.sim = InvoiceDispenserSimulator(self.far, self.store, Pace(50), file, units=2)
        await self.wire(self.sim)
        await self.sim.do("load", {"unit": 1, "code": "012002600104", "first": "10023001", "count": 500})
        timings = DispenserTimings(ack=0.12, gap=0.05, reply=0.3, motion=0.3, poll=60, tray_poll=0.03)
        link = SerialLink(self.near, 38400)
        self.device = DispenserUnit(Channel(link), CLOCK, timings=timings)
        self._total = self.sim.machine.total()

    async def stop(self) -> None:
        self._blank.stop()
        await super().stop()

    def commands(self, device: DispenserUnit) -> Mapping[str, Command]:
        machine = self.sim.machine

        def front() -> str:
            sheet = machine.units[1].front
            assert sheet is not None
            return sheet.number

        async def tidy() -> None:
            """The line is sound: the gate is freed as a technician would do it, and staff empties all bins."""
            await device.reset(Deadline.after(5))
            for place in ("tray", "reject", "retract", "taken"):
                machine.places["removed"] += machine.places[place]
                machine.places[place] = []

        async def dispensed() -> None:
            await tidy()
            await dispense(Deadline.after(5))

        async def presented() -> None:
            await dispensed()
            await device.present(Deadline.after(5))

        async def dispense(deadline: Deadline) -> DispensedItem:
            self._number = front()
            return await device.dispense_one("unit1", self._number, deadline)

        async def take() -> None:
            await asyncio.sleep(0.02)
            await self.sim.do("take")

        def arrived(item: Any) -> bool:
            number = self._number
            in_tray = [sheet.number for sheet in machine.places["tray"]]
            return bool(item == DispensedItem(number, number, "tray") and in_tray == [number])

        def counted(told: Any) -> bool:
            return bool(told["fed"] == machine.counters["fed"] and told["tray"] == "empty")

        def retracted(told: Any) -> bool:
            return bool(told == 1 and not machine.places["tray"] and len(machine.places["retract"]) == 1)

        return {
            "dispense_one": Command(dispense, arrived, tidy, sheets=1),
            "sensors": Command(device.sensors, counted, tidy),
            "present": Command(device.present, lambda told: machine.shutter_open, dispensed),
            "taken": Command(device.taken, lambda told: bool(told is True), presented, take),
            "retract": Command(device.retract, retracted, presented),
            "reset": Command(device.reset, none, dispensed),
        }

    def moved(self, command: str) -> int:
        return self.sim.machine.counters["fed"]

    async def jam(self) -> None:
        await self.sim.do("jam")

    async def clear(self) -> None:
        await self.sim.do("clear")

    async def still(self) -> None:
        device = self.device
        assert isinstance(device, DispenserUnit)
        async with asyncio.timeout(5):
            while device._motions or self.sim.state()["state"] == "busy":
                await asyncio.sleep(0.01)

    def honest(self, told: object, moved: int) -> None:
        assert moved <= 1, f"{moved} sheets were fed by one command"
        machine = self.sim.machine
        assert machine.total() == self._total, "paper appeared or vanished"
        if isinstance(told, DispensedItem) and told.position in ("tray", "reject"):
            assert told.expected in [sheet.number for sheet in machine.places[told.position]]
        if isinstance(told, DeviceError) and not isinstance(told, LinkLost | DeadlinePassed):
            assert not moved, f"{told!r} says that nothing has moved"
