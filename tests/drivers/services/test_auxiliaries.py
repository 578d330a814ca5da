"""The board's service: doors with their times, lights with guides over them, and what an open door forbids."""

import asyncio
from dataclasses import replace

import pytest

from config.clock import SystemClock
from drivers.cabinet_ports import Color, FlashRate, Light, StartupTime
from drivers.client.capabilities import role_of
from drivers.errors import LinkLost
from drivers.ports import DeviceState
from drivers.services.auxiliaries import AuxiliariesService
from drivers.services.base import Identity
from drivers.services.cabinet import Cabinet
from drivers.services.id_card_reader import IdCardReaderService
from drivers.store import Store
from drivers.supervision import Supervisor
from tests.drivers.cabinet import POLICY
from tests.drivers.fake_cabinet import FakeBoard
from tests.drivers.fakes import FakeIdReader
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import code

V2, V3 = "2.0", "3.0"


@pytest.fixture
async def store(tmp_path):
    opened = Store(tmp_path / "devices.db", SystemClock())
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def board():
    return FakeBoard()


@pytest.fixture
def shared():
    return Cabinet()


@pytest.fixture
async def desk(store, board, shared):
    who = Identity("Auxiliaries", "auxiliaries", "fake", options={"biteS": 5})
    service = AuxiliariesService(who, Supervisor("Auxiliaries", board, POLICY), store)
    service.join_cabinet(shared)
    service.start()
    await until(lambda: service.status()["common"]["device"] == "online")
    yield Desk(service)
    await service.close()


async def until(condition):
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.005)


def events(desk, name):
    return [m.get("payload", {}) for m in desk.sent if m["header"]["name"] == name]


async def journal(desk):
    told = (await desk.ask("CabinetBoard.GetEvents"))[1]["payload"]["events"]
    return [(event["sensor"], event["value"]) for event in told]


async def test_a_door_is_told_with_its_time_entered_once_and_kept(desk, board, store):
    board.see(cabinetDoor="open")
    board.see(cabinetDoor="open", proximitySensor="present")
    board.see(cabinetDoor="closed")
    await until(lambda: len(events(desk, "CabinetBoard.SensorEvent")) == 2)
    first, second = events(desk, "CabinetBoard.SensorEvent")
    assert (first["sensor"], first["value"], second["value"]) == ("cabinetDoor", "open", "closed")
    assert first["at"] <= second["at"] and first["at"].endswith("+08:00")
    assert await journal(desk) == [("cabinetDoor", "closed"), ("cabinetDoor", "open")]
    changed = events(desk, "Common.StatusChangedEvent")
    assert {"auxiliaries": {"cabinetDoor": "closed"}, "cabinetBoard": {"motion": "allowed"}} in changed


async def test_a_door_that_changed_while_the_board_was_away_is_told_and_an_unchanged_one_is_not(desk, board):
    board.see(tamperSensor="on")
    await until(lambda: len(events(desk, "CabinetBoard.SensorEvent")) == 1)
    board.unplug()
    await until(lambda: desk.service.status()["common"]["device"] != "online")
    assert "auxiliaries" not in desk.service.status(), "what nobody sees is not told as closed"
    board.replug()
    await until(lambda: desk.service.status()["common"]["device"] == "online")
    board.see(tamperSensor="on")
    assert await journal(desk) == [("tamperSensor", "on")]
    board.see(tamperSensor="off")
    await until(lambda: len(events(desk, "CabinetBoard.SensorEvent")) == 2)


async def again(store, **seen):
    """The program is started anew; the board stands as ``seen`` when it is connected."""
    board = FakeBoard()
    board.see(**seen)
    who = Identity("Auxiliaries", "auxiliaries", "fake")
    service = AuxiliariesService(who, Supervisor("Auxiliaries", board, POLICY), store)
    found = Desk(service)
    service.start()
    await until(lambda: service.status()["common"]["device"] == "online" and not service.queue.busy)
    return found


