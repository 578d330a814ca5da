"""``school.…``: which courses are held, which one may still come to, and what one has or may evaluate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.engine.queue.visitors import visitor_of
from bureau.engine.school import seats
from bureau.engine.school.words import course_title, place_of, seats_left, session_when, session_where
from bureau.ports.core import Core
from bureau.ports.school import Enrolment, Session
from bureau.ports.system import System
from bureau.texts import LANGUAGES, say
from config.school import Course, Topic, courses
from sync.models import (
    SchoolChoice,
    SchoolChoices,
    SchoolCourse,
    SchoolCourses,
    SchoolOwn,
    SchoolOwns,
    SchoolTopic,
    Subject,
    Texts,
    Wire,
)

NOTHING: Texts = dict.fromkeys(LANGUAGES, "")
SOON = "soon"
"""In place of a topic: all that is held, by day."""


def questions(system: System, public_url: str) -> Mapping[str, Query]:
    """Courses and seats left are for anybody to see; whose they are for nobody else."""

    def own(result: type[Wire], answer: Callable[[Core, Subject], Wire]) -> Query:
        def ask(question: Question) -> Wire:
            # Whoever has proven a phone is looked up with its row locked (``Phones.challenge``).
            with system.write(question.terminal) as work:
                return answer(work.core, question.request.subject)

        return Query(NoParams, result, ask)

    def listed(question: Question) -> SchoolCourses:
        with system.read(question.terminal) as work:
            return offered(work.core, public_url)

    return {
        "school.courses": Query(NoParams, SchoolCourses, listed),
        "school.choices": own(SchoolChoices, choices),
        "school.mine": own(SchoolOwns, mine),
        "school.attended": own(SchoolOwns, attended),
    }


def offered(core: Core, public_url: str) -> SchoolCourses:
    """All that is held by day, then each topic with what is held of it and what may be read meanwhile."""
    held = [s for s in core.school.sessions(core.now) if s.begins > core.now]
    rows = {s.session: _held(core, s, public_url) for s in held}

    def topic(name: str, found: list[SchoolCourse], sessions: int) -> SchoolTopic:
        note = say("school.topic.note", count=str(sessions)) if sessions else say("school.topic.reading")
        return SchoolTopic(
            topic=name, title=say(f"school.topic.{name}"), note=note, as_of=core.now, courses=found
        )

    topics = [topic(SOON, [*rows.values()], len(rows))] if rows else []
    for one in Topic:
        of_topic = [course for course in courses().values() if course.topic is one]
        there = [rows[s.session] for s in held if s.course in {course.id for course in of_topic}]
        now = {s.course for s in held}
        read = [_to_read(course, public_url) for course in of_topic if course.id not in now]
        topics.append(topic(one.value, [*there, *read], len(there)))
    return SchoolCourses(as_of=core.now, topics=topics)


def _held(core: Core, session: Session, public_url: str) -> SchoolCourse:
    course, enrolled = courses().get(session.course), core.school.of_session(session.session)
    return SchoolCourse(
        row=session.session,
        number=session.session,
        title=course_title(session),
        about=course.about if course is not None else NOTHING,
        audience=course.audience if course is not None else NOTHING,
        when_text=session_when(session),
        where_text=session_where(core, session),
        teacher=session.teacher,
        seats_text=_seats(session, enrolled),
        state=_state(session, enrolled),
        courseware=f"{public_url}/w/{session.course}",
    )


def _to_read(course: Course, public_url: str) -> SchoolCourse:
    return SchoolCourse(
        row=course.id,
        number="",
        title=course.title,
        about=course.about,
        audience=course.audience,
        when_text=say("school.when.none"),
        where_text=NOTHING,
        teacher="",
        seats_text=NOTHING,
        state="reading",
        courseware=f"{public_url}/w/{course.id}",
    )


def _seats(session: Session, enrolled: Sequence[Enrolment]) -> Texts:
    return seats_left(session, seats.taken(enrolled), len(seats.waiting(enrolled)))


def _state(session: Session, enrolled: Sequence[Enrolment]) -> Literal["open", "full", "cancelled"]:
    if session.state == "cancelled":
        return "cancelled"
    return "open" if seats.taken(enrolled) < session.seats and not seats.waiting(enrolled) else "full"


def choices(core: Core, subject: Subject) -> SchoolChoices:
    """Sessions to come, each with why this person gets neither a seat nor a place in it."""
    own = seats.of_visitor(core, visitor_of(core, subject))
    rows = []
    for session in core.school.sessions(core.now):
        if session.begins <= core.now:
            continue
        no, enrolled = seats.why_not(core, session, own), core.school.of_session(session.session)
        rows.append(
            SchoolChoice(
                session=session.session,
                title=course_title(session),
                when_text=session_when(session),
                where_text=session_where(core, session),
                teacher=session.teacher,
                seats_text=_seats(session, enrolled),
                state=_state(session, enrolled),
                open=no is None,
                why_not=None if no is None else no.refusal.text,
            )
        )
    return SchoolChoices(rows=rows)


def mine(core: Core, subject: Subject) -> SchoolOwns:
    """Seats and places in courses to come."""
    own = seats.of_visitor(core, visitor_of(core, subject))
    return SchoolOwns(rows=[_own(core, one, session) for one, session in seats.held(core, own)])


def attended(core: Core, subject: Subject) -> SchoolOwns:
    """Courses that are over and may be evaluated."""
    own = seats.of_visitor(core, visitor_of(core, subject))
    return SchoolOwns(rows=[_own(core, one, session) for one, session in seats.to_evaluate(core, own)])


def _own(core: Core, one: Enrolment, session: Session) -> SchoolOwn:
    waits = one.state == "waiting"
    place = place_of(one, seats.waiting(core.school.of_session(session.session))) if waits else 0
    return SchoolOwn(
        token=one.token,
        number=seats.shown(one),
        title=course_title(session),
        when_text=session_when(session),
        where_text=session_where(core, session),
        state="waiting" if waits else "seated",
        place_text=say("school.place", place=str(place)) if waits else NOTHING,
    )
