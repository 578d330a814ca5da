"""How a case stands, in words."""

from __future__ import annotations

from typing import Final

from bureau.engine.names import day_name
from bureau.errors import ReasonMissing
from bureau.ports.core import Core
from bureau.ports.deliveries import Delivery
from bureau.ports.matters import MatterCase
from bureau.ports.refunds import Refund
from bureau.texts import named, say
from sync.models import Texts

DELIVER = "invoice.deliver"
"""The matter whose cases are orders by courier."""
MOST_REASON: Final = 200
"""Characters of what an officer has a person told."""


def told_reason(reason: str) -> str:
    """What an officer has a person told, as it is told; raises ``ReasonMissing`` for nothing, or for too much."""
    reason = reason.strip()
    if not reason or len(reason) > MOST_REASON or not reason.isprintable():
        raise ReasonMissing(MOST_REASON)
    return reason


def refund_step(refund: Refund) -> Texts:
    """How far the money of a refund is."""
    if refund.state == "paid" and refund.to_account_fen == 0:
        return say("refund.next.set-off")
    day = day_name(refund.settled_on) if refund.settled_on is not None else ""
    return say(f"refund.next.{refund.state}", day=day, reason=refund.reason or "")


def delivery_step(order: Delivery) -> Texts:
    """How far an order by courier is."""
    own = order.state == "cancelled" and bool(order.closed_by)
    return say(
        "delivery.next.withdrawn" if own else f"delivery.next.{order.state}",
        courier=named("courier", order.courier),
        consignment=order.consignment,
        day=day_name(order.ended_on) if order.ended_on is not None else "",
        signed=order.signed_by,
        reason=order.reason,
    )


def how_it_stands(core: Core, case: MatterCase) -> Texts:
    """What comes next of a case; of a refund that was allowed how far its money is, of an order how far the parcel."""
    if case.state == "approved" and (refund := core.refunds.of_case(case.case)) is not None:
        return refund_step(refund)
    if case.matter == DELIVER and (order := core.deliveries.order(case.case)) is not None:
        return delivery_step(order)
    return next_step(case)


def next_step(case: MatterCase) -> Texts:
    """What comes next; of a case that is decided what came of it, of a refusal its reason."""
    if case.state == "open" and case.wanted is not None:
        return say("case.next.wanted", wanted=case.wanted)
    if case.state == "open":
        return say("case.next.open", day=day_name(case.due_on))
    if case.state == "refused":
        return say("case.next.refused", reason=case.reason or "")
    assert case.effective_on is not None
    return say("case.next.approved", day=day_name(case.effective_on))
