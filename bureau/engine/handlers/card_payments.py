"""``payment.card``: what a card terminal says of the charge of an order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Final

from bureau.engine.effects import Handler, Outcome, Request, accepted
from bureau.engine.handlers.payments import own_order, status_of, tell_payer
from bureau.engine.refusals import refuse
from bureau.ports.acquirer import AcquirerOrder
from bureau.ports.core import Core
from bureau.ports.payments import Order
from bureau.ports.system import System
from sync.models import EffectAnswer, EffectKind, PaymentCard, PaymentStateName

CLOCK_OFF: Final = timedelta(hours=3)
"""A POS sets its clock by its bank; one that is further off has not."""


class TellCard(Handler[PaymentCard, None]):
    """Takes the card terminal's word on a charge; what was charged is booked, however late it is told."""

    kind: ClassVar[EffectKind] = EffectKind.PAYMENT_CARD
    model = PaymentCard

    def prepare(self, system: System, request: Request, data: PaymentCard) -> None:
        """Nobody else is asked."""

    def apply(self, core: Core, request: Request, data: PaymentCard, prepared: None) -> Outcome:
        """The order as it stands now: approved, or not when its dues were paid otherwise meanwhile (a case)."""
        order = own_order(core, data.order)
        if order.channel != "card":
            raise refuse("orderUnknown")
        order = core.payments.learn(order, _told(order, data, core.now), "terminal")
        return accepted(status_of(order), order.order)

    def tell(self, core: Core, request: Request, data: PaymentCard, answer: EffectAnswer) -> None:
        """The terminal learned it, or could tell it, only after the person had gone."""
        if data.outcome != "charged" or answer.result.get("state") == PaymentStateName.APPROVED:
            tell_payer(core, data.order, answer)


def _told(order: Order, data: PaymentCard, now: datetime) -> AcquirerOrder:
    """What a terminal says, in the words in which an acquirer would have said it.

    A card is charged between its order and its word; by a POS whose clock is far off it would be paid on a day of which
    no file is compared any more, and the order's own time stands.
    """
    right = data.paid_at is None or order.created_at - CLOCK_OFF <= data.paid_at <= now + CLOCK_OFF
    if data.outcome != "charged":
        state = PaymentStateName.DECLINED if data.outcome == "declined" else PaymentStateName.CLOSED
        return AcquirerOrder(order.order, order.amount_fen, state)
    return AcquirerOrder(
        order=order.order,
        amount_fen=data.amount_fen,
        state=PaymentStateName.APPROVED,
        reference=data.rrn,
        paid_at=data.paid_at if right else order.created_at,
        payer_masked=data.card or None,
    )
