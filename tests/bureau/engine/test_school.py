"""The tax school: who gets the last seat, who waits and moves up, what officers plan, and who may evaluate."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from bureau.engine.school import planning, seats
from bureau.errors import SchoolRefused
from bureau.ports.registration import PersonKey
from bureau.ports.school import Session
from bureau.store import tables
from config.clock import CHINA
from config.school import Topic, courses
from kiosk.domain.people import DocumentKind
from tests.bureau.conftest import Centre
from tests.bureau.phones import message
from tests.bureau.queueing import code_of, number, stranger
from tests.bureau.terminals import CAST, Terminal, subject

ENROL, CANCEL, EVALUATE = "school.enrol", "school.cancel", "school.evaluate"
TANG = subject("tang-yue", evidence="document", face=None)
TANGS = CAST["tang-yue"].mobile
AT = datetime(2026, 10, 20, 9, 30, tzinfo=CHINA)
ROOM = {"zh-CN": "二楼教室", "en-US": "Room 2"}
OTHER_ROOM = {"zh-CN": "三楼教室", "en-US": "Room 3"}
WHY = {"zh-CN": "讲师生病", "en-US": "the teacher is ill"}
URL = "https://bureau.example"
OFFICER = "周审核"


@pytest.fixture(autouse=True)
def _nothing_is_planned(centre: Centre) -> None:
    """An empty timetable, whatever the city has on it."""
    with centre.database.write() as connection:
        for table in (
            tables.school_event,
            tables.school_evaluation,
            tables.school_enrolment,
            tables.school_session,
        ):
            connection.execute(delete(table))


def planned(centre: Centre, at: datetime = AT, seats_there: int = 2, **more: Any) -> str:
    wanted = {"course": "vat-small", "hall": "H-01", "room": ROOM, "teacher": "顾明远", **more}
    with centre.system.write() as work:
        return planning.plan(
            work.core, OFFICER, planning.Plan(**wanted, begins=at, seats=seats_there)
        ).session


def enrol(terminal: Terminal, who: dict[str, Any], session: str, **more: Any) -> Any:
    return terminal.do(ENROL, {"session": session}, who, service=ENROL, **more)


def token(answer: Any) -> str:
    assert answer.refusal is None, answer.refusal
    return str(answer.result["verify_url"].rsplit("/", 1)[1])


def cancel(terminal: Terminal, who: dict[str, Any], name: str) -> Any:
    return terminal.do(CANCEL, {"token": name}, who, service=CANCEL)


def evaluate(terminal: Terminal, who: dict[str, Any], enrolment: str, **more: Any) -> Any:
    said = {"enrolment": enrolment, "level": "good", **more}
    return terminal.do(EVALUATE, said, who, service=EVALUATE)


def rows(terminal: Terminal, what: str, who: dict[str, Any], service: str) -> list[dict[str, Any]]:
    return list(terminal.data(f"school.{what}", who, {}, service)["rows"])


def states(centre: Centre, session: str) -> list[str]:
    with centre.system.read() as work:
        return [one.state for one in work.core.school.of_session(session)]


# --- seats ----------------------------------------------------------------------------------------------------


def test_whoever_comes_first_has_the_seats_and_the_others_wait_in_their_order(
    terminal: Terminal, centre: Centre
) -> None:
    session = planned(centre)
    answers = [enrol(terminal, stranger(n), session) for n in range(4)]
    assert [a.result["state"] for a in answers] == ["seated", "seated", "waiting", "waiting"]
    assert answers[3].result["state_text"]["zh-CN"] == "候补第 2 位"
    assert len({number(a) for a in answers}) == 4
    assert states(centre, session) == ["seated", "seated", "waiting", "waiting"]


def test_one_person_has_one_seat_by_card_or_phone(terminal: Terminal, centre: Centre) -> None:
    session = planned(centre)
    token(enrol(terminal, TANG, session))
    assert code_of(enrol(terminal, TANG, session)) == "courseTaken"
    with centre.database.write() as connection:  # as if she had come by phone the first time
        connection.execute(tables.school_enrolment.update().values(visitor=f"phone:{TANGS}"))
    assert code_of(enrol(terminal, TANG, session)) == "courseTaken"


def test_the_same_effect_again_is_the_same_seat(terminal: Terminal, centre: Centre) -> None:
    session = planned(centre)
    record = terminal.intent(ENROL, {"session": session}, TANG, service=ENROL)
    assert number(terminal.send(record)) == number(terminal.send(record))
    assert states(centre, session) == ["seated"]


def test_a_conflict_of_times_is_told_with_the_other_course(terminal: Terminal, centre: Centre) -> None:
    first = planned(centre)
    half = planned(centre, AT + timedelta(minutes=60), room=OTHER_ROOM, teacher="沈若兰", course="stamp")
    after = planned(centre, AT + timedelta(minutes=90), hall="H-02", teacher="韩立群", course="cars")
    token(enrol(terminal, TANG, first))
    no = enrol(terminal, TANG, half)
    assert code_of(no) == "courseSameTime"
    assert "小规模纳税人增值税" in no.refusal.text["zh-CN"] and "09:30–11:00" in no.refusal.text["zh-CN"]
    assert token(enrol(terminal, TANG, after)), "one that begins as the other ends is no conflict"
    offered = {row["session"]: row for row in rows(terminal, "choices", TANG, ENROL)}
    assert not offered[half]["open"] and "冲突" in offered[half]["why_not"]["zh-CN"]
    assert {row["session"] for row in rows(terminal, "choices", stranger(1), ENROL) if row["open"]} == {
        first, half, after,
    }  # fmt: skip


def test_the_last_seat_is_given_once_to_terminals_that_ask_at_once(
    terminal: Terminal, centre: Centre
) -> None:
    session = planned(centre, seats_there=1)
    records = [terminal.intent(ENROL, {"session": session}, stranger(n), service=ENROL) for n in range(6)]
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda r=r: answers.append(terminal.send(r))) for r in records]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(a.result["state"] for a in answers) == ["seated"] + ["waiting"] * 5
    assert sorted(states(centre, session)) == ["seated"] + ["waiting"] * 5
    assert len({number(a) for a in answers}) == 6


def test_nobody_takes_two_seats_at_one_hour_by_asking_at_once(terminal: Terminal, centre: Centre) -> None:
    one = planned(centre)
    other = planned(centre, room=OTHER_ROOM, teacher="沈若兰", course="stamp")
    records = [terminal.intent(ENROL, {"session": s}, TANG, service=ENROL) for s in (one, other)]
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda r=r: answers.append(terminal.send(r))) for r in records]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(a.state for a in answers) == ["accepted", "refused"]


def test_who_gives_a_seat_back_lets_the_first_who_waits_move_up_and_tells_them(
    terminal: Terminal, centre: Centre
) -> None:
    session = planned(centre, seats_there=1)
    first = token(enrol(terminal, stranger(1), session))
    hers = token(enrol(terminal, TANG, session))
    enrol(terminal, stranger(2), session)
    assert number(cancel(terminal, stranger(1), first))
    assert states(centre, session) == ["cancelled", "seated", "waiting"]
    told = message(centre, TANGS)
    assert "有座位了" in told and f"/t/{hers}" in told
    assert code_of(cancel(terminal, stranger(1), first)) == "enrolmentGone"
    assert code_of(cancel(terminal, stranger(2), hers)) == "enrolmentGone", "only one's own"


def test_it_is_seen_and_given_back_on_the_phone_by_its_token_alone(
    terminal: Terminal, centre: Centre
) -> None:
    session = planned(centre, seats_there=1)
    name = token(enrol(terminal, stranger(1), session))
    hers = token(enrol(terminal, TANG, session))
    records = centre.container.site.records
    seen = records.seat(hers)
    assert seen is not None and (seen.state, seen.state_text["en-US"]) == ("waiting", "No. 1 waiting")
    assert records.give_back_seat(name, URL).state == "cancelled"
    now = records.seat(hers)
    assert now is not None and now.state == "seated" and f"{URL}/t/{hers}" in message(centre, TANGS)
    assert records.seat("01940000-0000-4000-8000-000000000001") is None


def test_there_is_an_end_to_waiting_and_to_what_one_person_takes(terminal: Terminal, centre: Centre) -> None:
    session = planned(centre, seats_there=1)
    for n in range(1 + seats.MOST_WAITING):
        token(enrol(terminal, stranger(n), session))
    assert code_of(enrol(terminal, TANG, session)) == "courseFull"
    for day in range(seats.MOST_OPEN):
        token(enrol(terminal, TANG, planned(centre, AT + timedelta(days=1 + day))))
    assert code_of(enrol(terminal, TANG, planned(centre, AT + timedelta(days=8)))) == "courseEnough"


def test_shortly_before_it_begins_seats_are_given_at_the_door(terminal: Terminal, centre: Centre) -> None:
    session = planned(centre, seats_there=1)
    mine = token(enrol(terminal, stranger(1), session))
    enrol(terminal, TANG, session)
    centre.clock.at = AT - seats.CLOSES
    assert code_of(enrol(terminal, stranger(3), session)) == "courseBegins"
    cancel(terminal, stranger(1), mine)
    assert states(centre, session) == ["cancelled", "waiting"], "nobody is sent for at the last minute"
    assert code_of(enrol(terminal, TANG, "999999")) == "courseUnknown"


def test_who_enrolled_without_the_network_learns_by_message_what_became_of_it(
    terminal: Terminal, centre: Centre
) -> None:
    session = planned(centre)
    typed = {"session": None, "number": session}
    earlier = (centre.clock.now() - timedelta(hours=2)).isoformat()
    answer = terminal.do(ENROL, typed, TANG, service=ENROL, offline=True, accepted_at=earlier)
    assert answer.result["state"] == "seated" and f"/t/{token(answer)}" in message(centre, TANGS)
    centre.clock.at += timedelta(minutes=1)
    again = terminal.do(ENROL, typed, TANG, service=ENROL, offline=True, accepted_at=earlier)
    assert code_of(again) == "courseTaken" and "没有办成" in message(centre, TANGS)


# --- what everybody sees --------------------------------------------------------------------------------------


def test_courses_are_listed_by_day_and_topic_with_seats_and_what_may_be_read(
    terminal: Terminal, centre: Centre
) -> None:
    session = planned(centre, seats_there=1)
    enrol(terminal, stranger(1), session)
    topics = terminal.data("school.courses", None, {}, "school.courses")["topics"]
    assert [t["topic"] for t in topics] == ["soon", *Topic]
    (soon,) = topics[0]["courses"]
    assert (soon["number"], soon["state"], soon["teacher"]) == (session, "full", "顾明远")
    assert (
        soon["seats_text"]["zh-CN"] == "已满，0 人候补" and soon["where_text"]["zh-CN"] == "中心大厅 二楼教室"
    )
    listed = {c["row"] for t in topics[1:] for c in t["courses"]}
    assert listed == {session} | set(courses()) - {"vat-small"}, "each course once: held, or to be read"
    assert all(c["courseware"].endswith(f"/w/{c['row']}") for c in topics[1]["courses"])


# --- officers -------------------------------------------------------------------------------------------------


def moved(centre: Centre, session: str, **changes: Any) -> Session:
    with centre.system.write() as work:
        return planning.move(work.core, OFFICER, session, URL, **changes)


def test_another_time_is_told_to_who_is_enrolled_and_another_teacher_is_not(
    terminal: Terminal, centre: Centre
) -> None:
    session = planned(centre)
    name = token(enrol(terminal, TANG, session))
    moved(centre, session, teacher="沈若兰")
    assert "改为" not in message(centre, TANGS)
    assert moved(centre, session, begins=AT + timedelta(days=1)).ends == AT + timedelta(days=1, minutes=90)
    assert "10月21日" in message(centre, TANGS) and f"{URL}/t/{name}" in message(centre, TANGS)


def test_more_seats_go_to_who_waits_and_none_is_taken_away(terminal: Terminal, centre: Centre) -> None:
    session = planned(centre, seats_there=1)
    for n in range(3):
        enrol(terminal, stranger(n), session)
    moved(centre, session, seats=2)
    assert states(centre, session) == ["seated", "seated", "waiting"]
    with pytest.raises(SchoolRefused, match="2 seats are taken"):
        moved(centre, session, seats=1)


def test_a_course_that_is_not_held_is_told_with_its_reason(terminal: Terminal, centre: Centre) -> None:
    session = planned(centre)
    name = token(enrol(terminal, TANG, session))
    with centre.system.write() as work:
        planning.cancel(work.core, OFFICER, session, WHY)
    assert "停办：讲师生病" in message(centre, TANGS)
    seen = centre.container.site.records.seat(name)
    assert seen is not None and (seen.state, seen.reason, seen.changeable) == ("dropped", WHY, False)
    assert code_of(enrol(terminal, stranger(1), session)) == "courseCancelled"
    with pytest.raises(SchoolRefused, match="cancelled already"):
        moved(centre, session, seats=9)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"course": "alchemy"}, "no course"),
        ({"hall": "H-99"}, "no hall"),
        ({"at": datetime(2026, 10, 1, 9, 0, tzinfo=CHINA)}, "within the next"),
        ({"at": datetime(2028, 10, 1, 9, 0, tzinfo=CHINA)}, "within the next"),
        ({"seats_there": 0}, "seats"),
        ({"teacher": "顾"}, "teacher"),
        ({"room": {"zh-CN": "二楼"}}, "room: say it in en-US"),
        ({"teacher": "沈若兰"}, "holds"),
        ({"room": OTHER_ROOM}, "teaches"),
    ],
)
def test_what_cannot_be_planned_says_why(centre: Centre, change: dict[str, Any], problem: str) -> None:
    planned(centre)
    with pytest.raises(SchoolRefused, match=problem):
        planned(centre, **change)


def test_each_deed_of_an_officer_is_kept(terminal: Terminal, centre: Centre) -> None:
    session = planned(centre)
    here = number(enrol(terminal, TANG, session))
    moved(centre, session, seats=5)
    with centre.system.write() as work:
        planning.enrolled(work.core, "吴批准", session)
    with pytest.raises(SchoolRefused, match="not begun"), centre.system.write() as work:
        planning.mark(work.core, OFFICER, session, [here])
    centre.clock.at = AT + timedelta(minutes=10)
    with centre.system.write() as work:
        planning.mark(work.core, OFFICER, session, [here])
        trail = [(e.did, e.officer) for e in planning.history(work.core, session)]
    assert trail == [("planned", OFFICER), ("moved", OFFICER), ("read", "吴批准"), ("marked", OFFICER)]
    with pytest.raises(SchoolRefused, match="no seat"), centre.system.write() as work:
        planning.mark(work.core, OFFICER, session, ["19999999"])


# --- what people thought --------------------------------------------------------------------------------------


def test_it_is_evaluated_once_when_it_is_over_by_who_had_a_seat(terminal: Terminal, centre: Centre) -> None:
    session = planned(centre, seats_there=2)
    hers = number(enrol(terminal, TANG, session))
    absent = number(enrol(terminal, stranger(1), session))
    waits = number(enrol(terminal, stranger(2), session))
    assert code_of(evaluate(terminal, TANG, hers)) == "evaluationEarly"
    assert rows(terminal, "attended", TANG, EVALUATE) == []
    centre.clock.at = AT + timedelta(hours=2)
    with centre.system.write() as work:
        planning.mark(work.core, OFFICER, session, [hers])
    assert [row["number"] for row in rows(terminal, "attended", TANG, EVALUATE)] == [hers]
    assert code_of(evaluate(terminal, stranger(1), absent)) == "evaluationNotYours"
    assert code_of(evaluate(terminal, stranger(2), waits)) == "evaluationNotYours"
    assert code_of(evaluate(terminal, stranger(3), hers)) == "enrolmentUnknown", (
        "another's is as good as none"
    )
    assert number(evaluate(terminal, TANG, hers, words="例子很清楚")) == hers
    assert code_of(evaluate(terminal, TANG, hers)) == "evaluatedAlready"
    with centre.system.read() as work:
        (said,) = planning.evaluations(work.core, session)
    assert (said.level, said.words) == (4, "例子很清楚")
    with centre.database.read() as connection:
        kept = dict(connection.execute(select(tables.school_evaluation)).mappings().one())
    assert not {"visitor", "mobile", "token"} & set(kept), "nobody's name is beside it"


def test_after_two_months_nobody_is_asked_any_more(terminal: Terminal, centre: Centre) -> None:
    session = planned(centre)
    hers = number(enrol(terminal, TANG, session))
    centre.clock.at = AT + seats.EVALUATED_WITHIN + timedelta(hours=2)
    assert code_of(evaluate(terminal, TANG, hers)) == "evaluationLate"


def test_an_enrolment_is_among_what_is_held_of_a_person(terminal: Terminal, centre: Centre) -> None:
    enrol(terminal, TANG, planned(centre))
    key = PersonKey(DocumentKind.RESIDENT_ID, CAST["tang-yue"].number)
    with centre.system.read() as work:
        held = {h.kind: h.count for h in work.core.privacy.held(key)}
    assert held["visit"] >= 2, "the effect and the seat"
