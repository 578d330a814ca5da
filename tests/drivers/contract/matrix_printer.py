"""The dot-matrix invoice printer, on both of its lines."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from drivers.devices.escp import EscpPrinter
from drivers.devices.escp_profile import EscpProfile
from drivers.devices.escpos_engine import Timings
from drivers.devices.options import Value
from drivers.errors import DeviceError
from drivers.invoice_port import FormPrint, InvoicePrinter
from drivers.ports import PrintOutcome, PrintResult
from drivers.simulators.base import Pace
from drivers.simulators.matrix_printer import MatrixPrinterSimulator
from drivers.simulators.matrix_sheet import Sheet
from drivers.simulators.printed import TRAY, PrintedStore
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.tcp import TcpLink
from tests.drivers.contract.subject import CLOCK, Command, Jams, Subject
from tests.drivers.contract.tap import SerialTap, TcpTap

FORM = FormPrint("alignment", {"note": "王〇 䶮"})
_RAW = b"\x1b@Contract of 2026-10-12\r\n" * 3 + b"\r\x0c"
_PASSES = {"print_form": 5, "print_raw": 3, "void_current": 5}
"""A form on which so many passes were struck is whole."""
_SETTLED = 0.02


def _is(outcome: PrintOutcome) -> Any:
    return lambda told: isinstance(told, PrintResult) and told.outcome is outcome


class _Forms(Jams, Subject):
    """Single forms: a fresh one is put in before each command. The line is the subclass's."""

    port = InvoicePrinter
    driver = EscpPrinter
    limit = 4.0
    steps = 2
    jams = True
    singles = 120
    piece = 8

    async def start(self) -> None:
        self._drawing = patch.object(Sheet, "picture", return_value=b"")
        self._drawing.start()  # nobody looks at the forms, and a picture takes longer than all else
        self.store = PrintedStore(self.directory / "printed", CLOCK)
        self.sim = MatrixPrinterSimulator(self.directory / "tty-far", self.store, Pace(400))
        await self.sim.start()
        self.tap, link = self.line()
        await self.tap.start()
        timings = Timings(answer=0.3, late=0.2, poll=60, look=0.04, stall=1.0)
        opened = link()
        serial = opened if isinstance(opened, SerialLink) else None
        self.device = EscpPrinter(Channel(opened), CLOCK, EscpProfile(line_s=0.01), serial, timings)

    @abstractmethod
    def line(self) -> Any:
        """The tap in the cable, and what opens the driver's end of it."""

    async def stop(self) -> None:
        self._drawing.stop()
        await self.tap.stop()
        await self.sim.stop()

    def commands(self, device: EscpPrinter) -> Mapping[str, Command]:
        async def fresh() -> None:
            await self.sim.do("clear")
            if self.sim.sheet is not None:
                await self.sim.do("eject")
            self.sim._discard()  # as when the printer was switched off and on
            await self.sim.do("insert", {"form": "alignment", "code": "", "number": ""})

        printed, voided = _is(PrintOutcome.PRINTED), _is(PrintOutcome.VOIDED)
        return {
            "print_form": Command(lambda d: device.print_form(FORM, d), printed, fresh, sheets=1),
            "print_raw": Command(lambda d: device.print_raw(_RAW, d), printed, fresh, sheets=1),
            "void_current": Command(lambda d: device.void_current("alignment", d), voided, fresh, sheets=1),
            "reset": Command(device.reset, lambda told: told is None),
        }

    def moved(self, command: str) -> int:
        whole = _PASSES.get(command, 1)
        return sum(item["passes"] >= whole and item["place"] == TRAY for item in self.store.items())

    async def jam(self) -> None:
        await self.sim.do("jam")

    async def clear(self) -> None:
        await self.sim.do("clear")

    async def drawn(self) -> None:
        while self.sim.drawing:  # a form that has left is counted with its picture
            await asyncio.sleep(_SETTLED)

    async def still(self) -> None:
        since: object = None
        while (now := (self.sim.buffered, self.sim.state()["passes"])) != since or self.sim.drawing:
            since = now
            await asyncio.sleep(_SETTLED)

    def honest(self, told: object, moved: int) -> None:
        assert moved <= 1
        if isinstance(told, PrintResult) and told.outcome is not PrintOutcome.UNCERTAIN:
            done = told.outcome in (PrintOutcome.PRINTED, PrintOutcome.VOIDED)
            assert moved == done, f"{told} but {moved} came out"
        if isinstance(told, DeviceError):
            assert not moved, f"{told!r} says that nothing was struck, but a form came out"


class SerialForms(_Forms):
    name = "escp-serial"
    node = "ttyUSB{}"

    def line(self) -> Any:
        tap = SerialTap(self.sim.port.link, self.directory / "tty-near")
        return tap, lambda: SerialLink(str(tap.link), 115200)

    def options(self) -> Mapping[str, Value]:
        return {"port": str(self.directory / "tty-near"), "baud": 115200, "line_s": 0.05}


class NetworkForms(_Forms):
    name = "escp-tcp"
    exempt = frozenset({"flipped"})  # TCP has a check sum

    def line(self) -> Any:
        tap = TcpTap(self.sim.tcp.port)
        return tap, lambda: TcpLink("127.0.0.1", tap.port)

    def options(self) -> Mapping[str, Value]:
        assert isinstance(self.tap, TcpTap)
        return {"host": "127.0.0.1", "port": self.tap.port, "line_s": 0.05}
