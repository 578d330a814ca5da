"""Each kind of return as the centre sees it: what is known beforehand, what is filed, and what has to agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from bureau.engine import booked
from bureau.engine.duties import begun, obligations
from bureau.engine.names import day_name, tax_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Sales
from bureau.texts import joined
from config.catalogue.models import FormStep, Service
from kiosk.domain.errors import DomainError
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.domain.tax.limits import iit_settlement_period
from kiosk.domain.tax.returns import KINDS, Computed, Kind
from sync.models import FactValues, ReturnPrefill, TaxSource

ToFile = Sequence[tuple[str, Period]]
"""The taxes that a return files, each with its period; nothing: all of it was filed before."""


class Form(Protocol):
    """One kind of return at the centre."""

    def prefill(self, core: Core, actor: Actor, rules: Rules) -> ReturnPrefill:
        """What is known of it; raises ``Refused``."""
        ...

    def to_file(self, core: Core, taxpayer: Taxpayer, computed: Computed, rules: Rules, day: date) -> ToFile:
        """Which taxes of it are not filed yet."""
        ...

    def check(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """What the registry holds has to agree; raises ``Refused``."""
        ...


def kind_of(service: Service) -> Kind | None:
    """The kind of return that the service is for, by the calculator of its form."""
    names = (step.calculator for step in service.steps if isinstance(step, FormStep))
    return next((KINDS[name] for name in names if name in KINDS), None)


class OwnForm:
    """A return in one's own name, about something that may be known already (税源)."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def prefill(self, core: Core, actor: Actor, rules: Rules) -> ReturnPrefill:
        """The sources that were not declared yet."""
        sources = core.returns.sources(actor.person.key, self._kind.name)
        shown = [
            TaxSource(id=source.source, title=source.title, facts=source.facts)
            for source in sources
            if not self._declared(core, actor, source.facts, rules)
        ]
        return ReturnPrefill(facts={}, sources=shown)

    def to_file(self, core: Core, taxpayer: Taxpayer, computed: Computed, rules: Rules, day: date) -> ToFile:
        """The one tax, when nothing about this subject was filed for the period."""
        period = Period(computed.period_first, computed.period_last, computed.limit)
        about = (computed.period_first, computed.period_last, computed.subject)
        if core.returns.filed(taxpayer.taxpayer, self._kind.tax, *about) is not None:
            return ()
        return ((self._kind.tax, period),)

    def check(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """Part of the period must not be declared already."""
        for kept in core.returns.filings(taxpayer.taxpayer, computed.period_first):
            same = kept.stands and (kept.filed.tax, kept.subject) == (self._kind.tax, computed.subject)
            if same and kept.filed.period_first <= computed.period_last:
                raise refuse("periodOverlaps", declaration=kept.filed.declaration)

    def _declared(self, core: Core, actor: Actor, facts: FactValues, rules: Rules) -> bool:
        """Whether a return about this source was filed; one that tells too little was not."""
        if actor.taxpayer is None:
            return False
        try:
            found = self._kind.compute(facts, rules.current)
        except DomainError:
            return False
        about = (found.period_first, found.period_last, found.subject)
        return core.returns.filed(actor.taxpayer.taxpayer, self._kind.tax, *about) is not None


class IitAnnualForm(OwnForm):
    """Annual settlement of comprehensive income, with what employers and others told of the year (扣缴申报)."""

    ITEMS = ("wages", "labour", "royalties")

    def prefill(self, core: Core, actor: Actor, rules: Rules) -> ReturnPrefill:
        """The last year's incomes and what was withheld; the deductions that were told beforehand."""
        year = today(core).year - 1
        found = super().prefill(core, actor, rules)
        told = next((s.facts for s in found.sources if s.facts.get("year") == year), {})
        earlier = None
        if actor.taxpayer is not None:
            span = (date(year, 1, 1), date(year, 12, 31))
            earlier = core.returns.filed(actor.taxpayer.taxpayer, self._kind.tax, *span)
        facts: FactValues = {"year": year, "other_fen": 0, **self._known(core, actor, year), **told}
        return ReturnPrefill(facts=facts, declared_already=earlier.declaration if earlier else None)

    def check(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """The year is open to be settled, and nothing that was told of it is left out."""
        year = computed.told["year"]
        first, _ = iit_settlement_period(year)
        if today(core) < first:
            raise refuse("settlementNotOpen", year=str(year), first=day_name(first))
        known = self._known(core, actor, year)
        incomes = [f"{item}_fen" for item in self.ITEMS]
        if any(computed.told[name] < known[name] for name in incomes) or (
            computed.told["withheld_fen"] != known["withheld_fen"]
        ):
            raise refuse("incomeDiffers")

    def _known(self, core: Core, actor: Actor, year: int) -> dict[str, int]:
        """Each kind of comprehensive income of the year and the tax withheld from all, fen; a bonus is taxed apart."""
        records = core.returns.income(actor.person.key, f"{year}-01", f"{year}-12")
        known = {
            f"{item}_fen": sum(one.income_fen for one in records if one.item == item) for item in self.ITEMS
        }
        return {**known, "withheld_fen": sum(one.tax_fen for one in records if one.item in self.ITEMS)}


class VehicleForm(OwnForm):
    """Vehicle purchase tax, which is levied once (车辆购置税法 art. 3)."""

    def check(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """Nothing about this vehicle is settled or declared, whatever day its invoice is said to be of."""
        vin = computed.subject
        if any(one.vin == vin for one in booked.vehicles(core, actor.person.key)):
            raise refuse("vehicleTaxed")
        for kept in core.returns.filings(taxpayer.taxpayer, date.min):
            if kept.stands and (kept.filed.tax, kept.subject) == (self._kind.tax, vin):
                raise refuse("alreadyFiled", declaration=kept.filed.declaration)


class SocialInsuranceForm(OwnForm):
    """Contributions of the flexibly employed: of this year's months, for what is over is not paid any more."""

    def prefill(self, core: Core, actor: Actor, rules: Rules) -> ReturnPrefill:
        """This month."""
        day = today(core)
        return ReturnPrefill(
            facts={"first": f"{day:%Y-%m}", "months": 1}, earliest=day.replace(month=1, day=1)
        )

    def check(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """Months of this year, none of them twice."""
        if computed.period_first.year != today(core).year:
            raise refuse("factsWrong")
        super().check(core, actor, taxpayer, computed)


class FixedQuotaForm:
    """An individual business on a fixed quota (定期定额)."""

    def prefill(self, core: Core, actor: Actor, rules: Rules) -> ReturnPrefill:
        """The quota, and what was invoiced in the last period."""
        taxpayer = _small_scale(actor.enterprise)
        period = rules.last_period(taxpayer, today(core))
        begun(taxpayer, period, rules)
        sales = _sales(core, taxpayer, period)
        earlier = core.returns.filed(taxpayer.taxpayer, VAT_SMALL, period.first, period.last)
        return ReturnPrefill(
            facts={
                **_span(period),
                "quota_fen": _quota(core, taxpayer, period.last),
                "invoiced_fen": sales.ordinary_fen,
                "special_fen": sales.special_fen,
                "city_rate": taxpayer.city_rate,
            },
            declared_already=earlier.declaration if earlier is not None else None,
        )

    def to_file(self, core: Core, taxpayer: Taxpayer, computed: Computed, rules: Rules, day: date) -> ToFile:
        """It is the VAT return of its period."""
        period = Period(computed.period_first, computed.period_last, computed.limit)
        earlier = core.returns.filed(taxpayer.taxpayer, VAT_SMALL, period.first, period.last)
        return () if earlier is not None else ((VAT_SMALL, period),)

    def check(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """Quota and rate are those of the registration, and no invoice is left out (一窗式比对)."""
        told = computed.told
        if told["quota_fen"] != (quota := _quota(core, taxpayer, computed.period_last)):
            raise refuse("quotaDiffers", quota=format_yuan(Fen(quota)))
        if told["city_rate"] != Decimal(taxpayer.city_rate):
            raise refuse("ratesDiffer")
        sales = _sales(core, taxpayer, Period(computed.period_first, computed.period_last, computed.limit))
        if told["invoiced_fen"] < sales.ordinary_fen or told["special_fen"] < sales.special_fen:
            ordinary, special = (format_yuan(Fen(fen)) for fen in (sales.ordinary_fen, sales.special_fen))
            raise refuse("salesBelowInvoices", ordinary=ordinary, special=special)


class ZeroForm:
    """Nothing sold (零申报): every tax that is due to be declared and is not yet, in one go."""

    def prefill(self, core: Core, actor: Actor, rules: Rules) -> ReturnPrefill:
        """Which taxes those are; refused where something was sold, or nothing is left to file."""
        taxpayer = _small_scale(actor.enterprise)
        period = rules.last_period(taxpayer, today(core))
        begun(taxpayer, period, rules)
        self._nothing_sold(core, taxpayer, period)
        todo = self._open(core, taxpayer, rules, today(core))
        earlier = core.returns.filed(taxpayer.taxpayer, VAT_SMALL, period.first, period.last)
        return ReturnPrefill(
            facts=_span(period),
            taxes=joined([tax_name(tax) for tax, _ in todo]) if todo else {},
            declared_already=earlier.declaration if earlier is not None and not todo else None,
        )

    def to_file(self, core: Core, taxpayer: Taxpayer, computed: Computed, rules: Rules, day: date) -> ToFile:
        """What is open of the last periods; of an earlier one VAT alone."""
        last = rules.last_period(taxpayer, day)
        if (last.first, last.last) == (computed.period_first, computed.period_last):
            return self._open(core, taxpayer, rules, day)
        period = Period(computed.period_first, computed.period_last, computed.limit)
        earlier = core.returns.filed(taxpayer.taxpayer, VAT_SMALL, period.first, period.last)
        return () if earlier is not None else ((VAT_SMALL, period),)

    def check(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """Nothing was sold."""
        self._nothing_sold(
            core, taxpayer, Period(computed.period_first, computed.period_last, computed.limit)
        )

    def _open(self, core: Core, taxpayer: Taxpayer, rules: Rules, day: date) -> ToFile:
        """The last period of each tax, as far as it is not filed."""
        newest: dict[str, tuple[Period, bool]] = {}
        for duty in obligations(core, taxpayer, rules, day):
            newest.setdefault(duty.tax, (duty.period, duty.filed is not None))
        return [(tax, period) for tax, (period, filed) in newest.items() if not filed]

    def _nothing_sold(self, core: Core, taxpayer: Taxpayer, period: Period) -> None:
        sales = _sales(core, taxpayer, period)
        if sold := sales.ordinary_fen + sales.special_fen:
            raise refuse("notNil", amount=format_yuan(Fen(sold)))
        if any(duty.quota_fen for duty in core.returns.duties(taxpayer.taxpayer, period.last)):
            raise refuse("onQuota")


def _small_scale(taxpayer: Taxpayer) -> Taxpayer:
    if taxpayer.state == "cancelled":
        raise refuse("taxpayerCancelled")
    if not taxpayer.small_scale:
        raise refuse("notSmallScale")
    return taxpayer


def _sales(core: Core, taxpayer: Taxpayer, period: Period) -> Sales:
    """Invoices of the period; where more was taken back than sold, nothing was sold."""
    sales = core.returns.sales(taxpayer.taxpayer, period.first, period.last)
    return Sales(sales.count, max(sales.ordinary_fen, 0), max(sales.special_fen, 0))


def _quota(core: Core, taxpayer: Taxpayer, day: date) -> int:
    """Sales a month at which it is assessed; raises ``Refused`` when it is not."""
    for duty in core.returns.duties(taxpayer.taxpayer, day):
        if duty.quota_fen is not None:
            return duty.quota_fen
    raise refuse("noQuota")


def _span(period: Period) -> FactValues:
    return {"period_first": period.first.isoformat(), "period_last": period.last.isoformat()}


FORMS: Mapping[str, Form] = {
    **{name: OwnForm(kind) for name, kind in KINDS.items()},
    "fixed-quota": FixedQuotaForm(),
    "zero": ZeroForm(),
    "vehicle-purchase": VehicleForm(KINDS["vehicle-purchase"]),
    "iit-annual": IitAnnualForm(KINDS["iit-annual"]),
    "social-insurance": SocialInsuranceForm(KINDS["social-insurance"]),
}
"""Every kind of return by its name."""
