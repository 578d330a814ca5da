"""Conversations of officers with people at terminals, and people who are to be called back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON

TalkState = Literal["waiting", "taken", "ended"]
EndedBy = Literal["", "person", "officer", "lost"]
"""``lost``: the terminal asked for news no more."""
ScreenState = Literal["no", "asked", "shared", "refused"]
LineKind = Literal["text", "source", "service"]
Slot = Literal["morning", "afternoon", "any"]
CallState = Literal["open", "reached", "closed"]
"""``closed``: nobody was reached as often as the rules ask, and no more is tried."""
Tried = Literal["reached", "missed", "closed"]


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation. ``sealed``: who asks and what about; ``picture``: the screen that is shown now, likewise.

    ``visit`` is that of the terminal, by which it goes on with it. ``said``: the last line of the person that came;
    ``spoken``: how many lines there are of both.
    """

    __pydantic_config__ = IN_JSON

    number: str
    visit: str
    terminal: str
    hall: str
    lang: str
    topic: str
    asked_at: datetime
    heard_at: datetime
    sealed: bytes = field(repr=False)
    state: TalkState = "waiting"
    officer: str = ""
    taken_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: EndedBy = ""
    screen: ScreenState = "no"
    picture: bytes | None = field(default=None, repr=False)
    said: int = 0
    spoken: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """The ``seq``-th line of a conversation, its words sealed; ``officer`` empty: the person said it."""

    __pydantic_config__ = IN_JSON

    number: str
    seq: int
    at: datetime
    officer: str
    kind: LineKind
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody who is to be called back. ``sealed``: phone and words; ``talk``: the conversation that came before."""

    __pydantic_config__ = IN_JSON

    number: str
    key: str
    talk: str
    terminal: str
    hall: str
    lang: str
    topic: str
    slot: Slot
    asked_at: datetime
    call_by: date
    sealed: bytes = field(repr=False)
    state: CallState = "open"
    tries: int = 0
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """What an officer did about a call-back; ``sealed``: what they noted."""

    __pydantic_config__ = IN_JSON

    number: str
    seq: int
    at: datetime
    officer: str
    did: Tried
    sealed: bytes | None = field(default=None, repr=False)


class Remote(Protocol):
    """Conversations, who answers, and call-backs."""

    def lock(self) -> None:
        """Nobody else opens, takes or gives back a conversation until the transaction ends."""
        ...

    def number_for(self, key: str) -> str:
        """The number of the conversation or call-back that this key opens, twenty digits."""
        ...

    def add(self, talk: Talk) -> None:
        """Enter a conversation."""
        ...

    def find(self, number: str, *, lock: bool = False) -> Talk | None:
        """One by its number; with ``lock`` nobody else changes it until the transaction ends."""
        ...

    def of_visit(self, terminal: str, visit: str, *, lock: bool = False) -> Talk | None:
        """That of a visit at this terminal."""
        ...

    def change(self, talk: Talk) -> None:
        """Keep everything but number, visit and terminal."""
        ...

    def listed(self, states: Sequence[TalkState], limit: int) -> Sequence[Talk]:
        """Those in these states, who has waited longest first."""
        ...

    def latest(self, limit: int) -> Sequence[Talk]:
        """Those that are over, the latest first."""
        ...

    def of_officer(self, officer: str) -> Talk | None:
        """The one that this officer has taken and nobody has ended."""
        ...

    def say(self, line: Line) -> None:
        """Add a line; none is ever changed."""
        ...

    def lines(self, number: str, after: int = 0) -> Sequence[Line]:
        """Those of a conversation behind the ``after``-th, in order."""
        ...

    def serve(self, officer: str, until: datetime | None) -> None:
        """The officer answers until then; None: no more."""
        ...

    def serving(self) -> Mapping[str, datetime]:
        """Until when each officer answers who ever did, past moments too."""
        ...

    def add_call(self, call: Call) -> None:
        """Enter a call-back."""
        ...

    def call(self, number: str, *, lock: bool = False) -> Call | None:
        """One by its number; with ``lock`` nobody else changes it until the transaction ends."""
        ...

    def change_call(self, call: Call) -> None:
        """Keep state, tries and when it was settled."""
        ...

    def calls(self, states: Sequence[CallState], limit: int) -> Sequence[Call]:
        """Those in these states, whose day comes first on top."""
        ...

    def note(self, tried: Try) -> None:
        """Keep what was done about a call-back; none is ever changed."""
        ...

    def tried(self, number: str) -> Sequence[Try]:
        """What was done about it, in order."""
        ...

    def forget(self, before: datetime) -> None:
        """Forget conversations that ended before then, and call-backs that were settled before then, entirely."""
        ...
