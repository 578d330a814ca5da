"""What taxpayers ask, answer and propose: contributions, what people say to them, and what officers do with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON
from sync.models import Texts

Kind = Literal["question", "answer", "idea"]
State = Literal["waiting", "published", "refused", "merged"]
"""``waiting`` for an officer; ``merged``: it is the same as another one, which ``about`` names."""
Stage = Literal["", "new", "looked-at", "taken-up", "done", "declined"]
"""How far an idea has come; empty for what is none, and before it is published."""
AuthorClass = Literal["taxpayer", "accountant", "agent", "officer"]
"""As whom somebody writes, by their own word: 纳税人, 会计, 涉税专业服务人员; and 税务人员 of the bureau."""
Reason = Literal["", "personal", "tip-off", "off-topic", "abusive", "wrong", "answered", "unclear"]
"""Why officers do not publish something, or take it back."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One question, answer or idea.

    ``text``: by language, with personal data out of sight; the author's own language and what officers translated.
    ``author``: the phone or document by which it was given, forgotten after some days; empty for an officer's.
    ``about``: of an answer, its question; of what was merged, with what. ``tips_off``: it looks like a report about
    somebody. ``reply``: what officers say to an idea.
    """

    __pydantic_config__ = IN_JSON

    number: str
    key: str
    kind: Kind
    topic: str
    text: Texts
    lang: str
    author: str
    author_class: AuthorClass
    terminal: str
    written_at: datetime
    state: State = "waiting"
    about: str = ""
    tips_off: bool = False
    reason: Reason = ""
    decided_at: datetime | None = None
    confirmed_at: datetime | None = None
    knowledge_on: date | None = None
    stage: Stage = ""
    reply: Texts = field(default_factory=dict)
    replied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people said yes, and how many no: whom an answer helped, or who voted for and against an idea."""

    number: str
    yes: int
    no: int


@dataclass(frozen=True, slots=True)
class Act:
    """What an officer did with a contribution."""

    __pydantic_config__ = IN_JSON

    number: str
    act: str
    officer: str
    at: datetime
    detail: Mapping[str, str]


class Mutual(Protocol):
    """Contributions and what belongs to them."""

    def number_for(self, key: str) -> str:
        """The number of the contribution that the effect with this key makes, twenty digits."""
        ...

    def add(self, new: Contribution) -> None:
        """Enter one."""
        ...

    def find(self, number: str, *, lock: bool = False) -> Contribution | None:
        """One by its number; with ``lock`` nobody else changes it or votes on it until the transaction ends."""
        ...

    def by_key(self, key: str) -> Contribution | None:
        """The one that the effect with this key made."""
        ...

    def change(self, contribution: Contribution) -> None:
        """Keep everything but number, key and kind."""
        ...

    def listed(self, kind: Kind, states: Sequence[State], limit: int) -> Sequence[Contribution]:
        """Of one kind in these states, the newest first, by number where they are as new."""
        ...

    def answers(self, questions: Sequence[str]) -> Sequence[Contribution]:
        """All answers to these questions in whatever state, the oldest first."""
        ...

    def written_by(self, kind: Kind, authors: Sequence[str], since: datetime) -> int:
        """How many of a kind these names have written from then on."""
        ...

    def mark(self, number: str, who: str, value: int, at: datetime) -> None:
        """Keep what somebody says to it, in place of what they said before: 1 yes, -1 no, 0 nothing any more."""
        ...

    def tallies(self, numbers: Sequence[str]) -> Sequence[Tally]:
        """Of those to which anybody says anything."""
        ...

    def marked(self, numbers: Sequence[str], names: Sequence[str]) -> Mapping[str, int]:
        """What somebody of these names says, by number."""
        ...

    def join(self, number: str, into: str) -> None:
        """What people say to ``number`` is said to ``into``; who said something there already is left at that."""
        ...

    def note(self, act: Act) -> None:
        """Record an officer's act; never changed or deleted."""
        ...

    def acts(self, number: str) -> Sequence[Act]:
        """What officers did with it, the oldest first."""
        ...

    def forget(self, before: datetime) -> None:
        """Forget who wrote what was written before then."""
        ...
