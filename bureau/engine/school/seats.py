"""Seats in a session: who gets one, who waits, who moves up, and why somebody gets none.

House practice, no law: one seat a person; none at two places at the same hour; whoever comes when all are taken waits,
and is told by message when a seat is theirs. All of it is decided with the school locked, so that no two terminals
give the same seat.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bureau.engine.queue.visitors import Visitor
from bureau.engine.refusals import Refused, refuse
from bureau.engine.school.words import course_title, session_when, told_promoted
from bureau.ports.core import Core
from bureau.ports.school import Enrolment, Evaluation, Session
from config.clock import CHINA

CLOSES: Final = timedelta(minutes=30)
"""So long before a course begins its seats are given at the door."""
MOST_WAITING: Final = 20
"""Longer lists are a promise that nobody keeps."""
MOST_OPEN: Final = 5
"""Seats and places of one person in courses to come: so that nobody takes all and comes to none."""
EVALUATED_WITHIN: Final = timedelta(days=60)
HELD: Final = ("seated", "waiting")


def shown(enrolment: Enrolment) -> str:
    """As it stands on the slip: ``10000012``."""
    return f"1{enrolment.number:07}"


def taken(enrolled: Iterable[Enrolment]) -> int:
    """How many seats are given."""
    return sum(one.state == "seated" for one in enrolled)


def waiting(enrolled: Iterable[Enrolment]) -> list[Enrolment]:
    """Who waits, the first first."""
    return [one for one in enrolled if one.state == "waiting"]


def of_visitor(core: Core, visitor: Visitor) -> Sequence[Enrolment]:
    """All of the same person, by document or by phone."""
    return core.school.of_person(sorted(visitor.names), sorted(visitor.mobiles))


def held(core: Core, mine: Sequence[Enrolment]) -> list[tuple[Enrolment, Session]]:
    """Seats and places in courses to come, by the moment at which they begin."""
    found = []
    for one in mine:
        session = core.school.session(one.session)
        if one.state in HELD and session is not None and session.begins > core.now:
            found.append((one, session))
    return sorted(found, key=lambda pair: pair[1].begins)


def why_not(core: Core, session: Session, mine: Sequence[Enrolment]) -> Refused | None:
    """Why this person gets neither a seat nor a place; None: they do."""
    if session.state == "cancelled":
        return refuse("courseCancelled")
    if session.begins - CLOSES <= core.now:
        return refuse("courseBegins")
    own = held(core, mine)
    if any(one.session == session.session for one, _ in own):
        return refuse("courseTaken")
    clash = next((s for _, s in own if s.begins < session.ends and session.begins < s.ends), None)
    if clash is not None:
        return refuse("courseSameTime", course=course_title(clash), when=session_when(clash))
    if len(own) >= MOST_OPEN:
        return refuse("courseEnough", most=str(MOST_OPEN))
    enrolled = core.school.of_session(session.session)
    if taken(enrolled) >= session.seats and len(waiting(enrolled)) >= MOST_WAITING:
        return refuse("courseFull")
    return None


def enrol(core: Core, visitor: Visitor, number: str) -> tuple[Enrolment, Session]:
    """A seat, or a place on the waiting list; raises ``Refused``."""
    core.school.lock()
    session = core.school.session(number)
    if session is None:
        raise refuse("courseUnknown")
    if (no := why_not(core, session, of_visitor(core, visitor))) is not None:
        raise no
    enrolled = core.school.of_session(number)
    free = taken(enrolled) < session.seats and not waiting(enrolled)
    made = Enrolment(
        token=str(uuid.uuid4()),
        number=core.school.next_number(),
        session=number,
        visitor=visitor.name,
        mobile=min(visitor.mobiles, default=""),
        terminal=core.terminal,
        enrolled_at=core.now,
        state="seated" if free else "waiting",
    )
    core.school.enrol(made)
    return made, session


def cancel(core: Core, mine: Sequence[Enrolment], token: str, url: str) -> Enrolment:
    """Give the one of ``mine`` with this token back; who waits first moves up. With the school locked.

    Raises ``Refused``.
    """
    one, session = next(((e, s) for e, s in held(core, mine) if e.token == token), (None, None))
    if one is None or session is None:
        raise refuse("enrolmentGone")
    done = replace(one, state="cancelled", changed_at=core.now)
    core.school.move(done)
    promote(core, session, url)
    return done


def promote(core: Core, session: Session, url: str) -> list[Enrolment]:
    """Give free seats to who waits, the first first, and tell them; with the school locked.

    Nobody moves up once the seats are given at the door.
    """
    if session.state == "cancelled" or session.begins - CLOSES <= core.now:
        return []
    enrolled = core.school.of_session(session.session)
    free, moved = session.seats - taken(enrolled), list[Enrolment]()
    for one in waiting(enrolled)[: max(0, free)]:
        seated = replace(one, state="seated", changed_at=core.now)
        core.school.move(seated)
        moved.append(seated)
        if seated.mobile:
            core.phones.tell(seated.mobile, told_promoted(core, session, f"{url}/t/{seated.token}"))
    return moved


def to_evaluate(core: Core, mine: Sequence[Enrolment]) -> list[tuple[Enrolment, Session]]:
    """Courses that are over, that the person had a seat in and has not evaluated; the latest first."""
    found = []
    for one in mine:
        session = core.school.session(one.session)
        if session is not None and _why_no_evaluation(core, one, session) is None:
            found.append((one, session))
    return sorted(found, key=lambda pair: pair[1].ends, reverse=True)


def evaluate(core: Core, visitor: Visitor, number: str, level: int, words: str) -> tuple[Enrolment, Session]:
    """Once, by who had a seat, when it is over; who it was is not kept beside it. Raises ``Refused``."""
    core.school.lock()
    one = next((e for e in of_visitor(core, visitor) if shown(e) == number), None)
    session = core.school.session(one.session) if one is not None else None
    if one is None or session is None:
        raise refuse("enrolmentUnknown")
    if (no := _why_no_evaluation(core, one, session)) is not None:
        raise no
    done = replace(one, evaluated_at=core.now)
    core.school.move(done)
    day = core.now.astimezone(CHINA).date()
    core.school.evaluate(Evaluation(0, session.session, level, words, day))
    return done, session


def _why_no_evaluation(core: Core, one: Enrolment, session: Session) -> Refused | None:
    if one.evaluated_at is not None:
        return refuse("evaluatedAlready")
    if one.state != "seated" or one.attended is False or session.state == "cancelled":
        return refuse("evaluationNotYours")
    if session.ends > core.now:
        return refuse("evaluationEarly", when=session_when(session))
    if session.ends + EVALUATED_WITHIN < core.now:
        return refuse("evaluationLate", days=str(EVALUATED_WITHIN.days))
    return None
