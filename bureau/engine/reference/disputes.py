"""A settlement that did not add up, settled by two people: what became of each number of a disputed reservation.

A dispute keeps its numbers reserved, counts them against the enterprise and its order, and closes their unit; nothing
but this ends it. The unit stays closed until it was counted, which can balance again from here on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.invoices import ReferenceInvoices, settled_line
from bureau.engine.reference.stock import Ledger, Movement
from bureau.errors import NumbersMoved, StockRefused
from bureau.ports.invoices import Reservation
from bureau.ports.stock import Hands, Where
from bureau.store import tables
from kiosk.domain.errors import RangeError
from kiosk.domain.invoices import InvoiceRange, Ranges, normal, subtract


class Disputes:
    """Looks at disputed reservations and settles them, inside one transaction."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._ledger, self._invoices = Ledger(context), ReferenceInvoices(context)

    def listed(self) -> list[Reservation]:
        """What waits to be settled, the oldest first."""
        t = tables.reservation
        query = select(t.c.reservation).where(t.c.state == "disputed").order_by(t.c.made_at, t.c.reservation)
        numbers = self._context.connection.execute(query).scalars().all()
        return [found for number in numbers if (found := self._invoices.reservation(number)) is not None]

    def settle(
        self,
        number: str,
        delivered: Iterable[InvoiceRange],
        quarantined: Iterable[InvoiceRange],
        hands: Hands,
        cause: str,
    ) -> str:
        """Say of each number where it is: with the enterprise, spoilt in the cabinet, or (all others) in its unit.

        What went elsewhere by the ledger meanwhile and is named in neither stays where it is. The movement's number.
        Raises ``StockRefused``, and changes nothing, for a reservation that is not disputed, numbers that are not
        its own or named twice, and numbers that are somebody else's by now.
        """
        found = self._invoices.reservation(number)
        if found is None or found.state != "disputed":
            raise StockRefused(
                "other", f"reservation {number!r} is not in dispute: see `bureau stock disputes`"
            )
        parts = _parts(found, delivered, quarantined)
        here = Where("onHand", found.terminal, found.unit)
        reserved = Where("reserved", found.terminal, found.unit, reservation=found.reservation)
        movement = self._context.next_number(Type.MOVEMENT)
        lines: list[Movement] = []
        for type_, ranges, to in (
            ("ISSUE", parts[0], Where("issued", holder=found.taxpayer)),
            ("RETRACT", parts[1], Where("quarantined", found.terminal, found.unit)),
        ):
            for numbers in ranges:
                self._move(found.code, numbers, (here, reserved), to)
                line = settled_line(type_, found, numbers, cause)
                lines.append(replace(line, operator=hands.operator, witness=hands.witness))
        for left in subtract([found.numbers], [*parts[0], *parts[1]]):
            for held in self._ledger.within(found.code, left):
                if held.where == reserved:
                    self._ledger.move(found.code, held.numbers, {reserved}.__contains__, here)
        self._ledger.write(movement, lines)
        self._invoices.committed(found.reservation, movement)
        return movement

    def _move(self, code: str, numbers: InvoiceRange, allowed: tuple[Where, Where], to: Where) -> None:
        try:
            self._ledger.move(code, numbers, allowed.__contains__, to)
        except NumbersMoved as error:
            lies = ", ".join(
                f"{h.numbers.first}-{h.numbers.last} {h.where.state} {h.where.holder or h.where.place or ''}".strip()
                for h in self._ledger.within(code, numbers)
            )
            raise StockRefused(
                "other", f"{error}: {lies}; leave out what this reservation did not give"
            ) from error


def _parts(
    found: Reservation, delivered: Iterable[InvoiceRange], quarantined: Iterable[InvoiceRange]
) -> tuple[Ranges, Ranges]:
    """Both parts in normal form; raises ``StockRefused`` for numbers named twice or not of the reservation."""
    given, spoilt = tuple(delivered), tuple(quarantined)
    try:
        together = normal((*given, *spoilt), disjoint=True)
    except RangeError as error:
        raise StockRefused("twice", f"{error}: name each number once") from error
    if strange := subtract(together, [found.numbers]):
        own = f"{found.numbers.first}-{found.numbers.last}"
        raise StockRefused("other", f"{strange[0].first} is not of this reservation, which is of {own}")
    return normal(given), normal(spoilt)
