"""The stock ledger: where every invoice number is, in disjoint ranges, and every movement that brought it there.

Rules: domain note, section 7.4. Numbers of one code move under the lock of the code's row, so two movements
never see the same number; a number that is not where a movement expects it stops the whole movement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Row, select

from bureau.engine.reference.context import Context
from bureau.errors import NumbersMoved, StockRefused
from bureau.ports.stock import Held, Where
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange

LIVE = ("onHand", "reserved", "quarantined")
"""States of numbers that still lie in a slot."""
PARCEL = "parcel"
"""The place of numbers that are packed for a courier; its unit is the order's number."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One line for the append-only ledger."""

    type: str
    place: str
    unit: str
    code: str
    numbers: InvoiceRange
    taxpayer: str | None = None
    kind: str | None = None
    reservation: str | None = None
    operator: str | None = None
    witness: str | None = None
    cause: str | None = None


class Ledger:
    """Reads and moves numbers inside one transaction."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lock_code(self, code: str) -> str:
        """Hold the code until the transaction ends; its kind. Raises ``StockRefused`` for an unknown one."""
        t = tables.invoice_code
        kind = self._context.connection.execute(
            select(t.c.kind).where(t.c.code == code).with_for_update()
        ).scalar()
        if kind is None:
            raise StockRefused(
                "codeUnknown", f"code {code} is not known here; load it with its kind first", numbers=code
            )
        return str(kind)

    def overlapping(self, code: str, numbers: InvoiceRange) -> list[Held]:
        """Every range of the code that has a number in ``numbers``, ascending."""
        t = tables.stock_range
        query = (
            select(t)
            .where(t.c.code == code, t.c.first <= int(numbers.last), t.c.last >= int(numbers.first))
            .order_by(t.c.first)
        )
        return [_held(row) for row in self._context.connection.execute(query)]

    def within(self, code: str, numbers: InvoiceRange) -> list[Held]:
        """What of ``numbers`` the ledger has, and where, ascending."""
        return [_clip(held, numbers) for held in self.overlapping(code, numbers)]

    def in_slot(self, place: str, unit: str) -> list[tuple[str, Held]]:
        """What lies in a slot, by code and number."""
        t = tables.stock_range
        return self._lying(t.c.place == place, t.c.unit == unit)

    def in_slots(self, place: str | None) -> dict[tuple[str | None, str | None], list[tuple[str, Held]]]:
        """What lies in every slot, or in every one of a place."""
        t = tables.stock_range
        here = t.c.place.in_(select(tables.stock_slot.c.place)) if place is None else t.c.place == place
        found: dict[tuple[str | None, str | None], list[tuple[str, Held]]] = {}
        for code, held in self._lying(here):
            found.setdefault((held.where.place, held.where.unit), []).append((code, held))
        return found

    def _lying(self, *where: ColumnElement[bool]) -> list[tuple[str, Held]]:
        t = tables.stock_range
        query = select(t).where(*where, t.c.state.in_(LIVE)).order_by(t.c.code, t.c.first)
        return [(row.code, _held(row)) for row in self._context.connection.execute(query)]

    def add(self, code: str, numbers: InvoiceRange, where: Where) -> None:
        """Take new numbers into the ledger; raises ``StockRefused`` when one was ever here before."""
        if known := self.overlapping(code, numbers):
            first = known[0].numbers
            said = f"{code} {first.first}-{first.last}"
            raise StockRefused("known", f"{said} is in the ledger ({known[0].where.state})", numbers=said)
        self._insert(code, numbers, where)

    def move(
        self, code: str, numbers: InvoiceRange, allowed: Callable[[Where], bool], to: Where
    ) -> list[Held]:
        """Bring every one of ``numbers`` to ``to``; what they were before.

        Raises ``NumbersMoved`` when a number is missing or is not where ``allowed`` says it may be.
        """
        touched = self.overlapping(code, numbers)
        inside = self.within(code, numbers)
        covered = sum(held.numbers.count for held in inside)
        if covered != numbers.count or not all(allowed(held.where) for held in inside):
            raise NumbersMoved(f"{code} {numbers.first}-{numbers.last}")
        t = tables.stock_range
        for held in touched:
            self._context.connection.execute(
                t.delete().where(t.c.code == code, t.c.first == int(held.numbers.first))
            )
            for rest in held.numbers.subtract(numbers):
                self._insert(code, rest, held.where)
        self._insert(code, numbers, to)
        return inside

    def _insert(self, code: str, numbers: InvoiceRange, where: Where) -> None:
        """Insert, joined with neighbours that say the same, so that the ledger stays short."""
        t, connection = tables.stock_range, self._context.connection
        first, last = int(numbers.first), int(numbers.last)
        beside = select(t).where(t.c.code == code, (t.c.last == first - 1) | (t.c.first == last + 1))
        for row in connection.execute(beside).all():
            if _held(row).where == where:
                connection.execute(t.delete().where(t.c.code == code, t.c.first == row.first))
                first, last = min(first, row.first), max(last, row.last)
        connection.execute(
            t.insert().values(
                code=code,
                first=first,
                last=last,
                state=where.state,
                place=where.place,
                unit=where.unit,
                holder=where.holder,
                reservation=where.reservation,
                since=self._context.now,
            )
        )

    def write(self, movement: str, lines: Sequence[Movement]) -> None:
        """Append the lines of one movement."""
        rows = [
            {
                "movement": movement,
                "line": line,
                "type": item.type,
                "place": item.place,
                "unit": item.unit,
                "code": item.code,
                "first": int(item.numbers.first),
                "last": int(item.numbers.last),
                "at": self._context.now,
                "day": self._context.today,
                "taxpayer": item.taxpayer,
                "kind": item.kind,
                "reservation": item.reservation,
                "operator": item.operator,
                "witness": item.witness,
                "cause": item.cause,
            }
            for line, item in enumerate(lines, start=1)
        ]
        if rows:
            self._context.connection.execute(tables.stock_movement.insert(), rows)

    def lock_slot(self, place: str, unit: str, reason: str) -> None:
        """Let the slot give nothing until somebody has looked (an empty reason opens it again)."""
        t = tables.stock_slot
        self._context.connection.execute(
            t.update().where(t.c.place == place, t.c.unit == unit).values(locked=bool(reason), reason=reason)
        )


def in_range(first: int, last: int) -> InvoiceRange:
    """The range of two whole numbers."""
    return InvoiceRange(f"{first:08d}", f"{last:08d}")


def _held(row: Row[tuple[object, ...]]) -> Held:
    where = Where(row.state, row.place, row.unit, row.holder, row.reservation)
    return Held(in_range(row.first, row.last), where)


def _clip(held: Held, numbers: InvoiceRange) -> Held:
    first, last = max(held.numbers.first, numbers.first), min(held.numbers.last, numbers.last)
    return replace(held, numbers=InvoiceRange(first, last))
