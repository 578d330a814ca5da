"""税务学堂: sessions of the courses, planned, moved and cancelled; who has a seat, who came, what people thought.

Who is enrolled is told of another time or place by the engine. Numbers of documents and phones are masked, an
evaluation has nobody's name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, link, table
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist
from bureau.engine.queue.visitors import PHONE
from bureau.engine.school import planning, seats
from bureau.engine.school.words import course_title, session_when, session_where
from bureau.officers.roles import Act
from bureau.ports.core import Core
from bureau.ports.school import Enrolment, Evaluation, SchoolEvent, Session
from bureau.ports.system import Work
from config.clock import CHINA
from config.school import courses
from kiosk.domain.masking import mask_mobile, mask_number
from sync.models import Texts

MARKED_WITHIN: Final = timedelta(days=30)
"""So long after a session it is told that nobody marked yet who came."""
ENGLISH: Final = 3
"""English has so many times the characters of Chinese."""
Halls = Mapping[str, Texts]


@dataclass(frozen=True, slots=True)
class Row:
    """A session in the list. ``unmarked``: it is over, and nobody said who came."""

    session: Session
    where: Texts
    taken: int
    waiting: int
    over: bool
    unmarked: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with all that belongs to it."""

    session: Session
    where: Texts
    enrolled: Sequence[Enrolment]
    evaluations: Sequence[Evaluation]
    history: Sequence[SchoolEvent]
    halls: Halls
    begun: bool


# --- the list ---------------------------------------------------------------------------------------------


def _row(core: Core, session: Session) -> Row:
    enrolled = core.school.of_session(session.session)
    over = session.ends <= core.now
    seated = [one for one in enrolled if one.state == "seated"]
    return Row(
        session,
        session_where(core, session),
        len(seated),
        len(seats.waiting(enrolled)),
        over,
        over and session.state == "open" and any(one.attended is None for one in seated),
    )


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[Row]:
    core = work.core
    if tab == "coming":
        return [_row(core, one) for one in core.school.sessions(core.now)[:LISTED]]
    ended = [one for one in core.school.sessions(datetime.fromtimestamp(0, UTC)) if one.ends <= core.now]
    return [_row(core, one) for one in ended[::-1][:LISTED]]


def _cells(desk: Desk, row: Row) -> Sequence[object]:
    session = row.session
    return (
        link(session.session, f"/school/{session.session}"),
        desk.told(course_title(session)),
        desk.told(session_when(session)),
        desk.told(row.where),
        desk.say("school.taken", taken=row.taken, seats=session.seats, waiting=row.waiting),
        _state(desk, row),
    )


def _state(desk: Desk, row: Row) -> Markup:
    key: str = "open"
    tone: Tone = "good"
    if row.session.state == "cancelled":
        key, tone = "cancelled", "plain"
    elif row.unmarked:
        key, tone = "unmarked", "warn"
    elif row.over:
        key, tone = "over", "plain"
    return badge(desk.say(f"school.is-{key}"), tone)


def _recent(core: Core) -> Sequence[Session]:
    return core.school.sessions(core.now - MARKED_WITHIN)


def _mark(work: Work) -> Hashable:
    core = work.core
    return tuple(
        (one, tuple((e.number, e.state, e.attended) for e in core.school.of_session(one.session)))
        for one in _recent(core)
    )


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    return sum(_row(work.core, one).unmarked for one in _recent(work.core)), 0


# --- one session ------------------------------------------------------------------------------------------


def _halls(core: Core) -> Halls:
    return {hall: core.queue.name(hall) for hall in core.queue.halls()}


def _opened(_desk: Desk, work: Work, officer: str, number: str) -> Opened:
    core = work.core
    enrolled = planning.enrolled(core, officer, number)
    session = core.school.session(number)
    assert session is not None, "its seats were read just now"
    return Opened(
        session,
        session_where(core, session),
        enrolled,
        planning.evaluations(core, number),
        planning.history(core, number),
        _halls(core),
        session.begins <= core.now,
    )


