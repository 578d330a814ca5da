"""Surveys (调查问卷): what officers ask whoever comes, and the answers, of nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON
from sync.models import QuestionKind, Texts

SurveyState = Literal["proposed", "refused", "published", "closed"]
"""``closed``: ended by an officer before its last day."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may be answered."""

    option: str
    title: Texts


@dataclass(frozen=True, slots=True)
class SurveyAsks:
    """One question. ``most``: of ``many`` so many at most, 0: all. ``optional``: it may be passed by."""

    question: str
    kind: QuestionKind
    ask: Texts
    options: Sequence[Option] = ()
    most: int = 0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey, asked from ``since`` to ``until``, both included. ``reason``: why it was refused or closed."""

    __pydantic_config__ = IN_JSON

    survey: str
    title: Texts
    about: Texts
    since: date
    until: date
    questions: Sequence[SurveyAsks]
    state: SurveyState
    proposed_by: str
    proposed_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    reason: Texts | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to one question."""

    question: str
    options: Sequence[str] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """The answers of one visitor: in which hall, on which day, and nothing of who it was or at which terminal.

    ``token`` is random, so that their order says nothing of who came first.
    """

    __pydantic_config__ = IN_JSON

    token: str
    survey: str
    hall: str
    day: date
    replies: Sequence[Reply]


@dataclass(frozen=True, slots=True)
class SurveyEvent:
    """What an officer did with a survey, and when; ``read``: looked at its results."""

    __pydantic_config__ = IN_JSON

    number: int
    survey: str
    at: datetime
    officer: str
    did: Literal["proposed", "refused", "published", "closed", "read"]
    said: Mapping[str, str]


class Surveys(Protocol):
    """Surveys, their answers, and what was done with them; nothing of any is ever deleted."""

    def lock(self) -> None:
        """Nobody else changes a survey until the transaction ends."""
        ...

    def entries(self) -> Sequence[Survey]:
        """All, the one that ends first on top, by name where they end on one day."""
        ...

    def find(self, survey: str) -> Survey | None:
        """One by its name."""
        ...

    def add(self, survey: Survey) -> None:
        """Enter one."""
        ...

    def change(self, survey: Survey) -> None:
        """Keep its state, and who decided or ended it, why and when; what it asks stays as it was."""
        ...

    def answered(self, survey: str, visit: str) -> bool:
        """Note that this visit answers it; False where it had. ``visit`` is a digest, kept apart from the answers."""
        ...

    def take(self, answer: SurveyAnswer) -> None:
        """Enter the answers of one visitor."""
        ...

    def answers(self, survey: str) -> Sequence[SurveyAnswer]:
        """All answers to one, by their random names."""
        ...

    def note(self, event: SurveyEvent) -> None:
        """Enter what was done; the number is given here."""
        ...

    def history(self, survey: str) -> Sequence[SurveyEvent]:
        """What officers did with one, the first first."""
        ...
