"""Sums over several respondents, and which of them would tell of one.

A cell is told when enough took part in it and neither the largest amount nor the largest number in it can be guessed
closely by the second largest, who knows their own: the p%-rule, with the threshold rule before it (Hundepool and
others, Statistical Disclosure Control, 2012, chapter 4; amounts that may be negative by what they come to without
their sign, and by what they come to with it). A cell of nothing but zeros would tell each of them. No sums over cells
are published, so that no cell that is left out follows from others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

FEWEST = 5
"""So many respondents at least."""
PROTECTED = 15
"""The second largest must not come closer to the largest part than so many of a hundred."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one respondent has in one cell."""

    cell: tuple[str, ...]
    respondent: str
    number: int
    amount: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A sum that may be told."""

    respondents: int
    number: int
    amount: int


def told(parts: Iterable[Part]) -> tuple[Mapping[tuple[str, ...], Cell], int]:
    """The cells that may be told, in order, and how many may not."""
    numbers = defaultdict[tuple[str, ...], dict[str, int]](lambda: defaultdict(int))
    amounts = defaultdict[tuple[str, ...], dict[str, int]](lambda: defaultdict(int))
    for part in parts:
        numbers[part.cell][part.respondent] += part.number
        amounts[part.cell][part.respondent] += part.amount
    cells = {
        cell: Cell(len(among), sum(numbers[cell].values()), sum(among.values()))
        for cell, among in sorted(amounts.items())
        if len(among) >= FEWEST and _even(numbers[cell].values()) and _even(among.values())
    }
    return cells, len(amounts) - len(cells)


def _even(parts: Collection[int]) -> bool:
    largest, _second, *others = sorted(parts, key=abs, reverse=True)
    rest = min(sum(abs(part) for part in others), abs(sum(others)))
    return bool(largest) and 100 * rest >= PROTECTED * abs(largest)
