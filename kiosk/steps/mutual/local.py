"""What the step holds while somebody reads: what is published, what of it was found, what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kiosk.domain.tips import reports_somebody

Row = Mapping[str, Any]
"""A question with its answers, or an idea (``sync.models.mutual``)."""
MOST: Final = 60
MOST_NEAR: Final = 5
LIBRARY: Final = "library:"
"""How the names of the library's answers begin, among those of questions."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The centre is being asked."""


@dataclass(frozen=True, slots=True)
class Searching:
    """It has told, and what of it is meant is looked up."""

    told: Row


@dataclass(frozen=True, slots=True)
class Local:
    """``order``: which rows are shown, by number; ``opened``: which one is read, or empty; ``thanked``: for which."""

    told: Row
    found: Mapping[str, Any]
    topic: str = ""
    words: str = field(default="", repr=False)
    order: tuple[str, ...] = ()
    opened: str = ""
    thanked: frozenset[str] = frozenset()

    @property
    def rows(self) -> Sequence[Row]:
        """Those that are shown."""
        known = {str(row["number"]): row for row in published(self.told)}
        return [known[number] for number in self.order]

    @property
    def entries(self) -> Sequence[Row]:
        """What the library answers; nothing where it does not know."""
        return self.found["entries"] if self.found.get("state") == "answered" else ()

    @property
    def row(self) -> Row | None:
        """The one that is read, unless it is the library's."""
        return next((row for row in self.rows if row["number"] == self.opened), None)

    @property
    def entry(self) -> Row | None:
        """The answer of the library that is read."""
        return next((one for one in self.entries if f"{LIBRARY}{one['id']}" == self.opened), None)

    @property
    def reports(self) -> bool:
        """Whether what was typed looks like a report about somebody."""
        return reports_somebody(self.words)

    def has(self, name: str) -> bool:
        """Whether there is something of that name to read."""
        return name in self.order or any(f"{LIBRARY}{one['id']}" == name for one in self.entries)

    @property
    def may_vote(self) -> bool:
        """Whether it is an idea on which votes are taken still."""
        return self.row is not None and bool(self.row.get("open"))

    def may_thank(self, does: str) -> bool:
        """Whether it is a question with answers that they have not thanked for yet."""
        row = self.row
        return (
            does == "browse" and row is not None and bool(row["answers"]) and self.opened not in self.thanked
        )


def published(told: Row) -> Sequence[Row]:
    """The questions or ideas of an answer of the centre."""
    return told.get("questions") or told.get("rows") or ()


def texts_of(told: Row) -> tuple[tuple[str, str], ...]:
    """Number and words of each, in every language, for looking them up."""
    return tuple((str(row["number"]), "\n".join(_said(row))) for row in published(told))


def _said(row: Row) -> Sequence[str]:
    answers = [text for answer in row.get("answers", ()) for text in answer["text"].values()]
    return list(dict.fromkeys([*row["text"].values(), *row["topic_text"].values(), *answers]))


def rows_of(local: Local, does: str, topic: str, words: str) -> tuple[str, ...]:
    """Which are shown: of the topic where only browsing, with an answer where one's own question is compared."""
    found = published(local.told)
    if does == "browse" and topic not in ("", "all"):
        found = [row for row in found if row["topic"] == topic]
    if does == "nearby":
        found = [row for row in found if row["answers"]]
    numbers = [str(row["number"]) for row in found]
    if words:
        known = set(numbers)
        numbers = [number for number in local.found.get("among", ()) if number in known]
    return tuple(numbers[: MOST if does == "browse" else MOST_NEAR])
