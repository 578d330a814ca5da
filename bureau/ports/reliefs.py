"""Reliefs that are granted on application (核准类减免税): what one officer examined and another one granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Relief:
    """A relief of one tax, for whole months: at most so many fen in all, or a share of the tax.

    ``relief``: what it is, as the matter has it; ``tax``: of which tax of the books. ``first`` and ``last``: the first
    day of its first month and the last of its last. Either ``amount_fen`` or ``percent`` is there. ``granted_by`` None:
    one officer has examined it (审核), and it counts for nothing before another one has granted it (核准).
    """

    case: str
    taxpayer: str
    relief: str
    tax: str
    first: date
    last: date
    amount_fen: int | None
    percent: int | None
    examined_by: str
    granted_by: str | None = None
    granted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What a relief did to returns that were filed before it was granted.

    How many were filed anew, by how much less, fen, and how much of their taxes is paid too much since.
    """

    returns: int = 0
    less_fen: int = 0
    overpaid_fen: int = 0


class Reliefs(Protocol):
    """Reliefs by the case in which they were applied for."""

    def examine(self, relief: Relief) -> None:
        """Keep what an officer would have granted."""
        ...

    def relief(self, case: str, *, lock: bool = False) -> Relief | None:
        """That of a case, granted or not; with ``lock`` nobody else grants it until the transaction ends."""
        ...

    def grant(self, relief: Relief, by: str, day: date) -> Relief:
        """In force from now on: granted by another officer on ``day``."""
        ...

    def drop(self, case: str) -> None:
        """What was examined is refused after all; one that was granted stays."""
        ...

    def granted(self, taxpayer: str) -> Sequence[Relief]:
        """Those that were granted to a taxpayer, the earliest month first, then by case."""
        ...
