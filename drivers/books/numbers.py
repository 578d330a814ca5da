"""Arithmetic on printed numbers, which are text: ``00099900`` and its seven digits' zeros matter."""

from __future__ import annotations

from collections.abc import Iterator


def step(number: str, by: int = 1) -> str | None:
    """The number ``by`` further on, with as many digits; None when it would need more or fall below zero."""
    value = int(number) + by
    text = str(value).zfill(len(number))
    return text if value >= 0 and len(text) == len(number) else None


def count(first: str | None, last: str | None) -> int:
    """How many numbers lie from ``first`` to ``last``, both included; 0 when either is missing."""
    if first is None or last is None:
        return 0
    return max(0, int(last) - int(first) + 1)


def numbers(first: str, last: str) -> Iterator[str]:
    """Every number from ``first`` to ``last``."""
    for value in range(int(first), int(last) + 1):
        yield str(value).zfill(len(first))


def overlap(first: str, last: str, other_first: str, other_last: str) -> bool:
    """Whether two ranges of numbers with as many digits share one."""
    same = len(first) == len(other_first)
    return same and int(first) <= int(other_last) and int(other_first) <= int(last)
