"""Recordings of the devices into which people pay, write and type, and of the cabinet itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from drivers.cabinet_ports import FlashRate, Light
from drivers.invoice_port import FormPrint
from drivers.payment import Operation, Order
from drivers.ports_input import Entry, PinFormat
from drivers.recording.lines import Recording
from drivers.simulators.base import Pace
from drivers.simulators.io_board import IoBoardSimulator
from drivers.simulators.matrix_printer import MatrixPrinterSimulator
from drivers.simulators.matrix_sheet import Sheet
from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from drivers.simulators.pin_pad import MASTER, PinPadSimulator, master_key
from drivers.simulators.printed import PrintedStore
from drivers.simulators.signature_pad import SignaturePadSimulator
from drivers.simulators.stamp_unit import StampUnitSimulator
from drivers.simulators.ups import UpsSimulator
from tests.drivers.contract.matrix_printer import FORM
from tests.drivers.contract.subject import CLOCK
from tests.drivers.hsm import ACCOUNT, KEYS, wrap
from tests.drivers.recording.recorded import Recorded, soon, tried

Made = AsyncIterator[tuple[Recorded, Any]]
DOCUMENT = bytes(range(32))
REFERENCE, PIN = "TX20261012000000117", "975310"


@asynccontextmanager
async def recorded(sim: Any, driver: str, role: str, note: str, **options: Any) -> Made:
    """The driver at the simulator's port."""
    await sim.start()
    try:
        where = options or {"port": str(sim.port.link)}
        if "host" not in where:
            where["port"] = str(sim.port.link)
        async with Recorded(driver, role, where, note) as it:
            yield it, sim
    finally:
        await sim.stop()


def pos(place: Path, note: str) -> Any:
    sim = PaymentTerminalSimulator(place / "tty", Pace(50), place, CLOCK)
    return recorded(sim, "payment-terminal-ecr", "paymentTerminal", note)


async def paid(place: Path) -> Recording:
    async with pos(place, "a sale by card, asked for again, and the batch is settled") as (it, sim):
        await sim.do("auto", {"card": "debit", "entry": "contactless"})
        await it.device.login(soon())
        await it.device.transact(Order(Operation.SALE, REFERENCE, 409584), soon(20))
        await it.device.query(REFERENCE, soon())
        await it.device.settle(soon())
        return it.recording()


async def paid_reply_lost(place: Path) -> Recording:
    async with pos(place, "the answer to a sale is lost: the outcome is unknown, then asked for") as (
        it,
        sim,
    ):
        await sim.do("auto", {"card": "debit", "entry": "contactless"})
        await it.device.login(soon())
        await sim.do("unplug")
        await tried(it.device.transact(Order(Operation.SALE, REFERENCE, 409584), soon()))
        await sim.do("replug")
        await it.found()
        await it.device.query(REFERENCE, soon())
        return it.recording()


@asynccontextmanager
async def matrix(place: Path, note: str, tcp: bool = False) -> Made:
    sim = MatrixPrinterSimulator(place / "tty", PrintedStore(place / "printed", CLOCK), Pace(40))
    with patch.object(Sheet, "picture", return_value=b""):
        await sim.start()
        options: dict[str, Any] = {"port": str(sim.port.link), "baud": 115200}
        if tcp:
            options = {"host": "127.0.0.1", "port": sim.tcp.port}
        driver = "escp-tcp" if tcp else "escp-serial"
        try:
            async with Recorded(driver, "invoicePrinter", {**options, "line_s": 0.05}, note) as it:
                await sim.do("insert", {"form": "alignment", "code": "", "number": ""})
                yield it, sim
        finally:
            await sim.stop()


def form_printed(tcp: bool) -> Callable[[Path], Awaitable[Recording]]:
    async def make(place: Path) -> Recording:
        async with matrix(place, "a form is filled in and let out", tcp) as (it, _):
            await it.device.print_form(FORM, soon(30))
            return it.recording()

    return make


def form_jammed(tcp: bool) -> Callable[[Path], Awaitable[Recording]]:
    async def make(place: Path) -> Recording:
        async with matrix(place, "the form jams while it is printed", tcp) as (it, sim):
            await sim.do("jam", {"afterPasses": 1})
            await it.device.print_form(FormPrint(FORM.form, FORM.fields), soon(30))
            return it.recording()

    return make


async def form_missing(place: Path) -> Recording:
    async with matrix(place, "no form lies in the printer") as (it, sim):
        await sim.do("eject")
        await it.device.print_form(FORM, soon(30))
        return it.recording()


def keys(place: Path, note: str) -> Any:
    return recorded(PinPadSimulator(place / "tty", Pace(100)), "pin-pad-serial", "pinPad", note)


async def typed(it: Recorded, sim: Any) -> None:
    await it.device.begin(Entry(True, 4, 6, False), soon())
    await asyncio.sleep(2.6)  # nobody is quicker than the driver's next look at the pad
    await sim.do("type", {"digits": PIN})
    while not (await it.device.press(soon())).ends:
        pass


