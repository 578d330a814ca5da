"""The UPS behind upsd: our simulated one, and Debian's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.registry import create
from drivers.devices.ups_nut import Login, NutUps, Timings
from drivers.errors import DeviceNotReady, DriverConfigError
from drivers.ports import DeviceState
from drivers.simulators.base import Pace
from drivers.simulators.ups import UpsSimulator
from drivers.transports.channel import Channel
from drivers.transports.tcp import TcpLink
from tests.drivers.devices.conftest import until
from tests.drivers.devices.upsd import RealUpsd, missing

Soon = Callable[[], Deadline]
TIMINGS = Timings(reply=1.0, poll=0.03)


@pytest.fixture
async def sim() -> AsyncIterator[UpsSimulator]:
    simulator = UpsSimulator(Pace(1))
    await simulator.start()
    yield simulator
    await simulator.stop()


def driver(port: int, name: str = "cabinet", login: Login | None = None) -> NutUps:
    return NutUps(Channel(TcpLink("127.0.0.1", port)), SystemClock(), name, login, TIMINGS)


@pytest.fixture
async def ups(sim: UpsSimulator) -> AsyncIterator[NutUps]:
    device = driver(sim.port)
    await device.open()
    yield device
    await device.close()


def state(ups: NutUps) -> Any:
    return ups.snapshot.details.get("auxiliaries", {}).get("UPS")  # type: ignore[attr-defined]


async def test_mains_fail_and_come_back(sim: UpsSimulator, ups: NutUps, soon: Soon) -> None:
    assert state(ups) == {"low": False, "engaged": False, "powering": True, "recovered": False}
    assert ups.snapshot.details["powerManagement"]["info"]["batteryStatus"] == "full"  # type: ignore[index]
    await sim.do("mains", {"state": "off"})
    await until(ups, lambda _: state(ups)["engaged"])
    info = ups.snapshot.details["powerManagement"]["info"]  # type: ignore[index]
    assert info["powerInStatus"] == "noPower" and info["batteryChargingStatus"] == "discharging"
    await sim.do("battery", {"percent": 15})
    await until(ups, lambda _: state(ups)["low"])
    told = await ups.read(soon())
    assert told.on_battery and told.low and told.charge_percent is not None and told.charge_percent <= 15
    await sim.do("mains", {"state": "on"})
    await sim.do("battery", {"percent": 60})
    await until(ups, lambda _: state(ups)["recovered"])
    assert state(ups) == {"low": False, "engaged": False, "powering": True, "recovered": True}


async def test_a_battery_runs_down_by_itself() -> None:
    fast = UpsSimulator(Pace(1000))
    await fast.start()
    device = driver(fast.port)
    await device.open()
    try:
        await fast.do("mains", {"state": "off"})
        await until(device, lambda _: state(device)["low"])
    finally:
        await device.close()
        await fast.stop()


@pytest.mark.parametrize("how", ["stale", "noDriver"])
async def test_a_ups_that_upsd_cannot_ask_is_unknown_not_on_line(
    sim: UpsSimulator, ups: NutUps, soon: Soon, how: str
) -> None:
    await sim.do("failing", {"how": how})
    await until(ups, lambda s: s.device is DeviceState.OFFLINE)
    assert state(ups) is None
    with pytest.raises(DeviceNotReady):
        await ups.read(soon())
    await sim.do("failing", {"how": "none"})
    await until(ups, lambda s: s.device is DeviceState.ONLINE)


async def test_upsd_that_ends_is_found_again(sim: UpsSimulator, ups: NutUps) -> None:
    await sim.do("unplug")
    await until(ups, lambda s: s.device is not DeviceState.ONLINE)
    await sim.do("replug")
    await until(ups, lambda s: s.device is DeviceState.ONLINE)


@pytest.mark.parametrize("fault", ["drop", "delay", "split", "duplicate", "flip", "cut"])
async def test_a_spoilt_list_is_never_half_believed(sim: UpsSimulator, ups: NutUps, fault: str) -> None:
    seen: list[Any] = []
    ups.on_status(lambda snapshot: seen.append(state(ups)))
    await sim.do("link", {"fault": fault, "count": 2, "seconds": 0.05})
    await sim.do("mains", {"state": "off"})
    await until(ups, lambda _: bool(state(ups)) and state(ups)["engaged"], 15)
    assert not any(one and one["low"] for one in seen)


async def test_a_name_that_upsd_does_not_know_is_told(sim: UpsSimulator) -> None:
    device = driver(sim.port, "another")
    with pytest.raises(DeviceNotReady, match="no UPS of that name"):
        await device.open()
    await device.close()
    with pytest.raises(DriverConfigError, match="'ups'"):
        create("ups-nut", {"ups": "a\nb"})


# `make test` as root installs nut-server; without root the setup says that it is missing.
@pytest.mark.skipif(missing() is not None, reason=str(missing()))
async def test_debians_upsd_tells_the_same(tmp_path: Path, soon: Soon) -> None:
    real = RealUpsd(tmp_path)
    await real.start()
    device = driver(real.port, "hall", Login("kiosk", "se cret"))
    try:
        await _opened(device)
        told = await device.read(soon())
        assert (told.on_battery, told.charge_percent, told.runtime_s) == (False, 93, 1750)
        assert (told.load_percent, told.input_voltage, told.battery_voltage) == (31, 229.0, 27.1)
        real.say(ups__status="OB DISCHRG LB", battery__charge="9")
        await until(device, lambda _: bool(state(device)) and state(device)["low"], 20)
        assert state(device)["engaged"]
        real.say(ups__status="OL CHRG")
        await until(device, lambda _: bool(state(device)) and state(device)["recovered"], 20)
        await real.kill_driver()
        await until(device, lambda s: s.device is DeviceState.OFFLINE, 20)
    finally:
        await device.close()
        await real.stop()


async def _opened(device: NutUps) -> None:
    """The driver and upsd of NUT may take a moment to find each other."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await device.open()
            except DeviceNotReady:
                await asyncio.sleep(0.05)
