"""``invoice.entitlement``, ``.holdings``, ``.approvals``, ``.order``: what may be collected, is held, is approved."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine import entitlement
from bureau.engine.matters.kinds import matters
from bureau.engine.matters.quota import GRADES, KINDS, approved
from bureau.engine.queries.registry import NoParams, Query, of_actor, of_service
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.holdings import HeldRun
from bureau.ports.registration import Taxpayer
from bureau.ports.system import System
from bureau.texts import say
from config.catalogue.models import Service
from sync.models import (
    ApprovedRow,
    EntitlementParams,
    HeldRow,
    InvoiceApprovals,
    InvoiceEntitlements,
    InvoiceHoldings,
    OrderParams,
)


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The queries of the paper invoices."""

    def allowed(core: Core, actor: Actor, given: EntitlementParams) -> InvoiceEntitlements:
        return entitlement.entitlements(core, actor, given.units, rules)

    def ordered(core: Core, actor: Actor, given: OrderParams) -> InvoiceEntitlements:
        return entitlement.of_order(core, actor, given, rules)

    return {
        "invoice.entitlement": of_actor(system, EntitlementParams, InvoiceEntitlements, allowed),
        "invoice.approvals": of_actor(system, NoParams, InvoiceApprovals, _approvals),
        "invoice.order": of_actor(system, OrderParams, InvoiceEntitlements, ordered),
        "invoice.holdings": of_service(system, NoParams, InvoiceHoldings, _held),
    }


def _approvals(core: Core, actor: Actor, _: NoParams) -> InvoiceApprovals:
    """Every kind, also those that nothing is approved of yet."""
    return InvoiceApprovals(rows=[_approval(core, actor.enterprise, kind) for kind in KINDS])


def _approval(core: Core, taxpayer: Taxpayer, kind: str) -> ApprovedRow:
    known, name = approved(core, taxpayer.taxpayer, kind, today(core)), say(f"invoice-kind.{KINDS[kind]}")
    if known is None:
        return ApprovedRow(id=kind, kind_name=name, approved=False)
    figures = entitlement.allowed(core, taxpayer, known, 0)
    return ApprovedRow(
        id=kind,
        kind_name=name,
        approved=True,
        face_limit=next((grade for grade, fen in GRADES.items() if fen == known.face_limit_fen), None),
        face_limit_fen=known.face_limit_fen,
        monthly_max=known.monthly_max,
        collected_this_month=figures.collected,
        unused_held=figures.held,
    )


def _held(core: Core, actor: Actor, service: Service, _: NoParams) -> InvoiceHoldings:
    """What is not accounted for; of a matter of numbers what it can be about: written on, blank, or either."""
    matter = matters().get(service.id)
    wanted = matter.numbers.uploaded if matter is not None and matter.numbers is not None else "either"
    runs = [
        run
        for run in core.holdings.runs(actor.enterprise.taxpayer)
        if wanted == "either" or run.uploaded == (wanted == "every")
    ]
    return InvoiceHoldings(rows=[_row(run) for run in runs], count=sum(run.numbers.count for run in runs))


def _row(run: HeldRun) -> HeldRow:
    return HeldRow(
        id=f"{run.code}-{run.numbers.first}",
        kind=run.kind,
        kind_name=run.kind_name,
        code=run.code,
        first=run.numbers.first,
        last=run.numbers.last,
        count=run.numbers.count,
        amount_fen=run.amount_fen if run.uploaded else None,
    )
