"""What officers do with the school: plan, move or cancel a course, mark who came, read what people thought.

Each deed is kept with its officer. Whoever has a seat or waits is told by message, as far as their phone is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bureau.engine.school.seats import HELD, promote, shown, taken
from bureau.engine.school.words import session_when, session_where, told_dropped, told_moved
from bureau.errors import SchoolRefused
from bureau.ports.core import Core
from bureau.ports.school import Enrolment, Evaluation, SchoolDeed, SchoolEvent, Session
from bureau.texts import LANGUAGES
from config.school import courses
from sync.models import Texts

AHEAD: Final = timedelta(days=180)
"""So far ahead a course may be planned."""
MOST_SEATS: Final = 500
LONGEST: Final = {"room": 20, "reason": 60}
"""Characters of Chinese; English has three times as many."""
NAME: Final = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """Where and when a course is held, by whom, for how many."""

    course: str
    hall: str
    room: Texts
    teacher: str
    begins: datetime
    seats: int


def plan(core: Core, officer: str, wanted: Plan) -> Session:
    """A session that people may enrol in at once; raises ``SchoolRefused``."""
    core.school.lock()
    course = courses().get(wanted.course)
    if course is None:
        raise SchoolRefused("course", f"there is no course {wanted.course!r}; see: bureau school courses")
    session = Session(
        session=core.school.next_session(),
        course=wanted.course,
        hall=wanted.hall,
        room=wanted.room,
        teacher=wanted.teacher,
        begins=wanted.begins,
        ends=wanted.begins + timedelta(minutes=course.minutes),
        seats=wanted.seats,
    )
    _check(core, session)
    core.school.plan(session)
    return _noted(core, session, officer, "planned", {"seats": str(session.seats)})


def move(
    core: Core,
    officer: str,
    number: str,
    url: str,
    *,
    begins: datetime | None = None,
    hall: str = "",
    room: Texts | None = None,
    teacher: str = "",
    seats: int | None = None,
) -> Session:
    """Another time, place, teacher or number of seats; who is enrolled is told of time and place.

    More seats go to who waits. Raises ``SchoolRefused``, also for fewer seats than are taken.
    """
    former = _to_come(core, number)
    length = former.ends - former.begins
    at = begins if begins is not None else former.begins
    session = replace(
        former,
        begins=at,
        ends=at + length,
        hall=hall or former.hall,
        room=room if room is not None else former.room,
        teacher=teacher or former.teacher,
        seats=seats if seats is not None else former.seats,
    )
    if session == former:
        raise SchoolRefused(
            "same", "nothing is to be changed: give another time, place, teacher or number of seats"
        )
    _check(core, session)
    enrolled = core.school.of_session(number)
    if session.seats < taken(enrolled):
        raise SchoolRefused("taken", f"{taken(enrolled)} seats are taken already", taken=taken(enrolled))
    core.school.change(session)
    elsewhere = (session.begins, session.hall, session.room) != (former.begins, former.hall, former.room)
    if elsewhere:
        for one in enrolled:
            if one.state in HELD and one.mobile:
                core.phones.tell(one.mobile, told_moved(core, session, f"{url}/t/{one.token}"))
    promote(core, session, url)
    said = {"from": session_when(former)["zh-CN"], "to": session_when(session)["zh-CN"]}
    return _noted(core, session, officer, "moved", {**said, "seats": str(session.seats)})


def cancel(core: Core, officer: str, number: str, reason: Texts) -> Session:
    """It is not held; who is enrolled is told why. Raises ``SchoolRefused``."""
    former = _to_come(core, number)
    _words("reason", reason)
    session = replace(former, state="cancelled", reason=reason)
    core.school.change(session)
    for one in core.school.of_session(number):
        if one.state in HELD:
            core.school.move(replace(one, state="dropped", changed_at=core.now))
            if one.mobile:
                core.phones.tell(one.mobile, told_dropped(core, session))
    return _noted(core, session, officer, "cancelled", reason)


def mark(core: Core, officer: str, number: str, came: Sequence[str]) -> Sequence[Enrolment]:
    """Of who had a seat those whose enrolment numbers are given came, the others did not.

    It may be marked again. Raises ``SchoolRefused`` before the course begins, or for a number that had no seat.
    """
    core.school.lock()
    session = _there(core, number)
    if session.state == "cancelled":
        raise SchoolRefused("cancelled", "it was cancelled")
    if session.begins > core.now:
        raise SchoolRefused("notBegun", "it has not begun")
    seated = [one for one in core.school.of_session(number) if one.state == "seated"]
    if unknown := sorted(set(came) - {shown(one) for one in seated}):
        raise SchoolRefused("noSeat", f"no seat was given to {', '.join(unknown)}")
    marked = [replace(one, attended=shown(one) in came) for one in seated]
    for one in marked:
        core.school.move(one)
    _noted(core, session, officer, "marked", {"came": str(len(set(came))), "seats": str(len(seated))})
    return marked


def enrolled(core: Core, officer: str, number: str) -> Sequence[Enrolment]:
    """Who has a seat or waits, for the officer at the door; that they looked is kept. Raises ``SchoolRefused``."""
    core.school.lock()
    session = _there(core, number)
    _noted(core, session, officer, "read", {})
    return core.school.of_session(number)


def evaluations(core: Core, number: str) -> Sequence[Evaluation]:
    """What people thought; nobody's name is there. Raises ``SchoolRefused``."""
    _there(core, number)
    return core.school.evaluations(number)