async def pin_typed(place: Path) -> Recording:
    async with keys(place, "a key is loaded, a PIN typed, and taken as a block") as (it, sim):
        await it.device.load_key("PIN1", MASTER, wrap(master_key(), "A", KEYS["A"]), soon())
        await typed(it, sim)
        await it.device.pin_block("PIN1", PinFormat.ISO4, ACCOUNT, soon())
        return it.recording()


async def pin_tampered(place: Path) -> Recording:
    async with keys(place, "somebody opens the pad: it refuses") as (it, sim):
        await sim.do("tamper")
        await tried(it.device.begin(Entry(True, 4, 6, False), soon()))
        return it.recording()


def pads(place: Path, note: str) -> Any:
    return recorded(
        SignaturePadSimulator(place / "tty", Pace(20)), "signature-pad-serial", "signaturePad", note
    )


async def signed(place: Path) -> Recording:
    async with pads(place, "a signature is written and confirmed") as (it, sim):
        await it.device.begin(DOCUMENT, soon())
        await asyncio.sleep(2.6)  # nobody is quicker than the driver's next look at the pad
        await sim.do("sign", {"seed": 7})
        await it.device.ended(soon(20))
        await it.device.confirm(soon())
        return it.recording()


async def signed_nothing(place: Path) -> Recording:
    async with pads(place, "the key is pressed and nothing is signed") as (it, sim):
        await it.device.begin(DOCUMENT, soon())
        await asyncio.sleep(2.6)  # nobody is quicker than the driver's next look at the pad
        await sim.do("key", {"key": "ok"})
        await it.device.ended(soon())
        await tried(it.device.confirm(soon()))
        return it.recording()


def board(place: Path, note: str) -> Any:
    return recorded(IoBoardSimulator(place / "tty", Pace(1)), "board-modbus", "cabinetBoard", note)


async def board_lit(place: Path) -> Recording:
    async with board(place, "a light, an alarm, and the watchdog is fed") as (it, _):
        await it.device.set_lights({"scanner": Light(FlashRate.SLOW)}, soon())
        await it.device.set_auxiliaries({"audibleAlarm": "on"}, soon())
        await it.device.feed(300, soon())
        return it.recording()


async def board_refuses(place: Path) -> Recording:
    async with board(place, "the board is without power and does not answer") as (it, sim):
        await sim.do("power", {"state": "off"})
        await tried(it.device.set_auxiliaries({"audibleAlarm": "on"}, soon()))
        return it.recording()


@asynccontextmanager
async def stamps(place: Path, note: str) -> Made:
    sim = StampUnitSimulator(place / "tty", Pace(20), place / "stamp.json")
    async with recorded(sim, "stamp-serial", "stampUnit", note) as found:
        yield found


async def stamped(place: Path) -> Recording:
    async with stamps(place, "a sheet is stamped; the same job again is refused") as (it, _):
        await it.device.stamp(1, soon())
        await it.device.counts(soon())
        await tried(it.device.stamp(1, soon()))
        return it.recording()


async def stamp_dry(place: Path) -> Recording:
    async with stamps(place, "the stamp pad is dry") as (it, sim):
        await sim.do("ink", {"level": "out"})
        await tried(it.device.stamp(1, soon()))
        return it.recording()


@asynccontextmanager
async def power(note: str) -> Made:
    sim = UpsSimulator(Pace(1))
    await sim.start()
    options = {"host": "127.0.0.1", "port": sim.port, "ups": "cabinet"}
    try:
        async with Recorded("ups-nut", "ups", options, note) as it:
            yield it, sim
    finally:
        await sim.stop()


async def mains_failed(place: Path) -> Recording:
    async with power("the mains fail") as (it, sim):
        await it.device.read(soon())
        await sim.do("mains", {"state": "off"})
        await it.device.read(soon())
        return it.recording()


async def ups_gone(place: Path) -> Recording:
    async with power("upsd cannot be reached any more") as (it, sim):
        await sim.do("unplug")
        async with asyncio.timeout(10):
            while it.real.connected:
                await asyncio.sleep(0.01)
        await tried(it.device.read(soon()))
        return it.recording()


CABINET: dict[str, Callable[[Path], Awaitable[Recording]]] = {
    "payment-terminal-ecr-paid": paid,
    "payment-terminal-ecr-unplugged": paid_reply_lost,
    "escp-serial-printed": form_printed(tcp=False),
    "escp-serial-jam": form_jammed(tcp=False),
    "escp-serial-no-form": form_missing,
    "escp-tcp-printed": form_printed(tcp=True),
    "escp-tcp-jam": form_jammed(tcp=True),
    "pin-pad-serial-block": pin_typed,
    "pin-pad-serial-tampered": pin_tampered,
    "signature-pad-serial-signed": signed,
    "signature-pad-serial-nothing": signed_nothing,
    "board-modbus-lit": board_lit,
    "board-modbus-silent": board_refuses,
    "stamp-serial-stamped": stamped,
    "stamp-serial-dry": stamp_dry,
    "ups-nut-mains": mains_failed,
    "ups-nut-unplugged": ups_gone,
}
