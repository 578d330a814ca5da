"""好差评: what visitors thought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rating:
    """好差评 of one item, 5 very satisfied to 1 very dissatisfied; ``case`` follows up a low one."""

    key: str
    service: str
    item: str
    level: int
    reasons: tuple[str, ...]
    case: str | None
    terminal: str


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating that was kept, and when the centre had it."""

    rating: Rating
    at: datetime


class Ratings(Protocol):
    """好差评: what visitors thought."""

    def rate(self, rating: Rating) -> None:
        """Keep it."""
        ...

    def rated(self, item: str) -> bool:
        """Whether the item was rated before: one rating an item."""
        ...

    def latest(self, limit: int) -> Sequence[Rated]:
        """The last that came, the newest first."""
        ...
