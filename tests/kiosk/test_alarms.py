"""Which changes are entered for the centre, once each, and who was there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from drivers.client.errors import DeviceUnavailable
from drivers.client.hub import RoleStatus
from kiosk.alarms import FETCH_EVERY_S, AlarmWatch, readings
from kiosk.staff.presence import SLACK, Presence
from sync.alarms import ALARMS_FILE, untold
from tests.kiosk.doubles import TestClock
from tests.kiosk.test_power import status


class Hub:
    """Board and UPS as the hub tells of them; the board's journal is newest first."""

    def __init__(self) -> None:
        self.now: dict[str, RoleStatus] = {}
        self.journal: list[dict[str, str]] = []
        self.hear: Callable[[str, str, Mapping[str, Any]], None] = lambda *_: None
        self.gone = False

    def status(self, role: str) -> RoleStatus:
        return self.now.get(role, RoleStatus())

    def on_change(self, callback: Callable[..., None]) -> None:
        pass

    def on_unsolicited(self, callback: Callable[[str, str, Mapping[str, Any]], None]) -> Callable[[], None]:
        self.hear = callback
        return lambda: None

    async def request(self, role: str, name: str, payload: Any = None, timeout_s: Any = None) -> Any:
        if self.gone:
            raise DeviceUnavailable(role, "gone")
        assert name == "CabinetBoard.GetEvents"
        return {"events": self.journal[: payload["limit"]]}


