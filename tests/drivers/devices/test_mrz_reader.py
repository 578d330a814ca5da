"""The serial MRZ reader over a pseudo terminal."""

from __future__ import annotations

import asyncio

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.mrz_reader import SerialMrzReader
from drivers.errors import DeviceNotReady, MediaInvalid, MediaMissing, ReadFailed
from drivers.ports import DeviceState
from drivers.protocols.mrz_frames import Framing, MrzFrames
from drivers.simulators.base import Pace
from drivers.simulators.mrz_reader import MrzReaderSimulator
from drivers.simulators.travel_document import machine_lines
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink


@pytest.fixture(params=list(Framing))
async def pair(request, tmp_path):
    sim = MrzReaderSimulator(tmp_path / "tty-mrz", Pace(100), framing=request.param.value)
    await sim.start()
    link = SerialLink(str(sim.port.link), 9600)
    device = SerialMrzReader(Channel(link), SystemClock(), MrzFrames(request.param), link.check, 0.05)
    await device.open()
    yield sim, device
    await device.close()
    await sim.stop()


async def read(sim, device, **what):
    reading = asyncio.ensure_future(device.read_mrz(Deadline.after(5)))
    while not device._waiting:
        await asyncio.sleep(0.002)
    await sim.do("swipe", what)
    return await reading


@pytest.mark.parametrize("kind", ["passport", "permit"])
async def test_what_is_swiped_is_read(pair, kind) -> None:
    mrz = await read(*pair, kind=kind, seed=8)
    lines = machine_lines(kind, 8)
    assert mrz.number == (lines[1][:9] if kind == "passport" else lines[0][5:14]).rstrip("<")


async def test_what_passes_while_nobody_waits_is_not_the_next_persons(pair) -> None:
    sim, device = pair
    await sim.do("swipe", {"seed": 1})
    await asyncio.sleep(0.1)
    with pytest.raises(MediaMissing):
        await device.read_mrz(Deadline.after(0.2))
    assert (await read(sim, device, seed=2)).number == machine_lines("passport", 2)[1][:9].rstrip("<")


async def test_a_misread_document_is_refused_and_the_next_one_read(pair) -> None:
    lines = machine_lines("passport", 3)
    with pytest.raises(ReadFailed):
        await read(*pair, lines=[lines[0], "9" + lines[1][1:]])
    with pytest.raises(MediaInvalid):
        await read(*pair, lines=["READ ERROR"])
    assert (await read(*pair, seed=3)).number == lines[1][:9].rstrip("<")


async def test_a_reader_that_is_pulled_out_is_lost_and_found_again(pair) -> None:
    sim, device = pair
    await sim.do("unplug")
    async with asyncio.timeout(8):
        while device.snapshot.device is not DeviceState.NO_DEVICE:
            await asyncio.sleep(0.01)
    with pytest.raises(DeviceNotReady):
        await device.read_mrz(Deadline.after(1))
    await sim.do("replug")
    async with asyncio.timeout(8):
        while device.snapshot.device is not DeviceState.ONLINE:
            await asyncio.sleep(0.01)
