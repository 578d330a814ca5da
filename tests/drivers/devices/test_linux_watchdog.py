"""The machine's watchdog, with a plain file and a named pipe in its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.linux_watchdog import LinuxWatchdog
from drivers.errors import DeviceNotReady, LinkLost, UnsupportedData
from drivers.ports import DeviceState
from drivers.services.base import Identity
from drivers.services.watchdog import WatchdogService
from drivers.supervision import Supervisor
from drivers.transports.watchdog_file import WatchdogFile
from tests.drivers.cabinet import POLICY
from tests.drivers.devices.conftest import until
from tests.drivers.services.desk import Desk

Soon = Callable[[], Deadline]


def watchdog(path: Path) -> LinuxWatchdog:
    return LinuxWatchdog(WatchdogFile(str(path)), SystemClock(), check_s=0.02)


async def test_looking_does_not_arm_it_food_does_and_a_v_ends_it(tmp_path: Path, soon: Soon) -> None:
    path = tmp_path / "watchdog"
    path.touch()
    device = watchdog(path)
    await device.open()
    await device.reset(soon())
    assert path.read_bytes() == b""
    await device.feed(60, soon())
    await device.feed(60, soon())
    assert path.read_bytes() == b"\0\0"
    await device.feed(0, soon())
    assert path.read_bytes() == b"\0\0V"
    with pytest.raises(UnsupportedData):
        await device.feed(100_000, soon())
    await device.feed(60, soon())
    await device.close()
    assert not path.read_bytes().endswith(b"V"), "a program that ends leaves the dog armed"


async def test_one_that_is_not_there_comes_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "watchdog"
    device = watchdog(path)
    with pytest.raises(DeviceNotReady, match="kernel module"):
        await device.open()
    path.touch()
    await until(device, lambda s: s.device is DeviceState.ONLINE)
    path.unlink()
    await until(device, lambda s: s.device is DeviceState.NO_DEVICE)
    await device.close()
    with pytest.raises(DeviceNotReady):
        await watchdog(tmp_path).open()


async def test_nobody_at_the_other_end_is_a_lost_line(tmp_path: Path, soon: Soon) -> None:
    path = tmp_path / "watchdog"
    os.mkfifo(path)
    device = watchdog(path)
    await device.open()
    with pytest.raises(LinkLost):
        await device.feed(60, soon())
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    await device.feed(60, soon())
    assert os.read(reader, 16) == b"\0"
    os.close(reader)
    with pytest.raises(LinkLost):
        await device.feed(60, soon())
    await device.close()


async def test_the_service_feeds_it_only_after_a_proof(tmp_path: Path) -> None:
    path = tmp_path / "watchdog"
    path.touch()
    who = Identity("Watchdog", "watchdog", "watchdog-linux", options={"biteS": 5})
    device = watchdog(path)
    service = WatchdogService(who, Supervisor("Watchdog", device, POLICY))
    service.start()
    desk = Desk(service)
    await until(device, lambda s: s.device is DeviceState.ONLINE)
    assert path.read_bytes() == b""
    await desk.ask("Watchdog.Prove", {"withinS": 30})
    await until(device, lambda _: service.status()["watchdog"] == {"state": "fed"})
    assert path.read_bytes() == b"\0"
    await desk.ask("Watchdog.Disarm")
    assert path.read_bytes().endswith(b"V")
    await service.close()
