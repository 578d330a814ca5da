"""Complaints about service (纳税服务投诉) and tip-offs (检举), and what was done with each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON

Desk = Literal["complaint", "report"]
"""Which officers it is for: those of complaints, or those of tip-offs alone."""
FeedbackState = Literal["received", "accepted", "refused", "answered", "closed"]
"""``closed``: whoever made it has said what they think of the answer. Objected to, it is ``accepted`` once more."""
Course = Literal["", "inspect", "investigate", "hold"]
"""What is done with a tip-off that was taken up: inspected (立案检查), looked into (调查核实), kept for more (暂存)."""
Act = Literal["accept", "refuse", "answer", "extend", "transfer", "read", "again", "rate", "longer"]
"""``again`` and ``rate`` are of whoever made it; ``longer`` asks for what ``extend`` allows."""


@dataclass(frozen=True, slots=True)
class FeedbackCase:
    """One of them. ``sealed``: what was said, by whom, in the vault's seal; ``reply``: the latest answer, likewise.

    ``mobile`` is there for complaints alone; of whoever gave a tip-off nothing stands outside the seal but whether
    they gave a name (``named``). ``round`` is 2 once the answer was objected to.
    """

    __pydantic_config__ = IN_JSON

    number: str
    key: str
    desk: Desk
    kind: str
    named: bool
    mobile: str
    terminal: str
    hall: str
    received_at: datetime
    accept_by: date
    answer_by: date
    state: FeedbackState
    code_sha256: str
    sealed: bytes = field(repr=False)
    reply: bytes | None = field(default=None, repr=False)
    answered_at: datetime | None = None
    round: int = 1
    course: Course = ""
    unit: str = ""
    reason: str = ""
    extended: bool = False
    level: int | None = None


@dataclass(frozen=True, slots=True)
class FeedbackAct:
    """One thing done with a case, the ``seq``-th, by an officer; ``second`` allowed it. ``sealed``: their words."""

    __pydantic_config__ = IN_JSON

    number: str
    seq: int
    at: datetime
    officer: str
    act: Act
    second: str = ""
    sealed: bytes | None = field(default=None, repr=False)


class Feedback(Protocol):
    """Complaints and tip-offs."""

    def number_for(self, key: str, desk: Desk) -> str:
        """The number of the one that the effect with this key brings."""
        ...

    def add(self, case: FeedbackCase) -> None:
        """Enter one."""
        ...

    def case(self, number: str, *, lock: bool = False) -> FeedbackCase | None:
        """One by its number; with ``lock`` nobody else changes it until the transaction ends."""
        ...

    def by_key(self, key: str) -> FeedbackCase | None:
        """The one that the effect with this key brought."""
        ...

    def of_phone(self, mobile: str, limit: int) -> Sequence[FeedbackCase]:
        """Complaints that named this phone, the latest first."""
        ...

    def change(self, case: FeedbackCase) -> None:
        """Keep what was decided of it."""
        ...

    def note(self, act: FeedbackAct) -> None:
        """Keep what was done; what was noted is never changed."""
        ...

    def acts(self, number: str) -> Sequence[FeedbackAct]:
        """What was done with it, in order."""
        ...

    def listed(self, desk: Desk, states: Sequence[FeedbackState], limit: int) -> Sequence[FeedbackCase]:
        """Those of a desk in these states, the one whose next term ends first on top."""
        ...