class Hall:
    """One terminal with its clock, its staff and what is entered."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.hub = folder, TestClock(), Hub()
        self.presence = Presence(self.clock)
        self.noted: list[Mapping[str, Any]] = []
        self.batch = "unknown"
        self.begin()

    def begin(self) -> None:
        """The program starts (again)."""
        hub: Any = self.hub
        self.watch = AlarmWatch(hub, self.folder, self.clock, self.presence.at, self.note, self.settlement)

    async def settlement(self) -> str:
        return self.batch

    async def note(self, kind: str, data: Mapping[str, Any]) -> None:
        assert kind == "cabinet.event"
        self.noted.append(data)

    def door(self, value: str, *, heard: bool = True) -> None:
        body = {"sensor": "cabinetDoor", "value": value, "at": self.clock.now().isoformat()}
        self.hub.journal.insert(0, body)
        self.hub.now["auxiliaries"] = RoleStatus("online", {"auxiliaries": {"cabinetDoor": value}}, 0.0)
        if heard:
            self.hub.hear("auxiliaries", "CabinetBoard.SensorEvent", body)

    async def later(self, seconds: float = 0.0) -> list[tuple[str, str, str]]:
        self.clock.passed += seconds
        await self.watch.look()
        return self.told

    @property
    def told(self) -> list[tuple[str, str, str]]:
        return [(e.sensor, e.value, e.staff) for e in untold(self.folder, None).events]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


async def test_an_opened_door_is_entered_once_with_its_own_time(hall: Hall) -> None:
    hall.door("open")
    at = hall.clock.now()
    await hall.later(5)
    await hall.later(FETCH_EVERY_S)
    assert hall.told == [("cabinetDoor", "open", "")]
    assert untold(hall.folder, None).events[0].at == at
    hall.door("locked")
    assert (await hall.later())[1:] == [("cabinetDoor", "locked", "")]


async def test_what_happened_while_the_program_was_away_is_found_in_the_boards_journal(hall: Hall) -> None:
    hall.door("open")
    await hall.later()
    hall.door("closed", heard=False)
    hall.clock.passed += 60
    hall.door("open", heard=False)
    hall.begin()
    assert [value for _, value, _ in await hall.later()] == ["open", "closed", "open"]


async def test_what_nobody_heard_is_found_within_a_minute(hall: Hall) -> None:
    hall.door("open")
    await hall.later()
    hall.door("closed", heard=False)
    assert len(await hall.later()) == 1
    assert len(await hall.later(FETCH_EVERY_S)) == 2


async def test_a_member_of_staff_is_named_and_journalled(hall: Hall) -> None:
    hall.presence.came("li-na")
    hall.clock.passed += 10
    hall.door("open")
    assert await hall.later(1) == [("cabinetDoor", "open", "li-na")]
    assert [data["value"] for data in hall.noted] == ["open"]
    hall.door("locked")
    await hall.later(1)
    hall.presence.left()
    assert await hall.later(60) == [("cabinetDoor", "open", "li-na"), ("cabinetDoor", "locked", "li-na")]


async def test_a_door_that_a_member_left_open_is_an_alarm_when_they_have_gone(hall: Hall) -> None:
    hall.presence.came("li-na")
    hall.door("open")
    await hall.later()
    hall.presence.left()
    assert len(await hall.later(SLACK.total_seconds() - 1)) == 1
    assert (await hall.later(1))[1:] == [("cabinetDoor", "open", "")]
    assert len(await hall.later(60)) == 2


async def test_a_door_opened_before_anybody_signed_in_is_nobodys(hall: Hall) -> None:
    hall.door("open", heard=False)
    hall.clock.passed += 5
    hall.presence.came("li-na")
    assert await hall.later(1) == [("cabinetDoor", "open", "")]


async def test_a_power_failure_is_entered_at_each_turn_and_well_is_no_news(hall: Hall) -> None:
    hall.hub.now["ups"] = status(on=True)
    assert await hall.later() == []
    hall.hub.now["ups"] = status(on=False)
    assert await hall.later() == [("mains", "off", "")]
    hall.hub.now["ups"] = status(on=False, ordered=True)
    assert (await hall.later())[1:] == [("shutdown", "requested", "")]
    hall.hub.now["ups"] = RoleStatus("unknown", hall.hub.now["ups"].details, 99.0)
    assert len(await hall.later()) == 2, "what nobody knows is no news"
    hall.hub.now["ups"] = status(on=True)
    hall.begin()
    assert (await hall.later())[2:] == [("mains", "on", ""), ("shutdown", "none", "")]
    assert len(await hall.later(60)) == 4


async def test_a_full_disk_loses_nothing(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    (hall.folder / ALARMS_FILE).mkdir()
    hall.begin()
    hall.door("open")
    await hall.later()
    await hall.later()
    assert caplog.text.count("cannot be entered for the centre") == 1
    (hall.folder / ALARMS_FILE).rmdir()
    assert await hall.later() == [("cabinetDoor", "open", "")]


async def test_a_device_program_that_is_away_and_a_journal_that_is_none(hall: Hall) -> None:
    hall.door("open")
    hall.hub.gone = True
    assert await hall.later() == []
    hall.hub.gone = False
    hall.hub.journal.insert(0, {"sensor": "cabinetDoor", "at": "yesterday"})
    assert await hall.later() == [("cabinetDoor", "open", "")]


def test_readings_have_value_source_and_age_and_what_is_not_believed_is_unknown() -> None:
    board = {"auxiliaries": {"cabinetDoor": "open", "tamperSensor": "off", "volume": 300}}
    told = readings({"auxiliaries": RoleStatus("online", board, 1.26), "ups": status(on=False)})
    assert told["cabinetDoor"] == {"value": "open", "source": "auxiliaries", "age_s": 1.3}
    assert told["tamperSensor"]["value"] == "off"
    assert "volume" not in told
    assert (told["mains"]["value"], told["batteryPercent"]["value"]) == ("off", "20")
    assert told["mains"]["source"] == "ups"
    old = readings({"auxiliaries": RoleStatus("unknown", board, 40.0), "ups": RoleStatus()})
    assert old["cabinetDoor"] == {"value": "unknown", "source": "auxiliaries", "age_s": 40.0}
    assert old["mains"] == {"value": "unknown", "source": "ups", "age_s": None}


async def test_a_batch_that_is_not_settled_is_entered_once_and_its_settlement_ends_it(hall: Hall) -> None:
    hall.batch = "settled"
    assert await hall.later() == []
    hall.batch = "notSettled"
    assert await hall.later() == [("settlement", "notSettled", "")]
    hall.begin()
    hall.batch = "unknown"
    assert len(await hall.later(60)) == 1, "what is not known ends no alarm"
    hall.batch = "settled"
    assert (await hall.later())[1:] == [("settlement", "settled", "")]
    assert len(await hall.later(60)) == 2