async def test_what_changed_while_no_program_ran_is_told_and_what_was_told_is_not_told_again(store):
    first = await again(store, tamperSensor="on", cabinetDoor="closed")
    await until(lambda: len(events(first, "CabinetBoard.SensorEvent")) == 1)
    await first.service.close()
    second = await again(store, tamperSensor="on", cabinetDoor="open")
    await until(lambda: events(second, "CabinetBoard.SensorEvent"))
    assert [e["sensor"] for e in events(second, "CabinetBoard.SensorEvent")] == ["cabinetDoor"]
    await second.service.close()
    third = await again(store, tamperSensor="off", cabinetDoor="closed")
    await until(lambda: len(events(third, "CabinetBoard.SensorEvent")) == 2)
    assert await journal(third) == [
        ("tamperSensor", "off"), ("cabinetDoor", "closed"), ("cabinetDoor", "open"), ("tamperSensor", "on"),
    ]  # fmt: skip
    await third.service.close()


async def test_registered_connections_hear_what_they_registered_for(desk, board):
    await desk.ask("Auxiliaries.Register", {"cabinetFront": "register", "proximitySensor": "Register"}, V2)
    board.see(proximitySensor="present", cabinetDoor="closed")
    await until(lambda: events(desk, "Auxiliaries.AuxiliaryStatusEvent"))
    assert events(desk, "Auxiliaries.AuxiliaryStatusEvent") == [{"proximitySensor": "present"}]
    await desk.ask("Auxiliaries.Register", {"proximitySensor": "deregister"}, V2)
    board.see(proximitySensor="notPresent")
    await until(
        lambda: (
            {"auxiliaries": {"proximitySensor": "notPresent"}} in events(desk, "Common.StatusChangedEvent")
        )
    )
    assert len(events(desk, "Auxiliaries.AuxiliaryStatusEvent")) == 1
    told = (await desk.ask("Auxiliaries.Register", {"safeDoor": "register"}, V2))[1]
    assert code(told) == "invalidAuxiliary"
    assert code((await desk.ask("Auxiliaries.Register", {"heatSensor": "perhaps"}, V2))[1]) == "invalidData"


async def test_auxiliaries_are_set_under_the_standards_names(desk, board):
    payload = {"consumerDisplayBackLight": "on", "volume": 700, "audibleAlarm": "ON"}
    assert code((await desk.ask("Auxiliaries.SetAuxiliaries", payload, V2))[1]) == "success"
    assert board.outputs == {"consumerDisplayBacklight": "on", "volume": 700, "audibleAlarm": "on"}
    for wrong in ({"cabinetDoors": "bolt"}, {"audio": {"rate": "on"}}, {"ups": "engage"}):
        assert code((await desk.ask("Auxiliaries.SetAuxiliaries", wrong, V2))[1]) == "invalidAuxiliary"
    for wrong in ({}, {"volume": 0}, {"heating": "warm"}):
        assert code((await desk.ask("Auxiliaries.SetAuxiliaries", wrong, V2))[1]) == "invalidData"


async def test_the_start_up_time_goes_to_the_board_and_back(desk, board):
    ask = desk.ask
    assert (await ask("Auxiliaries.GetAutoStartupTime", {}, V2))[1].get("payload") in (None, {})
    weekly = {"mode": "weekly", "startTime": {"dayOfWeek": "Monday", "hour": 7, "minute": 45}}
    assert code((await ask("Auxiliaries.SetAutoStartupTime", weekly, V2))[1]) == "success"
    assert board.clock == StartupTime("weekly", 7, 45, weekday=1)
    assert (await ask("Auxiliaries.GetAutoStartupTime", {}, V2))[1]["payload"] == weekly
    specific = {
        "mode": "specific",
        "startTime": {"year": 2026, "month": 10, "day": 12, "hour": 6, "minute": 0},
    }
    await ask("Auxiliaries.SetAutoStartupTime", specific, V2)
    assert (await ask("Auxiliaries.GetAutoStartupTime", {}, V2))[1]["payload"] == specific
    await ask("Auxiliaries.ClearAutoStartupTime", {}, V2)
    assert board.clock is None
    for wrong in (
        {"mode": "daily", "startTime": {"hour": 7}},
        {"mode": "weekly", "startTime": {"hour": 7, "minute": 0}},
        {"mode": "specific", "startTime": {**specific["startTime"], "month": 2, "day": 30}},
        {"mode": "specific", "startTime": {**specific["startTime"], "year": 2027, "month": 2, "day": 29}},
    ):
        assert code((await ask("Auxiliaries.SetAutoStartupTime", wrong, V2))[1]) == "invalidData"


async def light(desk, **lights):
    return code((await desk.ask("Lights.SetLight", lights, V3))[1])


