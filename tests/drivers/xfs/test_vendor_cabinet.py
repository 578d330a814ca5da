"""Board, UPS and PIN pad of another vendor, driven in the standard's messages alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from config.clock import Deadline, SystemClock
from drivers.cabinet_ports import Color, FlashRate, Light, StartupTime
from drivers.devices import registry
from drivers.devices.options import Value
from drivers.devices.xfs4iot import Timings
from drivers.devices.xfs4iot_auxiliaries import XfsAuxiliaries
from drivers.devices.xfs4iot_pin_pad import XfsPinPad
from drivers.devices.xfs4iot_ups import XfsUps
from drivers.errors import (
    DeviceNotReady,
    DriverConfigError,
    InvalidData,
    MediaMissing,
    SecurityFailed,
    SequenceError,
    UnsupportedData,
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


@pytest.fixture
async def board(vendor: Vendor) -> AsyncIterator[XfsAuxiliaries]:
    """One that looks often."""
    made = XfsAuxiliaries(SystemClock(), vendor.uri("Board"), timings=Timings(ask=0.05))
    await made.open()
    yield made
    await made.close()


async def _made(vendor: Vendor, name: str, service: str, **options: Value) -> Any:
    made = registry.create(name, {"uri": vendor.uri(service), **options}, clock=SystemClock())
    await made.open()
    return made


@pytest.fixture
async def ups(vendor: Vendor) -> AsyncIterator[XfsUps]:
    made = await _made(vendor, "xfs4iot-ups", "Ups")
    yield made
    await made.close()


@pytest.fixture
async def pad(vendor: Vendor) -> AsyncIterator[XfsPinPad]:
    made = await _made(vendor, "xfs4iot-pin-pad", "Pad", pin_key="BANK01")
    yield made
    await made.close()


# -- board ------------------------------------------------------------------------------------------------


async def test_what_the_board_has_is_what_its_service_says(vendor: Vendor, board: XfsAuxiliaries) -> None:
    details: Any = board.snapshot.details
    wiring = details["wiring"]
    assert wiring["doors"] == {
        "safeDoor": ["closed", "open", "bolted"],
        "cabinetFrontDoor": ["closed", "open", "locked", "tampered"],
    }
    assert wiring["sensors"] == ["tamperSensor", "proximitySensor", "ambientLightSensor"]
    assert wiring["vandalShield"] == ["closed", "open", "tampered"]
    assert wiring["outputs"] == ["audibleAlarm", "heating", "openClosedIndicator"]
    assert wiring["lights"]["contactless"]["rates"] == ["off", "continuous"]
    assert wiring["interlock"] == ["safeDoor", "cabinetFrontDoor"], (
        "every door, unless the settings say otherwise"
    )
    assert (wiring["watchdog"], details["cabinetBoard"]) == (0, {}), (
        "the class has neither watchdog nor measures"
    )
    assert details["auxiliaries"]["cabinetFrontDoor"] == "locked"
    assert vendor.cabinet.registered["cabinetFront"] == "register"
    with pytest.raises(UnsupportedData):
        await board.feed(60, soon())


async def test_a_door_and_a_tamper_switch_are_told_at_once_in_either_event(
    vendor: Vendor, board: XfsAuxiliaries
) -> None:
    def seen(name: str) -> object:
        details: Any = board.snapshot.details
        return details["auxiliaries"].get(name)

    await vendor.cabinet.door("open")
    await until(lambda: seen("cabinetFrontDoor") == "open")
    await vendor.cabinet.told_as_of_old(tamperSensor="on", vandalShield="tampered")
    await until(lambda: (seen("tamperSensor"), seen("vandalShield")) == ("on", "tampered"))
    await vendor.cabinet.door("melted")
    await until(lambda: seen("cabinetFrontDoor") is None)
    assert board.snapshot.device is DeviceState.ONLINE, "a word that is none is not known, and no more"


async def test_outputs_are_set_and_set_again_after_the_board_went_dark(
    vendor: Vendor, board: XfsAuxiliaries
) -> None:
    status, lights = vendor.cabinet.board.status, vendor.cabinet.board.other_status
    values = {"heating": "on", "openClosedIndicator": "open", "volume": 700, "audio": "continuous warning"}
    await board.set_auxiliaries(values, soon())
    await board.set_lights(
        {"scanner": Light(FlashRate.SLOW, Color.RED), "contactless": Light(FlashRate.CONTINUOUS)}, soon()
    )
    told: Any = board.snapshot.details
    assert told["auxiliaries"]["audio"] == {"rate": "continuous", "signal": "warning"}
    assert told["lights"]["scanner"] == {"default": {"flashRate": "slow", "color": "red"}}
    assert lights["lights"]["contactless"]["left"] == lights["lights"]["contactless"]["right"]
    vendor.cabinet.goes_dark()
    await until(lambda: status["heating"] == "on" and status["volume"] == 700)
    await until(lambda: lights["lights"]["scanner"]["default"]["flashRate"] == "slow")
    assert status["audio"] == {"rate": "continuous", "signal": "warning"}
    port = vendor.port
    await vendor.stop()
    await until(lambda: board.snapshot.device is not DeviceState.ONLINE)
    vendor.cabinet.goes_dark()
    await vendor.start(port)
    await until(lambda: status["heating"] == "on" and board.snapshot.device is DeviceState.ONLINE)
    await board.set_auxiliaries({"audio": "on keypress", "heating": "off"}, soon())
    vendor.cabinet.goes_dark()
    await board.reset(soon())
    assert status["audio"] == {"rate": "off"}, "a key's beep that has sounded is not sounded again"


@pytest.mark.parametrize(
    "values",
    [
        {"signageDisplay": "on"},
        {"heating": "warm"},
        {"volume": 0},
        {"audio": "loud"},
        {"cabinetDoors": "unbolt"},
    ],
)
async def test_what_the_board_has_not_is_refused_and_nothing_sent(
    board: XfsAuxiliaries, values: dict[str, str | int]
) -> None:
    with pytest.raises(InvalidData) as told:
        await board.set_auxiliaries(values, soon())
    assert told.value.code == "invalidAuxiliary"


@pytest.mark.parametrize(
    "lights",
    [
        {"pinPad": Light(FlashRate.SLOW)},
        {"contactless": Light(FlashRate.SLOW)},
        {"scanner": Light(color=Color.BLUE)},
    ],
)
async def test_a_light_that_cannot_shine_so_is_refused(
    board: XfsAuxiliaries, lights: dict[str, Light]
) -> None:
    with pytest.raises(InvalidData) as told:
        await board.set_lights(lights, soon())
    assert told.value.code == "invalidLight"


@pytest.mark.parametrize(
    "time",
    [
        StartupTime("daily", 7, 30),
        StartupTime("weekly", 6, 0, weekday=7),
        StartupTime("specific", 8, 15, 2026, 10, 12),
    ],
)
async def test_the_alarm_clock_is_set_read_back_and_cleared(board: XfsAuxiliaries, time: StartupTime) -> None:
    await board.set_startup(time, soon())
    assert await board.startup(soon()) == time
    await board.set_startup(None, soon())
    assert await board.startup(soon()) is None


async def test_a_service_without_lights_or_orders_is_looked_at_alone(vendor: Vendor) -> None:
    service = vendor.cabinet.board
    for name in ("Auxiliaries.SetAuxiliaries", "Auxiliaries.GetAutoStartupTime", "Auxiliaries.Register"):
        del service.commands[name]
    service.commands["Lights.SetLight"] = ("2.0", "2.0", service.commands["Lights.SetLight"][2])
    board = await _made(vendor, "xfs4iot-auxiliaries", "Board", interlock="cabinetFrontDoor cabinetDoor")
    wiring = board.snapshot.details["wiring"]
    assert (wiring["outputs"], wiring["volume"], wiring["lights"], wiring["autoStartup"]) == (
        [],
        0,
        {},
        False,
    )
    assert wiring["interlock"] == ["cabinetFrontDoor"]
    with pytest.raises(UnsupportedData):
        await board.startup(soon())
    await board.close()


@pytest.mark.parametrize("doors", ["frontDoor", " "])
def test_an_interlock_of_doors_that_there_are_none_of_is_refused(doors: str) -> None:
    with pytest.raises(DriverConfigError, match="interlock"):
        registry.create("xfs4iot-auxiliaries", {"uri": "ws://127.0.0.1:9/x", "interlock": doors})


@pytest.mark.parametrize(
    ("driver", "service", "says"),
    [
        ("xfs4iot-auxiliaries", "Barcode", "has no Auxiliaries"),
        ("xfs4iot-ups", "Barcode", "has no UPS"),
        ("xfs4iot-pin-pad", "Board", "has no Keyboard.DataEntry"),
    ],
)
async def test_another_class_of_service_is_told_in_words(
    vendor: Vendor, driver: str, service: str, says: str
) -> None:
    made = registry.create(driver, {"uri": vendor.uri(service)}, clock=SystemClock())
    with pytest.raises(DeviceNotReady, match=says):
        await made.open()
    await made.close()


# -- UPS --------------------------------------------------------------------------------------------------


async def test_mains_battery_and_charge_are_told_as_far_as_the_standard_has_them(
    vendor: Vendor, ups: XfsUps
) -> None:
    told = await ups.read(soon())
    assert (told.on_battery, told.low, told.charging) == (False, False, False)
    assert told.charge_percent is None and told.runtime_s is None and told.input_voltage is None
    await vendor.cabinet.mains(False, low=True)
    await until(lambda: _power(ups)["engaged"] is True)
    details: Any = ups.snapshot.details
    assert details["powerManagement"]["info"]["batteryStatus"] == "critical"
    assert details["upsMonitor"] == {}, "no measure is made up"
    await vendor.cabinet.mains(True)
    await until(lambda: _power(ups) == {"low": False, "engaged": False, "powering": True, "recovered": True})


async def test_power_management_alone_is_enough_and_nothing_of_mains_is_not(
    vendor: Vendor, ups: XfsUps
) -> None:
    service = vendor.cabinet.ups
    service.status.clear()
    service.other_status["powerManagement"]["info"] |= {
        "powerInStatus": "noPower",
        "batteryStatus": "failure",
    }
    told = await ups.read(soon())
    assert (told.on_battery, told.low, told.replace_battery) == (True, False, True)
    service.other_status["powerManagement"]["info"] = {"batteryStatus": "full"}
    with pytest.raises(DeviceNotReady, match="whether there are mains"):
        await ups.read(soon())
    assert "auxiliaries" not in ups.snapshot.details
    again = registry.create("xfs4iot-ups", {"uri": vendor.uri("Ups")}, clock=SystemClock())
    with pytest.raises(DeviceNotReady, match="nothing of mains"):
        await again.open()
    await again.close()


def _power(ups: XfsUps) -> dict[str, bool]:
    details: Any = ups.snapshot.details
    return dict(details.get("auxiliaries", {}).get("UPS", {"engaged": None}))


# -- PIN pad ----------------------------------------------------------------------------------------------


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
    pad = await _made(vendor, "xfs4iot-pin-pad", "Pad", pin_key=key)
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
    other = await _made(vendor, "xfs4iot-pin-pad", "Pad")
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
    pad = await _made(vendor, "xfs4iot-pin-pad", "Pad")
    with pytest.raises(UnsupportedOperation, match="account before the PIN"):
        await pad.begin(PIN, soon())
    await pad.begin(CODE, soon())
    await pad.stop(soon())
    await pad.close()
