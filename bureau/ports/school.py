"""The tax school (税务学堂): when courses are held, who has a seat or waits for one, and what they thought of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON
from sync.models import Texts

SessionState = Literal["open", "cancelled"]
SeatState = Literal["seated", "waiting", "cancelled", "dropped"]
"""``cancelled``: given back by who had it. ``dropped``: the bureau cancelled the course."""
SchoolDeed = Literal["planned", "moved", "cancelled", "marked", "read"]


@dataclass(frozen=True, slots=True)
class Session:
    """One time at which a course of ``config/school`` is held. ``reason`` is why it was cancelled."""

    __pydantic_config__ = IN_JSON

    session: str
    course: str
    hall: str
    room: Texts
    teacher: str
    begins: datetime
    ends: datetime
    seats: int
    state: SessionState = "open"
    reason: Texts | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One person's seat in a session, or their place on its waiting list. ``token`` opens it on the phone.

    ``visitor`` is who enrolled (``bureau.engine.queue.visitors``), ``mobile`` their phone, empty where none is known.
    ``attended`` is None until it was marked.
    """

    __pydantic_config__ = IN_JSON

    token: str
    number: int
    session: str
    visitor: str
    mobile: str
    terminal: str
    enrolled_at: datetime
    state: SeatState
    changed_at: datetime | None = None
    attended: bool | None = None
    evaluated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What somebody who was enrolled thought of a session; who it was is not kept beside it."""

    __pydantic_config__ = IN_JSON

    number: int
    session: str
    level: int
    words: str
    day: date


@dataclass(frozen=True, slots=True)
class SchoolEvent:
    """What an officer did, and when."""

    __pydantic_config__ = IN_JSON

    number: int
    session: str
    at: datetime
    officer: str
    did: SchoolDeed
    said: Mapping[str, str]


class School(Protocol):
    """Sessions, seats and evaluations; change any of them with ``lock`` held."""

    def lock(self) -> None:
        """Nobody else changes seats or sessions until the transaction ends."""
        ...

    def session(self, session: str) -> Session | None:
        """The session of that number."""
        ...

    def sessions(self, since: datetime) -> Sequence[Session]:
        """All that end after ``since``, by the moment at which they begin."""
        ...

    def next_session(self) -> str:
        """The number of the next one, of six digits."""
        ...

    def plan(self, session: Session) -> None:
        """Enter a session."""
        ...

    def change(self, session: Session) -> None:
        """Keep where and when it is held, by whom, for how many, and its state."""
        ...

    def next_number(self) -> int:
        """One more than the last enrolment's."""
        ...

    def enrol(self, enrolment: Enrolment) -> None:
        """Enter an enrolment."""
        ...

    def move(self, enrolment: Enrolment) -> None:
        """Keep its state, whether they came, and when they evaluated it."""
        ...

    def by_token(self, token: str) -> Enrolment | None:
        """The one that the slip with this token is of."""
        ...

    def of_session(self, session: str) -> Sequence[Enrolment]:
        """All of a session, by number: who waits comes in the order in which they enrolled."""
        ...

    def of_person(self, visitors: Sequence[str], mobiles: Sequence[str]) -> Sequence[Enrolment]:
        """All that were made under one of these names or phones, by number."""
        ...

    def evaluate(self, evaluation: Evaluation) -> None:
        """Enter an evaluation; the number is given here."""
        ...

    def evaluations(self, session: str) -> Sequence[Evaluation]:
        """All of a session."""
        ...

    def note(self, event: SchoolEvent) -> None:
        """Enter what an officer did; the number is given here."""
        ...

    def history(self, session: str) -> Sequence[SchoolEvent]:
        """What officers did with a session, the first first."""
        ...
