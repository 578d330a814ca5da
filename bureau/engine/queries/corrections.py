"""``correction.*``: what may be done about a return, what it says, and what the right figures cost or give back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from bureau.engine import carrying, corrections, dues, preferences
from bureau.engine.forms import FORMS
from bureau.engine.handlers.returns import lines_of
from bureau.engine.names import tax_name
from bureau.engine.queries.registry import Query, of_actor
from bureau.engine.refusals import Refused, refuse
from bureau.engine.rules import VAT_SMALL, Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.returns import Kept
from bureau.ports.system import System
from bureau.texts import say
from kiosk.domain.errors import DomainError
from kiosk.domain.tax.returns import KINDS
from sync.models import (
    CorrectedVat,
    Correction,
    CorrectionCost,
    CorrectionWay,
    CorrectionWays,
    FactValues,
    FenAmount,
    Texts,
    Wire,
)


class CorrectionParams(Wire):
    """Params of ``correction.prefill`` and ``correction.ways``: the number of the return."""

    declaration: Annotated[str, Field(max_length=32)]


class CostParams(CorrectionParams):
    """Params of ``correction.surcharge``: also the facts that the person is about to confirm; of VAT the lines."""

    facts: FactValues


class VatLines(Wire):
    """The taxes among the lines of a VAT return."""

    vat_fen: FenAmount
    city_fen: FenAmount
    education_fen: FenAmount
    local_education_fen: FenAmount


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The queries of corrections."""

    def ways(core: Core, actor: Actor, wanted: CorrectionParams) -> CorrectionWays:
        kept = corrections.theirs(core, actor.enterprise, wanted.declaration)
        return CorrectionWays(ways=[_correctable(core, kept), _withdrawable(core, kept)])

    def prefill(core: Core, actor: Actor, wanted: CorrectionParams) -> Correction:
        return _prefill(core, actor, wanted.declaration, rules)

    def costs(core: Core, actor: Actor, wanted: CostParams) -> CorrectionCost:
        return _costs(core, actor, wanted, rules)

    return {
        "correction.prefill": of_actor(system, CorrectionParams, Correction, prefill),
        "correction.surcharge": of_actor(system, CostParams, CorrectionCost, costs),
        "correction.ways": of_actor(system, CorrectionParams, CorrectionWays, ways),
    }


def _correctable(core: Core, kept: Kept) -> CorrectionWay:
    try:
        corrections.check(core, kept)
        why: Texts = {}
    except Refused as no:
        why = corrections.why_not(kept) or no.refusal.text
    words = {"title": say("correction.way.correct"), "note": say("correction.way.correct.note")}
    return CorrectionWay(way="correct", **words, usable=not why, why_not=why)


def _withdrawable(core: Core, kept: Kept) -> CorrectionWay:
    no = corrections.why_not_withdrawn(core, kept, today(core))
    why = no.refusal.text if no is not None else {}
    words = {"title": say("correction.way.withdraw"), "note": say("correction.way.withdraw.note")}
    return CorrectionWay(way="withdraw", **words, usable=not why, why_not=why)


def _prefill(core: Core, actor: Actor, declaration: str, rules: Rules) -> Correction:
    """The return as it stands, and what is known more of it today; raises ``Refused``."""
    kept = corrections.theirs(core, actor.enterprise, declaration)
    corrections.check(core, kept)
    form, filed = corrections.form_of(kept), kept.filed
    assert form is not None, "checked"
    told: dict[str, Any] = (
        {"vat": _vat(core, actor, kept, rules)}
        if form == VAT_SMALL
        else {"facts": FORMS[form].renewed(core, actor, kept.figures["facts"])}
    )
    return Correction(
        form=form,
        tax_name=tax_name(filed.tax),
        period_first=filed.period_first,
        period_last=filed.period_last,
        limit_date=kept.limit_date,
        declared_fen=filed.total_fen,
        replaces=declaration,
        **told,
    )


def _vat(core: Core, actor: Actor, kept: Kept, rules: Rules) -> CorrectedVat:
    """The lines, and what the invoices of the period say today; of a nil return these alone."""
    taxpayer, filed = actor.enterprise, kept.filed
    first, last = filed.period_first, filed.period_last
    period = rules.named(taxpayer, today(core), first, last)
    if period is None:
        raise refuse("periodNotOpen", period=rules.last_period(taxpayer, today(core)).name)
    sales = core.returns.sales(taxpayer.taxpayer, first, last)
    was = kept.figures
    mine = preferences.of_period(core, taxpayer.taxpayer, first, last)
    return CorrectedVat(
        taxpayer=taxpayer.taxpayer,
        name=taxpayer.name,
        period_first=first,
        period_last=last,
        limit_date=period.limit,
        quarterly=taxpayer.quarterly,
        invoice_count=sales.count,
        ordinary_sales_fen=max(sales.ordinary_fen, was.get("ordinary_sales_fen", 0)),
        special_sales_fen=max(sales.special_fen, was.get("special_sales_fen", 0)),
        uninvoiced_sales_fen=was.get("uninvoiced_sales_fen", 0),
        levy_rate=str(rules.levy_rate(period, reduced=not mine.reduced_waived)),
        city_rate=taxpayer.city_rate,
        half_six_taxes=taxpayer.half_six_taxes,
        parameters_hash=rules.current.hash,
        threshold_waived=mine.threshold_waived,
        reduced_waived=mine.reduced_waived,
        freed_invoiced_fen=preferences.freed_invoiced(core, taxpayer.taxpayer, mine),
        freed_sales_fen=was.get("freed_sales_fen", 0),
        preferences=mine.shown,
        preferences_law=mine.law,
        returned_sales_fen=carrying.returned_of(sales),
        carried_fen=carrying.ledger(core, rules, taxpayer.taxpayer).available(
            (first, last), filed.declaration
        ),
    )


def _costs(core: Core, actor: Actor, wanted: CostParams, rules: Rules) -> CorrectionCost:
    """Counted tax by tax, as the dues of the return will be; raises ``Refused``."""
    kept = corrections.theirs(core, actor.enterprise, wanted.declaration)
    corrections.check(core, kept)
    taxes, paid = _taxes(kept, wanted.facts, rules), corrections.paid_of(core, kept)
    owed = corrections.left(taxes, paid)
    cost = dues.surcharge(owed.values(), kept.limit_date, today(core), rules)
    return CorrectionCost(
        **cost.model_dump(),
        declared_fen=kept.filed.total_fen,
        overpaid_fen=sum(corrections.overpaid(taxes, paid).values()),
    )


def _taxes(kept: Kept, facts: FactValues, rules: Rules) -> Mapping[str, int]:
    form = corrections.form_of(kept)
    try:
        if form == VAT_SMALL:
            named = {name: facts.get(name) for name in corrections.FIGURES.values()}
            return corrections.declared(VatLines.model_validate(named).model_dump())
        assert form is not None, "checked"
        computed = KINDS[form].compute(facts, rules.current)
    except (DomainError, ValidationError) as error:
        raise refuse("factsWrong") from error
    return corrections.taxes({"lines": lines_of(computed), "refund_fen": int(computed.refund_fen)})
