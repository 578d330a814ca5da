"""Income records, sales, returns and dues, from the registry's tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select, union_all

from bureau.engine.reference.context import Context, Type
from bureau.errors import AlreadyFiled
from bureau.ports.registration import PersonKey
from bureau.ports.returns import (
    DueRecord,
    Duty,
    Filed,
    Filing,
    Income,
    Kept,
    PaidTax,
    PartPaid,
    Sales,
    Source,
    TakenBack,
)
from bureau.store import tables
from config.clock import CHINA

COMPLETE_SINCE = "returns-complete-since"
"""The row of ``meta`` with the day; no row: from the beginning."""


class ReferenceReturns:
    """Implements ``Returns``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def income_months(self, key: PersonKey) -> Sequence[str]:
        """Months with a record, ascending."""
        t = tables.income
        query = select(t.c.month).where(t.c.person_kind == key.kind.value, t.c.person_number == key.number)
        return list(self._context.connection.execute(query.distinct().order_by(t.c.month)).scalars())

    def income(self, key: PersonKey, first: str, last: str) -> Sequence[Income]:
        """The lines of those months, by month, item and line."""
        t = tables.income
        query = (
            select(t)
            .where(t.c.person_kind == key.kind.value, t.c.person_number == key.number)
            .where(t.c.month >= first, t.c.month <= last)
            .order_by(t.c.month, t.c.item, t.c.line)
        )
        return [
            Income(r.month, r.item, r.income_fen, r.tax_fen, r.entry_date, r.authority, r.remark)
            for r in self._context.connection.execute(query)
        ]

    def sales(self, taxpayer: str, first: date, last: date) -> Sales:
        """Invoices of those days that are not void; red-letter ones carry negative figures."""
        t = tables.sale
        net = {
            kind: func.coalesce(func.sum(case((t.c.kind == kind, t.c.net_fen), else_=0)), 0)
            for kind in ("ordinary", "special")
        }
        query = select(func.count(), net["ordinary"], net["special"]).where(
            t.c.taxpayer == taxpayer, t.c.issued_on >= first, t.c.issued_on <= last, t.c.state != "void"
        )
        count, ordinary, special = self._context.connection.execute(query).one()
        return Sales(int(count), int(ordinary), int(special))

    def taken_back(self, taxpayer: str) -> Sequence[TakenBack]:
        """Red letters with the invoices that they are of, found by their ids."""
        red, sold = tables.sale.alias("red"), tables.sale.alias("sold")
        of = case((sold.c.code == "", sold.c.number), else_=sold.c.code + "-" + sold.c.number)
        query = (
            select(red.c.issued_on, sold.c.issued_on, red.c.kind, -red.c.net_fen)
            .join_from(red, sold, (sold.c.taxpayer == red.c.taxpayer) & (of == red.c.red_of))
            .where(red.c.taxpayer == taxpayer, red.c.state == "red", red.c.red_of != "")
            .order_by(sold.c.issued_on, red.c.issued_on, red.c.code, red.c.number)
        )
        return [TakenBack(*row) for row in self._context.connection.execute(query)]

    def filed(self, taxpayer: str, tax: str, first: date, last: date, subject: str = "") -> Filed | None:
        """The return of that period about that subject that stands."""
        t = tables.declaration
        query = select(t).where(
            t.c.taxpayer == taxpayer,
            t.c.tax == tax,
            t.c.period_first == first,
            t.c.period_last == last,
            t.c.subject == subject,
            t.c.state == "filed",
        )
        row = self._context.connection.execute(query).one_or_none()
        if row is None:
            return None
        return Filed(row.declaration, row.taxpayer, row.tax, first, last, row.total_fen, row.filed_at)

    def file(self, filing: Filing) -> Filed:
        """File it and open its dues; raises ``AlreadyFiled``. Returns of one taxpayer come one by one."""
        connection, new = self._context.connection, filing
        connection.execute(
            select(tables.taxpayer.c.taxpayer)
            .where(tables.taxpayer.c.taxpayer == new.taxpayer)
            .with_for_update()
        )
        earlier = self.filed(new.taxpayer, new.tax, new.period_first, new.period_last, new.subject)
        if earlier is not None and earlier.declaration != new.replaces:
            raise AlreadyFiled(earlier.declaration)
        if earlier is not None:
            self._end(earlier.declaration, "replaced")
        number = self._context.next_number(Type.DECLARATION)
        connection.execute(
            tables.declaration.insert().values(
                declaration=number,
                key=new.key,
                taxpayer=new.taxpayer,
                tax=new.tax,
                period_first=new.period_first,
                period_last=new.period_last,
                figures=new.figures,
                total_fen=new.total_fen,
                limit_date=new.limit_date,
                filed_at=new.filed_at,
                terminal=new.terminal,
                person_kind=new.person.kind.value,
                person_number=new.person.number,
                role=new.role.value if new.role is not None else "",
                state="filed",
                subject=new.subject,
            )
        )
        self._open_dues(new, number)
        period = (new.period_first, new.period_last)
        return Filed(number, new.taxpayer, new.tax, *period, new.total_fen, new.filed_at)

    def _end(self, declaration: str, state: str) -> None:
        """It stands no longer, and what was open of it is no longer due."""
        t, due = tables.declaration, tables.due
        connection = self._context.connection
        connection.execute(t.update().where(t.c.declaration == declaration).values(state=state))
        open_ones = (due.c.declaration == declaration) & (due.c.state == "open") & due.c.held_by.is_(None)
        connection.execute(due.update().where(open_ones).values(state="cancelled"))

    def withdraw(self, declaration: str) -> bool:
        """It stands no longer; False once one of its dues is held by an order, or paid."""
        due = tables.due
        mine = select(due.c.state, due.c.held_by).where(due.c.declaration == declaration).with_for_update()
        rows = self._context.connection.execute(mine).all()
        if any(row.state == "paid" or row.held_by is not None for row in rows):
            return False
        self._end(declaration, "withdrawn")
        return True

    def _open_dues(self, new: Filing, number: str) -> None:
        rows = [
            {
                "due": self._context.next_number(Type.DUE),
                "taxpayer": new.taxpayer,
                "tax": due.tax,
                "period_first": new.period_first,
                "period_last": new.period_last,
                "amount_fen": due.amount_fen,
                "limit_date": new.limit_date,
                "declaration": number,
                "state": "open",
                "held_by": None,
            }
            for due in new.dues
            if due.amount_fen > 0
        ]
        if rows:
            self._context.connection.execute(tables.due.insert(), rows)

    def filings(self, taxpayer: str, since: date) -> Sequence[Kept]:
        """Those of periods that ended on ``since`` or later, the latest filed first."""
        t = tables.declaration
        query = (
            _with_owed()
            .where(t.c.taxpayer == taxpayer, t.c.period_last >= since)
            .order_by(t.c.filed_at.desc(), t.c.declaration.desc())
        )
        return [_kept(row) for row in self._context.connection.execute(query)]

    def kept(self, declaration: str) -> Kept | None:
        """One return, in whatever state."""
        query = _with_owed().where(tables.declaration.c.declaration == declaration)
        row = self._context.connection.execute(query).one_or_none()
        return None if row is None else _kept(row)

    def paid(
        self, taxpayer: str, tax: str, first: date, last: date, subject: str | None = None
    ) -> Mapping[str, int]:
        """Paid dues of that period's returns, the corrected ones included, less what is given back."""
        t, due, part = tables.declaration, tables.due, tables.refund_part
        of_period = (due.c.declaration == t.c.declaration) & _about(taxpayer, tax, first, last, subject)
        paid = select(due.c.tax, due.c.amount_fen).join(t, of_period).where(due.c.state == "paid")
        back = select(due.c.tax, -part.c.amount_fen).join(part, part.c.due == due.c.due).join(t, of_period)
        found: dict[str, int] = {}
        for name, fen in self._context.connection.execute(union_all(paid, back)):
            found[name] = found.get(name, 0) + int(fen)
        return found

    def in_treasury(
        self, taxpayer: str, tax: str, first: date, last: date, subject: str | None = None
    ) -> Sequence[PaidTax]:
        """Payments of that period's returns, each less what is given back of it, where anything is left."""
        t, due, part = tables.declaration, tables.due, tables.refund_part
        of_period = _about(taxpayer, tax, first, last, subject)
        dues = select(due.c.due).join(t, t.c.declaration == due.c.declaration).where(of_period)
        back: dict[str, tuple[int, int]] = {}
        query = select(part.c.due, part.c.amount_fen, part.c.late_fee_fen).where(part.c.due.in_(dues))
        for number, fen, late in self._context.connection.execute(query):
            before = back.get(number, (0, 0))
            back[number] = (before[0] + fen, before[1] + late)
        found = []
        for one in self._payments(due.c.due.in_(dues)):
            fen, late = back.get(one.due, (0, 0))
            left = replace(one, amount_fen=one.amount_fen - fen, late_fee_fen=one.late_fee_fen - late)
            if left.amount_fen > 0:
                found.append(left)
        return found

    def sources(self, key: PersonKey, kind: str) -> Sequence[Source]:
        """By the day they became known, then by number."""
        t = tables.tax_source
        query = (
            select(t)
            .where(t.c.person_kind == key.kind.value, t.c.person_number == key.number, t.c.kind == kind)
            .order_by(t.c.known_on, t.c.source)
        )
        return [Source(r.source, r.kind, r.title, r.facts) for r in self._context.connection.execute(query)]

    def complete_since(self) -> date | None:
        """As whoever filled the books has written it."""
        query = select(tables.meta.c.value).where(tables.meta.c.name == COMPLETE_SINCE)
        written = self._context.connection.execute(query).scalar()
        return None if written is None else date.fromisoformat(written)

    def duties(self, taxpayer: str, first: date, last: date) -> Sequence[Duty]:
        """Those in force on some day from ``first`` to ``last``, by tax and then by day."""
        t = tables.tax_duty
        query = (
            select(t)
            .where(t.c.taxpayer == taxpayer, t.c.valid_from <= last)
            .where(or_(t.c.valid_to.is_(None), t.c.valid_to >= first))
            .order_by(t.c.tax, t.c.valid_from)
        )
        return [
            Duty(r.tax, r.cycle, r.quota_fen, r.valid_from, r.valid_to)
            for r in self._context.connection.execute(query)
        ]

    def dues(self, taxpayer: str) -> Sequence[DueRecord]:
        """What is still to be paid, earliest limit first."""
        t = tables.due
        query = (
            select(t).where(t.c.taxpayer == taxpayer, t.c.state == "open").order_by(t.c.limit_date, t.c.due)
        )
        rows = self._context.connection.execute(query).all()
        parts = self._parts([row.due for row in rows])
        return [_due(row, parts.get(row.due, ())) for row in rows]

    def due(self, due: str, *, lock: bool = False) -> DueRecord | None:
        """One due, in whatever state; with ``lock`` its row is held until the transaction ends."""
        query = select(tables.due).where(tables.due.c.due == due)
        row = self._context.connection.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else _due(row, self._parts([due]).get(due, ()))

    def _parts(self, dues: Collection[str]) -> Mapping[str, Sequence[PartPaid]]:
        """What orders have paid of these dues before the rest, of the day on which each was opened, by due."""
        d, line, order = tables.due, tables.payment_due, tables.payment_order
        query = (
            select(d.c.part_of, order.c.created_at, line.c.amount_fen, line.c.late_fee_fen)
            .join_from(d, line, line.c.due == d.c.due)
            .join(order, order.c.order_no == line.c.order_no)
            .where(d.c.part_of.in_(dues))
            .order_by(order.c.order_no)
        )
        found: dict[str, list[PartPaid]] = {}
        for of, at, fen, late in self._context.connection.execute(query):
            found.setdefault(of, []).append(PartPaid(at.astimezone(CHINA).date(), fen, late))
        return found

    def overdue(self, taxpayer: str, day: date) -> Sequence[DueRecord]:
        """Open dues whose limit has passed on ``day``."""
        return [due for due in self.dues(taxpayer) if due.limit_date < day]

    def entered(self, taxpayer: str, first: date, last: date) -> Sequence[PaidTax]:
        """Taxes paid by orders of this centre and those that came in otherwise, as the treasury entered them.

        Refunds that were paid are among them, below zero.
        """
        mine, days = tables.due.c.taxpayer == taxpayer, (first, last)
        found = [*self._payments(mine, days), *self._paid_back(mine, days)]
        return sorted(found, key=lambda paid: (paid.entry_date, paid.voucher, paid.due))

    def payments_of(self, dues: Collection[str]) -> Sequence[PaidTax]:
        """How these dues came to the treasury, by day of entry, voucher and due."""
        return self._payments(tables.due.c.due.in_(dues))

    def _payments(
        self, which: ColumnElement[bool], days: tuple[date, date] = (date.min, date.max)
    ) -> list[PaidTax]:
        """Payments of these dues that entered on these days, by day of entry, voucher and due."""
        d, part, booked, other = tables.due, tables.payment_due, tables.booking, tables.treasury_entry
        of_due = (d.c.due, d.c.tax, d.c.period_first, d.c.period_last)
        ours = (
            select(*of_due, part.c.amount_fen, part.c.late_fee_fen, booked.c.voucher, booked.c.entry_date)
            .join_from(d, part, part.c.due == d.c.due)
            .join(booked, booked.c.order_no == part.c.order_no)
            .where(booked.c.entry_date.between(*days))
        )
        theirs = (
            select(*of_due, other.c.amount_fen, other.c.late_fee_fen, other.c.voucher, other.c.entry_date)
            .join_from(d, other, other.c.due == d.c.due)
            .where(other.c.entry_date.between(*days))
        )
        paid = which & (d.c.state == "paid")
        rows = self._context.connection.execute(union_all(ours.where(paid), theirs.where(paid)))
        return sorted((PaidTax(*row) for row in rows), key=lambda one: (one.entry_date, one.voucher, one.due))

    def _paid_back(self, which: ColumnElement[bool], days: tuple[date, date]) -> list[PaidTax]:
        """What left the treasury of these dues again on these days, below zero, under the refund's number."""
        d, part, refund = tables.due, tables.refund_part, tables.refund
        query = (
            select(d.c.due, d.c.tax, d.c.period_first, d.c.period_last)
            .add_columns(-part.c.amount_fen, -part.c.late_fee_fen, refund.c.refund_no, refund.c.settled_on)
            .join_from(d, part, part.c.due == d.c.due)
            .join(refund, refund.c.refund_no == part.c.refund_no)
            .where(which, refund.c.state == "paid", refund.c.settled_on.between(*days))
        )
        return [PaidTax(*row) for row in self._context.connection.execute(query)]

    def set_off(self, due: DueRecord, amount_fen: int, late_fee_fen: int, voucher: str) -> None:
        """Pay an open due, or a part of it under a number of its own."""
        t, paid = tables.due, due.due
        if amount_fen < due.amount_fen:
            rest = {"amount_fen": due.amount_fen - amount_fen}
            self._context.connection.execute(t.update().where(t.c.due == due.due).values(rest))
            paid = self._context.next_number(Type.DUE)
            part = {
                "due": paid,
                "taxpayer": due.taxpayer,
                "tax": due.tax,
                "period_first": due.period_first,
                "period_last": due.period_last,
                "amount_fen": amount_fen,
                "limit_date": due.limit_date,
                "declaration": due.declaration,
                "state": "paid",
                "held_by": None,
            }
            self._context.connection.execute(t.insert().values(part))
        else:
            self._context.connection.execute(t.update().where(t.c.due == paid).values(state="paid"))
        entry = {
            "due": paid,
            "voucher": voucher,
            "amount_fen": amount_fen,
            "late_fee_fen": late_fee_fen,
            "entry_date": self._context.today,
        }
        self._context.connection.execute(tables.treasury_entry.insert().values(entry))


