"""``vat.*``, ``return.*``, ``dues.list`` and ``arrears.list``: what fills a return, what it costs, what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bureau.engine import carrying, corrections, dues, preferences
from bureau.engine.agency.issuing import prepaid
from bureau.engine.forms import FORMS, kind_of
from bureau.engine.handlers.returns import dues_left
from bureau.engine.period_forms import on_quota
from bureau.engine.periods import Span, late_days, late_law, offered, open_period
from bureau.engine.queries.registry import NoParams, Query, of_actor, of_service
from bureau.engine.refusals import refuse
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.system import System
from config.catalogue.models import Service
from kiosk.domain.errors import DomainError
from kiosk.domain.tax.returns import Kind
from sync.models import (
    Arrears,
    Dues,
    FactValues,
    FenAmount,
    OpenPeriods,
    ReturnPrefill,
    VatPrefill,
    VatSurcharge,
    Wire,
)


class SurchargeParams(Wire):
    """Params of ``vat.surcharge``: the figures that the person is about to confirm."""

    period_first: date
    period_last: date
    vat_fen: FenAmount
    city_fen: FenAmount
    education_fen: FenAmount
    local_education_fen: FenAmount


class PeriodParams(Wire):
    """Params of ``vat.prefill`` and ``return.prefill``: the period that was chosen; none: the last one."""

    period_first: date | None = None
    period_last: date | None = None

    @property
    def span(self) -> Span | None:
        """The period, when both its days are told."""
        if self.period_first is None or self.period_last is None:
            return None
        return self.period_first, self.period_last


class ReturnParams(Wire):
    """Params of ``return.surcharge``: the facts that the person is about to confirm."""

    facts: FactValues


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The queries of returns and dues."""

    def periods(core: Core, actor: Actor, service: Service, _: NoParams) -> OpenPeriods:
        return _periods(core, actor, service, rules)

    def prefill(core: Core, actor: Actor, wanted: PeriodParams) -> VatPrefill:
        return _prefill(core, actor, wanted.span, rules)

    def surcharge(core: Core, actor: Actor, wanted: SurchargeParams) -> VatSurcharge:
        # Counted tax by tax, as the dues of the return will be.
        taxes = corrections.declared(wanted.model_dump())
        before = prepaid(core, actor.enterprise.taxpayer, wanted.period_first, wanted.period_last)
        limit = _limit(wanted.period_last, rules)
        due = dues.surcharge(corrections.left(taxes, before).values(), limit, today(core), rules)
        taken = sum(min(fen, before.get(tax, 0)) for tax, fen in taxes.items())
        return due.model_copy(update={"prepaid_fen": taken})

    def listed(core: Core, actor: Actor, _: NoParams) -> Dues:
        return dues.listed(core, core.returns.dues(actor.enterprise.taxpayer), rules)

    def overdue(core: Core, actor: Actor, _: NoParams) -> Arrears:
        return dues.overdue(core, core.returns.dues(actor.enterprise.taxpayer), rules)

    def known(core: Core, actor: Actor, service: Service, wanted: PeriodParams) -> ReturnPrefill:
        return FORMS[_kind(service).name].prefill(core, actor, rules, wanted.span)

    def costs(core: Core, actor: Actor, service: Service, wanted: ReturnParams) -> VatSurcharge:
        return _late(core, actor, _kind(service), wanted.facts, rules)

    return {
        "arrears.list": of_actor(system, NoParams, Arrears, overdue),
        "return.periods": of_service(system, NoParams, OpenPeriods, periods),
        "return.prefill": of_service(system, PeriodParams, ReturnPrefill, known),
        "return.surcharge": of_service(system, ReturnParams, VatSurcharge, costs),
        "vat.prefill": of_actor(system, PeriodParams, VatPrefill, prefill),
        "vat.surcharge": of_actor(system, SurchargeParams, VatSurcharge, surcharge),
        "dues.list": of_actor(system, NoParams, Dues, listed),
    }


def _limit(last: date, rules: Rules) -> date:
    """Until when the period's return is due; raises ``Refused`` for one of which no rule is known."""
    limit = rules.limit(last)
    if limit is None:
        raise refuse("factsWrong")
    return limit


def _kind(service: Service) -> Kind:
    """The kind of return that the service is for; raises ``Refused`` for another service."""
    kind = kind_of(service)
    if kind is None:
        raise refuse("notOfThisService")
    return kind


def _late(core: Core, actor: Actor, kind: Kind, facts: FactValues, rules: Rules) -> VatSurcharge:
    """What it costs when it is filed and paid today, tax by tax as its dues will be; raises ``Refused``."""
    try:
        computed = kind.compute(facts, rules.current)
    except DomainError as error:
        raise refuse("factsWrong") from error
    number = actor.taxpayer.taxpayer if actor.taxpayer is not None else None
    amounts = [due.amount_fen for due in dues_left(core, number, kind.tax, computed)]
    late = dues.surcharge(amounts, computed.limit, today(core), rules)
    return late.model_copy(update={"prepaid_fen": int(computed.total_fen) - sum(amounts)})


def _periods(core: Core, actor: Actor, service: Service, rules: Rules) -> OpenPeriods:
    """The periods of which a VAT return may be filed, as assessed where the service is for that; raises ``Refused``."""
    taxpayer, kind = actor.enterprise, kind_of(service)

    def fits(period: Period) -> bool:
        return kind is None or on_quota(core, taxpayer, period)

    return offered(core, taxpayer, rules, today(core), fits)


def _prefill(core: Core, actor: Actor, span: Span | None, rules: Rules) -> VatPrefill:
    """The period that was chosen, or the last one, with what its invoices say; raises ``Refused``."""
    taxpayer, day = actor.enterprise, today(core)
    period = open_period(core, taxpayer, rules, day, span)
    sales = core.returns.sales(taxpayer.taxpayer, period.first, period.last)
    books = carrying.ledger(core, rules, taxpayer.taxpayer)
    filed = core.returns.filed(taxpayer.taxpayer, VAT_SMALL, period.first, period.last)
    mine = preferences.of_period(core, taxpayer.taxpayer, period.first, period.last)
    return VatPrefill(
        taxpayer=taxpayer.taxpayer,
        name=taxpayer.name,
        period_first=period.first,
        period_last=period.last,
        limit_date=period.limit,
        quarterly=taxpayer.quarterly,
        invoice_count=sales.count,
        ordinary_sales_fen=max(sales.ordinary_fen, 0),
        special_sales_fen=max(sales.special_fen, 0),
        levy_rate=str(rules.levy_rate(period, reduced=not mine.reduced_waived)),
        city_rate=taxpayer.city_rate,
        half_six_taxes=taxpayer.half_six_taxes,
        parameters_hash=rules.current.hash,
        late_days=late_days(period, day),
        late_law=late_law(period, day),
        declared_already=filed.declaration if filed is not None else None,
        threshold_waived=mine.threshold_waived,
        reduced_waived=mine.reduced_waived,
        freed_invoiced_fen=preferences.freed_invoiced(core, taxpayer.taxpayer, mine),
        preferences=mine.shown,
        preferences_law=mine.law,
        returned_sales_fen=carrying.returned_of(sales),
        carried_fen=books.available((period.first, period.last)),
    )
