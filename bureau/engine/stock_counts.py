"""What was counted beside what the books say: by code, in ranges, however many numbers they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bureau.ports.stock import Lots
from kiosk.domain.invoices import InvoiceRange, Ranges, normal, subtract


@dataclass(frozen=True, slots=True)
class Compared:
    """One code: what was counted, what the books have, what is missing, and what is too much."""

    code: str
    counted: Ranges
    book: Ranges
    missing: Ranges
    extra: Ranges


def compared(found: Iterable[tuple[str, InvoiceRange]], book: Lots) -> list[Compared]:
    """Each code of either side, in order."""
    counted, ours = tidy(found), tidy(book)
    rows = []
    for code in sorted({code for code, _ in (*counted, *ours)}):
        left, right = (tuple(n for c, n in lots if c == code) for lots in (counted, ours))
        rows.append(Compared(code, left, right, subtract(right, left), subtract(left, right)))
    return rows


def tidy(lots: Iterable[tuple[str, InvoiceRange]], *, disjoint: bool = False) -> Lots:
    """By code and number, neighbours joined; with ``disjoint`` a number that is there twice raises ``RangeError``."""
    by_code: dict[str, list[InvoiceRange]] = {}
    for code, numbers in lots:
        by_code.setdefault(code, []).append(numbers)
    return tuple(
        (code, numbers) for code in sorted(by_code) for numbers in normal(by_code[code], disjoint=disjoint)
    )


def told(lots: Iterable[tuple[str, InvoiceRange]]) -> list[str]:
    """As people and cases write them."""
    return [f"{code} {numbers.first}-{numbers.last}" for code, numbers in lots]
