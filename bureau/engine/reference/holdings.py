"""Invoices in an enterprise's hands, over the stock ledger and the issuing data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from sqlalchemy import func, select

from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.stock import Ledger, Movement, in_range
from bureau.engine.reference.stockroom import Stockroom
from bureau.errors import StockRefused
from bureau.ports.holdings import Fate, HeldRun, HeldState, Settled
from bureau.ports.stock import SHELF, Where
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange, Ranges, intersect, of_numbers, subtract

MOVES: Mapping[Fate, tuple[str, tuple[str, ...]]] = {
    Fate.USED: ("USE", ("issued",)),
    Fate.LOST: ("LOSE", ("issued", "used")),
    Fate.RETURNING: ("HAND_IN", ("issued",)),
    Fate.VOIDED: ("VOID", ("issued",)),
    Fate.KEPT: ("KEEP", ("returning", "voided")),
    Fate.RETURNED: ("RETURN", ("returning",)),
    Fate.WRITTEN_OFF: ("VOID_IN", ("voided",)),
}
"""The ledger's word for each fate, and the states from which it can come."""


class ReferenceHoldings:
    """Implements ``Holdings``."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._ledger = Ledger(context)

    def runs(self, taxpayer: str) -> Sequence[HeldRun]:
        """What is not accounted for, parted by whether the issuing data has it."""
        t, code = tables.stock_range, tables.invoice_code
        query = (
            select(t.c.code, t.c.first, t.c.last, code.c.kind, code.c.kind_name)
            .join(code, code.c.code == t.c.code)
            .where(t.c.holder == taxpayer, t.c.state == "issued")
            .order_by(t.c.code, t.c.first)
        )
        found: list[HeldRun] = []
        for row in self._context.connection.execute(query).all():
            held = in_range(row.first, row.last)
            amounts = self._issued(taxpayer, row.code, held)
            written = of_numbers(amounts)
            parts = [(n, True) for n in written] + [(n, False) for n in subtract([held], written)]
            found += [
                HeldRun(row.code, row.kind, row.kind_name, numbers, "issued", uploaded,
                        sum(amounts.get(number, 0) for number in numbers) if uploaded else 0)
                for numbers, uploaded in sorted(parts)
            ]  # fmt: skip
        return found

    def within(
        self, taxpayer: str, code: str, numbers: InvoiceRange
    ) -> Sequence[tuple[InvoiceRange, HeldState]]:
        """What of ``numbers`` was ever the enterprise's; nothing of a code that is not known here."""
        try:
            self._ledger.lock_code(code)
        except StockRefused:
            return []
        return [
            (held.numbers, cast("HeldState", held.where.state))
            for held in self._ledger.within(code, numbers)
            if held.where.holder == taxpayer
        ]

    def uploaded(self, taxpayer: str, code: str, numbers: InvoiceRange) -> Ranges:
        """By the issuing data, void ones included."""
        return intersect([numbers], of_numbers(self._issued(taxpayer, code, numbers)))

    def settle(self, moved: Settled, fate: Fate) -> str:
        """Move every number in the ledger, whose lines name the case; raises ``NumbersMoved``."""
        kind = self._ledger.lock_code(moved.code)
        type_, states = MOVES[fate]
        here = {Where(state, holder=moved.taxpayer) for state in states}
        place, unit = SHELF if fate is Fate.RETURNED else ("", "")
        if fate is Fate.RETURNED:
            Stockroom(self._context).ensure_slot(place, unit)
        self._ledger.move(moved.code, moved.numbers, here.__contains__, _after(fate, moved.taxpayer))
        movement = self._context.next_number(Type.MOVEMENT)
        line = Movement(
            type_,
            place,
            unit,
            moved.code,
            moved.numbers,
            moved.taxpayer,
            kind,
            operator=moved.operator or None,
            cause=moved.case,
        )
        self._ledger.write(movement, [line])
        return movement

    def uploaded_to(self, taxpayer: str) -> date | None:
        """The day of the latest invoice in the issuing data."""
        t = tables.sale
        query = select(func.max(t.c.issued_on)).where(t.c.taxpayer == taxpayer)
        found: date | None = self._context.connection.execute(query).scalar()
        return found

    def unchecked_since(self, taxpayer: str) -> date | None:
        """The day of the earliest paper invoice that is uploaded and not checked."""
        t = tables.sale
        days = []
        for run in self.runs(taxpayer):
            if run.uploaded:
                query = select(func.min(t.c.issued_on)).where(
                    t.c.taxpayer == taxpayer, t.c.code == run.code,
                    t.c.number >= run.numbers.first, t.c.number <= run.numbers.last,
                )  # fmt: skip
                days.append(self._context.connection.execute(query).scalar_one())
        return min(days, default=None)

    def verify(self, taxpayer: str, day: date) -> None:
        """Used invoices are checked up to ``day``."""
        t = tables.taxpayer
        self._context.connection.execute(
            t.update().where(t.c.taxpayer == taxpayer).values(used_verified_to=day)
        )

    def _issued(self, taxpayer: str, code: str, numbers: InvoiceRange) -> Mapping[str, int]:
        """The amount with tax of each number that the issuing data has, in fen; a void one counts nothing."""
        t = tables.sale
        query = select(t.c.number, t.c.net_fen, t.c.tax_fen, t.c.state).where(
            t.c.taxpayer == taxpayer, t.c.code == code,
            t.c.number >= numbers.first, t.c.number <= numbers.last,
        )  # fmt: skip
        rows = self._context.connection.execute(query)
        return {row.number: 0 if row.state == "void" else row.net_fen + row.tax_fen for row in rows}


def _after(fate: Fate, taxpayer: str) -> Where:
    if fate is Fate.RETURNED:
        return Where("quarantined", *SHELF)
    if fate is Fate.WRITTEN_OFF:
        return Where("spoiled")
    return Where("issued" if fate is Fate.KEPT else fate.value, holder=taxpayer)
