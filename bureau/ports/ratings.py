"""好差评: what visitors thought."""

from __future__ import annotations

from dataclasses import dataclass
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


class Ratings(Protocol):
    """好差评: what visitors thought."""

    def rate(self, rating: Rating) -> None:
        """Keep it."""
        ...

    def rated(self, item: str) -> bool:
        """Whether the item was rated before: one rating an item."""
        ...
