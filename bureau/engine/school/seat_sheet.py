"""A seat as the person sees it before the slip is printed, and as whoever holds the slip sees it on the phone."""

from __future__ import annotations

from bureau.engine.school import seats
from bureau.engine.school.words import course_title, place_of, session_when, session_where
from bureau.ports.core import Core
from bureau.ports.public import SeatShown
from bureau.ports.school import Enrolment, Session
from bureau.texts import LANGUAGES, say
from config.school import courses
from sync.models import PreviewFact, SchoolEnrolled, Texts


def enrolled_sheet(core: Core, one: Enrolment, session: Session, url: str) -> SchoolEnrolled:
    """A seat, or which place on the waiting list."""
    number, state = seats.shown(one), state_text(core, one, session)
    title, when, where = course_title(session), session_when(session), session_where(core, session)
    waits = one.state == "waiting"
    return SchoolEnrolled(
        title=say("school.sheet.waiting" if waits else "school.sheet.seated"),
        facts=[
            _fact("course", title),
            _fact("when", when),
            _fact("where", where),
            _fact("teacher", dict.fromkeys(LANGUAGES, session.teacher)),
            _fact("state", state),
        ],
        columns=[],
        rows=[],
        total=[_fact("number", dict.fromkeys(LANGUAGES, number))],
        statements=[say("school.rule.waiting" if waits else "school.rule.seated"), say("school.rule.cancel")],
        number=number,
        state="waiting" if waits else "seated",
        state_text=state,
        course_title=title,
        when_text=when,
        where_text=where,
        verify_url=url,
    )


def state_text(core: Core, one: Enrolment, session: Session) -> Texts:
    """A seat, the place on the list, or why there is neither any more."""
    if one.state == "waiting":
        place = place_of(one, seats.waiting(core.school.of_session(session.session)))
        return say("school.place", place=str(place))
    return say(f"school.state.{one.state}")


def page_of(core: Core, one: Enrolment, session: Session) -> SeatShown:
    """The seat for whoever holds the slip; no name or number of a person."""
    course = courses().get(session.course)
    over = session.ends <= core.now
    return SeatShown(
        number=seats.shown(one),
        state=one.state,
        state_text=say("school.state.over")
        if over and one.state == "seated"
        else state_text(core, one, session),
        course=course_title(session),
        audience=course.audience if course is not None else {},
        when=session_when(session),
        where=session_where(core, session),
        teacher=session.teacher,
        reason=session.reason or {},
        courseware=f"/w/{session.course}" if course is not None else "",
        changeable=bool(seats.held(core, [one])),
    )


def _fact(name: str, value: Texts) -> PreviewFact:
    return PreviewFact(label=say(f"school.fact.{name}"), value=value)
