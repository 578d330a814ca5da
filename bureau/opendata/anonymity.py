"""k-anonymity with l-diversity by full-domain recoding and bounded suppression.

A row tells of one taxpayer. Whoever looks for one may know some of its columns from elsewhere (``known``: the register
of enterprises is public); others are what they would like to know (``kept``). Each known column has levels, from the
finest that is ever published to the one that tells nothing; one level is taken for the whole column, so that equal
values stay equal. Taken are the levels that lose least while rows that are still too rare are few; those are left out.

Sources: k-anonymity and the loss of a recoding (precision): Samarati and Sweeney 1998, Sweeney 2002; distinct
l-diversity: Machanavajjhala and others 2007; GB/T 37964-2019 (个人信息去标识化指南) names both, annex B.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Recoding = Callable[[str], str]
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A column that may be known from elsewhere; ``levels`` from the finest to the coarsest."""

    name: str
    levels: Sequence[Recoding]


@dataclass(frozen=True, slots=True)
class Rule:
    """``k`` rows at least are alike in all known columns, with ``diversity`` values of each kept one among them.

    At most ``left_out`` of the rows (0 to 1) may be left out for it.
    """

    k: int = 5
    diversity: int = 2
    left_out: Fraction = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Rows that may be published: known columns recoded, then the kept ones. ``levels``: which was taken of each."""

    rows: Sequence[Row]
    levels: Mapping[str, int]
    left_out: int


class TooFew(ValueError):
    """However coarse the rows are made, too many of them stay rare."""


def anonymous(rows: Sequence[Row], known: Sequence[Known], rule: Rule) -> Anonymous:
    """The rows (first the ``known`` columns, then the kept) with as little lost as the rule allows, in order of values.

    Raises ``TooFew`` where nothing holds the rule, which a set of fewer than ``k`` rows never does.
    """
    most = int(len(rows) * rule.left_out)
    for levels in _by_loss(known):
        recoded = [_recoded(row, known, levels) for row in rows]
        fit = safe(recoded, len(known), rule)
        if fit and len(recoded) - len(fit) <= most:
            names = (column.name for column in known)
            return Anonymous(sorted(fit), dict(zip(names, levels, strict=True)), len(recoded) - len(fit))
    raise TooFew(f"{len(rows)} rows cannot be told so that each is like {rule.k - 1} others")


def safe(rows: Iterable[Row], known: int, rule: Rule) -> list[Row]:
    """Those rows that are like enough others in their first ``known`` columns, in their order."""
    alike = defaultdict[Row, list[Row]](list)
    for row in rows:
        alike[row[:known]].append(row)
    return [row for group in alike.values() if holds(group, known, rule) for row in group]


def holds(group: Sequence[Row], known: int, rule: Rule) -> bool:
    """Whether rows that are alike in their known columns hold the rule."""
    kept = zip(*(row[known:] for row in group), strict=True)
    return len(group) >= rule.k and all(len(set(values)) >= rule.diversity for values in kept)


def smallest(rows: Iterable[Row], known: int) -> int:
    """How many rows the rarest is like, itself with them; 0 where there are none."""
    return min(Counter(row[:known] for row in rows).values(), default=0)


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


def _recoded(row: Row, known: Sequence[Known], levels: Sequence[int]) -> Row:
    told = (column.levels[level](value) for column, level, value in zip(known, levels, row, strict=False))
    return (*told, *row[len(known) :])
