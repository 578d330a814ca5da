"""What of a kind may be ordered for delivery: the rules of collecting, and the shelf in place of a machine."""

from __future__ import annotations

from bureau.engine.entitlement import allowed, check, within
from bureau.engine.names import kind_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.deliveries import OPEN, Delivery
from bureau.ports.invoices import Approval
from bureau.ports.registration import Taxpayer
from bureau.texts import say
from sync.models import Texts

MOST = 10**6
"""Beyond any limit: what the shelf holds is looked at by itself, in words of its own."""


def open_order(core: Core, taxpayer: str, kind: str) -> Delivery | None:
    """The order of this kind that has not ended: there is one at a time."""
    orders = core.deliveries.of(taxpayer)
    return next((one for one in orders if one.kind == kind and one.state in OPEN), None)


def orderable(core: Core, taxpayer: Taxpayer, approval: Approval) -> tuple[int, Texts]:
    """How many sheets can be ordered now, and what binds, in words."""
    if (waits := open_order(core, taxpayer.taxpayer, approval.kind)) is not None:
        return 0, say("refusal.deliveryOpen", order=waits.order, kind=approval.kind_name)
    figures, stock = allowed(core, taxpayer, approval, MOST), core.deliveries.in_stock(approval.kind)
    if stock < figures.count:
        return stock, say("refusal.deliveryNoStock", left=str(stock))
    return figures.count, figures.reason(approval)


def check_order(core: Core, actor: Actor, kind: str, count: int, rules: Rules) -> None:
    """Whether these sheets can be ordered, the enterprise locked; raises ``Refused``."""
    check(core, actor, rules)
    taxpayer = actor.enterprise
    if (waits := open_order(core, taxpayer.taxpayer, kind)) is not None:
        raise refuse("deliveryOpen", order=waits.order, kind=kind_name(kind))
    within(core, taxpayer, kind, count, MOST)
    if (stock := core.deliveries.in_stock(kind)) < count:
        raise refuse("deliveryNoStock", left=str(stock))
