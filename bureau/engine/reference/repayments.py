"""Charges that the acquirer gives back, and the lines of its files, from the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select

from bureau.engine.messages import charge_given_back
from bureau.engine.reference.care import ReferenceNotices
from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.doubts import Doubts, pause_after
from bureau.engine.reference.payments import ReferencePayments
from bureau.ports.acquirer import AcquirerRefund
from bureau.ports.repayments import (
    UNDER_WAY,
    Charge,
    FiledLine,
    NewRepayment,
    Repayment,
    State,
)
from bureau.store import tables
from sync.models import PaymentChannel

AT_ONCE = 500
"""Orders in one question to the store, well below what a statement may hold."""


class ReferenceRepayments:
    """Implements ``Repayments``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def charges(self, orders: Sequence[str], *, lock: bool = False) -> Sequence[Charge]:
        """What the files prove of those orders; a line that two files have with the same reference counts once.

        With ``lock`` an order that is none of ours, so has no row, is held by its name.
        """
        found: list[Charge] = []
        wanted = sorted(set(orders))
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            if lock:
                self._lock(some)
            found += self._charges(some)
        return found

    def _lock(self, orders: Sequence[str]) -> None:
        t = tables.payment_order
        for order in orders:
            self._context.hold(f"charge/{order}")
        rows = select(t.c.order_no).where(t.c.order_no.in_(orders)).order_by(t.c.order_no)
        self._context.connection.execute(rows.with_for_update()).all()

    def _charges(self, orders: Sequence[str]) -> list[Charge]:
        t, connection = tables.acquirer_line, self._context.connection
        query = select(t).where(t.c.order_no.in_(orders)).order_by(t.c.day, t.c.channel, t.c.line)
        lines: dict[str, dict[object, Row[Any]]] = defaultdict(dict)
        for row in connection.execute(query):
            lines[row.order_no].setdefault(_same(row), row)
        booked = self._sums(tables.booking, orders)
        r = tables.repayment
        asked = self._sums(r, orders, r.c.state.in_(UNDER_WAY))
        given = self._sums(r, orders, r.c.state == "confirmed")
        return [
            Charge(
                order=order,
                channel=next(iter(rows.values())).channel,
                charged_fen=sum(row.amount_fen for row in rows.values() if row.kind != "refund"),
                booked_fen=booked.get(order, 0),
                asked_fen=asked.get(order, 0),
                given_fen=given.get(order, 0) - _unasked(rows.values()),
                reference=next((row.reference for row in rows.values() if row.kind == "sale"), ""),
            )
            for order, rows in sorted(lines.items())
        ]

    def _sums(self, table: Any, orders: Sequence[str], *where: Any) -> dict[str, int]:
        mine = table.c.order_no
        query = select(mine, func.sum(table.c.amount_fen)).where(mine.in_(orders), *where).group_by(mine)
        return {order: int(amount) for order, amount in self._context.connection.execute(query)}

    def order(self, new: NewRepayment) -> Repayment:
        """Write it, before anybody is asked."""
        number = self._context.next_number(Type.REPAYMENT)
        self._context.connection.execute(
            tables.repayment.insert().values(
                repayment=number,
                order_no=new.order,
                case_no=new.case,
                channel=new.channel,
                amount_fen=new.amount_fen,
                reference=new.reference,
                officer=new.officer,
                second=new.second,
                reason=new.reason,
                state="ordered",
                ordered_at=self._context.now,
                word="",
                tries=0,
                next_query_at=self._context.now + pause_after(0),
            )
        )
        return self._known(number)

    def repayment(self, repayment: str, *, lock: bool = False) -> Repayment | None:
        """One of them; with ``lock`` its row is held until the transaction ends."""
        query = select(tables.repayment).where(tables.repayment.c.repayment == repayment)
        row = self._context.connection.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else _repayment(row)

    def of(self, order: str) -> Sequence[Repayment]:
        """Those of an order, the first one first."""
        t = tables.repayment
        return self._found(select(t).where(t.c.order_no == order).order_by(t.c.repayment))

    def listed(self, states: Sequence[State], limit: int) -> Sequence[Repayment]:
        """Those in such a state, the oldest first."""
        t = tables.repayment
        return self._found(select(t).where(t.c.state.in_(states)).order_by(t.c.repayment).limit(limit))

    def waiting(self, now: datetime, limit: int) -> Sequence[Repayment]:
        """Those the acquirer should be asked about now, the oldest question first."""
        t = tables.repayment
        query = select(t).where(t.c.next_query_at <= now).order_by(t.c.next_query_at).limit(limit)
        return self._found(query)

    def of_taxpayer(self, taxpayer: str, since: datetime) -> Sequence[Repayment]:
        """Those of the taxpayer's orders made from ``since`` on that are not refused, the latest first."""
        t, order = tables.repayment, tables.payment_order
        query = (
            select(t)
            .join(order, order.c.order_no == t.c.order_no)
            .where(order.c.taxpayer == taxpayer, order.c.created_at >= since, t.c.state != "refused")
            .order_by(t.c.repayment.desc())
        )
        return self._found(query)

    def answered(self, repayment: Repayment, heard: AcquirerRefund | None) -> Repayment:
        """Take in what the acquirer says; silence, or ``processing``, is asked about again after a growing pause.

        Nobody can be asked what a card acquirer does with an instruction: its file tells.
        """
        known = self.repayment(repayment.repayment, lock=True)
        assert known is not None
        if known.state not in ("ordered", "processing"):
            return known
        if heard is None or heard.state == "processing":
            told = heard is not None and known.channel == "card"
            again = None if told else self._context.now + pause_after(known.tries)
            state = known.state if heard is None else heard.state
            return self._move(known, state=state, tries=known.tries + 1, next_query_at=again)
        if heard.state == "refused":
            return self.refuse(known, heard.word)
        self._tell(known)
        return self._move(known, state="given", given_at=self._context.now, next_query_at=None)

    def refuse(self, repayment: Repayment, word: str) -> Repayment:
        """It will not be given back; what is confirmed stays."""
        known = self.repayment(repayment.repayment, lock=True)
        assert known is not None
        if not known.under_way:
            return known
        return self._move(known, state="refused", word=word, next_query_at=None)

    def confirmed(self, repayment: Repayment, day: date) -> Repayment:
        """The daily file of ``day`` has it."""
        known = self.repayment(repayment.repayment, lock=True)
        assert known is not None
        if known.state == "confirmed":
            return known
        if known.given_at is None:
            self._tell(known)
        given_at = known.given_at or self._context.now
        return self._move(known, state="confirmed", given_at=given_at, confirmed_on=day, next_query_at=None)

    def confirmed_by(self, day: date, channel: PaymentChannel) -> Sequence[Repayment]:
        """Those that a channel's file of that day has confirmed, the first one first."""
        t = tables.repayment
        mine = (t.c.confirmed_on == day) & (t.c.channel == channel)
        return self._found(select(t).where(mine).order_by(t.c.repayment))

    def filed(self, day: date, channel: PaymentChannel, lines: Sequence[FiledLine]) -> None:
        """Keep a channel's file of a day, in place of an earlier one; two who do so at once do it in turn."""
        self._context.hold(f"file/{day}/{channel}")
        t, connection = tables.acquirer_line, self._context.connection
        connection.execute(t.delete().where(t.c.day == day, t.c.channel == channel))
        rows = [
            {
                "day": day,
                "channel": channel,
                "line": number,
                "order_no": filed.line.order,
                "kind": filed.line.kind,
                "amount_fen": filed.line.amount_fen,
                "reference": filed.line.reference,
                "at": filed.line.paid_at,
                "repayment": filed.repayment,
            }
            for number, filed in enumerate(lines, start=1)
        ]
        if rows:
            connection.execute(t.insert(), rows)

    def _move(self, known: Repayment, **values: object) -> Repayment:
        t = tables.repayment
        self._context.connection.execute(t.update().where(t.c.repayment == known.repayment).values(values))
        return self._known(known.repayment)

    def _tell(self, known: Repayment) -> None:
        """Who paid hears of it; of an order that is not ours nobody is known."""
        order = ReferencePayments(self._context).order(known.order)
        if order is not None:
            notices, message = ReferenceNotices(self._context), charge_given_back(known)
            for person in Doubts(self._context).payers(order):
                notices.tell(person, message)

    def _known(self, number: str) -> Repayment:
        found = self.repayment(number)
        assert found is not None  # rows are never deleted
        return found

    def _found(self, query: Any) -> list[Repayment]:
        return [_repayment(row) for row in self._context.connection.execute(query).all()]


def _same(row: Row[Any]) -> object:
    """What tells one movement from another: a file of the next day may repeat it."""
    if not row.reference:
        return (row.day, row.channel, row.line)
    return (row.channel, row.kind, row.reference, row.amount_fen)


def _unasked(rows: Any) -> int:
    """What went back without an order of ours, below zero."""
    return sum(row.amount_fen for row in rows if row.kind == "refund" and row.repayment is None)


def _repayment(row: Row[Any]) -> Repayment:
    return Repayment(
        repayment=row.repayment,
        order=row.order_no,
        case=row.case_no,
        channel=row.channel,
        amount_fen=row.amount_fen,
        reference=row.reference,
        officer=row.officer,
        second=row.second,
        reason=row.reason,
        state=row.state,
        ordered_at=row.ordered_at,
        word=row.word,
        given_at=row.given_at,
        confirmed_on=row.confirmed_on,
        tries=row.tries,
    )
