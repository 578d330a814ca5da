"""The tax school (税务学堂): courses, seats, and what people thought of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from sync.models.base import Texts, Wire
from sync.models.certificates import SheetShown

SessionNumber = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
EnrolmentNumber = Annotated[str, Field(pattern=r"^1[0-9]{7}$")]
Token = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
MOST_WORDS = 200


class SchoolCourse(Wire):
    """One session of a course, or a course that is not held now (``reading``), with the address of its courseware.

    ``row`` tells it from all others; ``number`` is that of the session, by which one enrols without the network.
    """

    row: str
    number: str
    title: Texts
    about: Texts
    audience: Texts
    when_text: Texts
    where_text: Texts
    teacher: str
    seats_text: Texts
    state: Literal["open", "full", "cancelled", "reading"]
    courseware: str


class SchoolTopic(Wire):
    """What a person chooses by: a topic, or all by day (``soon``)."""

    topic: str
    title: Texts
    note: Texts
    as_of: AwareDatetime
    courses: list[SchoolCourse]


class SchoolCourses(Wire):
    """``school.courses``: sessions to come by day and by topic, and courses to read whenever one likes."""

    as_of: AwareDatetime
    topics: list[SchoolTopic]


class SchoolChoice(Wire):
    """A session as it is for who asks; ``why_not`` is there where they can neither take a seat nor wait."""

    session: SessionNumber
    title: Texts
    when_text: Texts
    where_text: Texts
    teacher: str
    seats_text: Texts
    state: Literal["open", "full", "cancelled"]
    open: bool
    why_not: Texts | None


class SchoolChoices(Wire):
    """``school.choices``: sessions to come, the next first."""

    rows: list[SchoolChoice]


class SchoolEnrol(Wire):
    """``school.enrol``: a seat for whoever stands there: of the session that was chosen, or by its number as typed."""

    session: SessionNumber | None = None
    number: SessionNumber | None = None


class SchoolEnrolled(SheetShown):
    """A seat, or a place on the waiting list; ``verify_url`` is where it is followed and given back by phone."""

    number: EnrolmentNumber
    state: Literal["seated", "waiting"]
    state_text: Texts
    course_title: Texts
    when_text: Texts
    where_text: Texts
    verify_url: str


class SchoolOwn(Wire):
    """One's own enrolment."""

    token: Token
    number: EnrolmentNumber
    title: Texts
    when_text: Texts
    where_text: Texts
    state: Literal["seated", "waiting"]
    place_text: Texts


class SchoolOwns(Wire):
    """``school.mine``: what may be given back; ``school.attended``: what may be evaluated."""

    rows: list[SchoolOwn]


class SchoolCancel(Wire):
    """``school.cancel``: the seat or place is given back."""

    token: Token


class SchoolCancelled(Wire):
    """It was."""

    number: EnrolmentNumber


class SchoolEvaluate(Wire):
    """``school.evaluate``: five levels and words, of the enrolment that was chosen, or by its number as typed."""

    enrolment: EnrolmentNumber | None = None
    number: EnrolmentNumber | None = None
    level: Literal["very-good", "good", "fair", "bad", "very-bad"]
    words: Annotated[str, Field(max_length=MOST_WORDS)] | None = None


class SchoolEvaluated(Wire):
    """It was taken; who said it is not kept beside it."""

    number: EnrolmentNumber
    course_title: Texts
