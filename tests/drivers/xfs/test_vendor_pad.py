"""PIN pad of another vendor, driven in the standard's messages alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices import registry
from drivers.devices.xfs4iot_pin_pad import XfsPinPad
from drivers.errors import (
    DeviceNotReady,
    InvalidData,
    MediaMissing,
    SecurityFailed,
    SequenceError,
    UnsupportedOperation,
)
from drivers.ports import DeviceState
from drivers.ports_input import Entry, KeyPress, PinFormat
from tests.drivers.hsm import ACCOUNT, opened
from tests.drivers.xfs.vendor import Vendor
from tests.drivers.xfs.vendor_pad import KEYS

CODE = Entry(False, 0, 6, False)
PIN = Entry(True, 4, 6, False)


def soon(seconds: float = 8.0) -> Deadline:
    return Deadline.after(seconds)


async def until(look: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not look():
            await asyncio.sleep(0.01)


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    made = Vendor()
    await made.start()
    yield made
    await made.stop()


async def _made(vendor: Vendor, pin_key: str = "") -> XfsPinPad:
    options = {"uri": vendor.uri("Pad"), "pin_key": pin_key}
    made = registry.create("xfs4iot-pin-pad", options, clock=SystemClock())
    assert isinstance(made, XfsPinPad)
    await made.open()
    return made


@pytest.fixture
async def pad(vendor: Vendor) -> AsyncIterator[XfsPinPad]:
    made = await _made(vendor, "BANK01")
    yield made
    await made.close()


async def _all(pad: XfsPinPad) -> list[KeyPress]:
    found = [await pad.press(soon())]
    while not found[-1].ends:
        found.append(await pad.press(soon()))
    return found


async def test_a_code_is_typed_corrected_and_confirmed(vendor: Vendor, pad: XfsPinPad) -> None:
    await pad.begin(CODE, soon())
    vendor.pad.type("12", "backspace")
    vendor.pad.type("3", "clear")
    vendor.pad.type("907", "enter")
    keys = [press.key for press in await _all(pad)]
    assert keys == ["1", "2", "back", "3", "clear", "9", "0", "7", "enter"]
    with pytest.raises(SequenceError):
        await pad.press(soon())


async def test_the_last_digit_ends_an_entry_that_ends_by_itself(vendor: Vendor, pad: XfsPinPad) -> None:
    await pad.begin(Entry(False, 0, 3, True), soon())
    vendor.pad.type("123")
    assert [press.key for press in await _all(pad)] == ["1", "2", "3", "auto"]


async def test_digits_of_a_service_that_tells_no_keys_come_with_the_end(
    vendor: Vendor, pad: XfsPinPad
) -> None:
    vendor.pad.silent = True
    await pad.begin(CODE, soon())
    vendor.pad.type("42", "enter")
    assert [press.key for press in await _all(pad)] == ["clear", "4", "2", "enter"]


@pytest.mark.parametrize(
    ("key", "style", "algorithm"), [("BANK01", PinFormat.ISO0, "T"), ("BANK02", PinFormat.ISO4, "A")]
)
async def test_a_pin_becomes_a_block_under_the_vendor_s_key_once(
    vendor: Vendor, key: str, style: PinFormat, algorithm: str
) -> None:
    pad = await _made(vendor, key)
    await pad.begin(PIN, soon())
    vendor.pad.type("97", "clear")
    vendor.pad.type("97531", "enter")
    presses = await _all(pad)
    assert {press.key for press in presses} == {"*", "clear", "enter"}
    assert presses[-1] == KeyPress("enter", 5)
    block = await pad.pin_block(key, style, ACCOUNT, soon())
    assert opened(algorithm, KEYS[key][2], block) == "97531"
    with pytest.raises(SequenceError) as told:
        await pad.pin_block(key, style, ACCOUNT, soon())
    assert told.value.code == "noPin"
    await pad.close()


async def test_only_the_named_key_is_used_and_none_is_loaded_or_deleted(
    vendor: Vendor, pad: XfsPinPad
) -> None:
    with pytest.raises(InvalidData) as told:
        await pad.pin_block("BANK02", PinFormat.ISO4, ACCOUNT, soon())
    assert told.value.code == "keyNotFound"
    with pytest.raises(UnsupportedOperation):
        await pad.load_key("BANK03", "MASTER", "D0112P0AE00E0000", soon())
    with pytest.raises(UnsupportedOperation):
        await pad.delete_key("BANK01", soon())
    held = await pad.keys(soon())
    assert [(key.name, key.usage, key.algorithm, key.bits) for key in held] == [
        ("BANK01", "P0", "T", 128),
        ("BANK02", "P0", "A", 128),
    ]


async def test_a_pin_that_was_given_up_or_left_behind_is_wiped(vendor: Vendor, pad: XfsPinPad) -> None:
    await pad.begin(PIN, soon())
    vendor.pad.type("1234", "enter")
    await _all(pad)
    assert vendor.pad.pin == "1234"
    await pad.stop(soon())
    assert vendor.pad.pin == ""
    await pad.begin(PIN, soon())
    vendor.pad.type("12")
    await pad.press(soon())
    waiting = asyncio.create_task(pad.press(soon()))
    await waiting
    waiting = asyncio.create_task(pad.press(soon()))
    await asyncio.sleep(0)
    await pad.stop(soon())
    with pytest.raises(SequenceError):
        await waiting
    assert not vendor.pad.service.pending, "its command is over"
    vendor.pad.pin = "1234"
    await pad.close()
    other = await _made(vendor)
    assert vendor.pad.pin == "", "a PIN of the person before is nobody's"
    await other.close()


async def test_nobody_types_and_the_entry_goes_on_until_it_is_stopped(vendor: Vendor, pad: XfsPinPad) -> None:
    await pad.begin(CODE, soon())
    with pytest.raises(MediaMissing):
        await pad.press(soon(0.2))
    vendor.pad.type("5", "cancel")
    assert [press.key for press in await _all(pad)] == ["5", "cancel"]


async def test_a_pad_that_tells_a_digit_of_a_pin_is_refused(vendor: Vendor, pad: XfsPinPad) -> None:
    vendor.pad.telling = True
    await pad.begin(PIN, soon())
    vendor.pad.type("1")
    with pytest.raises(SecurityFailed):
        await pad.press(soon())
    await until(lambda: not vendor.pad.service.pending)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry(True, 4, 6, False, ("1", "cancel", "clear")[:1]), "noTerminatekeys"),
        (Entry(False, 2, 6, False), "minimumLength"),
        (Entry(False, 0, 6, False, ("1", "help")), "keyNotSupported"),
    ],
)
async def test_an_entry_that_cannot_be_is_refused_with_its_word(
    pad: XfsPinPad, entry: Entry, code: str
) -> None:
    with pytest.raises(InvalidData) as told:
        await pad.begin(entry, soon())
    assert told.value.code == code
    await pad.begin(CODE, soon())
    await pad.stop(soon())


async def test_an_entry_ends_with_its_connection_and_the_pad_is_found_again(
    vendor: Vendor, pad: XfsPinPad
) -> None:
    await pad.begin(PIN, soon())
    waiting = asyncio.create_task(pad.press(soon()))
    await asyncio.sleep(0)
    port = vendor.port
    await vendor.stop()
    with pytest.raises(DeviceNotReady):
        await waiting
    await vendor.start(port)
    await until(lambda: pad.snapshot.device is DeviceState.ONLINE)
    with pytest.raises(SequenceError):
        await pad.press(soon())
    await pad.begin(CODE, soon())
    await pad.stop(soon())


async def test_a_pad_that_wants_the_account_first_takes_codes_alone(vendor: Vendor) -> None:
    vendor.pad.service.other_capabilities["pinPad"]["setPinblockDataRequired"] = True
    pad = await _made(vendor)
    with pytest.raises(UnsupportedOperation, match="account before the PIN"):
        await pad.begin(PIN, soon())
    await pad.begin(CODE, soon())
    await pad.stop(soon())
    await pad.close()
