"""Two devices of one driver at equal cables: their answers tell them apart, and nothing that changes daily does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from drivers.binding import bindings, machine, probing
from drivers.binding.bindings import Binding
from drivers.binding.finding import WrongDevice
from drivers.binding.meeting import Guest, Meeting, same
from drivers.devices import registry
from drivers.simulators.base import Pace
from drivers.simulators.card_reader import CardReaderSimulator
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from tests.drivers.binding.sysfs import FakeMachine, Gadget
from tests.drivers.contract.subject import CLOCK

FIRST, SECOND = (
    "invoice dispenser ID4, serial 0007, firmware 1.2",
    "invoice dispenser ID4, serial 0008, firmware 1.2",
)


@pytest.fixture
async def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeMachine]:
    """Sockets 1-1.1 and 1-1.2: an ID reader and a receipt printer."""
    pc = FakeMachine(tmp_path / "root")
    monkeypatch.setenv(machine.ROOT, str(pc.root))
    reader = CardReaderSimulator(tmp_path / "c", Pace(50))
    printer = ReceiptPrinterSimulator(tmp_path / "r", PrintedStore(tmp_path / "printed", CLOCK), Pace(50))
    for number, device in enumerate((reader, printer), 1):
        await device.start()
        pc.plug(f"1-1.{number}", f"ttyUSB{number}", Gadget(), device.port.link)
    yield pc
    await reader.stop()
    await printer.stop()


def met(pc: FakeMachine, guests: Mapping[str, str], answers: Mapping[str, str]) -> Meeting:
    """``guests`` are bound to the sockets in their order."""
    file = pc.root / "bindings.toml"
    ports = zip(guests, machine.ports(), strict=True)
    bindings.write(file, [Binding(role, port.identity, answers.get(role, "")) for role, port in ports])
    probes = {name: registry.traits(name).probe for name in guests.values()}
    return Meeting(
        file,
        {role: Guest(role, driver) for role, driver in guests.items()},
        {name: probe for name, probe in probes.items() if probe is not None},
    )


def test_only_what_lasts_is_compared() -> None:
    assert same("SAM_V module, status 90", "SAM_V module, status 91")
    assert same(FIRST, FIRST.replace("1.2", "1.3"))
    assert not same(FIRST, SECOND)
    assert not same("", "")


def answering(monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
    asked: list[str] = []

    def ask(node: str, probes: Mapping[str, object]) -> probing.Answer:
        asked.append(node)
        return probing.Answer(next(iter(probes)), 38400, text)

    monkeypatch.setattr(probing, "ask", ask)
    return asked


async def test_the_device_of_a_role_with_the_same_driver_is_refused_before_it_is_used(
    pc: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = "invoice-dispenser-serial"
    meeting = met(pc, {"first": driver, "second": driver}, {"first": FIRST, "second": SECOND})
    answering(monkeypatch, FIRST.replace("1.2", "1.3"))
    meeting.vet("first")
    with pytest.raises(WrongDevice, match=r"the first \(.*0007.*at socket 1-1\.2, where the second belongs"):
        meeting.vet("second")
    answering(monkeypatch, FIRST.replace("0007", "0009"))
    meeting.vet("first")  # a spare


async def test_nobody_is_asked_before_connecting_where_no_two_roles_have_one_driver(
    pc: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = met(pc, {"idReader": "sam-v", "receiptPrinter": "escpos-serial"}, {"idReader": "SAM_V module"})
    asked = answering(monkeypatch, "SAM_V module")
    meeting.vet("idReader")
    meeting.vet("receiptPrinter")
    assert not asked


async def test_a_stranger_is_named_and_a_printer_is_never_asked_the_questions_of_others(
    pc: FakeMachine,
) -> None:
    meeting = met(pc, {"receiptPrinter": "escpos-serial", "idReader": "sam-v"}, {"idReader": "SAM_V module"})
    assert meeting.instead("receiptPrinter") is None  # not asked: it might be a printer that comes to itself
    told = await asyncio.to_thread(meeting.instead, "idReader")
    assert told is not None
    assert (
        "the receiptPrinter (receipt printer TP-80K) is plugged in at socket 1-1.2, where the idReader belongs"
        in told
    )
    assert meeting.instead("receiptPrinter") == told
    meeting.arrived("receiptPrinter")
    assert meeting.instead("receiptPrinter") is None
    unbound = met(pc, {"idReader": "sam-v", "stampUnit": "stamp-serial"}, {})
    assert await asyncio.to_thread(unbound.instead, "stampUnit") is None


async def test_a_role_s_place_is_full_or_empty(pc: FakeMachine) -> None:
    meeting = met(pc, {"idReader": "sam-v", "receiptPrinter": "escpos-serial"}, {})
    assert meeting.present("idReader") and meeting.present("receiptPrinter")
    pc.unplug("ttyUSB1")
    assert not meeting.present("idReader")
    assert meeting.present("receiptPrinter")
