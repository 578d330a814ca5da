"""Notices of non-tax revenue from the store, which order holds one, and the receipt of its payment."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, select

from bureau.engine.reference.context import Context
from bureau.errors import DueTaken
from bureau.ports.nontax import NewNontax, NontaxNotice
from bureau.ports.payments import PaidNotice
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.errors import FieldError
from kiosk.domain.notice_codes import HIGHEST_BATCH, HIGHEST_SERIAL, check_code, make_code
from sync.models import NontaxReceipt

AREA: Final = "990199"
"""Six digits of the region in this bureau's payment codes; no region has these."""
RECEIPT: Final = "990301"
"""Region (2), class 03 and kind 01 of 非税收入一般缴款书（电子） before the year in its code (K)."""
CHECK_SIGNS: Final = "23456789abcdefghkmnpqrstuvwxyz"
"""Of the receipt's check code: none that is taken for another, and no j, whose tail runs under the sign before it."""


class ReferenceNontax:
    """Implements ``Nontax``, and the part of payments that is about notices."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def issue(self, new: NewNontax) -> NontaxNotice:
        """Keep a new one; its code is drawn, so that nobody finds one notice by another."""
        code = self._free_code()
        self._context.connection.execute(
            tables.nontax_notice.insert().values(
                code=code,
                payer=new.payer,
                authority=new.authority,
                item=new.item,
                amount_fen=new.amount_fen,
                issued_at=self._context.now,
                issued_by=new.by,
                limit_date=new.limit_date,
                valid_until=new.valid_until,
            )
        )
        made = self.notice(code)
        assert made is not None
        return made

    def _free_code(self) -> str:
        taken = tables.nontax_notice.c.code
        while True:
            batch, serial = secrets.randbelow(HIGHEST_BATCH + 1), secrets.randbelow(HIGHEST_SERIAL + 1)
            code = make_code(AREA, self._context.today.year, batch, serial)
            if self._context.connection.execute(select(taken).where(taken == code)).scalar() is None:
                return code

    def notice(self, code: str) -> NontaxNotice | None:
        """One, in whatever state."""
        query = select(tables.nontax_notice).where(tables.nontax_notice.c.code == code)
        row = self._context.connection.execute(query).one_or_none()
        return None if row is None else self._notice(row)

    def elsewhere(self, code: str) -> bool:
        """Whether its check digit is right and its region another."""
        try:
            return check_code(code).region != AREA
        except FieldError:
            return False

    def listed(self, limit: int) -> Sequence[NontaxNotice]:
        """The latest issued first."""
        t = tables.nontax_notice
        query = select(t).order_by(t.c.issued_at.desc(), t.c.code).limit(limit)
        return [self._notice(row) for row in self._context.connection.execute(query).all()]

    def withdraw(self, code: str, by: str) -> bool:
        """It can be paid no more; whoever pays it at this moment is first, or finds it withdrawn."""
        t = tables.nontax_notice
        free = (t.c.code == code) & t.c.held_by.is_(None) & t.c.withdrawn_at.is_(None)
        gone = {"withdrawn_at": self._context.now, "withdrawn_by": by}
        return self._context.connection.execute(t.update().where(free).values(gone)).rowcount == 1

    def hold(self, wanted: PaidNotice, order: str) -> None:
        """The order collects it; raises ``DueTaken`` when it is withdrawn, or another order holds or paid it."""
        t = tables.nontax_notice
        query = select(t).where(t.c.code == wanted.code).with_for_update()
        row = self._context.connection.execute(query).one_or_none()
        if row is None or row.withdrawn_at is not None or row.held_by is not None:
            raise DueTaken(wanted.code, None if row is None else row.held_by)
        self._set_held(wanted.code, order)

    def ordered(self, wanted: PaidNotice, order: str) -> None:
        """Keep what the order is for, once it is written."""
        self._context.connection.execute(
            tables.nontax_payment.insert().values(
                order_no=order,
                code=wanted.code,
                amount_fen=wanted.amount_fen,
                late_fee_fen=wanted.late_fee_fen,
            )
        )

    def take_again(self, wanted: PaidNotice, order: str) -> bool:
        """Whether the notice is still the order's own, or is free to be taken back for money that came late."""
        t = tables.nontax_notice
        query = select(t).where(t.c.code == wanted.code).with_for_update()
        row = self._context.connection.execute(query).one()
        if row.held_by != order and (row.held_by is not None or row.withdrawn_at is not None):
            return False
        self._set_held(wanted.code, order)
        return True

    def free(self, code: str) -> bool:
        """Whether it waits to be paid, and no order is at it."""
        found = self.notice(code)
        return found is not None and found.held_by is None and found.withdrawn_on is None

    def let_go(self, order: str) -> None:
        """The order is over and was not paid."""
        t = tables.nontax_notice
        self._context.connection.execute(t.update().where(t.c.held_by == order).values(held_by=None))

    def book(self, order: str) -> None:
        """The receipt of what was paid, its number rising within the year: month, day and a running number.

        Its check code is drawn.
        """
        today, t = self._context.today, tables.nontax_payment
        receipt = {
            "receipt_code": f"{RECEIPT}{today:%y}",
            "receipt_number": f"{today:%m%d}{self._context.next_serial('nontax-receipt'):06}",
            "receipt_check": "".join(secrets.choice(CHECK_SIGNS) for _ in range(6)),
        }
        self._context.connection.execute(t.update().where(t.c.order_no == order).values(receipt))

    def paid_by(self, order: str) -> tuple[PaidNotice | None, NontaxReceipt | None]:
        """What an order is for, when it is for a notice, and the receipt once it is booked."""
        t = tables.nontax_payment
        row = self._context.connection.execute(select(t).where(t.c.order_no == order)).one_or_none()
        if row is None:
            return None, None
        paid = PaidNotice(row.code, row.amount_fen, row.late_fee_fen)
        if row.receipt_number is None:
            return paid, None
        receipt = NontaxReceipt(code=row.receipt_code, number=row.receipt_number, check=row.receipt_check)
        return paid, receipt

    def _set_held(self, code: str, order: str) -> None:
        t = tables.nontax_notice
        self._context.connection.execute(t.update().where(t.c.code == code).values(held_by=order))

    def _notice(self, row: Row[Any]) -> NontaxNotice:
        booked, gone = tables.booking, row.withdrawn_at
        query = select(booked.c.entry_date).where(booked.c.order_no == row.held_by)
        return NontaxNotice(
            code=row.code,
            payer=row.payer,
            authority=row.authority,
            item=row.item,
            amount_fen=row.amount_fen,
            issued_at=row.issued_at,
            issued_by=row.issued_by,
            limit_date=row.limit_date,
            valid_until=row.valid_until,
            withdrawn_on=None if gone is None else gone.astimezone(CHINA).date(),
            paid_on=None if row.held_by is None else self._context.connection.execute(query).scalar(),
            held_by=row.held_by,
        )
