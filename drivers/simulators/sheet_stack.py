"""Numbered blank sheets in a storage unit of the dispenser, and what can be wrong with one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

NUMBER_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """One blank invoice: its printed code and number; ``smudged`` hides them from the reader."""

    code: str
    number: str
    smudged: bool = False


@dataclass(slots=True)
class Stack:
    """Sheets in the order they will be fed, kept as runs of consecutive numbers.

    ``oddities`` says what happens at the n-th feed this stack ever makes: ``jam``, ``double``, ``smudged``.
    """

    runs: list[tuple[str, int, int]] = field(default_factory=list)
    present: bool = True
    feeds: int = 0
    oddities: dict[int, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Sheets left."""
        return sum(count for _, _, count in self.runs)

    @property
    def front(self) -> Sheet | None:
        """The sheet that would be fed next."""
        if not self.runs:
            return None
        code, first, _ = self.runs[0]
        return Sheet(code, f"{first:0{NUMBER_DIGITS}d}")

    def add(self, code: str, first: str, count: int) -> None:
        """Put sheets behind those that are there."""
        self.runs.append((code, int(first), count))

    def take(self) -> Sheet | None:
        """Take the front sheet off the stack."""
        sheet = self.front
        if sheet is None:
            return None
        code, first, count = self.runs[0]
        self.runs[0:1] = [(code, first + 1, count - 1)] if count > 1 else []
        return sheet

    def empty(self) -> list[Sheet]:
        """Take every sheet out."""
        taken = []
        while (sheet := self.take()) is not None:
            taken.append(sheet)
        return taken

    def number_at(self, place: int, plus: int) -> str | None:
        """The number at ``place`` (1 is the front) increased by ``plus``; None when there is no such sheet."""
        for _, first, count in self.runs:
            if place <= count:
                return f"{(first + place - 1 + plus) % 10**NUMBER_DIGITS:0{NUMBER_DIGITS}d}"
            place -= count
        return None

    def exchange(self, place: int, number: str) -> str | None:
        """The sheet at ``place`` (1 is the front) carries another number; its right one, None if there is none."""
        at = place - 1
        for index, (code, first, count) in enumerate(self.runs):
            if at < count:
                parts = [(code, first, at), (code, int(number), 1), (code, first + at + 1, count - at - 1)]
                self.runs[index : index + 1] = [part for part in parts if part[2] > 0]
                return f"{first + at:0{NUMBER_DIGITS}d}"
            at -= count
        return None

    def next_oddity(self) -> str | None:
        """Count one feed and say what is odd about it."""
        self.feeds += 1
        return self.oddities.pop(self.feeds, None)

    def as_json(self) -> dict[str, Any]:
        """For the file that outlives the simulator."""
        return {
            "runs": [list(run) for run in self.runs],
            "present": self.present,
            "feeds": self.feeds,
            "oddities": {str(at): what for at, what in self.oddities.items()},
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Stack:
        """The stack that ``as_json`` wrote."""
        runs = [(str(code), int(first), int(count)) for code, first, count in kept["runs"]]
        oddities = {int(at): str(what) for at, what in kept["oddities"].items()}
        return cls(runs, bool(kept["present"]), int(kept["feeds"]), oddities)
