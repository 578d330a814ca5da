"""What is read of the centre's own books: waiting in halls, terminals of the register, topics and outside feeds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bureau.analytics.intake import UseIntake
from bureau.analytics.reports import Analytics, open_analytics
from bureau.analytics.scope import Scope
from bureau.analytics.topics import CsvFeed
from bureau.errors import FeedRefused
from bureau.store import tables
from bureau.store.database import Database
from config.clock import CHINA
from tests.bureau.analytics.test_use import MONDAY, enrolled, use, visit
from tests.bureau.doubles import HandClock

SATURDAY = date(2026, 9, 5)
"""A day of which the city has no numbers."""


@pytest.fixture
def reports(database: Database) -> Analytics:
    return open_analytics(database)


def number(database: Database, of: int, taken: str, waited_min: float | None, state: str = "served") -> None:
    at = datetime.fromisoformat(f"{SATURDAY}T{taken}").replace(tzinfo=CHINA)
    called = None if waited_min is None else at + timedelta(minutes=waited_min)
    row: dict[str, Any] = {
        "key": f"k{of}", "hall": "H-02", "day": SATURDAY, "line": "A", "number": of, "visitor": "x", "elder": False,
        "terminal": "A-07", "taken_at": at, "state": state, "called_at": called,
        "ended_at": called and called + timedelta(minutes=5),
    }  # fmt: skip
    with database.write() as connection:
        connection.execute(tables.queue_ticket.insert().values(**row))


def test_minutes_of_waiting_by_hall_and_hour(database: Database, reports: Analytics) -> None:
    for of, (taken, waited) in enumerate([("09:05", 10.0), ("09:50", 20.0), ("10:02", 60.0)], 1):
        number(database, of, taken, waited)
    number(database, 4, "10:30", None, "waiting")
    number(database, 5, "10:40", 8.0, "missed")
    (hall,) = reports.waiting.halls(Scope(SATURDAY, SATURDAY))
    assert (hall.hall, hall.name["zh-CN"]) == ("H-02", "云岭分厅")
    assert (hall.all.numbers, hall.all.missed, hall.all.median_min) == (5, 1, 15.0)
    assert {hour: (one.numbers, one.median_min) for hour, one in hall.by_hour.items()} == {
        9: (2, 15.0), 10: (3, 34.0),
    }  # fmt: skip
    assert hall.by_hour[9].most_min == 19.0
    assert reports.waiting.halls(Scope(SATURDAY, SATURDAY, hall="H-01")) == []


def test_every_enrolled_terminal_is_told_also_one_to_which_nobody_came(
    database: Database, reports: Analytics
) -> None:
    for terminal, hall in (("A-07", "H-01"), ("B-01", "H-02"), ("B-02", "H-02")):
        enrolled(database, terminal, hall)
    intake = UseIntake(database, HandClock())
    intake.take("A-07", [visit(*[use()] * 10) for _ in range(10)])
    intake.take(
        "B-01", [visit(*[use(ended="trouble", code="printer")] * 10, use(ended="opened")) for _ in range(5)]
    )
    found = reports.peers.terminals(Scope(MONDAY, MONDAY))
    assert [(one.terminal, one.visits, one.uses, one.worse) for one in found] == [
        ("B-01", 5, 50, ("done", "trouble")),
        ("A-07", 10, 100, ()),
        ("B-02", 0, 0, ()),
    ]
    assert found[0].hall_name["zh-CN"] == "云岭分厅"
    assert [one.terminal for one in reports.peers.terminals(Scope(MONDAY, MONDAY, hall="H-01"))] == ["A-07"]


def test_what_others_counted_is_a_topic_and_is_replaced_by_what_they_tell_later(
    database: Database, reports: Analytics, tmp_path: Path
) -> None:
    file = tmp_path / "hotline.csv"
    lines = [f"{MONDAY - timedelta(days=7 * week)},发票,{2 if week else 30}" for week in range(9)]
    file.write_text("\n".join(["day,topic,number", *lines, f"{MONDAY},发票,1"]) + "\n", "utf-8-sig")
    assert reports.topics.take(CsvFeed("12366", file)) == 9
    heard = next(one for one in reports.topics.weeks(MONDAY) if one.source == "feed:12366")
    assert (heard.topic, heard.weeks, heard.rises) == ("发票", (2,) * 8 + (31,), True)
    file.write_text(f"day,topic,number\n{MONDAY},发票,3\n")
    reports.topics.take(CsvFeed("12366", file))
    heard = next(one for one in reports.topics.weeks(MONDAY) if one.source == "feed:12366")
    assert (heard.weeks[-1], heard.rises) == (3, False)


def test_complaints_questions_and_ratings_are_topics(database: Database, reports: Analytics) -> None:
    at = datetime(2026, 10, 12, 8, tzinfo=CHINA)
    with database.write() as connection:
        for key, reasons in (("r1", ["slow", "device"]), ("r2", ["slow"]), ("r3", [])):
            connection.execute(
                tables.rating.insert().values(
                    key=key,
                    item="i" + key,
                    terminal="A-07",
                    service="pay.due",
                    level=2,
                    reasons=reasons,
                    at=at,
                )
            )
    found = {(one.source, one.topic): one.weeks[-1] for one in reports.topics.weeks(MONDAY)}
    assert found["rating", "slow"] == 2
    assert found["rating", "device"] == 1
    assert any(source == "question" for source, _ in found), "the city's own questions"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tag,thema\n", "the first line must be"),
        ("day,topic,number\n2026-13-01,x,1\n", "line 2"),
        ("day,topic,number\n2026-10-01,x,-1\n", "line 2"),
        ("day,topic,number\n2026-10-01,,1\n", "line 2"),
        ("day,topic,number\n2026-10-01,x\n", "line 2"),
        ("day,topic,number\n2026-10-01," + "x" * 41 + ",1\n", "line 2"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(
    reports: Analytics, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "feed.csv"
    before = reports.topics.weeks(MONDAY)
    file.write_text(text)
    with pytest.raises(FeedRefused, match=told):
        reports.topics.take(CsvFeed("x", file))
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FeedRefused):
        reports.topics.take(CsvFeed("x", file))
    assert reports.topics.weeks(MONDAY) == before
