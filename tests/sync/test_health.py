"""Devices' states on their way from the screen program to the centre."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from config.clock import SystemClock
from sync.health import (
    HEALTH_FILE,
    OLD_AFTER_S,
    read_due,
    read_health,
    read_readings,
    read_supplies,
    write_health,
)
from sync.heart import Heart
from sync.models import Heartbeat, ServerTime, Supply

DEVICES = {"idReader": "online", "documentPrinter": "paperOut"}


def test_states_are_read_as_they_were_written_until_they_are_old(tmp_path: Path) -> None:
    write_health(tmp_path, DEVICES, 1000.0)
    assert read_health(tmp_path, 1000.0 + OLD_AFTER_S) == DEVICES
    assert read_health(tmp_path, 1001.0 + OLD_AFTER_S) == dict.fromkeys(DEVICES, "unknown")


def test_states_of_before_the_last_start_of_the_machine_are_not_believed(tmp_path: Path) -> None:
    write_health(tmp_path, DEVICES, 1000.0)
    path = tmp_path / HEALTH_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), "boot": "another"}))
    assert read_health(tmp_path, 1000.0) == dict.fromkeys(DEVICES, "unknown")


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"devices": []}', '{"devices": {"a": "b"}}'])
def test_a_file_that_is_missing_or_damaged_says_nothing(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / HEALTH_FILE).write_text(content)
    assert read_health(tmp_path, 0.0) == {}


def test_what_is_left_is_read_as_it_was_written_and_damage_says_nothing(tmp_path: Path) -> None:
    left = [Supply(role="receiptPrinter", name="paper", counter="mm", left=5, full=9)]
    write_health(tmp_path, DEVICES, 0.0, supplies=left)
    assert read_supplies(tmp_path) == left
    told = json.loads((tmp_path / HEALTH_FILE).read_text())
    (tmp_path / HEALTH_FILE).write_text(json.dumps(told | {"supplies": [{"role": 1}]}))
    assert read_supplies(tmp_path) == []


def test_a_new_file_takes_the_old_ones_place_whole(tmp_path: Path) -> None:
    write_health(tmp_path, DEVICES, 1000.0)
    with (tmp_path / HEALTH_FILE).open() as reading:
        write_health(tmp_path, {"idReader": "offline"}, 1001.0)
        assert json.load(reading)["devices"] == DEVICES
    assert read_health(tmp_path, 1001.0) == {"idReader": "offline"}
    assert [path.name for path in tmp_path.iterdir()] == [HEALTH_FILE]


class Kept(dict[str, Any]):
    """What sync remembers."""

    def put(self, facts: Mapping[str, object]) -> None:
        self.update(facts)


def test_the_heartbeat_carries_what_was_written(tmp_path: Path) -> None:
    clock, beats = SystemClock(), list[Heartbeat]()

    class Client:
        def heartbeat(self, beat: Heartbeat) -> ServerTime:
            beats.append(beat)
            return ServerTime(server_time=clock.now())

    heart = Heart("A-07", tmp_path, Client(), clock, Kept())  # type: ignore[arg-type]
    heart.beat(0, None)
    write_health(tmp_path, DEVICES, clock.monotonic(), {"receiptPrinter": ["cleaning"]})
    heart.beat(0, None)
    assert [beat.devices for beat in beats] == [{}, DEVICES]
    assert [beat.due for beat in beats] == [{}, {"receiptPrinter": ["cleaning"]}]


@pytest.mark.parametrize("due", ["[]", "1", '{"a": 1}', "null"])
def test_what_is_due_outlives_the_states_and_a_damaged_word_of_it_says_nothing(
    tmp_path: Path, due: str
) -> None:
    write_health(tmp_path, DEVICES, 0.0, {"receiptPrinter": ["printHead"]})
    assert read_health(tmp_path, 9999.0) == dict.fromkeys(DEVICES, "unknown")
    assert read_due(tmp_path) == {"receiptPrinter": ["printHead"]}
    (tmp_path / HEALTH_FILE).write_text(f'{{"devices": {{}}, "due": {due}}}')
    assert read_due(tmp_path) == {}


DOOR = {"cabinetDoor": {"value": "open", "source": "auxiliaries", "age_s": 2.0}}


def test_a_reading_grows_old_and_is_then_unknown_with_its_age(tmp_path: Path) -> None:
    write_health(tmp_path, DEVICES, 1000.0, None, DOOR)
    (told,) = read_readings(tmp_path, 1010.0).values()
    assert (told.value, told.source, told.age_s) == ("open", "auxiliaries", 12.0)
    (told,) = read_readings(tmp_path, 1000.0 + OLD_AFTER_S).values()
    assert (told.value, told.age_s) == ("unknown", OLD_AFTER_S + 2)
    path = tmp_path / HEALTH_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), "boot": "another"}))
    (told,) = read_readings(tmp_path, 1010.0).values()
    assert (told.value, told.age_s) == ("unknown", None)


@pytest.mark.parametrize("readings", ["[]", "1", '{"a": 1}', '{"a": {"value": 3}}', "null"])
def test_damaged_readings_say_nothing(tmp_path: Path, readings: str) -> None:
    boot = '"boot": "b", "mono_ms": 1'
    (tmp_path / HEALTH_FILE).write_text(f'{{"devices": {{}}, "readings": {readings}, {boot}}}')
    assert read_readings(tmp_path, 1.0) == {}
