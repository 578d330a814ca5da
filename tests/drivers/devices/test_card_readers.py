"""Card readers and their service, a real pcscd: killed, hung, unplugged, closed and told apart."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
from smartcard import scard

from drivers.binding import machine
from drivers.devices.smart_card import SmartCard
from drivers.errors import (
    DeviceNotReady,
)
from drivers.ports import ChipPower, DeviceState
from drivers.simulators.smart_card import SmartCardSimulator
from drivers.transports.pcsc import PcscReader
from tests.drivers.devices.chip_cards import driver, put_in, reader, sim, soon, until, words

__all__ = ["reader", "sim"]
"""Fixtures that this file uses by their names."""


async def test_a_service_killed_in_the_middle_of_a_command_is_told_and_found_again(
    sim: SmartCardSimulator, reader: SmartCard
) -> None:
    await put_in(sim, reader)
    await reader.power(ChipPower.COLD, soon())
    await sim.do("silent")
    work = asyncio.ensure_future(reader.certificate(soon()))
    waiting = asyncio.ensure_future(reader.removed(soon()))
    await asyncio.sleep(0.1)
    killed = time.monotonic()
    await sim.do("unplug")
    for call in (work, waiting):
        with pytest.raises(DeviceNotReady):
            await call
    assert time.monotonic() - killed < 20  # not as long as the callers would wait
    assert reader.snapshot.device is DeviceState.NO_DEVICE and words(reader)["media"] == "unknown"
    await sim.do("clear")
    await sim.do("replug")
    await until(lambda: reader.connected)
    await reader.insert(soon())
    assert await reader.certificate(soon())


async def test_a_service_that_only_hangs_is_a_lost_reader_too(sim: SmartCardSimulator) -> None:
    device = driver(silent_s=1.6)
    await device.open()
    try:
        sim.daemon.freeze(True)
        await until(lambda: not device.connected)
        assert device.snapshot.device is DeviceState.NO_DEVICE
        started = time.monotonic()
        with pytest.raises(DeviceNotReady, match="hangs"):
            await device.open()
        assert time.monotonic() - started < 6
        sim.daemon.freeze(False)
        await until(lambda: device.connected)
    finally:
        sim.daemon.freeze(False)
        await device.close()


async def test_a_reader_that_is_gone_while_its_service_runs_is_told_and_found_again(
    sim: SmartCardSimulator, reader: SmartCard
) -> None:
    await asyncio.to_thread(sim.daemon.kill)
    await asyncio.to_thread(lambda: sim.daemon.start(reader=False))
    told = ""
    async with asyncio.timeout(20):
        while (
            "no card reader is called" not in told
        ):  # that the service was away is told until it is asked anew
            with pytest.raises(DeviceNotReady) as refused:
                await reader.open()
            told = str(refused.value)
            await asyncio.sleep(0.05)
    assert reader.snapshot.device is DeviceState.NO_DEVICE
    await sim.do("unplug")
    await sim.do("replug")
    await until(lambda: reader.connected)


async def test_closing_is_quick_and_leaves_no_thread(sim: SmartCardSimulator) -> None:
    before = {thread.name for thread in threading.enumerate()}
    for _ in range(5):
        device = driver()
        await device.open()
        started = time.monotonic()
        await device.close()
        assert time.monotonic() - started < 0.5
    assert {t.name for t in threading.enumerate() if t.name.startswith("pcsc")} <= before


@pytest.mark.parametrize(
    ("pattern", "serial", "expected"),
    [
        ("ACS ACR39U*", "", "ACS ACR39U ICC Reader 00 00"),
        ("Feitian*", "A17", "Feitian ePass2003 (A17) 01 00"),
        ("*", "B20", "Feitian ePass2003 (B20) 02 00"),
        ("Feitian*", "", None),
        ("*", "C", None),
        ("SCM*", "", None),
        ("Identiv * [CCID Interface] *", "", "Identiv uTrust 3700 [CCID Interface] (5) 03 00"),
    ],
)
def test_a_reader_is_chosen_by_name_and_serial_and_never_by_chance(
    pattern: str, serial: str, expected: str | None
) -> None:
    names = [
        "ACS ACR39U ICC Reader 00 00",
        "Feitian ePass2003 (A17) 01 00",
        "Feitian ePass2003 (B20) 02 00",
        "Identiv uTrust 3700 [CCID Interface] (5) 03 00",
    ]
    reader = PcscReader(pattern, serial)
    if expected is not None:
        assert reader.choose(names) == expected
        assert reader.choose(names[::-1]) == expected
    else:
        with pytest.raises(DeviceNotReady):
            reader.choose(names)


def test_two_equal_readers_are_told_apart_by_their_usb_sockets(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the order in which they were plugged in: the numbers behind the names follow that."""
    names = ["ACS ACR39U ICC Reader 00 00", "ACS ACR39U ICC Reader 01 00", "Virtual PCD 00 00"]
    channels = {names[0]: 0x0020_0105, names[1]: 0x0020_0104}
    for socket, address in (("1-1.1", 4), ("1-1.2", 5), ("2-1", 4)):
        folder = tmp_path / "sys" / "bus" / "usb" / "devices" / socket
        folder.mkdir(parents=True)
        (folder / "busnum").write_text(socket[0] + "\n")
        (folder / "devnum").write_text(f"{address}\n")
    monkeypatch.setenv(machine.ROOT, str(tmp_path))
    held: list[str] = []

    def connect(context: int, name: str, *_: int) -> tuple[int, int, int]:
        return (scard.SCARD_E_SHARING_VIOLATION if name in held else 0), names.index(name), 0

    def attribute(handle: int, which: int) -> tuple[int, list[int]]:
        assert which == scard.SCARD_ATTR_CHANNEL_ID
        channel = channels.get(names[handle])
        return (1, []) if channel is None else (0, list(channel.to_bytes(4, "little")))

    monkeypatch.setattr(scard, "SCardConnect", connect)
    monkeypatch.setattr(scard, "SCardGetAttrib", attribute)
    monkeypatch.setattr(scard, "SCardDisconnect", lambda *_: 0)
    assert PcscReader("ACS*", place="1-1.2").choose(names) == names[0]
    assert PcscReader("*", place="1-1.1").choose(names[::-1]) == names[1]
    with pytest.raises(DeviceNotReady, match="usb_socket"):
        PcscReader("ACS*").choose(names)
    with pytest.raises(DeviceNotReady, match="at USB socket 1-1.3"):
        PcscReader("ACS*", place="1-1.3").choose(names)
    held.append(names[0])
    with pytest.raises(DeviceNotReady, match="end a program that holds it"):
        PcscReader("ACS*", place="1-1.2").choose(names)
