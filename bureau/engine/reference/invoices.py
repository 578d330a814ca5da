"""Paper invoices over the stock ledger: approvals, entitlement figures, reservations and their settlement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, or_, select

from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.stock import PARCEL, Ledger, Movement, in_range
from bureau.errors import NumbersMoved, SlotLocked, StockDiffers, StockShort
from bureau.ports.invoices import Approval, Reservation, Settlement, Slot, WantedNumbers
from bureau.ports.stock import Where
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange, subtract

IN_HAND = ("issued", "returning", "voided")
"""States of numbers that an enterprise holds and has not accounted for."""


class ReferenceInvoices:
    """Implements ``Invoices``."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._ledger = Ledger(context)

    def approvals(self, taxpayer: str, day: date) -> Sequence[Approval]:
        """The kinds approved and in force on ``day``."""
        t = tables.invoice_approval
        query = (
            select(t)
            .where(t.c.taxpayer == taxpayer, t.c.state == "active", t.c.valid_from <= day)
            .where(or_(t.c.valid_to.is_(None), t.c.valid_to >= day))
            .order_by(t.c.kind)
        )
        return [
            Approval(
                row.kind,
                row.kind_name,
                row.face_limit_fen,
                row.monthly_max,
                row.per_time_max,
                row.hold_max,
                row.method,
            )
            for row in self._context.connection.execute(query)
        ]

    def approve(self, taxpayer: str, approval: Approval, day: date) -> None:
        """What is approved of this kind from ``day`` on."""
        t = tables.invoice_approval
        values = {
            **{name: getattr(approval, name) for name in ("kind_name", "face_limit_fen", "monthly_max")},
            **{name: getattr(approval, name) for name in ("per_time_max", "hold_max", "method")},
            "valid_from": day,
            "valid_to": None,
            "state": "active",
        }
        known = t.update().where(t.c.taxpayer == taxpayer, t.c.kind == approval.kind).values(**values)
        if not self._context.connection.execute(known).rowcount:
            new = t.insert().values(taxpayer=taxpayer, kind=approval.kind, **values)
            self._context.connection.execute(new)

    def collected(self, taxpayer: str, kind: str, first: date, last: date) -> int:
        """Sheets issued to the enterprise on those days, by the ledger, with those reserved now.

        What a courier brought counts where it was ordered.
        """
        t = tables.stock_movement
        query = select(func.coalesce(func.sum(t.c.last - t.c.first + 1), 0)).where(
            t.c.taxpayer == taxpayer, t.c.kind == kind, t.c.type == "ISSUE", t.c.place != PARCEL,
            t.c.day >= first, t.c.day <= last,
        )  # fmt: skip
        return int(self._context.connection.execute(query).scalar_one()) + self._reserved(taxpayer, kind)

    def held(self, taxpayer: str, kind: str) -> int:
        """Sheets in the enterprise's hands and not known to be used, with those reserved now.

        What is to be handed in counts until a counter has counted it.
        """
        t, code = tables.stock_range, tables.invoice_code
        query = (
            select(func.coalesce(func.sum(t.c.last - t.c.first + 1), 0))
            .join(code, code.c.code == t.c.code)
            .where(t.c.holder == taxpayer, t.c.state.in_(IN_HAND), code.c.kind == kind)
        )
        return int(self._context.connection.execute(query).scalar_one()) + self._reserved(taxpayer, kind)

    def _reserved(self, taxpayer: str, kind: str) -> int:
        t = tables.reservation
        query = select(func.coalesce(func.sum(t.c.last - t.c.first + 1), 0)).where(
            t.c.taxpayer == taxpayer,
            t.c.kind == kind,
            t.c.state == "open",
            t.c.expires_at > self._context.now,
        )
        return int(self._context.connection.execute(query).scalar_one())

    def slot(self, place: str, unit: str) -> Slot | None:
        """The unit as the ledger has it: the lowest run of one code that is on hand."""
        t = tables.stock_slot
        row = self._context.connection.execute(
            select(t).where(t.c.place == place, t.c.unit == unit)
        ).one_or_none()
        if row is None:
            return None
        runs = [(c, held) for c, held in self._ledger.in_slot(place, unit) if held.where.state == "onHand"]
        if not runs:
            return Slot(place, unit, row.locked, row.reason, None, None, None, 0)
        code, front = runs[0]
        kind = select(tables.invoice_code.c.kind).where(tables.invoice_code.c.code == code)
        return Slot(
            place,
            unit,
            row.locked,
            row.reason,
            code,
            str(self._context.connection.execute(kind).scalar_one()),
            front.numbers.first,
            front.numbers.count,
        )

    def reserve(self, wanted: WantedNumbers) -> Reservation:
        """Lock the numbers; raises ``SlotLocked``, ``StockDiffers`` or ``StockShort``."""
        self._ledger.lock_code(wanted.code)
        self.expire(self._context.now, place=wanted.terminal)
        slot = self.slot(wanted.terminal, wanted.unit)
        if slot is not None and slot.locked:
            raise SlotLocked(slot.reason)
        if slot is None or slot.code is None or slot.next_number is None:
            raise StockDiffers("nothing")
        if (slot.code, slot.next_number) != (wanted.code, wanted.numbers.first):
            raise StockDiffers(f"{slot.code} {slot.next_number}")
        if slot.on_hand < wanted.numbers.count:
            raise StockShort(slot.on_hand)
        number = self._context.next_number(Type.RESERVATION)
        here = Where("onHand", wanted.terminal, wanted.unit)
        self._ledger.move(
            wanted.code,
            wanted.numbers,
            {here}.__contains__,
            Where("reserved", wanted.terminal, wanted.unit, reservation=number),
        )
        self._insert(number, wanted)
        found = self.reservation(number)
        assert found is not None
        return found

    def _insert(self, number: str, wanted: WantedNumbers) -> None:
        self._context.connection.execute(
            tables.reservation.insert().values(
                reservation=number,
                key=wanted.key,
                terminal=wanted.terminal,
                unit=wanted.unit,
                taxpayer=wanted.taxpayer,
                kind=wanted.kind,
                code=wanted.code,
                first=int(wanted.numbers.first),
                last=int(wanted.numbers.last),
                made_at=self._context.now,
                expires_at=wanted.expires_at,
                state="open",
            )
        )

    def reservation(self, reservation: str) -> Reservation | None:
        """The reservation, its code locked until the transaction ends."""
        t = tables.reservation
        query = select(t).where(t.c.reservation == reservation)
        row = self._context.connection.execute(query).one_or_none()
        if row is None:
            return None
        self._ledger.lock_code(row.code)
        row = self._context.connection.execute(query).one()
        return _reservation(row)

    def settle(self, reservation: Reservation, settlement: Settlement) -> str:
        """Move every number; the movement's number. Raises ``NumbersMoved``.

        Numbers of a reservation that ran out lie on hand again; while they are still in the same slot and
        nobody else's, the late word of the terminal is the truth (domain note, 7.3: commit queued).
        """
        r, movement = reservation, self._context.next_number(Type.MOVEMENT)
        here = Where("onHand", r.terminal, r.unit)
        ours = {here, Where("reserved", r.terminal, r.unit, reservation=r.reservation)}
        ways = (
            ("ISSUE", settlement.delivered, Where("issued", holder=r.taxpayer)),
            ("RETRACT", settlement.quarantined, Where("quarantined", r.terminal, r.unit)),
        )
        lines: list[Movement] = []
        with self._context.connection.begin_nested():  # all or nothing, and the caller may still dispute it
            for type_, ranges, to in ways:
                for numbers in ranges:
                    self._ledger.move(r.code, numbers, ours.__contains__, to)
                    lines.append(settled_line(type_, r, numbers, settlement.cause))
            for numbers in settlement.released:
                self._release(r, numbers, ours, here)
            self._ledger.write(movement, lines)
            self.committed(r.reservation, movement)
        return movement

    def came_along(
        self, reservation: Reservation, numbers: Sequence[InvoiceRange], cause: str | None
    ) -> None:
        """Quarantine what lies on hand in the reservation's unit of ``numbers``, which were not reserved with it.

        What the ledger has elsewhere, or does not know, is not touched: a number that was misread may be anybody's.
        A movement of its own, so that the reservation's tells the reserved numbers alone.
        """
        r, lines = reservation, list[Movement]()
        here, to = Where("onHand", r.terminal, r.unit), Where("quarantined", r.terminal, r.unit)
        for wanted in numbers:
            for held in self._ledger.within(r.code, wanted):
                if held.where == here:
                    self._ledger.move(r.code, held.numbers, {here}.__contains__, to)
                    line = Movement(
                        "RETRACT", r.terminal, r.unit, r.code, held.numbers, kind=r.kind, cause=cause
                    )
                    lines.append(line)
        if lines:
            self._ledger.write(self._context.next_number(Type.MOVEMENT), lines)

    def committed(self, reservation: str, movement: str) -> None:
        """Every number of the reservation is settled, by that movement."""
        self._set(reservation, state="committed", movement=movement)

    def _release(self, r: Reservation, numbers: InvoiceRange, ours: Collection[Where], here: Where) -> None:
        """Back on hand, unless staff took them out with the cabinet's stock since; raises ``NumbersMoved``."""
        for held in self._ledger.within(r.code, numbers):
            if held.where in ours:
                self._ledger.move(r.code, held.numbers, ours.__contains__, here)
            elif not self._taken_out(r, held.numbers):
                raise NumbersMoved(f"{r.code} {held.numbers.first}-{held.numbers.last}")

    def _taken_out(self, r: Reservation, numbers: InvoiceRange) -> bool:
        """Whether staff took these numbers out of the reservation's unit, all in one movement."""
        t = tables.stock_movement
        query = select(t.c.movement).where(
            t.c.place == r.terminal, t.c.unit == r.unit, t.c.code == r.code, t.c.type == "TRANSFER_OUT",
            t.c.first <= int(numbers.first), t.c.last >= int(numbers.last),
        )  # fmt: skip
        return self._context.connection.execute(query.limit(1)).scalar() is not None

    def settled(self, reservation: Reservation) -> Settlement:
        """What a committed reservation was settled with, read back from the ledger."""
        t = tables.stock_movement
        query = select(t).where(t.c.movement == reservation.movement).order_by(t.c.line)
        rows = self._context.connection.execute(query).all()
        parts = {
            kind: tuple(in_range(row.first, row.last) for row in rows if row.type == kind)
            for kind in ("ISSUE", "RETRACT")
        }
        left = subtract([reservation.numbers], [*parts["ISSUE"], *parts["RETRACT"]])
        return Settlement(parts["ISSUE"], parts["RETRACT"], left, rows[0].cause if rows else None)

    def lock_slot(self, place: str, unit: str, reason: str) -> None:
        """Let a unit give nothing until somebody has counted it."""
        self._ledger.lock_slot(place, unit, reason)

    def dispute(self, reservation: Reservation) -> None:
        """Keep it for a person to settle and lock its slot."""
        self._set(reservation.reservation, state="disputed")
        self._ledger.lock_slot(reservation.terminal, reservation.unit, f"disputed {reservation.reservation}")

    def expire(self, now: datetime, place: str | None = None) -> int:
        """Put numbers of reservations that ran out back on hand; how many reservations."""
        t = tables.reservation
        query = select(t).where(t.c.state == "open", t.c.expires_at <= now).order_by(t.c.code, t.c.first)
        if place is not None:
            query = query.where(t.c.terminal == place)
        done = 0
        for row in self._context.connection.execute(query).all():
            current = self.reservation(row.reservation)
            if current is None or current.state != "open":
                continue
            here = Where("onHand", current.terminal, current.unit)
            locked = Where("reserved", current.terminal, current.unit, reservation=current.reservation)
            try:
                self._ledger.move(current.code, current.numbers, {locked}.__contains__, here)
            except NumbersMoved:
                self.dispute(current)
                continue
            self._set(current.reservation, state="expired")
            done += 1
        return done

    def _set(self, reservation: str, **values: object) -> None:
        t = tables.reservation
        self._context.connection.execute(t.update().where(t.c.reservation == reservation).values(**values))


def settled_line(type_: str, r: Reservation, numbers: InvoiceRange, cause: str | None) -> Movement:
    """The ledger's line for numbers of a reservation: ``ISSUE`` or ``RETRACT``."""
    taxpayer = r.taxpayer if type_ == "ISSUE" else None
    return Movement(type_, r.terminal, r.unit, r.code, numbers, taxpayer, r.kind, r.reservation, cause=cause)


def _reservation(row: Row[Any]) -> Reservation:
    return Reservation(
        reservation=row.reservation,
        key=row.key,
        terminal=row.terminal,
        unit=row.unit,
        taxpayer=row.taxpayer,
        kind=row.kind,
        code=row.code,
        numbers=in_range(row.first, row.last),
        expires_at=row.expires_at,
        state=row.state,
        movement=row.movement,
    )
