"""What an enterprise has to declare, for which period and until when (申报义务), from its registration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bureau.engine.names import day_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Filed

VAT_GENERAL = "vat-general"
LOOK_BACK = 4
"""Periods of VAT that are looked at, the latest that was over first."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """A return of one tax and period that had, or has, to be filed; ``filed`` None: it still has to."""

    tax: str
    period: Period
    filed: Filed | None


def obligations(core: Core, taxpayer: Taxpayer, rules: Rules, day: date) -> list[Obligation]:
    """What had to be declared by ``day`` or has to be now, VAT first, the latest period of a tax first."""
    number = taxpayer.taxpayer
    found = [*_vat(taxpayer, rules, day), *_registered(core, taxpayer, rules, day)]
    return [
        Obligation(tax, period, core.returns.filed(number, tax, period.first, period.last))
        for tax, period in found
    ]


def begun(taxpayer: Taxpayer, period: Period, rules: Rules) -> None:
    """Whether it already had to declare in ``period``; raises ``Refused`` with when its first return is due."""
    if period.last >= taxpayer.liable_since:
        return
    first = rules.first_period(taxpayer)
    opens = day_name(first.last + timedelta(1))
    raise refuse("notYetToFile", period=first.name, opens=opens, until=day_name(first.limit))


def _vat(taxpayer: Taxpayer, rules: Rules, day: date) -> Iterator[tuple[str, Period]]:
    """VAT of the last periods since the enterprise was registered (增值税法 art. 30)."""
    if taxpayer.state == "cancelled":
        return
    tax = VAT_SMALL if taxpayer.small_scale else VAT_GENERAL
    since = taxpayer.general_since or taxpayer.liable_since
    period = rules.last_period(taxpayer, day)
    for _ in range(LOOK_BACK):
        if period.last >= since:
            yield tax, period
        period = rules.period_before(period, taxpayer)


def _registered(core: Core, taxpayer: Taxpayer, rules: Rules, day: date) -> Iterator[tuple[str, Period]]:
    """The last period of each tax that it is registered for besides (税费种认定)."""
    for duty in core.returns.duties(taxpayer.taxpayer, day):
        period = rules.last_of(duty.cycle, day)
        if duty.tax != VAT_SMALL and period.last >= duty.valid_from and taxpayer.state != "cancelled":
            yield duty.tax, period
