"""``invoice.entitlement``: how many paper invoices may be collected now."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine import entitlement
from bureau.engine.queries.registry import Query, of_actor
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.system import System
from sync.models import EntitlementParams, InvoiceEntitlements


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The queries of the paper invoices."""

    def allowed(core: Core, actor: Actor, given: EntitlementParams) -> InvoiceEntitlements:
        return entitlement.entitlements(core, actor, given.units, rules)

    return {"invoice.entitlement": of_actor(system, EntitlementParams, InvoiceEntitlements, allowed)}
