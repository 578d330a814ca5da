"""How a case stands, in words."""

from __future__ import annotations

from bureau.engine.names import day_name
from bureau.ports.matters import MatterCase
from bureau.ports.refunds import Refund
from bureau.texts import say
from sync.models import Texts


def refund_step(refund: Refund) -> Texts:
    """How far the money of a refund is."""
    if refund.state == "paid" and refund.to_account_fen == 0:
        return say("refund.next.set-off")
    day = day_name(refund.settled_on) if refund.settled_on is not None else ""
    return say(f"refund.next.{refund.state}", day=day, reason=refund.reason or "")


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
