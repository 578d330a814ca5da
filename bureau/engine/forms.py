"""Each kind of return as the centre sees it: what is known beforehand, what is filed, and what has to agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from bureau.engine import booked
from bureau.engine.names import day_name
from bureau.engine.period_forms import FixedQuotaForm, ToFile, ZeroForm
from bureau.engine.periods import Span
from bureau.engine.refusals import refuse
from bureau.engine.reliefs import taking
from bureau.engine.rules import Period, Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from config.catalogue.models import FormStep, Service
from kiosk.domain.errors import DomainError
from kiosk.domain.tax.limits import iit_settlement_period
from kiosk.domain.tax.returns import KINDS, Computed, Kind
from sync.models import FactValues, ReturnPrefill, TaxSource


class Form(Protocol):
    """One kind of return at the centre."""

    def prefill(self, core: Core, actor: Actor, rules: Rules, span: Span | None) -> ReturnPrefill:
        """What is known of it; ``span`` is the period that was chosen, where one can be. Raises ``Refused``."""
        ...

    def to_file(self, core: Core, taxpayer: Taxpayer, computed: Computed, rules: Rules, day: date) -> ToFile:
        """Which taxes of it are not filed yet."""
        ...

    def check(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """What the registry holds has to agree; raises ``Refused``."""
        ...

    def renewed(self, core: Core, actor: Actor, facts: FactValues) -> FactValues:
        """The facts of a return that is corrected, with what is known more of them by now."""
        ...

    def recheck(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """The same of a return that corrects another about the same; raises ``Refused``."""
        ...


def kind_of(service: Service) -> Kind | None:
    """The kind of return that the service is for, by the calculator of its form."""
    names = (step.calculator for step in service.steps if isinstance(step, FormStep))
    return next((KINDS[name] for name in names if name in KINDS), None)


class OwnForm:
    """A return in one's own name, about something that may be known already (税源)."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def prefill(self, core: Core, actor: Actor, rules: Rules, span: Span | None) -> ReturnPrefill:
        """The sources that were not declared yet."""
        sources = core.returns.sources(actor.person.key, self._kind.name)
        shown = [
            TaxSource(id=source.source, title=source.title, facts=source.facts)
            for source in sources
            if not self._declared(core, actor, source.facts, rules)
        ]
        number = actor.taxpayer.taxpayer if actor.taxpayer is not None else None
        facts = taking.offered(core, number, self._kind)
        return ReturnPrefill(facts=facts, sources=shown, relief_basis=taking.basis(core, facts))

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

    def renewed(self, core: Core, actor: Actor, facts: FactValues) -> FactValues:
        """As they were told: nobody else tells any."""
        return facts

    def recheck(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """Nothing: it is about what was declared already."""

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

    ITEMS = ("wages", "labour", "royalties", "licence")

    def prefill(self, core: Core, actor: Actor, rules: Rules, span: Span | None) -> ReturnPrefill:
        """The last year's incomes and what was withheld; the deductions that were told beforehand."""
        year = today(core).year - 1
        found = super().prefill(core, actor, rules, span)
        told = next((s.facts for s in found.sources if s.facts.get("year") == year), {})
        earlier = None
        if actor.taxpayer is not None:
            span = (date(year, 1, 1), date(year, 12, 31))
            earlier = core.returns.filed(actor.taxpayer.taxpayer, self._kind.tax, *span)
        facts: FactValues = {"year": year, "other_fen": 0, **self.known(core, actor, year), **told}
        return ReturnPrefill(facts=facts, declared_already=earlier.declaration if earlier else None)

    def check(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """The year is open to be settled, and nothing that was told of it is left out."""
        year = computed.told["year"]
        first, _ = iit_settlement_period(year)
        if today(core) < first:
            raise refuse("settlementNotOpen", year=str(year), first=day_name(first))
        known = self.known(core, actor, year)
        incomes = [f"{item}_fen" for item in self.ITEMS]
        if any(computed.told[name] < known[name] for name in incomes) or (
            computed.told["withheld_fen"] != known["withheld_fen"]
        ):
            raise refuse("incomeDiffers")

    def renewed(self, core: Core, actor: Actor, facts: FactValues) -> FactValues:
        """With what employers and others have told of the year meanwhile."""
        known = self.known(core, actor, int(facts["year"] or 0))
        incomes = {f"{item}_fen" for item in self.ITEMS}
        more = {name: max(known[name], int(facts.get(name) or 0)) for name in incomes}
        return {**facts, **more, "withheld_fen": known["withheld_fen"]}

    def recheck(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """Nothing that was told of the year is left out of a correction either."""
        self.check(core, actor, taxpayer, computed)

    def known(self, core: Core, actor: Actor, year: int) -> dict[str, int]:
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

    def prefill(self, core: Core, actor: Actor, rules: Rules, span: Span | None) -> ReturnPrefill:
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


FORMS: Mapping[str, Form] = {
    **{name: OwnForm(kind) for name, kind in KINDS.items()},
    "fixed-quota": FixedQuotaForm(),
    "zero": ZeroForm(),
    "vehicle-purchase": VehicleForm(KINDS["vehicle-purchase"]),
    "iit-annual": IitAnnualForm(KINDS["iit-annual"]),
    "social-insurance": SocialInsuranceForm(KINDS["social-insurance"]),
}
"""Every kind of return by its name."""
