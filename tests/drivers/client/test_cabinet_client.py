"""From the application's words to the cabinet and back: every program and protocol in between is the real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.cabinet_ports import Color, FlashRate
from drivers.client import (
    AuxiliariesClient,
    BarcodeClient,
    DeviceCommandFailed,
    DeviceHub,
    DispenserClient,
    LightsClient,
    StampClient,
    UpsClient,
    WatchdogClient,
)
from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.xfs.auth import OPERATOR, token_of

BITE_S = 300
"""Six seconds of the board, which runs fifty times as fast."""
ROLES = ("auxiliaries", "ups", "stampUnit", "barcodeReader", "invoiceDispenser")


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[tuple[Cabinet, DeviceHub]]:
    async with Cabinet(CabinetOptions(tmp_path, speed=50)) as cabinet:
        settings = load_devices(tmp_path / "devices.toml", {})
        only = [service for service in settings.services if service.role in ROLES]
        (board,) = (service for service in only if service.role == "auxiliaries")
        board.options["biteS"] = BITE_S
        program = DeviceProgram(settings.model_copy(update={"services": only, "port": 0}))
        await program.start()
        assert program.server is not None
        hub = DeviceHub(program.server.publisher_uri, token_of(settings.token_file, OPERATOR))
        await hub.start()
        try:
            await until(lambda: all(hub.status(role).device == "online" for role in ROLES), 20)
            yield cabinet, hub
        finally:
            await hub.close()
            await program.stop()


@pytest.fixture
async def another(chain: tuple[Cabinet, DeviceHub]) -> AsyncIterator[DeviceHub]:
    """Another program of the same operator."""
    _, hub = chain
    other = DeviceHub(hub._publisher, hub._token)
    await other.start()
    try:
        await until(lambda: other.status("invoiceDispenser").device == "online", 20)
        yield other
    finally:
        await other.close()


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def lamps(cabinet: Cabinet) -> Any:
    return cabinet.board.state()["lights"]


async def test_an_opened_door_is_heard_with_its_time_journaled_and_stops_the_paper(
    chain: tuple[Cabinet, DeviceHub],
) -> None:
    cabinet, hub = chain
    doors, heard = AuxiliariesClient(hub), []
    doors.on_alarm(lambda sensor, value, at: heard.append((sensor, value, at)))
    await cabinet.do("dispenser", "load", unit=1, code="053002600104", first="00012301", count=20)
    await DispenserClient(hub).load("unit1", "053002600104", "vat", "00012301", "00012320")
    await cabinet.do("board", "door", state="open")
    await until(lambda: bool(heard) and doors.state().get("cabinetDoor") == "open")
    assert heard[0][:2] == ("cabinetDoor", "open")
    assert (await doors.events())[0] == {"sensor": "cabinetDoor", "value": "open", "at": heard[0][2]}
    number = "00012301"
    with pytest.raises(DeviceCommandFailed) as refused:
        await DispenserClient(hub).dispense("job-door-0001", "unit1", "053002600104", number, number)
    assert refused.value.error_code == "cabinetOpen"
    with pytest.raises(DeviceCommandFailed) as refused:
        await StampClient(hub).stamp("job-door-0002")
    assert refused.value.error_code == "cabinetOpen"
    await cabinet.do("auxiliaries", "door", state="locked")
    await until(lambda: doors.state().get("cabinetDoor") == "locked")
    told = await DispenserClient(hub).dispense("job-door-0003", "unit1", "053002600104", number, number)
    assert told["outcome"] == "complete"
    await DispenserClient(hub).present("job-door-0003")
    await until(lambda: lamps(cabinet)["envelopeDispenser"] == "medium green")
    await cabinet.do("dispenser", "take")
    await until(lambda: lamps(cabinet)["envelopeDispenser"] == "off")


async def test_numbers_are_entered_where_an_exchange_was_cut_short(chain: tuple[Cabinet, DeviceHub]) -> None:
    cabinet, hub = chain
    await cabinet.do("dispenser", "load", unit=1, code="053002600104", first="00012301", count=20)
    await hub.request("invoiceDispenser", "Storage.StartExchange", {}, 10)  # and then the power went
    await DispenserClient(hub).load("unit1", "053002600104", "vat", "00012301", "00012320")
    assert (await DispenserClient(hub).ranges())["unit1"]["count"] == 20
    assert hub.status("invoiceDispenser").details["common"]["exchange"] == "inactive"


async def test_an_exchange_that_somebody_else_is_at_is_neither_used_nor_ended(
    chain: tuple[Cabinet, DeviceHub], another: DeviceHub
) -> None:
    cabinet, hub = chain
    await cabinet.do("dispenser", "load", unit=1, code="053002600104", first="00012301", count=20)
    await another.request("invoiceDispenser", "Storage.StartExchange", {}, 10)
    for ask in (
        DispenserClient(hub).load("unit1", "053002600104", "vat", "00012301", "00012320"),
        DispenserClient(hub).take_out(["unit1"]),
    ):
        with pytest.raises(DeviceCommandFailed) as refused:
            await ask
        assert refused.value.error_code == "exchangeActive"
    await DispenserClient(another).load("unit1", "053002600104", "vat", "00012301", "00012320")
    assert hub.status("invoiceDispenser").details["common"]["exchange"] == "inactive"


async def test_an_exchange_that_somebody_left_is_gone_on_with(
    chain: tuple[Cabinet, DeviceHub], another: DeviceHub
) -> None:
    cabinet, hub = chain
    await cabinet.do("dispenser", "load", unit=1, code="053002600104", first="00012301", count=20)
    await another.request("invoiceDispenser", "Storage.StartExchange", {}, 10)
    await another.close()
    ranges = "InvoiceDispenser.GetRanges"

    async def left() -> bool:
        return bool((await hub.request("invoiceDispenser", ranges, {}, 10))["exchange"] == "left")

    async with asyncio.timeout(10):
        while not await left():
            await asyncio.sleep(0.02)
    await DispenserClient(hub).load("unit1", "053002600104", "vat", "00012301", "00012320")
    assert hub.status("invoiceDispenser").details["common"]["exchange"] == "inactive"


async def test_two_in_one_program_exchange_one_after_the_other(chain: tuple[Cabinet, DeviceHub]) -> None:
    cabinet, hub = chain
    await cabinet.do("dispenser", "load", unit=1, code="053002600104", first="00012301", count=20)
    await cabinet.do("dispenser", "load", unit=2, code="053002600104", first="00022301", count=20)
    await asyncio.gather(
        DispenserClient(hub).load("unit1", "053002600104", "vat", "00012301", "00012320"),
        DispenserClient(hub).load("unit2", "053002600104", "vat", "00022301", "00022320"),
    )
    told = await DispenserClient(hub).ranges()
    assert [told[unit]["count"] for unit in ("unit1", "unit2")] == [20, 20]


async def test_lights_guides_and_outputs(chain: tuple[Cabinet, DeviceHub]) -> None:
    cabinet, hub = chain
    lights = LightsClient(hub)
    await lights.set("fasciaLight", FlashRate.SLOW, Color.BLUE)
    assert lamps(cabinet)["fasciaLight"] == "slow blue"
    assert "statusGood" in await lights.all_on()
    await until(lambda: bool(cabinet.board.state()["relays"]["statusGood"]))  # type: ignore[index]
    await lights.all_off()
    assert set(lamps(cabinet).values()) == {"off"}
    await AuxiliariesClient(hub).set(volume=1000, audibleAlarm="on")
    assert cabinet.board.state()["volume"] == 100
    reading = asyncio.ensure_future(BarcodeClient(hub).read(10))
    await until(lambda: lamps(cabinet)["scanner"] == "medium green")
    await cabinet.do("barcode", "scan", text="https://ex.test/s/42")
    assert (await reading).data == b"https://ex.test/s/42"
    await until(lambda: lamps(cabinet)["scanner"] == "off")


async def test_a_power_failure_and_the_order_to_shut_down(chain: tuple[Cabinet, DeviceHub]) -> None:
    cabinet, hub = chain
    ups, orders = UpsClient(hub), []
    ups.on_shutdown(lambda reason, left: orders.append(reason))
    await cabinet.do("ups", "mains", state="off")
    await until(lambda: hub.status("ups").details["auxiliaries"]["UPS"]["engaged"] is True)
    await cabinet.do("ups", "battery", percent=10)
    await until(lambda: orders == ["batteryLow"])
    assert (await ups.read())["shutdown"] == "requested"
    await cabinet.do("ups", "clear")
    await until(lambda: hub.status("ups").details["auxiliaries"]["UPS"]["recovered"] is True)


async def test_a_stamp_comes_down_once_a_key(chain: tuple[Cabinet, DeviceHub]) -> None:
    cabinet, hub = chain
    stamp = StampClient(hub)
    assert (await stamp.stamp("job-stamp-0001"))["outcome"] == "stamped"
    assert (await stamp.stamp("job-stamp-0001"))["outcome"] == "stamped"
    assert cabinet.stamp.state()["counts"] == {"impressions": 1}
    assert await stamp.query("job-stamp-0001") == "stamped"
    assert await stamp.query("job-stamp-0002") is None


async def test_the_power_is_cut_when_nobody_proves_that_the_screen_lives(
    chain: tuple[Cabinet, DeviceHub],
) -> None:
    cabinet, hub = chain
    watchdog = WatchdogClient(hub)
    assert await watchdog.prove(60)
    await until(lambda: cabinet.board.state()["watchdog"] != 0)
    await watchdog.disarm()
    await until(lambda: cabinet.board.state()["watchdog"] == 0)
    assert cabinet.board.state()["powerCut"] is False
    assert await watchdog.prove(60)  # fed every 75 s, which is too seldom for a board that runs so fast
    await until(lambda: cabinet.board.state()["powerCut"] is True, 30)
