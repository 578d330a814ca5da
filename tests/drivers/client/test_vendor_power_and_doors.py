"""Another vendor's UPS, board and PIN pad behind our device program: the same orderly end, alarms, guides and codes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from config.clock import SystemClock
from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.cabinet_ports import Color, FlashRate
from drivers.client import AuxiliariesClient, DeviceHub, LightsClient, PinPadClient, WatchdogClient
from drivers.client.errors import DeviceCommandFailed
from drivers.xfs.auth import read_tokens
from kiosk.alarms import AlarmWatch
from kiosk.power import PowerGuard
from kiosk.staff.presence import Presence
from sync.alarms import untold
from tests.drivers.hsm import ACCOUNT, opened
from tests.drivers.xfs.vendor import Vendor
from tests.drivers.xfs.vendor_pad import KEYS
from tests.kiosk.test_power import Around

ROLES = {
    "auxiliaries": ("xfs4iot-auxiliaries", "Board", ""),
    "ups": ("xfs4iot-ups", "Ups", ""),
    "pinPad": ("xfs4iot-pin-pad", "Pad", ', pin_key = "BANK02"'),
}


async def until(look: Callable[[], bool], seconds: float = 40.0) -> None:
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
async def hub(vendor: Vendor, tmp_path: Path) -> AsyncIterator[DeviceHub]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        lines = [f'state_dir = "{tmp_path}"', f"port = {free.getsockname()[1]}"]
    for role, (driver, service, more) in ROLES.items():
        lines += ["[[services]]", f'role = "{role}"', f'driver = "{driver}"']
        lines += [f'options = {{uri = "{vendor.uri(service)}"{more}}}']
    file = tmp_path / "devices.toml"
    file.write_text("\n".join(lines))
    program = DeviceProgram(load_devices(file, {}))
    await program.start()
    assert program.server is not None
    token = next(t for t, c in read_tokens(tmp_path / "tokens.json").items() if c.name == "kiosk-run")
    found = DeviceHub(program.server.publisher_uri, token)
    await found.start()
    await until(lambda: all(found.status(role).device == "online" for role in ROLES))
    yield found
    await found.close()
    await program.stop()


async def test_a_power_failure_told_by_the_vendor_s_ups_brings_the_machine_down_in_order(
    vendor: Vendor, hub: DeviceHub
) -> None:
    around: Any = Around(visiting=True)
    guard = PowerGuard(hub, around, around, around, around, SystemClock(), around.off)
    running = asyncio.create_task(guard.run())
    try:
        await vendor.cabinet.mains(False)
        await until(lambda: around.states == ["", "battery"])
        await vendor.cabinet.mains(False, low=True)
        await until(lambda: around.states[-1] == "low")
        assert around.offs == 0, "the visit ends first"
        around.visiting = False
        await until(lambda: around.offs == 1)
    finally:
        running.cancel()


async def test_a_door_a_tamper_switch_and_a_forced_shield_are_in_the_book_for_the_centre(
    vendor: Vendor, hub: DeviceHub, tmp_path: Path
) -> None:
    clock = SystemClock()

    async def note(*_: object) -> None:
        raise AssertionError("nobody is signed in")

    def told() -> set[tuple[str, str]]:
        return {(event.sensor, event.value) for event in untold(tmp_path, None).events}

    running = asyncio.create_task(AlarmWatch(hub, tmp_path, clock, Presence(clock).at, note).run())
    try:
        await vendor.cabinet.board.change(vandalShield="closed")
        await vendor.cabinet.door("open")
        await vendor.cabinet.told_as_of_old(tamperSensor="on", vandalShield="tampered")
        await until(lambda: {("tamperSensor", "on"), ("vandalShield", "tampered")} <= told())
        assert ("cabinetFrontDoor", "open") in told()
        assert ("vandalShield", "closed") not in told(), "it closes after every visitor"
        await vendor.cabinet.board.change(vandalShield="closed", cabinetFrontDoor="closed")
        await until(lambda: {("vandalShield", "closed"), ("cabinetFrontDoor", "closed")} <= told())
    finally:
        running.cancel()


async def test_lights_and_outputs_are_set_by_the_application_and_bolts_are_not(
    vendor: Vendor, hub: DeviceHub
) -> None:
    board = AuxiliariesClient(hub)
    status, others = vendor.cabinet.board.status, vendor.cabinet.board.other_status
    await LightsClient(hub).set("scanner", FlashRate.SLOW, Color.GREEN)
    assert others["lights"]["scanner"] == {"default": {"flashRate": "slow", "color": "green"}}
    sound: Any = {"rate": "continuous", "signal": "warning"}
    await board.set(heating="on", openClose="open", volume=700, audio=sound)
    assert (status["heating"], status["openClosedIndicator"], status["volume"]) == ("on", "open", 700)
    assert status["audio"] == sound
    await until(lambda: board.state().get("audio") == sound)
    assert board.state()["vandalShield"] == "open"
    for wrong in ({"safeDoor": "unbolt"}, {"signageDisplay": "on"}, {"audio": {"rate": "loud"}}):
        with pytest.raises(DeviceCommandFailed) as told:
            await board.set(**wrong)  # type: ignore[arg-type]
        assert told.value.error_code == "invalidAuxiliary"
    assert status["safeDoor"] == "bolted"
    assert not await WatchdogClient(hub).prove(60), "nobody believes in a watchdog that is not there"


async def test_a_code_and_a_pin_are_typed_at_the_vendor_s_pad_and_its_keys_are_its_own(
    vendor: Vendor, hub: DeviceHub
) -> None:
    pad = PinPadClient(hub)

    heard: list[str] = []
    typing = asyncio.create_task(pad.type_digits(6, 20.0, on_event=lambda name, _: heard.append(name)))
    await until(lambda: "Keyboard.EnterDataEvent" in heard)
    vendor.pad.type("123", "backspace")
    vendor.pad.type("456", "enter")
    typed = await typing
    assert (typed.digits, typed.completion) == ("12456", "enter")
    heard.clear()
    entry = asyncio.create_task(pad.type_pin(4, 6, 20.0, on_event=lambda name, _: heard.append(name)))
    await until(lambda: "Keyboard.EnterDataEvent" in heard)
    vendor.pad.type("97531", "enter")
    assert (await entry).digits == 5
    block = await pad.pin_block("BANK02", "iso4", ACCOUNT)
    assert opened("A", KEYS["BANK02"][2], block) == "97531"
    assert list(await pad.keys()) == list(KEYS)
    with pytest.raises(DeviceCommandFailed):
        await pad.delete_key("BANK02")
