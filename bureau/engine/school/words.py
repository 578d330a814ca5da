"""A course and a seat in finished words: for the screen, the slip, the message and the page on the phone."""

from __future__ import annotations

from bureau.engine.queue.words import clock, day_in_words
from bureau.ports.core import Core
from bureau.ports.school import Enrolment, Session
from bureau.texts import LANGUAGES, say
from config.clock import CHINA
from config.school import courses
from sync.models import Texts


def course_title(session: Session) -> Texts:
    """What the course is called; one that the files no longer have has its name alone."""
    course = courses().get(session.course)
    return course.title if course is not None else dict.fromkeys(LANGUAGES, session.course)


def session_when(session: Session) -> Texts:
    """``10月13日 周二 09:30–11:00``."""
    day = day_in_words(session.begins.astimezone(CHINA).date())
    hours = f"{clock(session.begins)}–{clock(session.ends)}"
    return {lang: f"{text} {hours}" for lang, text in day.items()}


def session_where(core: Core, session: Session) -> Texts:
    """Hall and room."""
    hall = core.queue.name(session.hall) or dict.fromkeys(LANGUAGES, session.hall)
    return say("school.where", hall=hall, room=session.room)


def seats_left(session: Session, taken: int, waiting: int) -> Texts:
    """How many seats are left, or how many wait already."""
    left = max(0, session.seats - taken) if not waiting else 0
    if session.state == "cancelled":
        return say("school.seats.cancelled")
    return (
        say("school.seats.left", count=str(left)) if left else say("school.seats.waiting", count=str(waiting))
    )


def place_of(enrolment: Enrolment, waiting: list[Enrolment]) -> int:
    """Which one on the waiting list, from 1."""
    return next(n for n, one in enumerate(waiting, start=1) if one.token == enrolment.token)


def told_promoted(core: Core, session: Session, url: str) -> str:
    """The message to who has moved up."""
    return _message("school.sms.promoted", core, session, url=url)


def told_moved(core: Core, session: Session, url: str) -> str:
    """The message that time or place have changed."""
    return _message("school.sms.moved", core, session, url=url)


def told_dropped(core: Core, session: Session) -> str:
    """The message that the course is not held."""
    return _message("school.sms.dropped", core, session, reason=session.reason or {})


def told_queued(core: Core, session: Session, *, seated: bool, url: str) -> str:
    """The message to who enrolled without the network and went home without the answer."""
    return _message("school.sms.seated" if seated else "school.sms.waiting", core, session, url=url)


def _message(name: str, core: Core, session: Session, **more: str | Texts) -> str:
    where, when = session_where(core, session), session_when(session)
    return say(name, course=course_title(session), when=when, where=where, **more)["zh-CN"]