def _due(row: Row[Any], parts: Sequence[PartPaid]) -> DueRecord:
    return DueRecord(
        due=row.due,
        taxpayer=row.taxpayer,
        tax=row.tax,
        period_first=row.period_first,
        period_last=row.period_last,
        amount_fen=row.amount_fen,
        limit_date=row.limit_date,
        declaration=row.declaration,
        state=row.state,
        held_by=row.held_by,
        parts=tuple(parts),
    )


def _about(taxpayer: str, tax: str, first: date, last: date, subject: str | None) -> ColumnElement[bool]:
    """Returns of that tax and period, about whatever where no subject is named."""
    t = tables.declaration
    of_period = (t.c.taxpayer == taxpayer) & (t.c.tax == tax)
    of_period &= (t.c.period_first == first) & (t.c.period_last == last)
    return of_period if subject is None else of_period & (t.c.subject == subject)


def _with_owed() -> Select[Any]:
    """Returns with what is still to be paid of each."""
    t, due = tables.declaration, tables.due
    open_ones = (due.c.declaration == t.c.declaration) & (due.c.state == "open")
    owed = select(func.coalesce(func.sum(due.c.amount_fen), 0)).where(open_ones).scalar_subquery()
    return select(t, owed.label("owed_fen"))


def _kept(row: Row[Any]) -> Kept:
    period = (row.period_first, row.period_last)
    return Kept(
        filed=Filed(row.declaration, row.taxpayer, row.tax, *period, row.total_fen, row.filed_at),
        figures=row.figures,
        subject=row.subject,
        limit_date=row.limit_date,
        stands=row.state == "filed",
        owed_fen=int(row.owed_fen),
        withdrawn=row.state == "withdrawn",
    )