def _sheet(desk: Desk, one: Opened) -> Sheet:
    sections = [
        (desk.say("school.session"), facts(_facts(desk, one))),
        (desk.say("school.seats"), _seats(desk, one)),
    ]
    if one.evaluations:
        sections.append((desk.say("school.evaluations"), _evaluations(desk, one)))
    return Sheet(
        title=desk.told(course_title(one.session)),
        lead=f"{desk.told(session_when(one.session))} · {desk.told(one.where)}",
        sections=sections,
        history=[
            (desk.moment(event.at), _event(desk, event)) for event in one.history if event.did != "read"
        ],
    )


def _facts(desk: Desk, one: Opened) -> list[tuple[str, object]]:
    session = one.session
    seated, waiting = seats.taken(one.enrolled), len(seats.waiting(one.enrolled))
    lines: list[tuple[str, object]] = [
        (desk.say("school.number"), session.session),
        (desk.say("school.when"), desk.told(session_when(session))),
        (desk.say("school.where"), desk.told(one.where)),
        (desk.say("school.teacher"), session.teacher),
        (
            desk.say("school.taken-seats"),
            desk.say("school.taken", taken=seated, seats=session.seats, waiting=waiting),
        ),
        (desk.say("school.reason"), desk.told(session.reason) if session.reason else ""),
    ]
    return [(name, value) for name, value in lines if value]


def _seats(desk: Desk, one: Opened) -> Markup:
    return table(
        desk.say("school.seats"),
        [desk.say(f"school.{name}") for name in ("seat", "who", "state")],
        [(seats.shown(each), _who(desk, each), _seat(desk, each)) for each in one.enrolled],
        desk.say("school.no-seats"),
    )


def _who(desk: Desk, enrolment: Enrolment) -> str:
    """Who it is, but for the middle of their number."""
    if enrolment.visitor.startswith(PHONE):
        return f"{desk.say('school.phone')} {mask_mobile(enrolment.visitor.removeprefix(PHONE))}"
    return f"{desk.say('school.document')} {mask_number(enrolment.visitor.partition(':')[2])}"


def _seat(desk: Desk, enrolment: Enrolment) -> Markup:
    if enrolment.state == "seated" and enrolment.attended is not None:
        came = enrolment.attended
        return badge(desk.say("school.came" if came else "school.stayed-away"), "good" if came else "plain")
    return badge(
        desk.say(f"school.seat-{enrolment.state}"), "warn" if enrolment.state == "waiting" else "plain"
    )


def _evaluations(desk: Desk, one: Opened) -> Markup:
    """How many gave each level, and what they wrote."""
    counted = Counter(each.level for each in one.evaluations)
    told: list[tuple[str, object]] = [
        (desk.say(f"school.level.{level}"), str(counted[level]))
        for level in range(5, 0, -1)
        if counted[level]
    ]
    told += [(desk.day(each.day), each.words) for each in one.evaluations if each.words]
    return facts(told)


def _event(desk: Desk, event: SchoolEvent) -> str:
    said = event.said
    if event.did == "cancelled":
        return desk.say("school.log.cancelled", officer=event.officer, reason=desk.told(said))
    return desk.say(
        f"school.log.{event.did}", officer=event.officer, **{"to": "", "came": "", "seats": "", **said}
    )


# --- what can be done -------------------------------------------------------------------------------------


def _inputs(desk: Desk, halls: Halls, session: Session | None) -> list[Input]:
    """Where and when, by whom, for how many; filled in where the session is there already."""
    room: Texts = session.room if session is not None else {}
    longest = planning.LONGEST["room"]
    return [
        Input(
            "begins",
            "moment",
            value=f"{session.begins.astimezone(CHINA):%Y-%m-%dT%H:%M}" if session is not None else "",
        ),
        Input(
            "hall",
            "choice",
            options={hall: desk.told(name) or hall for hall, name in halls.items()},
            value=session.hall if session is not None else "",
        ),
        Input("room", most=longest, value=room.get("zh-CN", "")),
        Input("room-en", most=ENGLISH * longest, value=room.get("en-US", "")),
        Input("teacher", most=planning.NAME, value=session.teacher if session is not None else ""),
        Input(
            "seats",
            "number",
            planning.MOST_SEATS,
            value=str(session.seats) if session is not None else "",
        ),
    ]


