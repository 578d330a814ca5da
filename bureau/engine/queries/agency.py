"""``agency.terms`` and ``agency.tax``: what the bureau issues an invoice for, to whom, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.agency.selling import buyer_of, sale_of, seller_of, taxed, terms_of
from bureau.engine.queries.registry import Query, of_actor
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.system import System
from sync.models import AgencyBuyer, AgencySaleTold, AgencyTaxed, AgencyTerms


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The queries of invoices that the bureau issues."""

    def terms(core: Core, actor: Actor, told: AgencyBuyer) -> AgencyTerms:
        seller = seller_of(core, actor, told.kind)
        buyer = buyer_of(core, seller.number, told)
        return terms_of(core, rules, buyer.name)

    def tax(core: Core, actor: Actor, told: AgencySaleTold) -> AgencyTaxed:
        return taxed(sale_of(core, actor, told, rules, rules.current))

    return {
        "agency.terms": of_actor(system, AgencyBuyer, AgencyTerms, terms),
        "agency.tax": of_actor(system, AgencySaleTold, AgencyTaxed, tax),
    }