async def test_lights_are_set_and_refused_in_the_standards_words(desk, board):
    assert await light(desk, fasciaLight={"default": {"flashRate": "slow", "color": "white"}}) == "success"
    assert board.lit == {"fasciaLight": Light(FlashRate.SLOW, Color.WHITE)}
    assert await light(desk, pinPad={"default": {"flashRate": "slow"}}) == "invalidLight"
    assert await light(desk, fasciaLight={"left": {"flashRate": "slow"}}) == "invalidLight"
    assert (
        await light(desk, fasciaLight={"default": {"flashRate": "slow", "direction": "entry"}})
        == "invalidLight"
    )
    assert await light(desk, fasciaLight={"default": {"flashRate": "sometimes"}}) == "invalidData"
    assert await light(desk) == "invalidData"
    board.dim = True
    assert await light(desk, fasciaLight={"default": {"flashRate": "slow"}}) == "lightError"


async def test_a_guide_lies_over_what_the_client_wants_and_gives_it_back(desk, board, shared):
    await light(desk, contactless={"default": {"flashRate": "continuous", "color": "blue"}})
    with shared.guidance.shine("idReader"):
        await until(lambda: board.lit["contactless"] == Light(FlashRate.MEDIUM))
        with shared.guidance.shine("idReader"):
            pass
        await light(desk, contactless={"default": {"flashRate": "continuous", "color": "white"}})
        assert board.lit["contactless"] == Light(FlashRate.MEDIUM)
        assert (
            await light(desk, contactless={"default": {"flashRate": "slow", "color": "red"}})
            == "invalidLight"
        )
    await until(lambda: board.lit["contactless"] == Light(FlashRate.CONTINUOUS, Color.WHITE))


async def test_a_guide_that_cannot_be_lit_hinders_nobody_and_comes_with_the_board(desk, board, shared):
    board.unplug()
    await until(lambda: desk.service.status()["common"]["device"] != "online")
    with shared.guidance.shine("barcodeReader"), shared.guidance.shine("nobody"):
        board.replug()
        await until(lambda: board.lit.get("scanner") == Light(FlashRate.MEDIUM))
    await until(lambda: "scanner" not in board.lit)


async def test_a_guide_wanted_before_anybody_knew_the_lights_comes_with_them(store, shared):
    """Which lights another vendor's service has is known when it has answered; somebody may be waiting by then."""
    board = FakeBoard()
    board.plugged = False
    wiring = board.details.pop("wiring")
    board.snapshot = replace(board.snapshot, details=dict(board.details))
    service = AuxiliariesService(
        Identity("Auxiliaries", "auxiliaries", "fake"), Supervisor("Auxiliaries", board, POLICY), store
    )
    service.join_cabinet(shared)
    service.start()
    with shared.guidance.shine("barcodeReader"):
        await asyncio.sleep(0)
        board.details["wiring"] = wiring
        board.replug()
        await until(lambda: board.lit.get("scanner") == Light(FlashRate.MEDIUM))
    await until(lambda: "scanner" not in board.lit)
    await service.close()


async def test_the_card_readers_own_light_shines_while_it_waits_for_a_card(desk, board, shared):
    supervisor = Supervisor("IdCardReader", FakeIdReader(), POLICY)
    reader = IdCardReaderService(Identity("IdCardReader", "idReader", "fake"), supervisor)
    reader.join_cabinet(shared)
    reader.start()
    await until(lambda: reader.status()["common"]["device"] == "online")
    counter = Desk(reader)
    asking = asyncio.ensure_future(counter.ask("ResidentIdReader.ReadIdCard", {}, "1.0", 5000))
    await until(lambda: "contactless" in board.lit)
    supervisor.device.lay()
    assert code((await asking)[1]) == "success"
    await until(lambda: "contactless" not in board.lit)
    await reader.close()


async def test_an_open_door_blocks_motion_until_it_is_seen_shut(desk, board, shared):
    assert shared.interlock.why is None
    board.see(cabinetDoor="open")
    assert shared.interlock.why is not None and "cabinetDoor" in shared.interlock.why
    assert desk.service.status()["cabinetBoard"]["motion"] == "blocked"
    board.unplug()
    await until(lambda: desk.service.status()["common"]["device"] != "online")
    assert shared.interlock.why is not None, "an open door that nobody sees any more is not shut"
    board.replug()
    await until(lambda: desk.service.status()["common"]["device"] == "online")
    board.see(cabinetDoor="closed")
    assert shared.interlock.why is None
    assert desk.service.status()["cabinetBoard"]["motion"] == "allowed"
    board.see(cabinetFrontDoor="open")
    assert shared.interlock.why is None, "the profile names the cabinet door alone"


