"""How deep the tests go: on every change some of many like cases, in ``make deep`` all of them.

Somebody waits for ``make test``. Where a rule is held against hundreds of cases that differ in nothing the rule looks
at, it takes enough of them to see the rule break; the cases are the same in every run. ``make deep`` takes them all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

WHOLE = os.environ.get("KIOSK_TESTS_DEPTH") == "whole"
T = TypeVar("T")


def spread(count: int, most: int) -> Iterator[int]:
    """At most ``most`` of the numbers below ``count``: the first, the last, and evenly between."""
    if count <= most:
        return iter(range(count))
    return iter(sorted({round(n * (count - 1) / max(1, most - 1)) for n in range(most)}))


def some(cases: Sequence[T], most: int) -> list[T]:
    """At most ``most`` of them, spread as ``spread`` says; in the whole run all."""
    return list(cases) if WHOLE else [cases[place] for place in spread(len(cases), most)]


def in_turn(cases: Sequence[T], turn: int, most: int) -> list[T]:
    """At most ``most`` of them, from the ``turn``-th on: who comes next begins with another."""
    if WHOLE or len(cases) <= most:
        return list(cases)
    return [cases[(turn + number) % len(cases)] for number in range(most)]


def one_of_each(cases: Iterable[T], like: Callable[[T], Hashable]) -> list[T]:
    """The first of those that ``like`` tells nothing apart of."""
    if WHOLE:
        return list(cases)
    return list({like(case): case for case in reversed(list(cases))}.values())[::-1]


def examples(many: int) -> int:
    """How many inputs a property is tried with: a quarter of ``many``, and twenty at least."""
    return many if WHOLE else max(min(many, 20), many // 4)
