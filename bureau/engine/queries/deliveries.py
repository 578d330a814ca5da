"""``invoice.deliverable`` and ``invoice.deliveries``: what may be ordered by courier, and how far the orders are."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.delivering.ordering import orderable
from bureau.engine.entitlement import allowed, check
from bureau.engine.matters.quota import KINDS
from bureau.engine.matters.words import delivery_step
from bureau.engine.names import kind_name
from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.deliveries import OPEN, Delivery
from bureau.ports.invoices import Approval
from bureau.ports.registration import Taxpayer
from bureau.ports.system import System
from bureau.texts import say
from sync.models import Deliverable, DeliverableRow, DeliveryOrders, DeliveryRow


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The queries of deliveries."""

    def deliverable(core: Core, actor: Actor, _: NoParams) -> Deliverable:
        return _deliverable(core, actor, rules)

    return {
        "invoice.deliverable": of_actor(system, NoParams, Deliverable, deliverable),
        "invoice.deliveries": of_actor(system, NoParams, DeliveryOrders, _orders),
    }


def _deliverable(core: Core, actor: Actor, rules: Rules) -> Deliverable:
    """Raises ``Refused`` with what blocks collecting."""
    check(core, actor, rules)
    taxpayer, day = actor.enterprise, today(core)
    facts = core.registration.facts(taxpayer.taxpayer, day)
    contact = {name: str(facts[name]) for name in ("address", "phone") if name in facts}
    found = {approval.kind: approval for approval in core.invoices.approvals(taxpayer.taxpayer, day)}
    rows = [_row(core, taxpayer, name, found[kind]) for name, kind in KINDS.items() if kind in found]
    return Deliverable(rows=[row.model_copy(update=contact) for row in rows])


def _row(core: Core, taxpayer: Taxpayer, name: str, approval: Approval) -> DeliverableRow:
    count, binds = orderable(core, taxpayer, approval)
    figures = allowed(core, taxpayer, approval, count)
    return DeliverableRow(
        id=name,
        kind_name=approval.kind_name,
        allowed=count,
        orderable=count > 0,
        binding_text=binds,
        collected_this_month=figures.collected,
        monthly_max=approval.monthly_max,
        unused_held=figures.held,
        hold_max=approval.hold_max,
    )


def _orders(core: Core, actor: Actor, _: NoParams) -> DeliveryOrders:
    """Also of an enterprise that may order nothing now."""
    orders = core.deliveries.of(actor.enterprise.taxpayer)
    return DeliveryOrders(rows=[_order(order) for order in orders], as_of=core.now)


def _order(order: Delivery) -> DeliveryRow:
    waits, parcel = order.state == "ordered", order.parcel
    why_not = None if waits else say("delivery.packed" if order.state in OPEN else "delivery.ended")
    return DeliveryRow(
        order=order.order,
        kind_name=kind_name(order.kind),
        count=order.count,
        state=order.state,
        ordered_on=order.ordered_on,
        numbers=f"{parcel.numbers.first}–{parcel.numbers.last}" if parcel is not None else "",
        next_step=delivery_step(order),
        cancellable=waits,
        why_not=why_not,
    )
