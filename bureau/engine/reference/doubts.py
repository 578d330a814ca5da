"""Who was left without a word on a payment is told how it ended: by notice and by message to their phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from bureau.engine.messages import payment_confirmed, payment_not_charged, to_pay
from bureau.engine.reference.care import ReferenceNotices
from bureau.engine.reference.context import Context
from bureau.engine.reference.nontax import ReferenceNontax
from bureau.engine.reference.registration import ReferenceRegistration
from bureau.ports.notices import Message
from bureau.ports.payments import Order
from bureau.ports.registration import Person, PersonKey
from bureau.store import tables
from kiosk.domain.people import DocumentKind, Role
from sync.models import PaymentStateName as State

GONE_AFTER: Final = timedelta(minutes=1)
"""The page asks for half a minute and then says that it is not known (domain note, section 9): nobody waits longer."""
BACKOFF_S = (2, 5, 10, 30, 60)
"""Pauses between questions about an order in doubt (domain note, section 9); then the last one, growing."""
BACKOFF_LAST_S = 600
ANSWERABLE: Final = (Role.LEGAL_REPRESENTATIVE, Role.FINANCE_OFFICER)
"""Told of an order whose payer is not known any more."""


def pause_after(tries: int) -> timedelta:
    """How long the acquirer is left alone after so many questions: it grows to ten minutes."""
    pause = BACKOFF_S[tries] if tries < len(BACKOFF_S) else BACKOFF_S[-1] * (tries - 3)
    return timedelta(seconds=min(pause, BACKOFF_LAST_S))


class Doubts:
    """Payment orders that were in doubt."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._notices = ReferenceNotices(context)
        self._registration = ReferenceRegistration(context)

    def ended(self, order: Order) -> None:
        """The order, in doubt before, is settled now."""
        if self._lasted(order) >= GONE_AFTER:
            self._tell(order)

    def ended_unheard(self, order: Order) -> None:
        """The order is settled, and nobody stood there any more to hear it; what was told before is not told again.

        Who has paid by another order meanwhile is not asked to pay once more.
        """
        if order.state is State.APPROVED or (order.settled and self._waits(order)):
            self._tell(order)

    def _waits(self, order: Order) -> bool:
        """Whether a due or the notice of the order is still to be paid, and no other order is at it."""
        if order.notice is not None:
            return ReferenceNontax(self._context).free(order.notice.code)
        t = tables.due
        free = t.c.due.in_([due.due for due in order.dues]) & (t.c.state == "open") & t.c.held_by.is_(None)
        return self._context.connection.execute(select(t.c.due).where(free).limit(1)).scalar() is not None

    def _tell(self, order: Order) -> None:
        if order.state is State.APPROVED:
            message = payment_confirmed(order)
        else:
            message = payment_not_charged(order, self._matter(order))
        if not self._told(message):
            for person in self.payers(order):
                self._notices.tell(person, message)

    def _told(self, message: Message) -> bool:
        t = tables.notice
        same = (t.c.kind == message.kind) & (t.c.reference == message.reference)
        return self._context.connection.execute(select(t.c.notice).where(same).limit(1)).scalar() is not None

    def _lasted(self, order: Order) -> timedelta:
        t = tables.payment_event
        mine = (t.c.order_no == order.order) & (t.c.to_state == State.UNKNOWN.value)
        line = self._context.connection.execute(select(func.min(t.c.line)).where(mine)).scalar()
        began = self._context.connection.execute(select(t.c.at).where(mine, t.c.line == line)).scalar()
        return timedelta(0) if began is None else self._context.now - began

    def payers(self, order: Order) -> Sequence[Person]:
        """Who ordered it at the terminal; where that was never kept, who answers for the enterprise's taxes."""
        t = tables.effect
        query = select(t.c.person_kind, t.c.person_number).where(t.c.key == order.key)
        row = self._context.connection.execute(query).one_or_none()
        if row is not None and row.person_kind is not None:
            key = PersonKey(DocumentKind(row.person_kind), row.person_number)
            if (person := self._registration.person(key)) is not None:
                return [person]
        return self._registration.staff(order.taxpayer, ANSWERABLE, self._context.today)

    def _matter(self, order: Order) -> str | None:
        """What ends the notice: that the return is paid after all, where the order was for one return."""
        t = tables.due
        mine = t.c.due.in_([due.due for due in order.dues])
        found = (
            self._context.connection.execute(select(t.c.declaration).where(mine).distinct()).scalars().all()
        )
        return to_pay(found[0]) if len(found) == 1 and found[0] is not None else None
