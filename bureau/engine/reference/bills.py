"""Payment vouchers from the store; whether one is paid follows from its dues, whichever way they were paid."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from bureau.engine.reference.context import REGION, Context, Type
from bureau.engine.reference.returns import ReferenceReturns
from bureau.ports.bills import Bill, NewBill
from bureau.ports.returns import DueRecord
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.errors import FieldError
from kiosk.domain.own_numbers import HIGHEST, check_number, make_number


class ReferenceBills:
    """Implements ``Bills``."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._returns = ReferenceReturns(context)

    def issue(self, new: NewBill) -> Bill:
        """Keep a new one; its running number is drawn, so that nobody finds one voucher by another."""
        number = self._free_number()
        self._context.connection.execute(
            tables.bill.insert().values(
                bill=number,
                taxpayer=new.taxpayer,
                issued_at=self._context.now,
                issued_by=new.by,
                valid_until=new.valid_until,
            )
        )
        rows = [{"bill": number, "due": due} for due in new.dues]
        self._context.connection.execute(tables.bill_due.insert(), rows)
        made = self.bill(number)
        assert made is not None
        return made

    def _free_number(self) -> str:
        taken = tables.bill.c.bill
        while True:
            number = make_number(Type.BILL, REGION, self._context.today, secrets.randbelow(HIGHEST + 1))
            if self._context.connection.execute(select(taken).where(taken == number)).scalar() is None:
                return number

    def bill(self, bill: str) -> Bill | None:
        """One, in whatever state."""
        row = self._context.connection.execute(
            select(tables.bill).where(tables.bill.c.bill == bill)
        ).one_or_none()
        return None if row is None else self._bill(row)

    def elsewhere(self, bill: str) -> bool:
        """Whether its check digit is right and its region another."""
        try:
            found = check_number(bill)
        except FieldError:
            return False
        return found.type == Type.BILL and found.region != REGION

    def over(self, dues: Sequence[str]) -> Sequence[Bill]:
        """Those with any of these dues that were not withdrawn, by number."""
        t, part = tables.bill, tables.bill_due
        of_dues = select(part.c.bill).where(part.c.due.in_(dues))
        query = select(t).where(t.c.bill.in_(of_dues), t.c.withdrawn_at.is_(None)).order_by(t.c.bill)
        return [self._bill(row) for row in self._context.connection.execute(query).all()]

    def listed(self, limit: int) -> Sequence[Bill]:
        """The latest issued first."""
        t = tables.bill
        query = select(t).order_by(t.c.issued_at.desc(), t.c.bill).limit(limit)
        return [self._bill(row) for row in self._context.connection.execute(query).all()]

    def withdraw(self, bill: str, by: str) -> None:
        """It can be paid no more."""
        t = tables.bill
        gone = {"withdrawn_at": self._context.now, "withdrawn_by": by}
        self._context.connection.execute(t.update().where(t.c.bill == bill).values(gone))

    def _bill(self, row: Row[Any]) -> Bill:
        part = tables.bill_due
        query = select(part.c.due).where(part.c.bill == row.bill)
        found = (self._returns.due(due) for due in self._context.connection.execute(query).scalars().all())
        dues = tuple(sorted((d for d in found if d is not None), key=lambda d: (d.limit_date, d.due)))
        gone = row.withdrawn_at
        return Bill(
            bill=row.bill,
            taxpayer=row.taxpayer,
            issued_at=row.issued_at,
            issued_by=row.issued_by,
            valid_until=row.valid_until,
            withdrawn_on=None if gone is None else gone.astimezone(CHINA).date(),
            paid_on=self._paid_on(dues),
            dues=dues,
        )

    def _paid_on(self, dues: Sequence[DueRecord]) -> date | None:
        """The day of entry of the last of them, once all are paid."""
        if any(due.state != "paid" for due in dues):
            return None
        return max((one.entry_date for one in self._returns.payments_of([d.due for d in dues])), default=None)
