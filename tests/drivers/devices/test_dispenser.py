"""The dispenser's driver against the simulated unit: every sheet accounted for, none moved twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.dispenser import DispenserUnit
from drivers.devices.dispenser_exchange import Timings
from drivers.devices.dispenser_sheet import SheetRules
from drivers.devices.registry import create
from drivers.errors import (
    DeadlinePassed,
    DeviceNotReady,
    HardwareFault,
    InvalidData,
    LinkLost,
    SequenceError,
    UserFault,
)
from drivers.ports import DeviceState, DispensedItem, Snapshot, TellsHeldSheet
from drivers.simulators.base import Pace
from drivers.simulators.dispenser_machine import REJECT_CAPACITY
from drivers.simulators.invoice_dispenser import InvoiceDispenserSimulator
from drivers.simulators.printed import PrintedStore
from drivers.simulators.sheet_stack import Sheet
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.devices.conftest import until

CODE = "012002600104"
FAST = Timings(ack=0.15, gap=0.1, reply=0.5, motion=0.8, poll=0.15, tray_poll=0.1)


def soon() -> Deadline:
    return Deadline.after(8)


@pytest.fixture
async def sim(tmp_path: Path) -> AsyncIterator[InvoiceDispenserSimulator]:
    store = PrintedStore(tmp_path / "printed", SystemClock())
    unit = InvoiceDispenserSimulator(tmp_path / "tty-dispenser", store, Pace(20), tmp_path / "machine.json")
    await unit.start()
    await unit.do("load", {"unit": 1, "code": CODE, "first": "10023001", "count": 30})
    yield unit
    await unit.stop()


@pytest.fixture
async def device(sim: InvoiceDispenserSimulator) -> AsyncIterator[DispenserUnit]:
    made = DispenserUnit(Channel(SerialLink(str(sim.port.link), 38400)), SystemClock(), timings=FAST)
    await made.open()
    yield made
    await made.close()


def places(sim: InvoiceDispenserSimulator) -> dict[str, Any]:
    return sim.state()


def shown(snapshot: Snapshot) -> dict[str, Any]:
    details = snapshot.details["invoiceDispenser"]
    assert isinstance(details, dict)
    return details


async def test_five_sheets_are_dispensed_presented_and_taken(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    for number in range(10023001, 10023006):
        item = await device.dispense_one("unit1", str(number), soon())
        assert item == DispensedItem(str(number), str(number), "tray")
    assert shown(device.snapshot)["outputPosition"] == "notEmpty"
    await device.present(soon())
    assert not await device.taken(Deadline.after(0.2))
    waiting = asyncio.create_task(device.taken(soon()))
    await asyncio.sleep(0.05)
    await sim.do("take")
    assert await waiting
    assert places(sim)["taken"] == [str(n) for n in range(10023001, 10023006)]
    sensors = await device.sensors(soon())
    assert (sensors["fed"], sensors["exited"], sensors["rejected"]) == (5, 5, 0)
    assert sensors["serial"] == "ID4-0007031"
    assert sensors["units"]["unit1"]["number"] == "10023006"  # type: ignore[index]
    assert sensors["units"]["unit1"]["code"] == CODE  # type: ignore[index]


async def test_a_unit_that_falls_silent_ends_the_wait_for_the_tray_by_its_deadline(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    await device.dispense_one("unit1", "10023001", soon())
    await device.present(soon())
    await sim.do("silent")
    with pytest.raises(DeadlinePassed):  # not what the exchange says after all its repeats
        await device.taken(Deadline.after(FAST.ack / 2))


@pytest.mark.parametrize(
    ("action", "parameters", "read", "fault"),
    [
        ("wrongNumberAt", {"k": 1, "number": "10029999"}, "10029999", "numberMismatch"),
        ("doubleAt", {"k": 1}, "10023001", "doubleFeed"),
        ("unreadableAt", {"k": 1}, None, "unreadable"),
    ],
)
async def test_a_sheet_that_is_not_the_expected_one_goes_to_the_reject_bin(
    sim: InvoiceDispenserSimulator,
    device: DispenserUnit,
    action: str,
    parameters: dict[str, object],
    read: str | None,
    fault: str,
) -> None:
    await sim.do(action, parameters)
    item = await device.dispense_one("unit1", "10023001", soon())
    assert item == DispensedItem("10023001", read, "reject", fault)
    assert places(sim)["tray"] == []
    assert places(sim)["gate"] == []
    assert places(sim)["counts"]["rejected"] == 1


@pytest.mark.parametrize("step", ["feed", "accept"])
async def test_a_jam_leaves_the_sheet_in_the_path_and_says_so(
    sim: InvoiceDispenserSimulator, device: DispenserUnit, step: str
) -> None:
    await sim.do("jamAt", {"k": 1, "step": step})
    item = await device.dispense_one("unit1", "10023001", soon())
    assert (item.position, item.fault) == ("transport", "mediaJammed")
    await until(device, lambda s: s.device is DeviceState.HARDWARE_ERROR)
    assert shown(device.snapshot)["transport"] == "inoperative"
    with pytest.raises(HardwareFault) as caught:
        await device.dispense_one("unit1", "10023002", soon())
    assert caught.value.code == "jammed"
    with pytest.raises(HardwareFault):
        await device.reset(soon())
    await sim.do("clear")
    await device.reset(soon())
    assert (await device.dispense_one("unit1", "10023002", soon())).position == "tray"


async def test_the_number_is_told_while_the_sheet_waits_at_the_gate(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    seen: list[object] = []

    async def held(unit: str, read: str | None) -> None:
        seen.append((unit, read, list(places(sim)["gate"])))

    device.on_held(held)
    assert isinstance(device, TellsHeldSheet)
    await device.dispense_one("unit1", "10023001", soon())
    assert seen == [("unit1", "10023001", ["10023001"])]


async def test_a_sheet_nobody_could_write_down_goes_to_the_reject_bin(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    async def disk_full(unit: str, read: str | None) -> None:
        raise OSError("disk full")

    device.on_held(disk_full)
    with pytest.raises(OSError, match="disk full"):
        await device.dispense_one("unit1", "10023001", soon())
    assert places(sim)["reject"] == ["10023001"]


async def test_a_jam_on_the_way_to_the_reject_bin_keeps_the_reason(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    await sim.do("doubleAt", {"k": 1})
    await sim.do("jamAt", {"k": 1, "step": "reject"})
    item = await device.dispense_one("unit1", "10023001", soon())
    assert (item.position, item.fault) == ("transport", "doubleFeed")


async def test_a_full_reject_bin_is_told_as_that_and_the_sheet_waits_until_there_is_room(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    sim.machine.places["reject"] = [Sheet(CODE, str(20023001 + n)) for n in range(REJECT_CAPACITY)]
    await sim.do("unreadableAt", {"k": 1})
    item = await device.dispense_one("unit1", "10023001", soon())
    assert item == DispensedItem("10023001", None, "transport", "unreadable", "rejectBinFull")
    with pytest.raises(HardwareFault) as caught:
        await device.reset(soon())
    assert caught.value.code == "rejectBinFull"
    assert places(sim)["gate"] == ["10023001"]
    await sim.do("emptyBins")
    await device.reset(soon())
    assert places(sim)["reject"] == ["10023001"]


async def test_an_empty_unit_moves_nothing(device: DispenserUnit) -> None:
    with pytest.raises(HardwareFault) as caught:
        await device.dispense_one("unit2", "10023001", soon())
    assert caught.value.code == "empty"


async def test_an_open_cover_is_pushed_and_refuses_motion(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    await sim.do("cover", {"state": "open"})
    await until(device, lambda s: s.device is DeviceState.USER_ERROR)
    with pytest.raises(UserFault):
        await device.dispense_one("unit1", "10023001", soon())
    await sim.do("cover", {"state": "closed"})
    await until(device, lambda s: s.device is DeviceState.ONLINE)
    assert places(sim)["counts"]["fed"] == 0


async def test_sheets_nobody_takes_are_retracted_and_counted(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    for number in ("10023001", "10023002"):
        await device.dispense_one("unit1", number, soon())
    await device.present(soon())
    assert await device.retract(soon()) == 2
    assert places(sim)["retract"] == ["10023001", "10023002"]
    assert places(sim)["shutter"] == "closed"
    assert await device.retract(soon()) == 0


async def test_nothing_is_presented_from_an_empty_tray(device: DispenserUnit) -> None:
    with pytest.raises(SequenceError):
        await device.present(soon())


async def test_nothing_is_fed_behind_an_open_shutter(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    await device.dispense_one("unit1", "10023001", soon())
    await device.present(soon())
    with pytest.raises(SequenceError):
        await device.dispense_one("unit1", "10023002", soon())
    assert places(sim)["counts"]["fed"] == 1


async def test_a_cable_pulled_in_the_middle_is_not_answered_with_another_motion(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    moving = asyncio.create_task(device.dispense_one("unit1", "10023001", soon()))
    while not places(sim)["path"]:
        await asyncio.sleep(0.001)
    await sim.do("unplug")
    with pytest.raises(LinkLost):
        await moving
    await until(device, lambda s: s.device is DeviceState.NO_DEVICE)
    await sim.do("replug")
    await until(device, lambda s: s.device is DeviceState.ONLINE)
    await asyncio.sleep(0.3)
    sensors = await device.sensors(soon())
    assert (sensors["fed"], sensors["exited"]) == (1, 0), "the sheet waits at the gate, untouched"
    assert places(sim)["gate"] == ["10023001"]


async def test_a_power_cut_in_the_middle_is_told_as_unknown_and_feeds_nothing_more(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    moving = asyncio.create_task(device.dispense_one("unit1", "10023001", soon()))
    while not places(sim)["path"]:
        await asyncio.sleep(0.001)
    await sim.do("power", {"state": "off"})
    with pytest.raises(LinkLost):
        await moving
    await until(device, lambda s: s.device is DeviceState.OFFLINE)
    await sim.do("power", {"state": "on"})
    await until(device, lambda s: s.device is DeviceState.HARDWARE_ERROR)
    assert places(sim)["path"] == ["10023001"]
    await device.reset(soon())
    assert places(sim)["reject"] == ["10023001"]


async def test_a_caller_who_gives_up_leaves_no_sheet_at_the_gate(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    moving = asyncio.create_task(device.dispense_one("unit1", "10023001", soon()))
    while not places(sim)["path"]:
        await asyncio.sleep(0.001)
    moving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await moving
    sensors = await device.sensors(soon())
    assert sensors["last"] == {
        "expected": "10023001",
        "read": "10023001",
        "position": "tray",
        "fault": None,
        "held_by": None,
    }
    assert places(sim)["tray"] == ["10023001"]


async def test_a_deadline_in_the_middle_is_kept_and_the_sheet_still_arrives(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    with pytest.raises(DeadlinePassed):
        await device.dispense_one("unit1", "10023001", Deadline.after(0.015))
    sensors = await device.sensors(soon())
    last = sensors["last"]
    assert last is None or last["position"] == "tray"  # type: ignore[index]
    assert places(sim)["gate"] == []


async def test_a_sheet_that_waits_behind_another_is_not_fed_once_its_caller_has_gone(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    first = asyncio.create_task(device.dispense_one("unit1", "10023001", soon()))
    second = asyncio.create_task(device.dispense_one("unit1", "10023002", soon()))
    while not places(sim)["path"]:
        await asyncio.sleep(0.001)
    second.cancel()
    assert (await first).position == "tray"
    await asyncio.sleep(0.1)
    assert places(sim)["counts"]["fed"] == 1


async def test_a_deadline_that_has_passed_moves_nothing(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    with pytest.raises(DeadlinePassed):
        await device.dispense_one("unit1", "10023001", Deadline.after(0))
    await asyncio.sleep(0.1)
    assert places(sim)["counts"]["fed"] == 0


@pytest.mark.parametrize(
    ("unit", "number"), [("unit9", "10023001"), ("1", "10023001"), ("unit1", "1002300"), ("unit1", "x" * 8)]
)
async def test_impossible_orders_are_refused(device: DispenserUnit, unit: str, number: str) -> None:
    with pytest.raises(InvalidData):
        await device.dispense_one(unit, number, soon())


async def test_two_thick_a_sheet_counts_as_double(sim: InvoiceDispenserSimulator) -> None:
    link = SerialLink(str(sim.port.link), 38400)
    device = DispenserUnit(Channel(link), SystemClock(), 1, SheetRules(max_thickness_um=50), FAST)
    await device.open()
    try:
        item = await device.dispense_one("unit1", "10023001", soon())
        assert (item.position, item.fault) == ("reject", "doubleFeed")
    finally:
        await device.close()


async def test_a_counter_that_disagrees_makes_the_count_uncertain(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    accept = sim.machine.accept

    async def count_twice() -> str:
        sim.machine.counters["exited"] += 1
        return await accept()

    sim.machine.accept = count_twice  # type: ignore[method-assign]
    item = await device.dispense_one("unit1", "10023001", soon())
    assert (item.position, item.fault) == ("tray", "countUncertain")


async def test_garbage_and_silence_are_told_apart_and_survived(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    for seed in range(5):
        await sim.do("garbage", {"count": 120, "seed": seed})
    assert (await device.dispense_one("unit1", "10023001", soon())).position == "tray"
    await sim.do("silent")
    await until(device, lambda s: s.device is DeviceState.OFFLINE)
    assert set(shown(device.snapshot)["units"].values()) == {"unknown"}
    with pytest.raises(DeviceNotReady):
        await device.dispense_one("unit1", "10023002", soon())
    await sim.do("silent", {"on": False})
    await until(device, lambda s: s.device is DeviceState.ONLINE)


async def test_the_stored_reply_of_an_earlier_program_is_not_believed(
    sim: InvoiceDispenserSimulator, device: DispenserUnit
) -> None:
    await device.dispense_one("unit1", "10023001", soon())
    await device.close()
    after = DispenserUnit(Channel(SerialLink(str(sim.port.link), 38400)), SystemClock(), timings=FAST)
    # The worst case: its first SEQ is the one the unit carried out last.
    last = sim._last
    assert last is not None
    after._exchange._seq = last.seq - 1 if last.seq > 0x20 else 0x7F
    await after.open()
    try:
        assert (await after.sensors(soon()))["exited"] == 1
        assert (await after.dispense_one("unit1", "10023002", soon())).position == "tray"
    finally:
        await after.close()


async def test_the_registry_builds_it(sim: InvoiceDispenserSimulator) -> None:
    device = create("invoice-dispenser-serial", {"port": str(sim.port.link), "units": 4})
    await device.open()
    assert set(shown(device.snapshot)["units"]) == {"unit1", "unit2", "unit3", "unit4"}
    await device.close()
