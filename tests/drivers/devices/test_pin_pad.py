"""The PIN pad's driver against the simulated one, with the bank's side played by another library."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.pin_pad import PinPadUnit, Timings
from drivers.devices.registry import create
from drivers.errors import (
    DeviceError,
    DeviceNotReady,
    DriverConfigError,
    InvalidData,
    MediaMissing,
    SecurityFailed,
    SequenceError,
    UnsupportedData,
)
from drivers.ports import DeviceState
from drivers.ports_input import Entry, HeldKey, KeyPress, PinFormat
from drivers.simulators.base import Pace
from drivers.simulators.pin_pad import MASTER, PinPadSimulator, master_key
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.devices.conftest import until
from tests.drivers.hsm import ACCOUNT, KEYS, check_value, opened, wrap

QUICK = Timings(ack=0.2, gap=0.1, reply=0.5, poll=0.05, typing_poll=0.05)
PIN = Entry(True, 4, 12, False)
CODE = Entry(False, 0, 6, True)


@pytest.fixture
async def sim(link: Path) -> AsyncIterator[PinPadSimulator]:
    simulator = PinPadSimulator(link, Pace(500))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def device(sim: PinPadSimulator, link: Path) -> AsyncIterator[PinPadUnit]:
    unit = PinPadUnit(Channel(SerialLink(str(link), 38400)), SystemClock(), QUICK)
    await unit.open()
    yield unit
    await unit.close()


def soon() -> Deadline:
    return Deadline.after(8)


async def typed(device: PinPadUnit) -> list[KeyPress]:
    presses = []
    while not presses or not presses[-1].ends:
        presses.append(await device.press(soon()))
    return presses


async def entered(sim: PinPadSimulator, device: PinPadUnit, pin: str = "123456") -> list[KeyPress]:
    await device.begin(PIN, soon())
    await sim.do("type", {"digits": pin})
    return await typed(device)


@pytest.mark.parametrize(("algorithm", "style"), [("A", "iso4"), ("4", "iso4"), ("T", "iso0")])
async def test_a_pin_reaches_the_bank_and_nobody_else(
    sim: PinPadSimulator, device: PinPadUnit, algorithm: str, style: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    value = KEYS[algorithm]
    key = await device.load_key("PIN1", MASTER, wrap(master_key(), algorithm, value), soon())
    assert key == HeldKey("PIN1", "P0", algorithm, "E", check_value(algorithm, value), 128)
    assert [one.name for one in await device.keys(soon())] == [MASTER, "PIN1"]
    presses = await entered(sim, device, "975310")
    assert [press.key for press in presses] == ["*"] * 6 + ["enter"]
    block = await device.pin_block("PIN1", PinFormat(style), ACCOUNT, soon())
    assert opened(algorithm, value, block) == "975310"
    with pytest.raises(SequenceError) as told:
        await device.pin_block("PIN1", PinFormat(style), ACCOUNT, soon())
    assert told.value.code == "noPin"
    assert "975310" not in caplog.text
    assert ACCOUNT not in caplog.text


async def test_a_code_comes_in_clear(sim: PinPadSimulator, device: PinPadUnit) -> None:
    await device.begin(CODE, soon())
    await sim.do("type", {"digits": "081542", "then": "nothing"})
    assert [press.key for press in await typed(device)] == [*"081542", "auto"]
    with pytest.raises(SequenceError):
        await device.press(soon())


@pytest.mark.parametrize("fault", ["drop", "flip", "duplicate", "split", "cut"])
async def test_a_bad_line_loses_and_doubles_no_key(
    sim: PinPadSimulator, device: PinPadUnit, fault: str
) -> None:
    await device.begin(Entry(False, 0, 20, False), soon())
    await sim.do("link", {"fault": fault, "count": 4, "seconds": 0.02, "seed": 2})
    await sim.do("type", {"digits": "0123456789"})
    assert [press.key for press in await typed(device)] == [*"0123456789", "enter"]


async def test_keys_whose_notices_were_lost_are_asked_for(sim: PinPadSimulator, device: PinPadUnit) -> None:
    await device.begin(PIN, soon())
    await sim.do("loseNotices", {"count": 100})
    await sim.do("type", {"digits": "1234"})
    assert [press.key for press in await typed(device)] == ["*"] * 4 + ["enter"]


async def test_a_pad_that_tells_a_digit_of_a_pin_is_refused(sim: PinPadSimulator, device: PinPadUnit) -> None:
    await device.begin(PIN, soon())
    sim.event("E|1|7|1")
    with pytest.raises(SecurityFailed, match="out of service"):
        await device.press(soon())


async def test_keys_of_the_entry_before_are_not_those_of_the_next(
    sim: PinPadSimulator, device: PinPadUnit
) -> None:
    await device.begin(CODE, soon())
    # Typed, and on the line, while the next entry is being begun.
    await asyncio.gather(sim.do("type", {"digits": "98765", "then": "nothing"}), device.begin(PIN, soon()))
    await sim.do("type", {"digits": "4321"})
    presses = await typed(device)
    assert {press.key for press in presses} <= {"*", "enter"}


async def test_nothing_typed_remains_after_stop_or_in_the_next_entry(
    sim: PinPadSimulator, device: PinPadUnit
) -> None:
    await device.load_key("PIN1", MASTER, wrap(master_key(), "A", KEYS["A"]), soon())
    await device.begin(PIN, soon())
    await sim.do("type", {"digits": "1234"})
    await device.stop(soon())
    assert (sim.state()["pin"], device._presses) == (False, {})
    with pytest.raises(SequenceError):
        await device.pin_block("PIN1", PinFormat.ISO4, ACCOUNT, soon())
    await device.begin(CODE, soon())
    await sim.do("type", {"digits": "11", "then": "nothing"})
    await device.begin(CODE, soon())
    await sim.do("type", {"digits": "222222", "then": "nothing"})
    assert [press.key for press in await typed(device)] == [*"222222", "auto"]


async def test_no_key_in_time(device: PinPadUnit) -> None:
    await device.begin(PIN, soon())
    with pytest.raises(MediaMissing):
        await device.press(Deadline.after(0.1))


async def test_tampering_ends_an_entry_and_is_told(sim: PinPadSimulator, device: PinPadUnit) -> None:
    await device.begin(PIN, soon())
    press = asyncio.create_task(device.press(soon()))
    await sim.do("tamper")
    with pytest.raises(SecurityFailed) as told:
        await press
    assert told.value.code == "accessDenied"
    await until(device, lambda s: s.device is DeviceState.FRAUD_ATTEMPT)
    assert device.snapshot.details == {"keyManagement": {"encryptionState": "notReady"}}
    for call in (
        lambda: device.begin(PIN, soon()),
        lambda: device.load_key("PIN1", MASTER, wrap(master_key(), "A", KEYS["A"]), soon()),
        lambda: device.pin_block("PIN1", PinFormat.ISO4, ACCOUNT, soon()),
    ):
        with pytest.raises(SecurityFailed):
            await call()
    await sim.do("service")
    await until(device, lambda s: s.device is DeviceState.ONLINE)
    assert device.snapshot.details == {"keyManagement": {"encryptionState": "notInitialized"}}
    await sim.do("inject")
    await until(device, lambda s: s.details == {"keyManagement": {"encryptionState": "ready"}})


async def test_lost_keys_are_told(sim: PinPadSimulator, device: PinPadUnit) -> None:
    await sim.do("loseKeys")
    await until(device, lambda s: s.details == {"keyManagement": {"encryptionState": "notInitialized"}})
    assert device.snapshot.device is DeviceState.ONLINE
    with pytest.raises(SecurityFailed):
        await device.begin(PIN, soon())
    await device.begin(CODE, soon())  # codes need no keys


async def test_power_lost_in_an_entry_is_told(sim: PinPadSimulator, device: PinPadUnit) -> None:
    await device.begin(PIN, soon())
    await sim.do("type", {"digits": "12", "then": "nothing"})
    await sim.do("power", {"state": "off"})
    await sim.do("power", {"state": "on"})
    with pytest.raises(DeviceError):
        while True:
            await device.press(soon())


async def test_a_pulled_cable_ends_the_entry_and_the_pad_is_wiped_when_it_is_back(
    sim: PinPadSimulator, device: PinPadUnit
) -> None:
    await device.begin(PIN, soon())
    await sim.do("type", {"digits": "1234", "then": "nothing"})
    await sim.do("unplug")
    with pytest.raises(DeviceNotReady):
        while True:
            await device.press(soon())
    await until(device, lambda s: s.device is DeviceState.NO_DEVICE)
    assert device.snapshot.details == {"keyManagement": {"encryptionState": "undefined"}}
    await sim.do("replug")
    await until(device, lambda s: s.device is DeviceState.ONLINE)
    assert (sim.state()["mode"], sim.state()["digits"]) == ("idle", 0)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry(True, 3, 6, False), "minimumLength"),
        (Entry(True, 6, 4, False), "minimumLength"),
        (Entry(True, 4, 13, False), "minimumLength"),
        (Entry(False, 0, 0, False), "minimumLength"),
        (Entry(False, 0, 6, False, ("fdk01",)), "keyNotSupported"),
        (Entry(False, 0, 6, False, ("enter",)), "noActivekeys"),
    ],
)
async def test_an_entry_that_cannot_be_is_refused(device: PinPadUnit, entry: Entry, code: str) -> None:
    with pytest.raises(InvalidData) as told:
        await device.begin(entry, soon())
    assert told.value.code == code


async def test_refusals_of_the_pad_have_their_names(sim: PinPadSimulator, device: PinPadUnit) -> None:
    block = wrap(master_key(), "A", KEYS["A"])
    await device.load_key("PIN1", MASTER, block, soon())
    for name, protector, what, code in (
        ("PIN2", "none", block, "keyNotFound"),
        ("PIN1", MASTER, block, "duplicateKey"),
        ("PIN2", MASTER, wrap(bytes(32), "A", KEYS["A"]), "signatureInvalid"),
    ):
        with pytest.raises(DeviceError) as told:
            await device.load_key(name, protector, what, soon())
        assert told.value.code == code
    await entered(sim, device)
    with pytest.raises(UnsupportedData):
        await device.pin_block("PIN1", PinFormat.ISO0, ACCOUNT, soon())
    with pytest.raises(InvalidData) as told:
        await device.pin_block("none", PinFormat.ISO4, ACCOUNT, soon())
    assert told.value.code == "keyNotFound"
    await device.delete_key("PIN1", soon())
    with pytest.raises(InvalidData):
        await device.delete_key("PIN1", soon())
    assert [key.name for key in await device.keys(soon())] == [MASTER]


@pytest.mark.parametrize("options", [{}, {"port": "x", "baud": 1}, {"port": "x", "master": "00"}])
def test_wrong_options_are_told_at_start(options: dict[str, str | int]) -> None:
    with pytest.raises(DriverConfigError):
        create("pin-pad-serial", options)
