"""What an enterprise has to declare, for which period and until when (申报义务), from its registration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bureau.engine.matters.kinds import withheld_taxes
from bureau.engine.names import day_name, tax_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Filed
from bureau.texts import say
from sync.models import Texts

VAT_GENERAL = "vat-general"


@dataclass(frozen=True, slots=True)
class Obligation:
    """A return of one tax and period that had, or has, to be filed; ``filed`` None: it still has to."""

    tax: str
    period: Period
    filed: Filed | None

    def late(self, day: date) -> bool:
        """Whether it is not filed although its limit has passed."""
        return self.filed is None and self.period.limit < day

    @property
    def name(self) -> Texts:
        """Tax and period in words."""
        return say("unfiled.what", tax=tax_name(self.tax), period=self.period.name)


def obligations(core: Core, taxpayer: Taxpayer, rules: Rules, day: date) -> list[Obligation]:
    """Each return that had to be filed by ``day`` or has to be now, the earliest limit first, VAT before the others.

    From the first period of each duty on: one that was not filed does not lapse (税收征收管理法 art. 25, 62). How long
    tax may still be collected for it (art. 52, 追征期) is for an officer. It goes no further back than the books are
    complete and the tables of rules reach.
    """
    since = core.returns.complete_since() or date.min
    due = dict.fromkeys((*_vat(taxpayer, rules, since, day), *_registered(core, taxpayer, rules, since, day)))
    if not due:
        return []
    # One look into the books for all of them: a core may be a network away.
    kept = core.returns.filings(taxpayer.taxpayer, min(period.last for _, period in due))
    filed = {
        (one.filed.tax, one.filed.period_first, one.filed.period_last): one.filed
        for one in kept
        if one.stands and not one.subject
    }
    found = [Obligation(tax, one, filed.get((tax, one.first, one.last))) for tax, one in due]
    return sorted(found, key=lambda one: (one.period.limit, one.period.first))


def unfiled(core: Core, taxpayer: Taxpayer, rules: Rules, day: date) -> Obligation | None:
    """The oldest return, of whichever tax, that is not filed although its limit has passed."""
    return next((one for one in obligations(core, taxpayer, rules, day) if one.late(day)), None)


def where(missing: Obligation, taxpayer: Taxpayer, rules: Rules, day: date) -> Texts:
    """Where a return can still be filed, as the first thing to do.

    A terminal takes VAT of small-scale taxpayers, and their other taxes where there is nothing to tax. It takes no
    return of a general taxpayer, whose input tax is compared where invoices are selected (增值税发票综合服务平台), and
    none older than ``OLDEST_PERIODS``, and none of what is withheld from others.
    """
    oldest = rules.taken(taxpayer, day)[-1]
    if missing.tax in withheld_taxes():
        return say("unfiled.withheld")
    if not taxpayer.small_scale or missing.period.first < oldest.first:
        return say("unfiled.elsewhere")
    return say("unfiled.here" if missing.tax == VAT_SMALL else "unfiled.nil")


def filed_at(tax: str) -> Texts:
    """Where returns of a tax are filed, for lists and reminders."""
    return say("file-at.withheld" if tax in withheld_taxes() else "file-at.any")


def begun(taxpayer: Taxpayer, period: Period, rules: Rules) -> None:
    """Whether it already had to declare in ``period``; raises ``Refused`` with when its first return is due."""
    if period.last >= taxpayer.liable_since:
        return
    first = rules.first_period(taxpayer)
    opens = day_name(first.last + timedelta(1))
    raise refuse("notYetToFile", period=first.name, opens=opens, until=day_name(first.limit))


def _vat(taxpayer: Taxpayer, rules: Rules, complete: date, day: date) -> Iterator[tuple[str, Period]]:
    """VAT of each period since the enterprise was registered (增值税法 art. 30).

    What a general taxpayer had to declare as a small-scale one was filed before it could become one
    (``matters.effects.BecomeGeneral``).
    """
    if taxpayer.state == "cancelled":
        return
    tax = VAT_SMALL if taxpayer.small_scale else VAT_GENERAL
    since = taxpayer.general_since or taxpayer.liable_since
    for period in rules.periods(taxpayer, day):
        if period.last < since or period.first < complete:
            return
        yield tax, period


def _registered(
    core: Core, taxpayer: Taxpayer, rules: Rules, complete: date, day: date
) -> Iterator[tuple[str, Period]]:
    """Each period of the taxes that it is, or was, registered for besides (税费种认定)."""
    if taxpayer.state == "cancelled":
        return
    for duty in core.returns.duties(taxpayer.taxpayer, complete, day):
        if duty.tax == VAT_SMALL:  # an assessed quota, of a period that is there already
            continue
        for period in rules.periods_of(duty.cycle, day):
            if period.last < duty.valid_from or period.first < complete:
                break
            over = duty.valid_to is not None and period.first > duty.valid_to
            if not over and not taxpayer.ended(period.first):
                yield duty.tax, period
