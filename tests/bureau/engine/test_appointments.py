"""Booked times: who gets which, who may not, what the hall closes, and how who has booked is called."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from bureau.engine.queue import calling, closing
from bureau.engine.queue.rules import QueueRules, rules
from bureau.engine.refusals import Refused
from bureau.errors import QueueRefused
from bureau.ports.registration import PersonKey
from bureau.store import tables
from config.clock import CHINA
from tests.bureau.conftest import Centre
from tests.bureau.phones import message, prove
from tests.bureau.queueing import code_of, number, stranger
from tests.bureau.terminals import CAST, Terminal, subject

HALL, OTHER_HALL = "H-01", "H-02"
BOOK, CANCEL = "appointment.book", "appointment.cancel"
TANG = subject("tang-yue", evidence="document", face=None)
TOMORROW = datetime(2026, 10, 13, 9, 30, tzinfo=CHINA)
URL = "https://bureau.example"


@pytest.fixture(autouse=True)
def _nobody_has_booked(centre: Centre) -> None:
    """An empty hall, whatever the city has in it."""
    with centre.database.write() as connection:
        for table in (tables.queue_ticket, tables.appointment):
            connection.execute(delete(table))


def wish(at: datetime = TOMORROW, line: str = "general", hall: str = HALL) -> dict[str, Any]:
    return {"line": line, "hall": hall, "at": at.isoformat()}


def book(terminal: Terminal, who: dict[str, Any], at: datetime = TOMORROW, **more: Any) -> Any:
    instead = {"instead": more.pop("instead")} if "instead" in more else {}
    return terminal.do(BOOK, {**wish(at, **more), **instead}, who, service=BOOK)


def token(answer: Any) -> str:
    assert answer.refusal is None, answer.refusal
    return str(answer.result["verify_url"].rsplit("/", 1)[1])


def cancel(terminal: Terminal, who: dict[str, Any], name: str) -> Any:
    return terminal.do(CANCEL, {"token": name}, who, service=CANCEL)


def take(terminal: Terminal, who: dict[str, Any], line: str = "general") -> Any:
    return terminal.do("queue.take", {"line": line}, who, service="queue.ticket")


def asked(terminal: Terminal, what: str, **params: str) -> list[dict[str, Any]]:
    answer = terminal.data(f"appointment.{what}", None, {"line": "general", **params}, BOOK)
    return list(answer[what])


def choices(terminal: Terminal, who: dict[str, Any]) -> list[dict[str, Any]]:
    return list(terminal.data("appointment.choices", who, {}, BOOK)["choices"])


def mine(terminal: Terminal, who: dict[str, Any]) -> list[str]:
    return [row["token"] for row in terminal.data("appointment.mine", who, {}, CANCEL)["rows"]]


def left(terminal: Terminal, at: datetime = TOMORROW) -> int:
    day = at.date().isoformat()
    times = asked(terminal, "times", hall=HALL, day=day)
    return next(int(t["left"]) for t in times if datetime.fromisoformat(t["at"]) == at)


def called(centre: Centre, window: int) -> str:
    with centre.system.write() as work:
        found = calling.call(work.core, HALL, window)
        if found is not None:
            calling.end(work.core, HALL, window, "served")
    return "" if found is None else f"{found.line} {found.number}"


def at(centre: Centre, hour: int, minute: int, day: int = 13) -> None:
    centre.clock.at = datetime(2026, 10, day, hour, minute, tzinfo=CHINA)


def at_once(sent: list[tuple[Terminal, list[Any]]]) -> list[Any]:
    """What is answered when all terminals send theirs at the same moment."""
    answers: list[Any] = []
    barrier = threading.Barrier(len(sent))

    def send(terminal: Terminal, mine: list[Any]) -> None:
        barrier.wait(20)
        answers.extend(terminal.send(record) for record in mine)

    threads = [threading.Thread(target=send, args=pair) for pair in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


# --- places ---------------------------------------------------------------------------------------------------


def test_places_are_what_the_windows_can_do_without_the_part_for_walk_ins() -> None:
    book = rules()
    found = {line.id: book.places(HALL, line) for line in book.lines}
    # general: windows 1, half of 2, half of 3: 60 minutes of half an hour, 42 of them booked, eight each
    assert found == {"general": 5, "invoices": 5, "social-insurance": 4, "vehicle": 3, "real-estate": 1}
    general, estate = book.line("general"), book.line("real-estate")
    assert general is not None and estate is not None
    assert (book.places(OTHER_HALL, general), book.places(OTHER_HALL, estate)) == (2, 0)
    nothing = {**book.appointments.model_dump(), "walk_in_percent": 100}
    kept = QueueRules.model_validate({**book.model_dump(mode="json", by_alias=True), "appointments": nothing})
    assert kept.places(HALL, general) == 0


def test_working_days_ahead_are_offered_with_what_is_left(terminal: Terminal, centre: Centre) -> None:
    at(centre, 9, 0, day=30)
    days = [day["day"] for day in asked(terminal, "days", hall=HALL)]
    assert days == [f"2026-11-{n:02}" for n in (2, 3, 4, 5, 6, 9, 10)], "neither weekend nor today"
    at(centre, 9, 40, day=12)
    assert [hall["hall"] for hall in asked(terminal, "halls")][0] == HALL, "where one stands comes first"
    assert [h["hall"] for h in asked(terminal, "halls", line="real-estate")] == [HALL]
    times = asked(terminal, "times", hall=HALL, day="2026-10-13")
    assert [t["title"]["zh-CN"] for t in times][5:7] == ["11:30–12:00", "13:30–14:00"] and len(times) == 13
    assert asked(terminal, "times", hall=HALL, day="2026-10-17") == [], "a Saturday"
    book(terminal, TANG)
    assert (left(terminal), left(terminal, TOMORROW + timedelta(minutes=30))) == (4, 5)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"line": "passports"}, "appointmentLineUnknown"),
        ({"hall": "H-99"}, "appointmentLineUnknown"),
        ({"line": "real-estate", "hall": OTHER_HALL}, "appointmentLineUnknown"),
        ({"at": TOMORROW + timedelta(minutes=1)}, "appointmentTaken"),  # no time begins then
        ({"at": TOMORROW - timedelta(days=1)}, "appointmentTaken"),  # today: take a number
        ({"at": TOMORROW + timedelta(days=4)}, "appointmentTaken"),  # a Saturday
        ({"at": TOMORROW + timedelta(days=30)}, "appointmentTaken"),
    ],
)
def test_what_is_not_offered_is_not_booked(terminal: Terminal, changed: dict[str, Any], code: str) -> None:
    answer = book(terminal, TANG, **changed)
    assert code_of(answer) == code
    if code == "appointmentTaken":
        assert "09:00" in answer.refusal.next_step["zh-CN"], "the next one that is free"


def test_the_last_place_is_given_once(centre: Centre) -> None:
    terminals = [centre.terminal(asset) for asset in ("A-07", "B-01")]
    records = [
        [t.intent(BOOK, wish(line="vehicle"), stranger(20 * i + n), service=BOOK) for n in range(4)]
        for i, t in enumerate(terminals)
    ]
    answers = at_once(list(zip(terminals, records, strict=True)))
    given = [number(a) for a in answers if a.refusal is None]
    assert sorted(given) == ["Y000001", "Y000002", "Y000003"], "three places, eight who want one"
    assert {a.refusal.code for a in answers if a.refusal is not None} == {"appointmentTaken"}


def test_one_person_at_two_terminals_at_once_has_one(centre: Centre) -> None:
    terminals = [centre.terminal(asset) for asset in ("A-07", "B-01")]
    records = [
        t.intent(BOOK, wish(hall=hall), TANG, service=BOOK)
        for t, hall in zip(terminals, (HALL, OTHER_HALL), strict=True)
    ]
    answers = at_once(list(zip(terminals, [[record] for record in records], strict=True)))
    assert sorted(a.refusal.code if a.refusal else "" for a in answers) == ["", "appointmentSameTime"]


def test_the_same_key_is_the_same_booking(terminal: Terminal) -> None:
    record = terminal.intent(BOOK, wish(), TANG, service=BOOK)
    first, again = terminal.send(record), terminal.send(record)
    assert first.result == again.result and number(first) == "Y000001" and left(terminal) == 4


# --- who may --------------------------------------------------------------------------------------------------


def test_nobody_has_more_than_the_rules_allow_nor_two_at_once(terminal: Terminal, centre: Centre) -> None:
    book(terminal, TANG)
    assert code_of(book(terminal, TANG, line="vehicle")) == "appointmentSameTime"
    later = TOMORROW + timedelta(hours=1)
    number(book(terminal, TANG, later))
    assert code_of(book(terminal, TANG, later + timedelta(hours=1))) == "appointmentEnough"
    shown = choices(terminal, TANG)
    assert [c["open"] for c in shown] == [True, True, False, False, False, False, False]
    phone = prove(terminal, centre, CAST["tang-yue"].mobile)
    by_phone = {"person": None, "phone": phone, "taxpayer": None, "role": None}
    assert len(mine(terminal, by_phone)) == 2, "card and phone are one person"
    assert code_of(book(terminal, by_phone, TOMORROW + timedelta(days=1))) == "appointmentEnough"


def test_who_did_not_come_thrice_is_paused_and_told_until_when(terminal: Terminal, centre: Centre) -> None:
    who = stranger(1)
    for day in (12, 13, 14):
        at(centre, 9, 40, day)
        number(book(terminal, who, TOMORROW + timedelta(days=day - 12)))
    at(centre, 9, 45, day=15)  # the grace of the third is over in a moment
    assert choices(terminal, who)[-1]["open"], "twice is not thrice"
    at(centre, 9, 46, day=15)
    no = book(terminal, who, TOMORROW + timedelta(days=3))
    assert code_of(no) == "appointmentPaused" and "2026-11-14" in no.refusal.text["zh-CN"]
    assert not choices(terminal, who)[-1]["open"]
    number(book(terminal, stranger(2), TOMORROW + timedelta(days=3)))
    centre.clock.at = datetime(2026, 11, 16, 9, 0, tzinfo=CHINA)
    number(book(terminal, who, datetime(2026, 11, 17, 9, 30, tzinfo=CHINA)))


def test_cancelled_and_closed_is_not_missed(terminal: Terminal, centre: Centre) -> None:
    who = stranger(1)
    for day in (12, 13, 14):
        at(centre, 9, 40, day)
        cancel(terminal, who, token(book(terminal, who, TOMORROW + timedelta(days=day - 12))))
    at(centre, 10, 0, day=15)
    number(book(terminal, who, TOMORROW + timedelta(days=3)))


# --- moving and cancelling ------------------------------------------------------------------------------------


def test_it_is_moved_with_its_number_and_its_place_is_free_again(terminal: Terminal, centre: Centre) -> None:
    first = book(terminal, TANG)
    shown = choices(terminal, TANG)[0]
    assert shown["instead"] == token(first) and "09:30" in shown["note"]["zh-CN"]
    noon = TOMORROW + timedelta(hours=4)
    moved = book(terminal, TANG, noon, instead=token(first))
    assert (number(moved), token(moved)) == (number(first), token(first))
    assert (left(terminal), left(terminal, noon)) == (5, 4)
    same = book(terminal, TANG, noon + timedelta(minutes=30), instead=token(first))
    assert number(same) == number(first), "the time that it leaves is not in its way"


def test_only_ones_own_is_moved_or_cancelled(terminal: Terminal, centre: Centre) -> None:
    name = token(book(terminal, TANG))
    assert mine(terminal, stranger(1)) == []
    later = TOMORROW + timedelta(hours=1)
    assert code_of(book(terminal, stranger(1), later, instead=name)) == "appointmentGone"
    assert code_of(cancel(terminal, stranger(1), name)) == "appointmentGone"
    assert mine(terminal, TANG) == [name]
    assert number(cancel(terminal, TANG, name)) == "Y000001"
    assert code_of(cancel(terminal, TANG, name)) == "appointmentGone"
    assert mine(terminal, TANG) == [] and left(terminal) == 5


def test_when_its_time_has_begun_nothing_is_changed(terminal: Terminal, centre: Centre) -> None:
    name = token(book(terminal, TANG))
    at(centre, 9, 30)
    assert code_of(cancel(terminal, TANG, name)) == "appointmentGone"


def test_the_phone_sees_moves_and_cancels(terminal: Terminal, centre: Centre) -> None:
    name, records = token(book(terminal, TANG)), centre.container.site.records
    seen = records.appointment(name)
    assert seen is not None and seen.changeable and seen.state == "open" and len(seen.offered) == 60
    assert CAST["tang-yue"].number not in str(seen) and CAST["tang-yue"].mobile not in str(seen)
    to = seen.offered[-1][0]
    assert records.change_appointment(name, to).when == seen.offered[-1][1]
    with pytest.raises(Refused) as taken:
        records.change_appointment(name, to + timedelta(minutes=1))
    assert taken.value.refusal.code == "appointmentTaken"
    assert records.change_appointment(name, None).state == "cancelled"
    with pytest.raises(Refused):
        records.change_appointment(name, to)
    assert records.appointment("01940000-0000-4000-8000-000000000001") is None


# --- on the day -----------------------------------------------------------------------------------------------


def test_who_has_booked_is_called_first_from_the_time_on(terminal: Terminal, centre: Centre) -> None:
    book(terminal, TANG)
    at(centre, 9, 20)
    for n in (1, 2, 3):
        take(terminal, stranger(n))
        centre.clock.forward(seconds=1)
    mine = take(terminal, TANG)
    assert number(mine) == "A004" and "09:30" in mine.result["turn_text"]["zh-CN"]
    old = take(terminal, stranger(9, "19400101"))
    assert called(centre, 1) == "general 5", "before the time the elder goes first"
    at(centre, 9, 29)
    assert called(centre, 1) == "general 1", "and who took a number earlier"
    at(centre, 9, 30)
    assert called(centre, 1) == "general 4" and number(old) == "A005"


@pytest.mark.parametrize(
    ("minute", "line", "booked"), [(45, "general", True), (46, "general", False), (30, "invoices", False)]
)
def test_lateness_has_a_grace_and_another_line_is_another_matter(
    terminal: Terminal, centre: Centre, minute: int, line: str, booked: bool
) -> None:
    name = token(book(terminal, TANG))
    at(centre, 9, minute)
    turn = take(terminal, TANG, line).result["turn_text"]["zh-CN"]
    assert ("预约" in turn) is booked
    seen = centre.container.site.records.appointment(name)
    assert seen is not None and seen.state == ("arrived" if booked else "missed" if minute == 46 else "open")


def test_who_is_expected_counts_in_the_time_that_is_told(terminal: Terminal, centre: Centre) -> None:
    at(centre, 9, 0)
    before = take(terminal, stranger(1), "real-estate").result  # window 7 now
    take(terminal, stranger(2), "real-estate")  # window 8 now
    assert before["wait_minutes"] == 0
    assert take(terminal, stranger(3), "real-estate").result["wait_minutes"] == 20
    with centre.database.write() as connection:  # as if two had booked yesterday for 9:20
        for n in (1, 2):
            connection.execute(
                tables.appointment.insert().values(
                    token=f"t{n}", number=n, hall=HALL, line="real-estate", visitor=f"x{n}", mobile="",
                    at=datetime(2026, 10, 13, 9, 20, tzinfo=CHINA), terminal="A-07",
                    booked_at=centre.clock.now(), state="open",
                )
            )  # fmt: skip
    assert take(terminal, stranger(3), "real-estate").result["wait_minutes"] == 40, "they go first"
    at(centre, 9, 36)
    assert take(terminal, stranger(3), "real-estate").result["wait_minutes"] == 20, "too late to come still"


def test_who_has_booked_gets_a_number_though_the_others_are_too_many(
    terminal: Terminal, centre: Centre
) -> None:
    late = datetime(2026, 10, 13, 16, 30, tzinfo=CHINA)
    number(book(terminal, TANG, late, line="real-estate"))
    at(centre, 16, 29)
    for n in range(3):
        number(take(terminal, stranger(n), "real-estate"))
    assert code_of(take(terminal, stranger(5), "real-estate")) == "queueFull", "Tang's place is not theirs"
    assert number(take(terminal, TANG, "real-estate")) == "E004"


# --- what operators do ----------------------------------------------------------------------------------------


def test_a_closed_time_is_told_to_who_has_booked_and_may_be_moved(terminal: Terminal, centre: Centre) -> None:
    name = token(book(terminal, TANG))
    other = token(book(terminal, stranger(1), TOMORROW + timedelta(hours=1)))
    with centre.system.write() as work:
        there = closing.close(work.core, HALL, TOMORROW, timedelta(minutes=30), URL)
        assert [a.token for a in there] == [name]
    told = message(centre, CAST["tang-yue"].mobile)
    assert "09:30–10:00" in told and f"{URL}/a/{name}" in told
    t = asked(terminal, "times", hall=HALL, day="2026-10-13")
    assert [time["open"] for time in t][:3] == [True, False, True]
    assert code_of(book(terminal, stranger(2))) == "appointmentTaken"
    moved = centre.container.site.records.change_appointment(name, TOMORROW + timedelta(hours=1))
    assert moved.state == "open"
    seen = centre.container.site.records.appointment(other)
    assert seen is not None and seen.state == "open"


def test_a_whole_day_is_closed_and_what_cannot_be_is_said(terminal: Terminal, centre: Centre) -> None:
    book(terminal, TANG)
    midnight = datetime(2026, 10, 13, tzinfo=CHINA)
    with centre.system.write() as work:
        assert len(closing.listed(work.core, HALL, midnight.date())) == 1
        assert len(closing.close(work.core, HALL, midnight, timedelta(days=1), URL)) == 1
        with pytest.raises(QueueRefused, match="no hall"):
            closing.listed(work.core, "H-99", midnight.date())
        with pytest.raises(QueueRefused, match="over"):
            closing.close(work.core, HALL, midnight - timedelta(days=2), timedelta(days=1), URL)
    day = asked(terminal, "days", hall=HALL)[0]
    assert not day["open"] and day["why_not"]["zh-CN"] == "暂停预约"


def test_what_is_kept_is_what_they_showed_and_it_is_told_to_them(terminal: Terminal, centre: Centre) -> None:
    before = visits_held(centre)
    book(terminal, TANG)
    t = tables.appointment
    with centre.database.read() as connection:
        row = connection.execute(select(t)).one()
    assert (row.visitor, row.mobile) == (f"resident-id:{CAST['tang-yue'].number}", CAST["tang-yue"].mobile)
    assert visits_held(centre) == before + 2, "the effect and the booking"


def visits_held(centre: Centre) -> int:
    """What is on file of Tang Yue's visits."""
    someone = PersonKey(CAST["tang-yue"].kind, CAST["tang-yue"].number)
    with centre.system.read() as work:
        return {held.kind: held.count for held in work.core.privacy.held(someone)}.get("visit", 0)
