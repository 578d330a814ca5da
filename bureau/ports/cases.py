"""Matters that a person of the bureau has to look into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Case:
    """One of them. ``reference`` is what it is about: an order, a day, a reservation."""

    case: str
    kind: str
    reference: str
    details: Mapping[str, object]
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    closed_second: str = ""
    """The second officer, where money hung on it."""
    outcome: str = ""
    note: str = ""

    @property
    def open(self) -> bool:
        """Whether somebody still has to look into it."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Ending:
    """How one ends: a word of ``outcome``, by whom (a file's name where no person did), and what they found."""

    outcome: str
    by: str
    second: str = ""
    note: str = ""


class Cases(Protocol):
    """Matters that a person of the bureau has to look into."""

    def open(self, kind: str, reference: str, details: dict[str, object]) -> str:
        """The number of the case; the same kind and reference again is the same case, also once it is closed."""
        ...

    def case(self, case: str, *, lock: bool = False) -> Case | None:
        """One case; with ``lock`` nobody else closes it until the transaction ends."""
        ...

    def about(self, reference: str) -> Sequence[Case]:
        """Every case about an order or another thing, closed ones too, in the order of their numbers."""
        ...

    def listed(self, kind: str, limit: int, *, closed: bool = False) -> Sequence[Case]:
        """Those of one kind: open ones, the oldest first; or ``closed`` ones, the last to be closed first."""
        ...

    def close(self, case: str, ending: Ending) -> None:
        """End it; one that is closed stays as it was closed."""
        ...

    def reopen(self, case: str) -> None:
        """Somebody has to look into it once more; how it was closed stays readable until it is closed again."""
        ...
