"""k-anonymity with l-diversity by full-domain recoding and bounded suppression.

A row tells of one taxpayer. Whoever looks for one may know some of its columns from elsewhere (``known``: the register
of enterprises is public); others are what they would like to know (``kept``). Each known column has levels, from the
finest that is ever published to the one that tells nothing; one level is taken for the whole column, so that equal
values stay equal. Taken are the levels that lose least under which rows that are still too rare are few, and left out.

Left out is only who is like too few others, which the register tells anybody. A group that is large enough and all of
one mind is never left out, since that it is missing would tell its mind: then a coarser level is taken.

Sources: k-anonymity and the loss of a recoding (precision): Samarati and Sweeney 1998, Sweeney 2002; distinct
l-diversity: Machanavajjhala and others 2007; what a missing group tells (minimality): Wong and others 2007;
GB/T 37964-2019 (个人信息去标识化指南), annex B.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Recoding = Callable[[str], str]
Row = tuple[str, ...]
Counted = Mapping[Row, int]
"""Rows that are wholly alike as one, with their number."""


@dataclass(frozen=True, slots=True)
class Known:
    """A column that may be known from elsewhere; ``levels`` from the finest to the coarsest."""

    name: str
    levels: Sequence[Recoding]


@dataclass(frozen=True, slots=True)
class Rule:
    """``k`` rows at least are alike in all known columns, with ``diversity`` values of each kept one among them.

    At most ``left_out`` of the rows (0 to 1) may be left out for it, and at most ``rows`` are told.
    """

    k: int = 5
    diversity: int = 2
    left_out: Fraction = Fraction(1, 20)
    rows: int = 50_000


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Rows that may be published: known columns recoded, then the kept ones. ``levels``: which was taken of each."""

    rows: Counted
    levels: Mapping[str, int]
    left_out: int


class TooFew(ValueError):
    """However coarse the rows are made, they do not hold the rule."""


def anonymous(rows: Counted, known: Sequence[Known], rule: Rule) -> Anonymous:
    """The rows (first the ``known`` columns, then the kept) with as little lost as the rule allows.

    Raises ``TooFew`` where nothing holds it, which fewer than ``k`` rows never do.
    """
    of = sum(rows.values())
    for levels in _by_loss(known):
        recoded = _recoded(rows, known, levels)
        told = fit(recoded, len(known), rule)
        if told and of - sum(told.values()) <= of * rule.left_out and len(told) <= rule.rows:
            names = (column.name for column in known)
            return Anonymous(told, dict(zip(names, levels, strict=True)), of - sum(told.values()))
    raise TooFew(f"{of} rows cannot be told so that each is like {rule.k - 1} others")


def fit(rows: Counted, known: int, rule: Rule) -> Counted:
    """Those rows that are like enough others in their ``known`` columns; none where such a group is of one mind."""
    told: dict[Row, int] = {}
    for group in _alike(rows, known).values():
        if sum(group.values()) >= rule.k:
            if not diverse(group, known, rule):
                return {}
            told |= group
    return told


def holds(rows: Counted, known: int, rule: Rule) -> bool:
    """Whether rows that are to be published hold the rule, each with its number."""
    groups = _alike(rows, known).values()
    numbered = all(number >= 1 for number in rows.values())
    return numbered and all(sum(g.values()) >= rule.k and diverse(g, known, rule) for g in groups)


def diverse(group: Counted, known: int, rule: Rule) -> bool:
    """Whether rows that are alike in their known columns have several values in each other one."""
    kept = zip(*(row[known:] for row in group), strict=True)
    return all(len(set(values)) >= rule.diversity for values in kept)


def _alike(rows: Counted, known: int) -> Mapping[Row, dict[Row, int]]:
    groups = defaultdict[Row, dict[Row, int]](dict)
    for row, number in rows.items():
        groups[row[:known]][row] = number
    return groups


def _by_loss(known: Sequence[Known]) -> Iterator[tuple[int, ...]]:
    """All choices of levels, the one that loses least first; of those that lose as much, the one that spreads it."""
    choices = itertools.product(*(range(len(column.levels)) for column in known))

    def loss(levels: tuple[int, ...]) -> tuple[Fraction, Fraction]:
        lost = [
            Fraction(level, len(column.levels) - 1) if level else Fraction(0)
            for level, column in zip(levels, known, strict=True)
        ]
        return sum(lost, Fraction(0)), max(lost, default=Fraction(0))

    yield from sorted(choices, key=lambda levels: (loss(levels), levels))


def _recoded(rows: Counted, known: Sequence[Known], levels: Sequence[int]) -> Counted:
    recodings = [column.levels[level] for column, level in zip(known, levels, strict=True)]
    told = Counter[Row]()
    for row, number in rows.items():
        coarse = (recode(value) for recode, value in zip(recodings, row, strict=False))
        told[(*coarse, *row[len(known) :])] += number
    return told
