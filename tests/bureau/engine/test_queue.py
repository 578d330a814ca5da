"""Queue numbers: who gets which, who is called next, and how long it takes."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bureau.engine.queue import calling
from bureau.engine.queue.rules import QueueRules, Window, rules
from bureau.engine.queue.waiting import Hall
from bureau.errors import QueueRefused
from bureau.ports.queue import QueueTicket
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.ids import uuid7
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.phones import prove
from tests.bureau.queueing import code_of, number, stranger
from tests.bureau.terminals import CAST, Terminal, subject

HALL = "H-01"
SERVICE = "queue.ticket"
TANG = subject("tang-yue", evidence="document", face=None)
LI = subject("li-xiulan", evidence="document", face=None)
NOW = datetime(2026, 10, 12, 9, 40, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def _nobody_waits(centre: Centre) -> None:
    """An empty hall, whatever the city has in it; nobody was ever served, so that the set times hold."""
    with centre.database.write() as connection:
        connection.execute(delete(tables.queue_ticket))


def take(terminal: Terminal, who: dict[str, Any], line: str = "general", **more: Any) -> Any:
    return terminal.do("queue.take", {"line": line}, who, service=SERVICE, **more)


def lines(terminal: Terminal) -> dict[str, Any]:
    asked = terminal.data("queue.lines", None, {}, SERVICE)
    return {line["line"]: line for line in asked["lines"]}


def called(centre: Centre, window: int) -> str:
    """Whom the window calls, by line and number; empty: nobody."""
    with centre.system.write() as work:
        found = calling.call(work.core, HALL, window)
    return "" if found is None else f"{found.line} {found.number}"


def end(centre: Centre, window: int, state: Any = "served") -> None:
    with centre.system.write() as work:
        calling.end(work.core, HALL, window, state)


def at(centre: Centre, hour: int, minute: int, day: int = 12) -> None:
    centre.clock.at = datetime(2026, 10, day, hour, minute, tzinfo=CHINA)


# --- numbers --------------------------------------------------------------------------------------------------


def test_numbers_run_by_line_and_begin_again_each_day(terminal: Terminal, centre: Centre) -> None:
    assert [number(take(terminal, stranger(n))) for n in (1, 2)] == ["A001", "A002"]
    assert number(take(terminal, stranger(1), "invoices")) == "B001"
    at(centre, 9, 40, day=13)
    assert number(take(terminal, stranger(3))) == "A001"


def test_the_same_key_is_the_same_number_and_who_waits_is_given_theirs_again(
    terminal: Terminal, centre: Centre
) -> None:
    record = terminal.intent("queue.take", {"line": "general"}, TANG, service=SERVICE)
    first, again = terminal.send(record), terminal.send(record)
    assert first.result == again.result and first.result is not None and not first.result["again"]
    lost = take(terminal, TANG).result
    assert (lost["number"], lost["again"]) == (number(first), True)
    assert lost["verify_url"] == first.result["verify_url"]
    assert number(take(terminal, stranger(1))) == "A002"


def test_who_is_known_by_card_and_by_phone_is_one_person(terminal: Terminal, centre: Centre) -> None:
    phone = prove(terminal, centre, CAST["tang-yue"].mobile)
    by_phone = {"person": None, "phone": phone, "taxpayer": None, "role": None}
    first = number(take(terminal, by_phone))
    assert number(take(terminal, TANG)) == first


def test_two_terminals_at_once_never_give_the_same_number(centre: Centre) -> None:
    terminals = [centre.terminal(asset) for asset in ("A-07", "B-01")]
    records = [
        [t.intent("queue.take", {"line": "general"}, stranger(20 * i + n), service=SERVICE) for n in range(8)]
        for i, t in enumerate(terminals)
    ]
    given: list[str] = []

    def give(terminal: Terminal, mine: list[Any]) -> None:
        given.extend(number(terminal.send(record)) for record in mine)

    threads = [threading.Thread(target=give, args=pair) for pair in zip(terminals, records, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(given) == [f"A{n:03}" for n in range(1, 17)]


def test_two_windows_at_once_never_call_the_same_number(centre: Centre, terminal: Terminal) -> None:
    for n in range(6):
        take(terminal, stranger(n))
    found: list[str] = []
    barrier = threading.Barrier(3)

    def work(window: int) -> None:
        barrier.wait(20)
        for _ in range(2):
            found.append(called(centre, window))
            end(centre, window)

    threads = [threading.Thread(target=work, args=(window,)) for window in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == [f"general {n}" for n in range(1, 7)]


def test_who_shows_neither_phone_nor_document_gets_none(terminal: Terminal) -> None:
    assert code_of(take(terminal, {"person": None, "taxpayer": None, "role": None})) == "phoneUnproven"
    assert code_of(take(terminal, subject("tang-yue", name="别人"))) == "nameDiffers"
    unproven = {"mobile": "13912340007", "challenge": uuid7()}
    nobody = {"person": None, "phone": unproven, "taxpayer": None, "role": None}
    assert code_of(take(terminal, nobody)) == "phoneNotProven"


def test_a_line_that_no_window_of_the_hall_calls_has_no_numbers(terminal: Terminal) -> None:
    assert code_of(take(terminal, TANG, "passports")) == "queueLineUnknown"
    assert set(lines(terminal)) == {line.id for line in rules().served_in(HALL)}


@pytest.mark.parametrize(
    ("day", "hour", "minute", "told"),
    [
        (11, 10, 0, "queueDayOff"),  # a Sunday
        (12, 8, 29, "queueEarly"),
        (12, 8, 30, ""),
        (12, 12, 30, ""),  # who comes at noon waits until the windows open again
        (12, 16, 59, ""),
        (12, 17, 0, "queueOver"),
    ],
)
def test_when_numbers_are_given(
    terminal: Terminal, centre: Centre, day: int, hour: int, minute: int, told: str
) -> None:
    at(centre, hour, minute, day)
    answer = take(terminal, TANG)
    open_lines = {line["open"] for line in lines(terminal).values()}
    if told:
        assert code_of(answer) == told and open_lines == {False}
    else:
        assert number(answer) == "A001" and open_lines == {True}


def test_a_worked_saturday_is_a_working_day_and_a_holiday_is_none(terminal: Terminal, centre: Centre) -> None:
    at(centre, 10, 0, day=10)
    assert number(take(terminal, TANG)) == "A001"
    at(centre, 10, 0, day=7)
    assert code_of(take(terminal, TANG)) == "queueDayOff"


def test_no_number_is_given_that_could_not_be_called_before_closing_time(
    terminal: Terminal, centre: Centre
) -> None:
    at(centre, 16, 30)
    assert number(take(terminal, stranger(1), "real-estate")) == "E001"  # 7 now
    assert number(take(terminal, stranger(2), "real-estate")) == "E002"  # 8 now
    assert number(take(terminal, stranger(3), "real-estate")) == "E003"  # 7 after twenty minutes
    assert number(take(terminal, stranger(4), "real-estate")) == "E004"
    asked = lines(terminal)["real-estate"]
    assert not asked["open"] and asked["wait_minutes"] is None and "下班" in asked["why_not"]["zh-CN"]
    assert code_of(take(terminal, stranger(5), "real-estate")) == "queueFull"
    assert number(take(terminal, stranger(1), "real-estate")) == "E001", "who holds one keeps it"


# --- calling --------------------------------------------------------------------------------------------------


def test_a_window_calls_by_number_what_it_is_for(terminal: Terminal, centre: Centre) -> None:
    take(terminal, stranger(1), "vehicle")
    for n in (2, 3):
        centre.clock.forward(minutes=1)
        take(terminal, stranger(n))
    assert called(centre, 1) == "general 1"
    assert called(centre, 8) == "vehicle 1"
    assert called(centre, 4) == ""
    with pytest.raises(QueueRefused, match="A001 is at window 1"):
        called(centre, 1)
    end(centre, 1)
    assert called(centre, 1) == "general 2"


def test_elders_go_first_and_a_phone_makes_nobody_old(terminal: Terminal, centre: Centre) -> None:
    take(terminal, stranger(1))
    centre.clock.forward(minutes=1)
    young = take(terminal, stranger(2, "19561013")).result  # seventy tomorrow
    old = take(terminal, stranger(3, "19561012")).result  # seventy today
    assert (young["ahead"], old["ahead"]) == (1, 0)
    assert "70" in old["turn_text"]["zh-CN"] and "70" not in young["turn_text"]["zh-CN"]
    assert [called(centre, window) for window in (1, 2, 3)] == ["general 3", "general 1", "general 2"]


def test_who_did_not_come_takes_a_new_number_and_who_was_called_is_sent_to_the_window(
    terminal: Terminal, centre: Centre
) -> None:
    take(terminal, TANG)
    called(centre, 3)
    refusal = take(terminal, TANG).refusal
    assert refusal.code == "queueCalled" and "3" in refusal.next_step["zh-CN"]
    end(centre, 3, "missed")
    assert number(take(terminal, TANG)) == "A002"


def test_an_officer_is_told_what_cannot_be(centre: Centre, terminal: Terminal) -> None:
    with centre.system.write() as work:
        for hall, window, words in (("H-99", 1, "no hall"), (HALL, 99, "no window 99")):
            with pytest.raises(QueueRefused, match=words):
                calling.call(work.core, hall, window)
        with pytest.raises(QueueRefused, match="nobody was called"):
            calling.end(work.core, HALL, 1, "served")
        with pytest.raises(QueueRefused, match="H-01, H-02"):
            calling.listed(work.core, "H-99")


# --- the time of waiting --------------------------------------------------------------------------------------


def test_the_time_is_the_rule_played_forward(terminal: Terminal, centre: Centre) -> None:
    """Window 7 calls real estate alone, 8 also vehicles; twenty and ten minutes each until there are medians."""
    expected = [0, 0, 20, 20, 40]
    assert [take(terminal, stranger(n), "real-estate").result["wait_minutes"] for n in range(5)] == expected
    asked = lines(terminal)["real-estate"]
    assert (asked["ahead"], asked["wait_minutes"]) == (5, 40)
    assert called(centre, 7) == "real-estate 1"
    centre.clock.forward(minutes=15)
    assert lines(terminal)["real-estate"]["wait_minutes"] == 40  # 8: now, +20, then theirs; 7: +5, +25


def test_the_median_counts_as_soon_as_there_are_enough(terminal: Terminal, centre: Centre) -> None:
    for n, minutes in enumerate((3, 4, 30, 4, 5)):
        take(terminal, stranger(n), "social-insurance")
        called(centre, 5)
        centre.clock.forward(minutes=minutes)
        waited = take(terminal, stranger(90), "social-insurance").result
        assert waited["number"] == "C002" or n, "somebody waits for the next window"
        end(centre, 5)
        with centre.database.write() as connection:
            t = tables.queue_ticket
            connection.execute(delete(t).where(t.c.state == "waiting"))
    for n in (50, 51, 52):
        last = take(terminal, stranger(n), "social-insurance").result
    assert (
        last["wait_minutes"] == 4
    )  # windows 2 and 5 take the first two, each for the median of four minutes


def test_nobody_is_called_at_noon(terminal: Terminal, centre: Centre) -> None:
    at(centre, 12, 0)
    assert take(terminal, TANG).result["wait_minutes"] == 90
    at(centre, 8, 45)
    assert take(terminal, stranger(1)).result["wait_minutes"] == 15


LINES = st.sampled_from(["general", "invoices", "vehicle"])
DUE = st.none() | st.integers(-1, 12)
"""Half hours from ``NOW`` until a booked time."""
TICKETS = st.lists(st.tuples(LINES, st.booleans(), st.integers(0, 59), DUE), min_size=1, max_size=25)
COMING = st.lists(st.tuples(LINES, st.integers(0, 12)), max_size=6)


@given(made=TICKETS, booked=COMING, windows=st.lists(st.sets(LINES, min_size=1), min_size=1, max_size=4))
def test_whoever_plays_it_by_hand_comes_to_the_same(
    made: list[tuple[str, bool, int, int | None]], booked: list[tuple[str, int]], windows: list[set[str]]
) -> None:
    """Minute by minute: each window that is free calls whom ``next`` says; so the promise and the rule are one."""
    day = NOW.date()
    usual = {
        "general": timedelta(minutes=8),
        "invoices": timedelta(minutes=5),
        "vehicle": timedelta(minutes=11),
    }
    tickets = [
        QueueTicket(
            str(n),
            HALL,
            day,
            line,
            n + 1,
            "x",
            elder,
            "A-07",
            NOW + timedelta(seconds=s),
            due=half_hours(due),
        )
        for n, (line, elder, s, due) in enumerate(made)
    ]
    coming = [
        QueueTicket(f"c{n}", HALL, day, line, n + 1, "x", False, "", at, due=at)
        for n, (line, due) in enumerate(booked)
        if (at := half_hours(due) or NOW)
    ]
    desks = [Window(window=n + 1, lines=sorted(served)) for n, served in enumerate(windows)]
    hall = Hall(NOW + timedelta(minutes=1), tickets, desks, usual, rules().periods(day), coming)
    told = {ticket.key: hall.called_at(ticket) for ticket in tickets}
    free = {desk.window: hall.now for desk in desks}
    waiting, happened, now = list(tickets), dict[str, datetime](), hall.now
    while now < rules().periods(day)[-1][1]:
        if any(first <= now < last for first, last in hall.periods):
            for desk in desks:
                if free[desk.window] > now:
                    continue
                here = [one for one in coming if one.taken_at <= now and one.key not in happened]
                found = Hall(now, [*waiting, *here], desks, usual, hall.periods).next(desk)
                if found is not None:
                    happened[found.key], free[desk.window] = now, now + usual[found.line]
                    waiting = [one for one in waiting if one is not found]
        now += timedelta(minutes=1)
    assert {key: moment for key, moment in told.items() if moment is not None} == {
        key: moment for key, moment in happened.items() if key in told
    }


def half_hours(count: int | None) -> datetime | None:
    """So many after ``NOW``."""
    return None if count is None else NOW + timedelta(minutes=30 * count)


# --- following, rules -----------------------------------------------------------------------------------------


def test_whoever_holds_the_slip_sees_the_place(terminal: Terminal, centre: Centre) -> None:
    take(terminal, stranger(1))
    answer = take(terminal, stranger(2))
    key = answer.result["verify_url"].rsplit("/", 1)[1]
    records = centre.container.site.records
    found = records.queue_place(key)
    assert found is not None and (found.number, found.state) == ("A002", "waiting")
    assert found.ahead["zh-CN"] == "前面 1 人" and not found.over
    called(centre, 1), called(centre, 2)
    found = records.queue_place(key)
    assert found is not None and (found.state, found.window) == ("called", 2)
    assert stranger(2)["person"]["number"] not in str(found)
    centre.clock.forward(days=1)
    found = records.queue_place(key)
    assert found is not None and found.over
    assert records.queue_place(uuid7()) is None


def test_what_is_kept_of_who_came_is_what_they_showed(terminal: Terminal, centre: Centre) -> None:
    take(terminal, LI)
    t = tables.queue_ticket
    with centre.database.read() as connection:
        row = connection.execute(select(t)).one()
    assert (row.visitor, row.hall, row.day) == (f"resident-id:{CAST['li-xiulan'].number}", HALL, stores.DAY)


def test_rules_that_do_not_hang_together_are_told() -> None:
    book = rules().model_dump(mode="json", by_alias=True)
    for changed, words in (
        ({"hours": [{"from": "12:00", "to": "09:00"}]}, "opens after it closes"),
        (
            {"hours": [{"from": "09:00", "to": "12:00"}, {"from": "11:00", "to": "17:00"}]},
            "follow each other",
        ),
        ({"lines": [book["lines"][0]] * 2}, "each line once"),
        ({"windows": [{"window": 1, "lines": ["passports"]}]}, "none of: passports"),
        ({"halls": {"H-09": [{"window": 1, "lines": ["general"]}] * 2}}, "each window once"),
    ):
        with pytest.raises(ValueError, match=words):
            QueueRules.model_validate({**book, **changed})
    assert QueueRules.model_validate(book) == rules()