def _plan_inputs(desk: Desk, halls: Halls) -> Sequence[Input]:
    told = {
        course.id: desk.say("school.course-of", title=desk.told(course.title), minutes=course.minutes)
        for course in courses().values()
    }
    return [Input("course", "choice", options=told), *_inputs(desk, halls, None)]


def _room(values: Values) -> Texts:
    return {"zh-CN": values["room"], "en-US": values["room-en"]}


def _at(values: Values) -> datetime:
    """When it begins, as it was typed: by the clocks of China."""
    return datetime.fromisoformat(values["begins"]).replace(tzinfo=CHINA)


def _plan(_desk: Desk, work: Work, officer: str, _halls: Halls, values: Values) -> None:
    wanted = planning.Plan(
        values["course"], values["hall"], _room(values), values["teacher"], _at(values), int(values["seats"])
    )
    planning.plan(work.core, officer, wanted)


def _move(desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    planning.move(
        work.core,
        officer,
        one.session.session,
        desk.parts.public_url,
        begins=_at(values),
        hall=values["hall"],
        room=_room(values),
        teacher=values["teacher"],
        seats=int(values["seats"]),
    )


def _reason_inputs(_desk: Desk, _one: Opened) -> Sequence[Input]:
    longest = planning.LONGEST["reason"]
    return (Input("reason", most=longest), Input("reason-en", most=ENGLISH * longest))


def _cancel(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    reason = {"zh-CN": values["reason"], "en-US": values["reason-en"]}
    planning.cancel(work.core, officer, one.session.session, reason)


def _seated(one: Opened) -> list[Enrolment]:
    return [each for each in one.enrolled if each.state == "seated"]


def _mark_inputs(desk: Desk, one: Opened) -> Sequence[Input]:
    seated = _seated(one)
    told = {seats.shown(each): f"{seats.shown(each)} · {_who(desk, each)}" for each in seated}
    came = " ".join(seats.shown(each) for each in seated if each.attended)
    return (Input("came", "ticks", options=told, value=came, optional=True),)


def _mark_came(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    planning.mark(work.core, officer, one.session.session, values["came"].split())


def _to_come(_desk: Desk, one: Opened) -> bool:
    return one.session.state == "open" and not one.begun


def _current(work: Work, one: Opened) -> Session | None:
    work.core.school.lock()
    return work.core.school.session(one.session.session)


SCHOOL: Final = Worklist(
    key="school",
    see=Act.SCHOOL_SEE,
    tabs=("coming", "past"),
    columns=("number", "course", "when", "where", "taken-seats", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda one: one.session,
    current=_current,
    mark=_mark,
    waits=_waits,
    number=r"\d{6}",
    deeds=(
        Deed(
            Act.SCHOOL_MARK,
            "school.mark",
            _mark_came,
            _mark_inputs,
            lambda _desk, one: one.begun and one.session.state == "open" and bool(_seated(one)),
        ),
        Deed(
            Act.SCHOOL_MOVE,
            "school.move",
            _move,
            lambda desk, one: _inputs(desk, one.halls, one.session),
            _to_come,
        ),
        Deed(Act.SCHOOL_CANCEL, "school.cancel", _cancel, _reason_inputs, _to_come, kind="danger"),
    ),
    begin=(
        Deed(
            Act.SCHOOL_PLAN,
            "school.plan",
            _plan,
            _plan_inputs,
            details=lambda values: {name: values[name] for name in ("course", "hall", "begins")},
        ),
    ),
    begin_with=lambda _desk, work: _halls(work.core),
)
