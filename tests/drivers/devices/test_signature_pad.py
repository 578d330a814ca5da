"""The signature pad's driver against the simulated one."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.registry import create
from drivers.devices.signature_pad import SignaturePadUnit, Timings
from drivers.errors import (
    DeviceNotReady,
    DriverConfigError,
    InvalidData,
    MediaMissing,
    ReadFailed,
    SequenceError,
    UserFault,
)
from drivers.ports import DeviceState
from drivers.ports_input import PadEnd
from drivers.signature import Signature
from drivers.simulators import handwriting
from drivers.simulators.base import Pace
from drivers.simulators.signature_pad import HEIGHT, WIDTH, SignaturePadSimulator
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.devices.conftest import until

DOCUMENT = hashlib.sha256(b"receipt 2026-10-12").digest()
QUICK = Timings(ack=0.2, gap=0.1, reply=0.5, poll=0.05, signing_poll=0.05)


@pytest.fixture
async def sim(link: Path) -> AsyncIterator[SignaturePadSimulator]:
    simulator = SignaturePadSimulator(link, Pace(200))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def device(sim: SignaturePadSimulator, link: Path) -> AsyncIterator[SignaturePadUnit]:
    unit = SignaturePadUnit(Channel(SerialLink(str(link))), SystemClock(), timings=QUICK)
    await unit.open()
    yield unit
    await unit.close()


def soon() -> Deadline:
    return Deadline.after(8)


async def signed(sim: SignaturePadSimulator, device: SignaturePadUnit, **how: object) -> Signature:
    await device.begin(DOCUMENT, soon())
    await sim.do("sign", how)
    assert await device.ended(soon()) is PadEnd.CONFIRM
    return await device.confirm(soon())


def nothing_left(sim: SignaturePadSimulator, device: SignaturePadUnit) -> bool:
    return sim.state()["samples"] == 0 and not device._blocks and device._document is None


async def test_the_ink_arrives_complete_and_is_wiped_on_both_sides(
    sim: SignaturePadSimulator, device: SignaturePadUnit
) -> None:
    signature = await signed(sim, device, seed=7)
    ink = handwriting.sign(7, WIDTH, HEIGHT)
    down = [moment for moment in ink if moment.pressure]
    assert signature.document == DOCUMENT
    assert [(p.x, p.y) for stroke in signature.strokes for p in stroke] == [(m.x, m.y) for m in down]
    assert len(signature.strokes) == sum(not moment.pressure for moment in ink)
    assert signature.duration_ms == sum(m.after_ms for m in ink[1:-1])
    assert nothing_left(sim, device)


async def test_lost_blocks_are_fetched(sim: SignaturePadSimulator, device: SignaturePadUnit) -> None:
    await sim.do("loseBlocks", {"count": 5})
    signature = await signed(sim, device, seed=3)
    assert signature.points == sum(bool(m.pressure) for m in handwriting.sign(3, WIDTH, HEIGHT))


@pytest.mark.parametrize("fault", ["drop", "flip", "duplicate", "split", "cut"])
async def test_a_bad_line_changes_nothing(
    sim: SignaturePadSimulator, device: SignaturePadUnit, fault: str
) -> None:
    await device.begin(DOCUMENT, soon())
    await sim.do("link", {"fault": fault, "count": 4, "seconds": 0.02, "seed": 1})
    await sim.do("sign", {"seed": 5})
    # A key whose notice was lost is found by the next look at the pad.
    assert await device.ended(soon()) is PadEnd.CONFIRM
    signature = await device.confirm(soon())
    assert signature.points == sum(bool(m.pressure) for m in handwriting.sign(5, WIDTH, HEIGHT))


@pytest.mark.parametrize(("how", "code"), [("dot", "signatureTooShort"), ("beyond", "penOutOfArea")])
async def test_what_is_no_signature_is_refused_and_cleared_for_another_try(
    sim: SignaturePadSimulator, device: SignaturePadUnit, how: str, code: str
) -> None:
    with pytest.raises(UserFault) as told:
        await signed(sim, device, how=how)
    assert told.value.code == code
    assert (sim.state()["state"], sim.state()["samples"]) == ("signing", 0)
    await sim.do("sign", {"seed": 2})
    assert await device.ended(soon()) is PadEnd.CONFIRM
    assert (await device.confirm(soon())).points > 50


async def test_an_empty_frame_is_too_short(sim: SignaturePadSimulator, device: SignaturePadUnit) -> None:
    await device.begin(DOCUMENT, soon())
    with pytest.raises(UserFault):
        await device.confirm(soon())


async def test_keys_are_told_each_once(sim: SignaturePadSimulator, device: SignaturePadUnit) -> None:
    await device.begin(DOCUMENT, soon())
    await sim.do("sign", {"then": "clear"})
    assert await device.ended(soon()) is PadEnd.CLEAR
    await device.clear(soon())
    assert sim.state()["samples"] == 0
    with pytest.raises(MediaMissing):
        await device.ended(Deadline.after(0.3))
    await sim.do("key", {"key": "cancel"})
    assert await device.ended(soon()) is PadEnd.CANCEL
    await device.cancel(soon())
    assert nothing_left(sim, device)
    assert sim.state()["state"] == "idle"


async def test_ink_of_before_never_gets_into_the_next_signature(
    sim: SignaturePadSimulator, device: SignaturePadUnit
) -> None:
    await device.begin(DOCUMENT, soon())
    await sim.do("sign", {"seed": 1, "then": "ok"})
    other = hashlib.sha256(b"another document").digest()
    await device.begin(other, soon())
    assert nothing_left(sim, device) is False
    assert sim.state()["samples"] == 0
    with pytest.raises(MediaMissing):
        await device.ended(Deadline.after(0.3))
    await sim.do("sign", {"seed": 2})
    assert await device.ended(soon()) is PadEnd.CONFIRM
    signature = await device.confirm(soon())
    assert signature.document == other
    assert signature.points == sum(bool(m.pressure) for m in handwriting.sign(2, WIDTH, HEIGHT))


async def test_samples_that_the_pad_does_not_hold_are_not_believed(
    sim: SignaturePadSimulator, device: SignaturePadUnit
) -> None:
    await device.begin(DOCUMENT, soon())
    await sim.do("sign", {"seed": 1})
    await device.ended(soon())
    sim._ink[10] = sim._ink[11]
    with pytest.raises(ReadFailed):
        await device.confirm(soon())
    assert sim.state()["samples"] == 0


async def test_power_lost_in_the_middle_is_told(sim: SignaturePadSimulator, device: SignaturePadUnit) -> None:
    await device.begin(DOCUMENT, soon())
    await sim.do("sign", {"then": "nothing"})
    ended = asyncio.create_task(device.ended(soon()))
    await sim.do("power", {"state": "off"})
    await sim.do("power", {"state": "on"})
    assert await ended is PadEnd.LOST
    with pytest.raises(SequenceError):
        await device.confirm(soon())


async def test_a_pulled_cable_wipes_and_the_pad_is_emptied_when_it_is_back(
    sim: SignaturePadSimulator, device: SignaturePadUnit
) -> None:
    await device.begin(DOCUMENT, soon())
    await sim.do("sign", {"then": "nothing"})
    ended = asyncio.create_task(device.ended(soon()))
    await asyncio.sleep(0)
    await sim.do("unplug")
    with pytest.raises(DeviceNotReady):
        await ended
    await until(device, lambda s: s.device is DeviceState.NO_DEVICE)
    assert device._document is None
    assert device.snapshot.details == {"signaturePad": {"pad": "unknown"}}
    assert sim.state()["samples"] != 0
    await sim.do("replug")
    await until(device, lambda s: s.device is DeviceState.ONLINE)
    assert nothing_left(sim, device)


async def test_a_broken_sensor_is_told(sim: SignaturePadSimulator, device: SignaturePadUnit) -> None:
    await sim.do("broken")
    await until(device, lambda s: s.device is DeviceState.HARDWARE_ERROR)
    await sim.do("clear")
    await until(device, lambda s: s.device is DeviceState.ONLINE)


async def test_calls_out_of_turn_are_refused(sim: SignaturePadSimulator, device: SignaturePadUnit) -> None:
    for call in (device.ended, device.clear, device.confirm):
        with pytest.raises(SequenceError):
            await call(soon())
    with pytest.raises(InvalidData):
        await device.begin(b"not a digest", soon())
    await device.reset(soon())


@pytest.mark.parametrize("options", [{}, {"port": "x", "least_ms": -1}, {"port": "x", "colour": "red"}])
def test_wrong_options_are_told_at_start(options: dict[str, str | int]) -> None:
    with pytest.raises(DriverConfigError):
        create("signature-pad-serial", options)
