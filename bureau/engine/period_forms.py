"""Returns of an enterprise's periods as the centre sees them: on a fixed quota, and of nothing at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from bureau.engine import preferences
from bureau.engine.duties import obligations
from bureau.engine.matters.kinds import withheld_taxes
from bureau.engine.names import period_name, tax_name
from bureau.engine.periods import Span, late_days, late_law, open_period
from bureau.engine.refusals import refuse
from bureau.engine.reliefs import taking
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Sales
from bureau.texts import joined, say
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.domain.tax.returns import KINDS, Computed
from sync.models import FactValues, ReturnPrefill, Texts

ToFile = Sequence[tuple[str, Period]]
"""The taxes that a return files, each with its period; nothing: all of it was filed before."""


class FixedQuotaForm:
    """An individual business on a fixed quota (定期定额)."""

    def prefill(self, core: Core, actor: Actor, rules: Rules, span: Span | None) -> ReturnPrefill:
        """The quota of the period, and what was invoiced in it."""
        taxpayer, day = actor.enterprise, today(core)
        period = open_period(core, taxpayer, rules, day, span)
        sales = sales_of(core, taxpayer, period)
        earlier = core.returns.filed(taxpayer.taxpayer, VAT_SMALL, period.first, period.last)
        relief = taking.of_period(core, taxpayer.taxpayer, KINDS["fixed-quota"], period.first, period.last)
        mine = preferences.of_period(core, taxpayer.taxpayer, period.first, period.last)
        return ReturnPrefill(
            facts={
                **_span(period),
                **relief,
                **mine.waived,
                "quota_fen": _quota(core, taxpayer, period.last),
                "invoiced_fen": sales.ordinary_fen,
                "special_fen": sales.special_fen,
                "city_rate": taxpayer.city_rate,
            },
            late_days=late_days(period, day),
            late_law=late_law(period, day),
            relief_basis=taking.basis(core, relief),
            preferences=mine.shown,
            preferences_law=mine.law,
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
        mine = preferences.of_period(core, taxpayer.taxpayer, computed.period_first, computed.period_last)
        preferences.check_told(
            core, taxpayer.taxpayer, mine, (told["threshold_waived"], told["reduced_waived"]), 0, 0
        )
        sales = sales_of(core, taxpayer, Period(computed.period_first, computed.period_last, computed.limit))
        if told["invoiced_fen"] < sales.ordinary_fen or told["special_fen"] < sales.special_fen:
            ordinary, special = (format_yuan(Fen(fen)) for fen in (sales.ordinary_fen, sales.special_fen))
            raise refuse("salesBelowInvoices", ordinary=ordinary, special=special)

    def renewed(self, core: Core, actor: Actor, facts: FactValues) -> FactValues:
        """With what was invoiced of the period meanwhile."""
        first, last = (date.fromisoformat(str(facts[name])) for name in ("period_first", "period_last"))
        sales = core.returns.sales(actor.enterprise.taxpayer, first, last)
        known = {"invoiced_fen": sales.ordinary_fen, "special_fen": sales.special_fen}
        return {**facts, **{name: max(fen, int(facts.get(name) or 0)) for name, fen in known.items()}}

    def recheck(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """As of the first return of the period."""
        self.check(core, actor, taxpayer, computed)


class ZeroForm:
    """Nothing sold (零申报): every tax that is due to be declared and is not yet, older periods too, in one go."""

    def prefill(self, core: Core, actor: Actor, rules: Rules, span: Span | None) -> ReturnPrefill:
        """Which returns those are; refused where something was sold, or nothing is left to file."""
        taxpayer, day = actor.enterprise, today(core)
        last = open_period(core, taxpayer, rules, day, None)
        todo, sold = self._open(core, taxpayer, rules, day)
        if not todo:
            _nothing_sold(core, taxpayer, last)
            filed = core.returns.filed(taxpayer.taxpayer, VAT_SMALL, last.first, last.last)
            number = filed.declaration if filed is not None else None
            return ReturnPrefill(facts=_span(last), declared_already=number)
        oldest, newest = min(one.first for _, one in todo), max(one.last for _, one in todo)
        named = next(one for one in reversed(rules.taken(taxpayer, day)) if one.last >= newest)
        behind = min((one for _, one in todo), key=lambda one: one.limit)
        return ReturnPrefill(
            facts={**_span(named), "since": min(oldest, named.first).isoformat()},
            taxes=_listed(todo),
            sold=_spans(sold),
            late_days=late_days(behind, day),
            late_law=late_law(behind, day),
        )

    def to_file(self, core: Core, taxpayer: Taxpayer, computed: Computed, rules: Rules, day: date) -> ToFile:
        """What is open from ``since`` to the end of its period; its own VAT whatever was sold, for ``check`` to say."""
        named = (computed.period_first, computed.period_last)
        since = min(computed.told["since"] or named[0], named[0])
        todo, sold = self._open(core, taxpayer, rules, day)
        own = [(VAT_SMALL, one) for one in sold if (one.first, one.last) == named]
        return [*own, *((tax, one) for tax, one in todo if since <= one.first and one.last <= named[1])]

    def check(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """Nothing was sold."""
        _nothing_sold(core, taxpayer, Period(computed.period_first, computed.period_last, computed.limit))

    def renewed(self, core: Core, actor: Actor, facts: FactValues) -> FactValues:
        """As they were told."""
        return facts

    def recheck(self, core: Core, actor: Actor, taxpayer: Taxpayer, computed: Computed) -> None:
        """Nothing is corrected into a nil return: what was sold is set to none on the return of its own kind."""
        raise refuse("nothingToCorrect")

    def _open(
        self, core: Core, taxpayer: Taxpayer, rules: Rules, day: date
    ) -> tuple[list[tuple[str, Period]], list[Period]]:
        """What is not filed of periods in which nothing was sold, VAT first and the latest first.

        Not what is withheld from others: they may have been paid although nothing was sold.

        And the periods of which VAT is not filed, and something was sold.
        """
        oldest = rules.taken(taxpayer, day)[-1]
        found = [
            (one.tax, one.period)
            for one in reversed(obligations(core, taxpayer, rules, day))
            if one.filed is None and one.period.first >= oldest.first and one.tax not in withheld_taxes()
        ]
        nil = {one: _nil(core, taxpayer, one) for one in dict.fromkeys(period for _, period in found)}
        todo = sorted((one for one in found if nil[one[1]]), key=lambda one: one[0] != VAT_SMALL)
        return todo, [period for tax, period in found if tax == VAT_SMALL and not nil[period]]


def sales_of(core: Core, taxpayer: Taxpayer, period: Period) -> Sales:
    """Invoices of the period; where more was taken back than sold, nothing was sold."""
    sales = core.returns.sales(taxpayer.taxpayer, period.first, period.last)
    return Sales(sales.count, max(sales.ordinary_fen, 0), max(sales.special_fen, 0))


def on_quota(core: Core, taxpayer: Taxpayer, period: Period) -> bool:
    """Whether it was assessed at a fixed quota at the end of the period."""
    return any(duty.quota_fen for duty in core.returns.duties(taxpayer.taxpayer, period.last, period.last))


def _nil(core: Core, taxpayer: Taxpayer, period: Period) -> bool:
    sales = sales_of(core, taxpayer, period)
    return not sales.ordinary_fen + sales.special_fen and not on_quota(core, taxpayer, period)


def _nothing_sold(core: Core, taxpayer: Taxpayer, period: Period) -> None:
    if on_quota(
        core, taxpayer, period
    ):  # first: what it files instead is another return than for those who sold
        raise refuse("onQuota")
    sales = sales_of(core, taxpayer, period)
    if sold := sales.ordinary_fen + sales.special_fen:
        raise refuse("notNil", amount=format_yuan(Fen(sold)))


def _quota(core: Core, taxpayer: Taxpayer, day: date) -> int:
    """Sales a month at which it is assessed; raises ``Refused`` when it is not."""
    for duty in core.returns.duties(taxpayer.taxpayer, day, day):
        if duty.quota_fen is not None:
            return duty.quota_fen
    raise refuse("noQuota")


def _span(period: Period) -> FactValues:
    return {"period_first": period.first.isoformat(), "period_last": period.last.isoformat()}


def _listed(todo: ToFile) -> Texts:
    """The taxes by name; where it is not one period of each, with the periods."""
    taxes = list(dict.fromkeys(tax for tax, _ in todo))
    if len({period for _, period in todo}) == 1:
        return joined([tax_name(tax) for tax in taxes])
    each = ((tax, _spans(period for of, period in todo if of == tax)) for tax in taxes)
    return joined([say("return.spans", tax=tax_name(tax), spans=spans) for tax, spans in each], "semicolon")


def _spans(periods: Iterable[Period]) -> Texts:
    """Periods in words, the oldest first, those that follow each other as one; empty for none."""
    spans: list[Span] = []
    for one in sorted(periods, key=lambda period: period.first):
        if spans and spans[-1][1] + timedelta(days=1) == one.first:
            spans[-1] = (spans[-1][0], one.last)
        else:
            spans.append((one.first, one.last))
    return joined([period_name(*span) for span in spans]) if spans else {}
