"""Ranges of invoice numbers as disjoint closed intervals: what is held, reserved, delivered, left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kiosk.domain.errors import RangeError

WIDTH = 8


@dataclass(frozen=True, slots=True, order=True)
class InvoiceRange:
    """The numbers from ``first`` to ``last`` of one code, both included, 8 digits with leading zeros."""

    first: str
    last: str

    def __post_init__(self) -> None:
        for number in (self.first, self.last):
            if not re.fullmatch(r"[0-9]{8}", number):
                raise RangeError("an invoice number has 8 digits, leading zeros kept")
        if self.first > self.last:
            raise RangeError(f"a range runs upwards: {self.first} comes after {self.last}")

    @classmethod
    def starting(cls, first: str, count: int) -> InvoiceRange:
        """``count`` numbers from ``first``; raise ``RangeError`` below one or beyond 99999999."""
        if count < 1:
            raise RangeError("a range holds at least one number")
        return cls(first, add(first, count - 1))

    @property
    def count(self) -> int:
        """How many numbers: last - first + 1."""
        return int(self.last) - int(self.first) + 1

    def __contains__(self, number: object) -> bool:
        return (
            isinstance(number, str)
            and re.fullmatch(r"[0-9]{8}", number) is not None
            and self.first <= number <= self.last
        )

    def __iter__(self) -> Iterator[str]:
        return (f"{n:0{WIDTH}d}" for n in range(int(self.first), int(self.last) + 1))

    def overlaps(self, other: InvoiceRange) -> bool:
        """Whether a number lies in both."""
        return self.first <= other.last and other.first <= self.last

    def split(self, count: int) -> tuple[InvoiceRange, InvoiceRange | None]:
        """The first ``count`` numbers and what is left (None: nothing); raise ``RangeError`` when too few."""
        if not 1 <= count <= self.count:
            raise RangeError(f"cannot take {count} of {self.count} numbers")
        if count == self.count:
            return self, None
        return InvoiceRange.starting(self.first, count), InvoiceRange(add(self.first, count), self.last)

    def subtract(self, other: InvoiceRange) -> tuple[InvoiceRange, ...]:
        """The numbers of this range that are not in ``other``: none, one or two ranges."""
        if not self.overlaps(other):
            return (self,)
        left = [InvoiceRange(self.first, add(other.first, -1))] if self.first < other.first else []
        right = [InvoiceRange(add(other.last, 1), self.last)] if other.last < self.last else []
        return (*left, *right)


Ranges = tuple[InvoiceRange, ...]
"""Ranges in normal form: sorted, disjoint, neighbours joined."""


def add(number: str, steps: int) -> str:
    """The number ``steps`` further; raise ``RangeError`` when that leaves 00000000 … 99999999."""
    moved = int(number) + steps
    if not 0 <= moved < 10**WIDTH:
        raise RangeError(f"there is no invoice number {steps} steps from {number}")
    return f"{moved:0{WIDTH}d}"


def normal(ranges: Iterable[InvoiceRange], *, disjoint: bool = False) -> Ranges:
    """The normal form of ``ranges``; with ``disjoint`` a number in two of them raises ``RangeError``."""
    done: list[InvoiceRange] = []
    for item in sorted(ranges):
        if done and item.first <= done[-1].last:
            if disjoint:
                raise RangeError(f"number {item.first} is in two ranges")
            done[-1] = InvoiceRange(done[-1].first, max(done[-1].last, item.last))
        elif done and int(item.first) == int(done[-1].last) + 1:
            done[-1] = InvoiceRange(done[-1].first, item.last)
        else:
            done.append(item)
    return tuple(done)


def union(*groups: Iterable[InvoiceRange]) -> Ranges:
    """All numbers of any group."""
    return normal(item for group in groups for item in group)


def subtract(ranges: Iterable[InvoiceRange], taken: Iterable[InvoiceRange]) -> Ranges:
    """The numbers of ``ranges`` that are not ``taken``."""
    left = normal(ranges)
    for gone in taken:
        left = tuple(part for item in left for part in item.subtract(gone))
    return normal(left)


def intersect(ranges: Iterable[InvoiceRange], others: Iterable[InvoiceRange]) -> Ranges:
    """The numbers in both."""
    mine = normal(ranges)
    return subtract(mine, subtract(mine, others))


def count(ranges: Iterable[InvoiceRange]) -> int:
    """How many different numbers."""
    return sum(item.count for item in normal(ranges))


def of_numbers(numbers: Iterable[str]) -> Ranges:
    """The ranges that hold exactly these numbers."""
    return normal(InvoiceRange(number, number) for number in numbers)
