"""Payment orders: their states (domain note, section 9), their dues, and money booked at most once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from bureau.engine.messages import to_pay
from bureau.engine.reference import debits
from bureau.engine.reference.care import ReferenceCases, ReferenceNotices
from bureau.engine.reference.comparisons import agree, keep, read
from bureau.engine.reference.context import REGION, Context, Type
from bureau.engine.reference.doubts import Doubts, pause_after
from bureau.engine.reference.nontax import ReferenceNontax
from bureau.errors import DueTaken
from bureau.ports.acquirer import AcquirerOrder
from bureau.ports.payments import Comparison, NewOrder, Order, PaidDue
from bureau.store import tables
from config.clock import CHINA
from sync.models import PaymentChannel
from sync.models import PaymentStateName as State

GRACE_S = 5
"""An order is closed by the centre when the terminal has not done so this long after its code ran out."""


class ReferencePayments:
    """Implements ``Payments``."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._cases = ReferenceCases(context)
        self._notices = ReferenceNotices(context)
        self._doubts = Doubts(context)
        self._nontax = ReferenceNontax(context)

    def open(self, new: NewOrder) -> Order:
        """Write the order and hold its dues or notice; raises ``DueTaken``."""
        number, connection = self._context.next_number(Type.ORDER), self._context.connection
        for part in sorted(new.dues, key=lambda d: d.due):
            self._hold(part.due, new.taxpayer, number)
        if new.notice is not None:
            self._nontax.hold(new.notice, number)
        connection.execute(
            tables.payment_order.insert().values(
                order_no=number,
                key=new.key,
                terminal=new.terminal,
                taxpayer=new.taxpayer,
                subject=new.subject,
                amount_fen=new.amount_fen,
                channel=new.channel,
                state=State.CREATED.value,
                qr="",
                created_at=self._context.now,
                expires_at=new.expires_at,
                reference="",
                tries=0,
                next_query_at=new.expires_at + timedelta(seconds=GRACE_S),
                bill=new.bill or None,
            )
        )
        rows = [
            {
                "order_no": number,
                "due": d.due,
                "amount_fen": d.amount_fen,
                "late_fee_fen": d.late_fee_fen,
                "left_fen": d.left_fen,
            }
            for d in new.dues
        ]
        if rows:
            connection.execute(tables.payment_due.insert(), rows)
        if new.notice is not None:
            self._nontax.ordered(new.notice, number)
        if new.debit is not None:
            debits.keep(connection, number, new.debit)
        self._event(number, "", State.CREATED.value, "terminal", "")
        return self._known(number)

    def _hold(self, due: str, taxpayer: str, order: str) -> None:
        t = tables.due
        row = self._context.connection.execute(
            select(t).where(t.c.due == due).with_for_update()
        ).one_or_none()
        if row is None or row.taxpayer != taxpayer or row.state != "open" or row.held_by is not None:
            raise DueTaken(due, None if row is None else row.held_by)
        self._context.connection.execute(t.update().where(t.c.due == due).values(held_by=order))

    def order(self, order: str, *, lock: bool = False) -> Order | None:
        """The order; with ``lock`` nobody else changes it until the transaction ends."""
        t = tables.payment_order
        query = select(t).where(t.c.order_no == order)
        row = self._context.connection.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else self._order(row)

    def paid(self, taxpayer: str, since: datetime) -> Sequence[Order]:
        """Those that were approved from ``since`` on, the latest first."""
        t = tables.payment_order
        query = (
            select(t)
            .where(t.c.taxpayer == taxpayer, t.c.state == State.APPROVED.value, t.c.paid_at >= since)
            .order_by(t.c.paid_at.desc(), t.c.order_no.desc())
        )
        return [self._order(row) for row in self._context.connection.execute(query).all()]

    def by_key(self, key: str) -> Order | None:
        """The order made by the effect with this key."""
        t = tables.payment_order
        row = self._context.connection.execute(select(t).where(t.c.key == key)).one_or_none()
        return None if row is None else self._order(row)

    def learn(self, order: Order, heard: AcquirerOrder, source: str) -> Order:
        """Take in what the acquirer says. What was booked stays; a late payment is booked if its dues wait.

        Who paid, and was left in doubt or was told that it was not paid, is told how it ended.
        """
        known = self.order(order.order, lock=True)
        assert known is not None
        after = self._learn(known, heard, source)
        if known.state is State.UNKNOWN and after.settled:
            self._doubts.ended(after)
        elif known.state in (State.DECLINED, State.CLOSED) and after.state is State.APPROVED:
            self._doubts.ended_unheard(after)
        return after

    def _learn(self, known: Order, heard: AcquirerOrder, source: str) -> Order:
        if heard.state is State.UNKNOWN:
            return self.doubt(known, source, "the acquirer itself is in doubt")
        if known.state is State.APPROVED:
            return known
        if heard.state is State.CREATED:
            return self._still_open(known, heard)
        if heard.state is State.APPROVED:
            return self._approve(known, heard, source)
        if known.state not in (State.DECLINED, State.CLOSED):
            self._move(known, heard.state, source, heard.word, next_query_at=None)
            self._let_go(known)
            debits.declined(self._context.connection, known.order, heard.word)
        return self._known(known.order)

    def _still_open(self, known: Order, heard: AcquirerOrder) -> Order:
        t = tables.payment_order
        if heard.qr and not known.qr:
            self._context.connection.execute(
                t.update().where(t.c.order_no == known.order).values(qr=heard.qr)
            )
        return self._known(known.order)

    def _approve(self, known: Order, heard: AcquirerOrder, source: str) -> Order:
        if self._goes_back(known):
            return known
        if heard.amount_fen != known.amount_fen:
            details = {"ours_fen": known.amount_fen, "theirs_fen": heard.amount_fen}
            self._cases.open("amount-differs", known.order, dict(details))
            return self.doubt(known, source, "the acquirer has another amount")
        if not self._take_again(known):
            self._cases.open("paid-twice", known.order, {"amount_fen": heard.amount_fen})
            self._event(
                known.order, known.state.value, known.state.value, source, "paid; dues are gone: refund"
            )
            return known
        self._move(
            known,
            State.APPROVED,
            source,
            paid_at=heard.paid_at or self._context.now,
            payer_masked=heard.payer_masked,
            reference=heard.reference,
            next_query_at=None,
        )
        self._book(known)
        return self._known(known.order)

    def _goes_back(self, known: Order) -> bool:
        """Whether money of the order is given back, or is on its way: what is left of it is no tax any more."""
        t = tables.repayment
        stands = (t.c.order_no == known.order) & (t.c.state != "refused")
        return (
            self._context.connection.execute(select(t.c.repayment).where(stands).limit(1)).scalar()
            is not None
        )

    def _take_again(self, known: Order) -> bool:
        """Whether every due of the order is still its own, or free to be taken back, and as the order found it."""
        if known.notice is not None:
            return self._nontax.take_again(known.notice, known.order)
        t = tables.due
        lines = {d.due: d for d in known.dues}
        wanted = list(lines)
        query = select(t).where(t.c.due.in_(wanted)).order_by(t.c.due).with_for_update()
        rows = self._context.connection.execute(query).all()
        if any(row.state != "open" or row.held_by not in (None, known.order) for row in rows):
            return False
        if any(not self._as_found(known, lines[row.due], row.amount_fen) for row in rows):
            return False
        self._context.connection.execute(t.update().where(t.c.due.in_(wanted)).values(held_by=known.order))
        return True

    def _as_found(self, known: Order, line: PaidDue, open_fen: int) -> bool:
        """Whether no part of a due, ``open_fen`` of which is open, was paid since the order was opened."""
        due, part = tables.due, tables.payment_due
        later = (
            select(part.c.order_no)
            .join(due, due.c.due == part.c.due)
            .where(due.c.part_of == line.due, part.c.order_no > known.order)
        )
        if self._context.connection.execute(later.limit(1)).scalar() is not None:
            return False
        return line.amount_fen <= open_fen if line.left_fen else line.amount_fen == open_fen

    def _book(self, known: Order) -> None:
        """Enter the money to the treasury; the order's key makes a second time impossible."""
        today, due = self._context.today, tables.due
        voucher = f"3{REGION}{today:%y%m%d}{self._context.next_serial('voucher'):07d}"
        self._context.connection.execute(
            tables.booking.insert().values(
                order_no=known.order,
                voucher=voucher,
                amount_fen=known.amount_fen,
                booked_at=self._context.now,
                entry_date=today,
            )
        )
        if known.notice is not None:
            self._nontax.book(known.order)
        for line in known.dues:
            if line.left_fen:
                self._part(known.order, line)
        paid = [d.due for d in known.dues if not d.left_fen]
        self._context.connection.execute(due.update().where(due.c.due.in_(paid)).values(state="paid"))
        mine = select(due.c.declaration).where(due.c.due.in_(paid), due.c.declaration.is_not(None))
        for declaration in self._context.connection.execute(mine.distinct()).scalars().all():
            left = select(due.c.due).where(due.c.declaration == declaration, due.c.state == "open").limit(1)
            if self._context.connection.execute(left).scalar() is None:
                self._notices.mended(to_pay(declaration))

    def _part(self, order: str, line: PaidDue) -> None:
        """What was paid of a due becomes a due of its own, which is paid; the rest is free under its number."""
        t, lines, connection = tables.due, tables.payment_due, self._context.connection
        whole = connection.execute(select(t).where(t.c.due == line.due)).mappings().one()
        part = {
            **whole,
            "due": self._context.next_number(Type.DUE),
            "amount_fen": line.amount_fen,
            "state": "paid",
            "held_by": None,
            "part_of": line.due,
        }
        connection.execute(t.insert().values(part))
        mine = (lines.c.order_no == order) & (lines.c.due == line.due)
        connection.execute(lines.update().where(mine).values(due=part["due"]))
        rest = {"amount_fen": whole["amount_fen"] - line.amount_fen, "held_by": None}
        connection.execute(t.update().where(t.c.due == line.due).values(rest))

    def _let_go(self, known: Order) -> None:
        self._nontax.let_go(known.order)
        due = tables.due
        self._context.connection.execute(
            due.update().where(due.c.held_by == known.order, due.c.state == "open").values(held_by=None)
        )

    def give_up(self, order: Order, note: str) -> Order:
        """Its charge goes back: an order that is not settled is closed, and its dues are free."""
        known = self.order(order.order, lock=True)
        assert known is not None
        if known.settled:
            return known
        self._move(known, State.CLOSED, "officer", note, next_query_at=None)
        self._let_go(known)
        return self._known(order.order)

    def tell_payer(self, order: Order) -> None:
        """Who paid has gone without a word on a settled order: they hear how it ended, once."""
        self._doubts.ended_unheard(order)

    def doubt(self, order: Order, source: str, note: str) -> Order:
        """The order is in doubt and is asked about again after a pause that grows.

        One that is settled stays so: its dues are paid or free, and silence to an earlier question says nothing new.
        """
        known = self.order(order.order, lock=True)
        assert known is not None
        if known.settled:
            return known
        after = self._context.now + pause_after(known.tries)
        self._move(known, State.UNKNOWN, source, note, tries=known.tries + 1, next_query_at=after)
        return self._known(order.order)

    def waiting(self, now: datetime, limit: int) -> Sequence[Order]:
        """Orders that should be asked about now, oldest first."""
        t = tables.payment_order
        query = select(t).where(t.c.next_query_at <= now).order_by(t.c.next_query_at).limit(limit)
        return [self._order(row) for row in self._context.connection.execute(query).all()]

    def in_doubt(self, day: date, channel: PaymentChannel) -> Sequence[Order]:
        """Unsettled orders of a channel, in doubt or left open, that can no more be paid after that day, in China."""
        t, end = tables.payment_order, datetime.combine(day + timedelta(days=1), time(), CHINA)
        query = (
            select(t)
            .where(t.c.channel == channel, t.c.expires_at < end)
            .where(t.c.state.in_((State.CREATED.value, State.UNKNOWN.value)))
            .order_by(t.c.order_no)
        )
        return [self._order(row) for row in self._context.connection.execute(query).all()]

    def booked(self, day: date, channel: PaymentChannel) -> Sequence[Order]:
        """Approved orders of a channel that were paid on that day, in China."""
        t, start = tables.payment_order, datetime.combine(day, time(), CHINA)
        query = (
            select(t)
            .where(t.c.channel == channel, t.c.state == State.APPROVED.value)
            .where(t.c.paid_at >= start, t.c.paid_at < start + timedelta(days=1))
            .order_by(t.c.order_no)
        )
        return [self._order(row) for row in self._context.connection.execute(query).all()]

    def compared(self, comparison: Comparison) -> None:
        """Keep a day's comparison, in place of an earlier one."""
        keep(self._context.connection, comparison)

    def agreed(self, order: str) -> None:
        """What was charged to the order beyond what is booked is back: kept comparisons agree on it from now on."""
        agree(self._context.connection, order)

    def comparison_of(self, day: date) -> Comparison | None:
        """The last comparison of that day."""
        return read(self._context.connection, day)

    def _move(self, known: Order, to: State, source: str, note: str = "", **values: object) -> None:
        t = tables.payment_order
        self._context.connection.execute(
            t.update().where(t.c.order_no == known.order).values(state=to.value, **values)
        )
        self._event(known.order, known.state.value, to.value, source, note)

    def _event(self, order: str, before: str, after: str, source: str, note: str) -> None:
        t, connection = tables.payment_event, self._context.connection
        count = connection.execute(select(func.count()).where(t.c.order_no == order)).scalar_one()
        connection.execute(
            t.insert().values(
                order_no=order,
                line=count + 1,
                at=self._context.now,
                from_state=before,
                to_state=after,
                source=source,
                note=note,
            )
        )

    def _known(self, order: str) -> Order:
        found = self.order(order)
        assert found is not None
        return found

    def _order(self, row: Row[Any]) -> Order:
        parts, booking = tables.payment_due, tables.booking
        connection = self._context.connection
        dues = connection.execute(select(parts).where(parts.c.order_no == row.order_no).order_by(parts.c.due))
        voucher = connection.execute(
            select(booking.c.voucher).where(booking.c.order_no == row.order_no)
        ).scalar()
        notice, receipt = self._nontax.paid_by(row.order_no)
        return Order(
            order=row.order_no,
            key=row.key,
            terminal=row.terminal,
            taxpayer=row.taxpayer,
            subject=row.subject,
            amount_fen=row.amount_fen,
            state=State(row.state),
            qr=row.qr,
            created_at=row.created_at,
            expires_at=row.expires_at,
            paid_at=row.paid_at,
            payer_masked=row.payer_masked,
            voucher=voucher,
            tries=row.tries,
            dues=tuple(PaidDue(d.due, d.amount_fen, d.late_fee_fen, d.left_fen) for d in dues),
            channel=row.channel,
            bill=row.bill or "",
            notice=notice,
            receipt=receipt,
            debit=debits.read(connection, row.order_no) if row.channel == "debit" else None,
        )
