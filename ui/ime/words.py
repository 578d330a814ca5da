"""The words that are offered: common ones first, in rows of cells that a finger can hit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

COMMON_END = 0xD8
"""GB 2312-1980: rows 16 to 55, bytes B0 to D7, are level 1, the 3,755 characters of daily use."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A word on the strip: ``index`` among all that are offered, and where it lies, in cells."""

    index: int
    text: str
    column: int
    line: int
    span: int


def common_first(words: Sequence[str]) -> list[int]:
    """The places of ``words`` with those of daily use first, and each group in the order it came."""
    return sorted(range(len(words)), key=lambda place: _rarity(words[place]))


def pages(words: Sequence[tuple[int, str]], columns: int, lines: int) -> list[list[Cell]]:
    """Lay out (index, text) pairs on pages of ``lines`` rows of ``columns`` cells; a long word takes several."""
    found: list[list[Cell]] = []
    column, line = columns, lines
    for index, text in words:
        span = min(columns, span_of(text))
        if column + span > columns:
            column, line = 0, line + 1
        if line >= lines or not found:
            found.append([])
            line = 0
        found[-1].append(Cell(index, text, column, line, span))
        column += span
    return found


def span_of(text: str) -> int:
    """How many cells a word needs: two characters fit into one, and a cell's gap holds a little more."""
    return math.ceil((len(text) + 0.5) / 2.6)


def _rarity(word: str) -> int:
    try:
        code = word.encode("gb2312")
    except UnicodeEncodeError:
        return 2
    return int(any(lead >= COMMON_END for lead in code[::2]))
