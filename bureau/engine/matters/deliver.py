"""Paper invoices ordered for delivery by courier (发票邮寄), and such an order cancelled."""

from __future__ import annotations

import base64
from datetime import date

from bureau.engine.delivering import following
from bureau.engine.delivering.ordering import check_order
from bureau.engine.matters.base import Fields, Untouched, enterprise
from bureau.engine.matters.kinds import SEALED, Matter
from bureau.engine.matters.quota import KINDS
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.deliveries import Delivery
from bureau.ports.matters import MatterCase
from bureau.texts import say


class OrderDelivery(Untouched):
    """The order is in force at once: the rules of collecting have decided."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """These sheets can be ordered now."""
        kind = KINDS.get(str(fields.get("kind")))
        if kind is None:
            raise refuse("fieldMissing", field=say("delivery.kind"))
        check_order(core, actor, kind, int(fields["count"]), rules)
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Place it under the case's number; who receives it is sealed."""
        sealed = case.fields.get(SEALED)
        core.deliveries.place(
            Delivery(
                order=case.case,
                taxpayer=enterprise(case),
                kind=KINDS[str(case.fields["kind"])],
                count=int(case.fields["count"]),
                ordered_on=day,
                state="ordered",
                since=core.now,
                recipient=base64.b64decode(str(sealed)) if sealed is not None else None,
            )
        )
        return day


class CancelDelivery(Untouched):
    """What is not packed yet can be cancelled by whoever may order."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """The order is the enterprise's and still waits."""
        order = core.deliveries.order(str(fields["order"]), lock=True)
        if order is None or order.taxpayer != actor.enterprise.taxpayer:
            raise refuse("deliveryUnknown")
        if order.state in ("packed", "sent"):
            raise refuse("deliveryPacked", order=order.order)
        if order.state != "ordered":
            raise refuse("deliveryEnded", order=order.order)
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """What was ordered counts for the month no longer."""
        following.withdraw(core, str(case.fields["order"]), case.case)
        return day