def history(core: Core, number: str) -> Sequence[SchoolEvent]:
    """What officers did with it; raises ``SchoolRefused``."""
    _there(core, number)
    return core.school.history(number)


def _there(core: Core, number: str) -> Session:
    session = core.school.session(number)
    if session is None:
        raise SchoolRefused("unknown", f"there is no session {number!r}; see: bureau school list")
    return session


def _to_come(core: Core, number: str) -> Session:
    core.school.lock()
    session = _there(core, number)
    if session.state == "cancelled":
        raise SchoolRefused("cancelled", "it was cancelled already")
    if session.begins <= core.now:
        raise SchoolRefused("begun", "it has begun already")
    return session


def _check(core: Core, session: Session) -> None:
    """A hall that is there, a room in words, a time to come, and a room and teacher that are free then."""
    if session.hall not in (known := core.queue.halls()):
        raise SchoolRefused("hall", f"there is no hall {session.hall!r}; known: {', '.join(known)}")
    if not core.now < session.begins <= core.now + AHEAD:
        raise SchoolRefused("ahead", f"give a time within the next {AHEAD.days} days", days=AHEAD.days)
    if not 1 <= session.seats <= MOST_SEATS:
        raise SchoolRefused("seats", f"give 1 to {MOST_SEATS} seats", most=MOST_SEATS)
    if not 2 <= len(session.teacher) <= NAME or not session.teacher.isprintable():
        raise SchoolRefused("teacher", f"teacher: give a name of at most {NAME} characters", most=NAME)
    _words("room", session.room)
    for other in core.school.sessions(core.now):
        if other.session == session.session or other.state == "cancelled":
            continue
        if not (other.begins < session.ends and session.begins < other.ends):
            continue
        if (other.hall, other.room) == (session.hall, session.room):
            raise SchoolRefused(
                "room",
                f"{session_where(core, other)['zh-CN']} holds {other.session} then",
                session=other.session,
            )
        if other.teacher == session.teacher:
            raise SchoolRefused(
                "busy",
                f"{other.teacher} teaches {other.session} then",
                teacher=other.teacher,
                session=other.session,
            )


def _words(field: str, texts: Texts) -> None:
    for lang in LANGUAGES:
        room, text = LONGEST[field] * (1 if lang == "zh-CN" else 3), texts.get(lang, "").strip()
        if not text or len(text) > room or not text.isprintable():
            raise SchoolRefused(
                "words", f"{field}: say it in {lang} on one line, in at most {room} characters", most=room
            )


def _noted(core: Core, session: Session, officer: str, did: SchoolDeed, said: Mapping[str, str]) -> Session:
    core.school.note(SchoolEvent(0, session.session, core.now, officer, did, said))
    return session