async def test_the_watchdog_is_fed_only_after_a_proof_and_starves_without_one(desk, board):
    state = lambda: desk.service.status()["watchdog"]["state"]  # noqa: E731
    assert state() == "off" and not board.food
    await desk.ask("Watchdog.Prove", {"withinS": 5})
    await until(lambda: board.food == [5] and state() == "fed")
    await desk.ask("Watchdog.Disarm")
    assert board.food[-1] == 0 and state() == "off"
    assert code((await desk.ask("Watchdog.Prove", {"withinS": 0}))[1]) == "invalidData"


async def test_a_watchdog_that_cannot_be_disarmed_is_told_to_starve(desk, board):
    await desk.ask("Watchdog.Prove", {"withinS": 60})
    await until(lambda: board.food)
    board.unplug()
    await until(lambda: desk.service.status()["common"]["device"] != "online")
    assert code((await desk.ask("Watchdog.Disarm"))[1]) == "deviceNotReady"
    assert desk.service._keeper.status() == {"state": "starving"}


async def test_a_proof_that_runs_out_ends_the_feeding_and_a_new_one_saves(desk, board):
    await desk.ask("Watchdog.Prove", {"withinS": 5})
    await until(lambda: board.food)
    keeper = desk.service._keeper
    keeper._proof = replace(keeper._proof, at=0.0)
    keeper._news.set()
    await until(lambda: desk.service.status()["watchdog"]["state"] == "starving")
    assert events(desk, "Watchdog.StarvingEvent") == [{}]
    eaten = len(board.food)
    keeper._news.set()
    await asyncio.sleep(0)
    assert len(board.food) == eaten
    await desk.ask("Watchdog.Prove", {"withinS": 5})
    await until(lambda: len(board.food) > eaten)


async def test_a_watchdog_that_takes_nothing_is_not_called_fed(desk, board):
    state = lambda: desk.service.status()["watchdog"]["state"]  # noqa: E731
    take, keeper = board.feed, desk.service._keeper
    tried = []

    async def refuse(timeout_s, deadline):
        tried.append(timeout_s)
        raise LinkLost("the watchdog is held by another program")

    board.feed = refuse
    await desk.ask("Watchdog.Prove", {"withinS": 5})
    await until(lambda: tried)
    assert state() == "off", "nothing is armed"
    board.feed = take
    await desk.ask("Watchdog.Prove", {"withinS": 5})
    await until(lambda: state() == "fed" and board.food)
    board.feed = refuse
    before = len(tried)
    keeper._news.set()
    await until(lambda: len(tried) > before)
    assert state() == "fed", "it waits by itself for a while"
    keeper._food = replace(keeper._food, at=0.0)
    keeper._news.set()
    await until(lambda: state() == "starving")
    assert events(desk, "Watchdog.StarvingEvent") == [{}]
    board.feed = take
    await desk.ask("Watchdog.Prove", {"withinS": 5})
    await until(lambda: state() == "fed")


async def test_what_is_wired_is_told_before_the_board_has_ever_answered(store):
    away = FakeBoard()
    away.plugged = False
    service = AuxiliariesService(
        Identity("Auxiliaries", "auxiliaries", "fake"), Supervisor("Auxiliaries", away, POLICY), store
    )
    service.start()
    told = service.capabilities()
    assert told["auxiliaries"]["cabinetDoor"] == {
        "closed": True,
        "open": True,
        "locked": True,
        "bolted": False,
        "tampered": False,
    }
    assert told["auxiliaries"]["frontCabinet"]["open"] and told["auxiliaries"]["volume"] == 1000
    assert told["lights"]["lights"]["statusGood"]["default"]["flashRate"] == {
        "off": True,
        "slow": False,
        "medium": False,
        "quick": False,
        "continuous": True,
    }
    assert role_of(told) == "auxiliaries"
    assert service.status()["common"]["device"] in ("starting", DeviceState.OFFLINE, "noDevice")
    await service.close()
