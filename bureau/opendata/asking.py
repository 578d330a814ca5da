"""Questions to an open release: rows of certain values, in an order, some at a time.

Only what is open is asked, which anybody may have whole: a question can tell nothing that the file does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bureau.opendata.recoding import in_order
from bureau.opendata.schema import Column, Row

MOST: Final = 1_000
"""Rows at once."""
MOST_TERMS: Final = 20


class QuestionError(ValueError):
    """A question that this set cannot be asked; ``at`` names the part."""

    def __init__(self, at: str, message: str) -> None:
        super().__init__(f"{at}: {message}")
        self.at = at


@dataclass(frozen=True, slots=True)
class Question:
    """``where``: ``COLUMN:VALUE`` each, of one column any of its values, of several columns all of them.

    ``order``: a column, ``-`` before it from the highest down; bands and years by the number they begin with.
    ``offset`` rows are passed over, ``limit`` told.
    """

    where: Sequence[str] = ()
    order: str = ""
    offset: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """Some of the rows that were asked for, and how many there are."""

    total: int
    rows: Sequence[Row]


def ask(rows: Sequence[Row], columns: Sequence[Column], question: Question) -> Answer:
    """Those of the rows; raises ``QuestionError``."""
    names = [column.name for column in columns]
    wanted = _wanted(question.where, names)
    found = [row for row in rows if all(str(row[at]) in values for at, values in wanted.items())]
    if question.order:
        name = question.order.removeprefix("-")
        at = _place(name, names, "order")
        found.sort(key=lambda row: in_order(row[at]), reverse=question.order != name)
    if question.offset < 0 or not 1 <= question.limit <= MOST:
        raise QuestionError("limit", f"from 1 to {MOST}, and offset from 0")
    return Answer(len(found), found[question.offset : question.offset + question.limit])


def _wanted(where: Sequence[str], names: Sequence[str]) -> Mapping[int, set[str]]:
    if len(where) > MOST_TERMS:
        raise QuestionError("where", f"at most {MOST_TERMS} of them")
    found: dict[int, set[str]] = {}
    for term in where:
        name, colon, value = term.partition(":")
        if not colon:
            raise QuestionError("where", f"write COLUMN:VALUE, not {term[:40]!r}")
        found.setdefault(_place(name, names, "where"), set()).add(value)
    return found


def _place(name: str, names: Sequence[str], at: str) -> int:
    if name not in names:
        raise QuestionError(at, f"there is no column {name[:40]!r}; there are: {', '.join(names)}")
    return names.index(name)
