"""Board and UPS of another vendor, driven in the standard's messages alone."""

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
from drivers.devices.xfs4iot_ups import XfsUps
from drivers.errors import (
    DeviceNotReady,
    DriverConfigError,
    InvalidData,
    UnsupportedData,
)
from drivers.ports import DeviceState
from tests.drivers.xfs.vendor import Vendor


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
