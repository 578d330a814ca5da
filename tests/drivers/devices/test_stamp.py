"""The stamp unit's driver against the simulated one: one sheet, one impression, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from config.clock import Deadline, SystemClock
from drivers.cabinet_ports import StampCounts
from drivers.devices.dispenser_exchange import Timings
from drivers.devices.stamp import SerialStampUnit
from drivers.errors import DeadlinePassed, DeviceNotReady, HardwareFault, LinkLost, SequenceError
from drivers.ports import DeviceState
from drivers.simulators.base import Pace
from drivers.simulators.stamp_unit import StampUnitSimulator
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.devices.conftest import until

Soon = Callable[[], Deadline]
TIMINGS = Timings(ack=0.2, gap=0.1, reply=0.5, motion=0.6, poll=0.05)


@pytest.fixture
async def sim(link: Path, tmp_path: Path) -> AsyncIterator[StampUnitSimulator]:
    simulator = StampUnitSimulator(link, Pace(50), tmp_path / "stamp.json")
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def unit(sim: StampUnitSimulator, link: Path) -> AsyncIterator[SerialStampUnit]:
    device = SerialStampUnit(Channel(SerialLink(str(link), 19200)), SystemClock(), TIMINGS)
    await device.open()
    yield device
    await device.close()


def details(unit: SerialStampUnit) -> Any:
    return unit.snapshot.details["stampUnit"]


async def test_one_sheet_is_stamped_once_and_counted(
    sim: StampUnitSimulator, unit: SerialStampUnit, soon: Soon
) -> None:
    assert await unit.counts(soon()) == StampCounts(0, 0, False)
    assert await unit.stamp(1, soon()) == StampCounts(1, 1, False)
    assert sim.state()["tray"] == [[1]]
    with pytest.raises(SequenceError):
        await unit.stamp(1, soon())
    assert await unit.stamp(5, soon()) == StampCounts(2, 5, False)
    assert sim.state()["tray"] == [[1], [5]]
    await until(unit, lambda _: details(unit)["impressions"] == 2)


@pytest.mark.parametrize(
    ("action", "parameters", "code"),
    [
        ("empty", {}, "noMedia"),
        ("ink", {"level": "out"}, "inkOut"),
        ("cover", {"state": "open"}, "coverOpen"),
        ("jamAt", {"step": "feed"}, "mediaJammed"),
        ("jamAt", {"step": "stamp"}, "mediaJammed"),
    ],
)
async def test_what_hinders_it_is_named_and_nothing_is_stamped(
    sim: StampUnitSimulator,
    unit: SerialStampUnit,
    soon: Soon,
    action: str,
    parameters: dict[str, object],
    code: str,
) -> None:
    await sim.do(action, parameters)
    with pytest.raises(HardwareFault) as fault:
        await unit.stamp(1, soon())
    assert fault.value.code == code
    assert (await unit.counts(soon())).impressions == 0
    await sim.do("clear")
    assert (await unit.stamp(1, soon())).impressions == 1


async def test_a_jam_behind_the_stamp_does_not_undo_it(
    sim: StampUnitSimulator, unit: SerialStampUnit, soon: Soon
) -> None:
    await sim.do("jamAt", {"step": "eject"})
    assert (await unit.stamp(1, soon())).impressions == 1
    await until(unit, lambda s: s.device is DeviceState.HARDWARE_ERROR)
    assert details(unit)["media"] == "jammed"


async def test_a_sheet_left_on_the_bed_is_put_out_and_not_stamped_again(
    sim: StampUnitSimulator, unit: SerialStampUnit, soon: Soon
) -> None:
    await sim.do("cutAt", {"step": "stamp", "late": True})
    with pytest.raises(LinkLost):
        await unit.stamp(1, soon())
    await sim.do("power", {"state": "on"})
    await until(unit, lambda s: s.device is DeviceState.ONLINE)
    assert await unit.counts(soon()) == StampCounts(1, 1, True)
    assert (await unit.stamp(2, soon())).impressions == 2
    assert sim.state()["tray"] == [[1], [2]]


@pytest.mark.parametrize(("step", "late", "stamped"), [("feed", False, 0), ("stamp", False, 0), ("stamp", True, 1), ("eject", False, 1)])  # fmt: skip
async def test_after_a_power_cut_the_unit_knows_what_it_has_done(
    sim: StampUnitSimulator, unit: SerialStampUnit, soon: Soon, step: str, late: bool, stamped: int
) -> None:
    await sim.do("cutAt", {"step": step, "late": late})
    with pytest.raises((LinkLost, DeviceNotReady)):
        await unit.stamp(1, soon())
    await sim.do("power", {"state": "on"})
    await until(unit, lambda s: s.device is DeviceState.ONLINE)
    counts = await unit.counts(soon())
    assert (counts.impressions, counts.last_job) == (stamped, stamped)


@pytest.mark.parametrize("fault", ["drop", "delay", "split", "duplicate", "flip", "cut"])
@pytest.mark.parametrize("count", [1, 4])
async def test_no_spoilt_line_stamps_twice(
    sim: StampUnitSimulator, unit: SerialStampUnit, soon: Soon, fault: str, count: int
) -> None:
    await sim.do("link", {"fault": fault, "count": count, "seconds": 0.05})
    assert (await unit.stamp(1, soon())).impressions == 1
    assert sim.state()["tray"] == [[1]]


async def test_a_caller_that_gives_up_leaves_the_motion_to_its_end(
    sim: StampUnitSimulator, unit: SerialStampUnit, soon: Soon
) -> None:
    stamping = asyncio.ensure_future(unit.stamp(1, soon()))
    await asyncio.sleep(0.02)
    stamping.cancel()
    await asyncio.gather(stamping, return_exceptions=True)
    assert (await unit.counts(soon())).impressions in (0, 1)
    assert sim.state()["tray"] in ([[1]], [])
    with pytest.raises(DeadlinePassed) as passed:
        await unit.stamp(9, Deadline.after(0))
    assert passed.value.code == "notBegun"


async def test_ink_and_cover_are_told(sim: StampUnitSimulator, unit: SerialStampUnit) -> None:
    await sim.do("ink", {"level": "low"})
    await until(unit, lambda _: details(unit)["ink"] == "low")
    await sim.do("cover", {"state": "open"})
    await until(unit, lambda s: s.device is DeviceState.USER_ERROR)
    await sim.do("unplug")
    await until(unit, lambda s: s.device is DeviceState.NO_DEVICE)
    assert set(details(unit).values()) == {"unknown"}


async def test_a_cable_pulled_while_the_head_comes_down_is_asked_about_when_it_is_down(
    link: Path, tmp_path: Path, soon: Soon
) -> None:
    slow = StampUnitSimulator(link, Pace(1), tmp_path / "slow.json")
    await slow.start()
    device = SerialStampUnit(Channel(SerialLink(str(link), 19200)), SystemClock(), TIMINGS)
    await device.open()
    try:
        stamping = asyncio.ensure_future(device.stamp(1, soon()))
        async with asyncio.timeout(8):
            while not (slow.state()["bed"] == [] and slow.state()["state"] == "busy"):
                await asyncio.sleep(0.01)
            while slow._moving is None or slow._moving.body != "K00000001":
                await asyncio.sleep(0.005)
        await slow.do("unplug")
        await slow.do("replug")
        with pytest.raises(LinkLost):
            await stamping
        assert await _counts(device, soon) == StampCounts(1, 1, True)
    finally:
        await device.close()
        await slow.stop()


async def _counts(device: SerialStampUnit, soon: Soon) -> StampCounts:
    """As soon as the unit is found again."""
    async with asyncio.timeout(15):
        while True:
            try:
                return await device.counts(soon())
            except DeviceNotReady:
                await asyncio.sleep(0.02)
