"""What the centre makes of doors, tamper switches and power: raised once, cleared, kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bureau.fleet.alarms import AlarmView
from sync.models import Heartbeat
from sync.models.alarms import CabinetEvent, Reading
from tests.bureau.terminals import Terminal

NIGHT = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)


def event(minute: int, value: str, sensor: str = "cabinetDoor", staff: str = "") -> CabinetEvent:
    return CabinetEvent(sensor=sensor, value=value, at=NIGHT + timedelta(minutes=minute), staff=staff)


def tell(centre: Any, *events: CabinetEvent, **more: Any) -> list[AlarmView]:
    beat = Heartbeat(
        terminal="A-07", sent_at=centre.clock.now(), devices={}, queue_depth=0, software="x",
        events=list(events), **more,
    )  # fmt: skip
    centre.container.terminals.heartbeat(beat)
    (seen,) = centre.container.terminals.listed()
    alarms: list[AlarmView] = seen.alarms
    return alarms


def test_a_door_raises_an_alarm_with_its_own_time_and_its_closing_clears_it(
    terminal: Terminal, centre: Any
) -> None:
    (raised,) = tell(centre, event(0, "open"))
    assert (raised.sensor, raised.value, raised.raised_at) == ("cabinetDoor", "open", NIGHT)
    assert (raised.received_at, raised.stands) == (centre.clock.now(), True)
    (same,) = tell(centre)
    assert same.stands, "a heartbeat without news clears nothing"
    (cleared,) = tell(centre, event(7, "locked"))
    assert (cleared.cleared_at, cleared.stands) == (NIGHT + timedelta(minutes=7), False)


def test_what_is_told_twice_or_late_changes_nothing_that_is_known(terminal: Terminal, centre: Any) -> None:
    night = (event(0, "open"), event(7, "locked"), event(9, "open"))
    first = tell(centre, *night)
    assert [alarm.stands for alarm in first] == [True, False]
    centre.clock.forward(minutes=30)
    assert tell(centre, *night) == first
    assert tell(centre, *night[:2]) == first


def test_a_member_of_staff_is_kept_by_name_and_is_no_alarm(terminal: Terminal, centre: Any) -> None:
    (kept,) = tell(centre, event(0, "open", staff="li-na"))
    assert (kept.staff, kept.stands, kept.cleared_at) == ("li-na", False, None)
    key, _ = tell(centre, event(1, "maintenance", "operatorSwitch"))
    assert not key.stands


def test_one_sensor_does_not_clear_another(terminal: Terminal, centre: Any) -> None:
    alarms = tell(centre, event(0, "off", "mains"), event(1, "on", "tamperSensor"), event(2, "closed"))
    assert [(alarm.sensor, alarm.stands) for alarm in alarms] == [("tamperSensor", True), ("mains", True)]
    tell(centre, event(3, "on", "mains"))
    (standing,) = [alarm for alarm in tell(centre) if alarm.stands]
    assert standing.sensor == "tamperSensor"


def test_readings_are_kept_as_last_told(terminal: Terminal, centre: Any) -> None:
    tell(centre, readings={"cabinetDoor": Reading(value="open", source="auxiliaries", age_s=1.5)})
    (seen,) = centre.container.terminals.listed()
    assert seen.readings == {"cabinetDoor": {"value": "open", "source": "auxiliaries", "age_s": 1.5}}


def test_a_batch_that_was_not_settled_at_night_is_an_alarm_until_it_is(
    terminal: Terminal, centre: Any
) -> None:
    for minute, wrong in enumerate(("notSettled", "differs")):
        (raised, *_) = tell(centre, event(10 * minute, wrong, "settlement"))
        assert (raised.sensor, raised.value, raised.stands) == ("settlement", wrong, True)
        assert not any(
            alarm.stands for alarm in tell(centre, event(10 * minute + 5, "settled", "settlement"))
        )
