"""Of which periods a small-scale taxpayer may file a return at a terminal, told so that a person can choose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bureau.engine.duties import begun, obligations
from bureau.engine.refusals import refuse
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.texts import say
from sync.models import OpenPeriod, OpenPeriods, Texts

Span = tuple[date, date]
"""The first and the last day of a period, as a terminal names it."""


def open_period(core: Core, taxpayer: Taxpayer, rules: Rules, day: date, span: Span | None) -> Period:
    """The period of ``span``, or the last one, when a return of it is taken on ``day``; raises ``Refused``."""
    _small_scale(taxpayer)
    taken = rules.taken(taxpayer, day)
    period = taken[0] if span is None else next((p for p in taken if (p.first, p.last) == span), None)
    if period is None:
        raise refuse("periodNotOpen", period=taken[0].name)
    begun(taxpayer, period, rules)
    if period.first < (core.returns.complete_since() or date.min):
        raise refuse("periodOfOtherBooks", period=period.name)
    return period


def offered(
    core: Core, taxpayer: Taxpayer, rules: Rules, day: date, fits: Callable[[Period], bool]
) -> OpenPeriods:
    """The periods whose VAT return is open, the oldest first, of those that ``fits`` the kind of return.

    One too old for a terminal is among them with the way to a counter, so that nobody takes it for settled.
    """
    last = open_period(core, taxpayer, rules, day, None)
    oldest = rules.taken(taxpayer, day)[-1]
    todo = [
        one.period
        for one in obligations(core, taxpayer, rules, day)
        if one.tax == VAT_SMALL and one.filed is None and fits(one.period)
    ]
    return OpenPeriods(periods=[_shown(period, day, oldest) for period in todo or [last]])


def late_days(period: Period, day: date) -> int:
    """By how many days the limit is over; 0 up to it."""
    return max(0, (day - period.limit).days)


def late_law(period: Period, day: date) -> Texts:
    """What a late return may cost besides the surcharge on its tax; empty where it is in time.

    税收征收管理法 art. 62; 首违不罚: 国家税务总局公告2021年第6号. Whether it is the first time, an officer finds.
    """
    return say("late.law") if late_days(period, day) else {}


def _shown(period: Period, day: date, oldest: Period) -> OpenPeriod:
    taken, days = period.first >= oldest.first, late_days(period, day)
    return OpenPeriod(
        id=period.first.isoformat(),
        period_first=period.first,
        period_last=period.last,
        limit_date=period.limit,
        overdue=days > 0,
        late=say("late.days", days=str(days)) if days else {},
        taken=taken,
        why_not={} if taken else say("late.too-old"),
    )


def _small_scale(taxpayer: Taxpayer) -> None:
    if taxpayer.state == "cancelled":
        raise refuse("taxpayerCancelled")
    if not taxpayer.small_scale:
        raise refuse("notSmallScale")
