"""Sums over several respondents, and which of them would tell of one.

A cell is told when enough took part in it and the largest cannot be guessed closely by the second largest, who knows
their own part: the p%-rule, with the threshold rule before it (Hundepool and others, Statistical Disclosure Control,
2012, chapter 4). No sums over cells are published, so that no cell that is left out follows from others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEWEST = 5
"""So many respondents at least; for counts of visits, so many visits."""
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
    amounts = defaultdict[tuple[str, ...], dict[str, int]](dict)
    numbers = defaultdict[tuple[str, ...], int](int)
    for part in parts:
        among = amounts[part.cell]
        among[part.respondent] = among.get(part.respondent, 0) + part.amount
        numbers[part.cell] += part.number
    cells = {
        cell: Cell(len(among), numbers[cell], sum(among.values()))
        for cell, among in sorted(amounts.items())
        if _safe(list(among.values()))
    }
    return cells, len(amounts) - len(cells)


def _safe(amounts: list[int]) -> bool:
    if len(amounts) < FEWEST:
        return False
    largest, _second, *others = sorted((abs(amount) for amount in amounts), reverse=True)
    return 100 * sum(others) >= PROTECTED * largest
