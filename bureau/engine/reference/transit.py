"""Paper on its way, between cabinets or in a parcel: each number moves in the ledger from where it is, or stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, select

from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.stock import Ledger, Movement, in_range
from bureau.ports.stock import Hands, Where
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange, Ranges, intersect
from sync.stock_note import Span, StockNote

TRANSIT = "transit"
"""The place of paper on its way; its unit is the hand-over's number."""
People = StockNote | Hands | Row[Any]
"""Whoever has an ``operator`` and a ``witness``."""
Slot = tuple[str, str]
"""Place and unit."""


class Transit:
    """Moves and looks, inside one transaction; ``place`` is where paper of this kind is while it is on its way."""

    def __init__(self, context: Context, place: str = TRANSIT) -> None:
        self._context, self._place = context, place
        self._ledger = Ledger(context)

    def leave(self, number: str, slot: Slot, code: str, leaving: Ranges, who: People) -> list[Movement]:
        """Put numbers that lie in a unit on their way with that number."""
        return self._shift(slot, (self._place, number), code, leaving, who)

    def arrive(self, number: str, slot: Slot, code: str, coming: Ranges, who: People) -> list[Movement]:
        """Put numbers that are on their way into a unit, or on the shelf."""
        return self._shift((self._place, number), slot, code, coming, who)

    def _shift(self, source: Slot, target: Slot, code: str, ranges: Ranges, who: People) -> list[Movement]:
        people = {"operator": who.operator, "witness": who.witness}
        here, there = Where("onHand", *source), Where("onHand", *target)
        lines: list[Movement] = []
        for numbers in ranges:
            self._ledger.move(code, numbers, {here}.__contains__, there)
            lines.append(Movement("TRANSFER_OUT", *source, code, numbers, **people))
            lines.append(Movement("TRANSFER_IN", *target, code, numbers, **people))
        return lines

    def write(self, lines: Sequence[Movement]) -> str:
        """One movement of these lines; its number, empty for none."""
        if not lines:
            return ""
        movement = self._context.next_number(Type.MOVEMENT)
        self._ledger.write(movement, lines)
        return movement

    # --- looking ---------------------------------------------------------------------------------------

    def knows(self, code: str) -> bool:
        """Whether the ledger has ever heard of the code."""
        t = tables.invoice_code
        return self._context.connection.execute(select(t.c.code).where(t.c.code == code)).scalar() is not None

    def on_hand(self, place: str, unit: str, code: str) -> Ranges:
        """What of the code lies in a unit, free to move."""
        slot = self._ledger.in_slot(place, unit)
        return tuple(held.numbers for c, held in slot if c == code and held.where.state == "onHand")

    def coming(self, number: str) -> tuple[tuple[str, InvoiceRange], ...]:
        """What is on its way with a hand-over, by code."""
        return tuple((code, held.numbers) for code, held in self._ledger.in_slot(self._place, number))

    def wheres(self, code: str, ranges: Iterable[InvoiceRange]) -> str:
        """Where the ledger has numbers that are not where they should be."""
        held = [one for numbers in ranges for one in self._ledger.within(code, numbers)]
        return ", ".join(
            f"{h.numbers.first}-{h.numbers.last} {h.where.state} {h.where.place or h.where.holder or ''}".strip()
            for h in held
        )


def below(ranges: Ranges, first: str) -> Ranges:
    """What of the ranges lies below ``first``."""
    return intersect(ranges, (in_range(0, int(first) - 1),)) if int(first) else ()


def spans(span: Span | None) -> Ranges:
    """First and last as ranges; none for nothing."""
    return () if span is None else (in_range(*span),)


def pairs(ranges: Ranges) -> list[list[int]]:
    """As a JSON column keeps ranges."""
    return [[int(numbers.first), int(numbers.last)] for numbers in ranges]


def ranges_of(kept: Iterable[Sequence[int]]) -> Ranges:
    """What a JSON column kept."""
    return tuple(in_range(first, last) for first, last in kept)
