"""Doors and alarms wait for the centre in their order, through restarts, lost answers and damaged files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.clock import SystemClock
from drivers.services.auxiliaries import JOURNALED
from sync.alarms import ALARMS_FILE, AT_ONCE, MARK, MOST, AlarmBook, untold
from sync.errors import BureauUnreachable
from sync.heart import Heart
from sync.models import Heartbeat, ServerTime
from sync.models.alarms import USUAL, CabinetEvent
from tests.sync.test_health import Kept

NIGHT = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)


def door(minute: int, value: str = "open", staff: str = "") -> CabinetEvent:
    return CabinetEvent(sensor="cabinetDoor", value=value, at=NIGHT + timedelta(minutes=minute), staff=staff)


def test_what_the_device_program_journals_has_its_usual_words_here_too() -> None:
    assert {name: tuple(words) for name, words in JOURNALED.items()}.items() <= USUAL.items()


def test_what_happened_outlives_the_program_and_is_numbered_on(tmp_path: Path) -> None:
    AlarmBook(tmp_path).enter([door(0), door(1, "closed")])
    book = AlarmBook(tmp_path)
    assert book.last("cabinetDoor") == door(1, "closed")
    assert book.last("mains") is None
    assert book.has(door(0, staff="li")), "whoever was there"
    assert not book.has(door(2))
    book.enter([door(2)])
    assert untold(tmp_path, None).events == [door(0), door(1, "closed"), door(2)]
    assert untold(tmp_path, None).mark["number"] == 3


def test_a_book_that_cannot_be_written_has_entered_nothing(tmp_path: Path) -> None:
    book = AlarmBook(tmp_path)
    (tmp_path / ALARMS_FILE).mkdir()
    with pytest.raises(OSError):
        book.enter([door(0)])
    assert not book.has(door(0))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"book": "a"}', '{"book": "a", "events": [[1, {}]]}'])
def test_a_damaged_book_is_begun_anew_and_its_mark_does_not_hide_the_new_one(
    tmp_path: Path, content: str
) -> None:
    AlarmBook(tmp_path).enter([door(0), door(1)])
    mark = untold(tmp_path, None).mark
    (tmp_path / ALARMS_FILE).write_text(content)
    assert untold(tmp_path, mark).events == []
    AlarmBook(tmp_path).enter([door(2)])
    assert untold(tmp_path, mark).events == [door(2)]


def test_the_book_is_bounded_and_goes_in_parts(tmp_path: Path) -> None:
    AlarmBook(tmp_path).enter([door(minute) for minute in range(MOST + 7)])
    batch, told = untold(tmp_path, None), 0
    assert batch.events[0] == door(7)
    while batch.events:
        assert len(batch.events) <= AT_ONCE
        told += len(batch.events)
        batch = untold(tmp_path, batch.mark)
    assert told == MOST


def test_an_alarm_of_a_night_without_network_goes_with_its_own_time_and_until_it_was_taken(
    tmp_path: Path,
) -> None:
    beats, up, kept = list[Heartbeat](), [False], Kept()

    class Client:
        def heartbeat(self, beat: Heartbeat) -> ServerTime:
            beats.append(beat)
            if not up[0]:
                raise BureauUnreachable("the answer was lost")
            return ServerTime(server_time=SystemClock().now())

    client: Any = Client()
    AlarmBook(tmp_path).enter([door(0), door(1, "closed")])
    heart = Heart("A-07", tmp_path, client, SystemClock(), kept)
    with pytest.raises(BureauUnreachable):
        heart.beat(0, None)
    assert MARK not in kept
    up[0] = True
    heart.beat(0, None)
    assert beats[0].events == beats[1].events == [door(0), door(1, "closed")]
    assert Heartbeat.model_validate_json(beats[1].model_dump_json()).events[0].at == NIGHT
    Heart("A-07", tmp_path, client, SystemClock(), kept).beat(0, None)
    assert beats[2].events == [], "sync remembers through a restart"
