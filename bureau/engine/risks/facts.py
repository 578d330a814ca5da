"""What the comparisons look at, gathered once from the core: figures and days, no names of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bureau.engine.dues import late_fee_of
from bureau.engine.duties import VAT_GENERAL, Obligation, obligations
from bureau.engine.names import tax_name
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Kept
from bureau.texts import say
from config.clock import CHINA
from sync.models import Texts


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A period of VAT whose limit has passed or whose return is there, in fen without tax.

    ``declared_*`` are None where no return stands, or where it does not tell them apart. ``declared_fen`` is all of
    it, sales without invoice too. ``collected``: blank invoices that were collected in it.
    """

    name: Texts
    first: date
    last: date
    invoiced_ordinary_fen: int
    invoiced_special_fen: int
    declared_ordinary_fen: int | None = None
    declared_special_fen: int | None = None
    declared_fen: int | None = None
    output_fen: int | None = None
    input_fen: int | None = None
    collected: int = 0

    @property
    def invoiced_fen(self) -> int:
        """On invoices of both kinds."""
        return self.invoiced_ordinary_fen + self.invoiced_special_fen


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one enterprise on one day. ``periods`` is the newest first."""

    day: date
    small_scale: bool
    quarterly: bool
    months: int
    periods: tuple[PeriodFacts, ...] = ()
    due_count: int = 0
    unfiled: tuple[Texts, ...] = ()
    overdue_count: int = 0
    overdue_fen: int = 0
    overdue_late_fee_fen: int = 0
    filed_count: int = 0
    filed_late: int = 0
    paid_count: int = 0
    paid_late: int = 0
    paid_late_fee_fen: int = 0
    sales_fen: int = 0
    red_count: int = 0
    red_fen: int = 0
    unchecked_since: date | None = None
    credit_year: str = ""
    credit_records: int = 0
    credit_open: int = 0
    devices: int = 0
    devices_behind: int = 0


def gather(core: Core, taxpayer: Taxpayer, rules: Rules, months: int) -> Facts:
    """All of it as of today; ``months``: how far back."""
    day, number = today(core), taxpayer.taxpayer
    since = _months_back(day, months)
    due = obligations(core, taxpayer, rules, day)
    vat = VAT_SMALL if taxpayer.small_scale else VAT_GENERAL
    kept = [one for one in core.returns.filings(number, since) if one.stands]
    overdue = core.returns.overdue(number, day)
    paid = [one for one in core.returns.entered(number, since, day) if one.amount_fen > 0]
    red = [one for one in core.returns.taken_back(number) if one.issued_on >= since]
    ratings = [one for one in core.archives.credit(number) if one.published_on <= day]
    lost = core.archives.credit_deductions(number, ratings[0].year) if ratings else []
    devices = [one for one in core.tax_control.listed(number, 100) if one.state == "active"]
    return Facts(
        day=day,
        small_scale=taxpayer.small_scale,
        quarterly=taxpayer.quarterly,
        months=months,
        periods=tuple(_periods(core, number, vat, due, kept, since, day)),
        due_count=sum(1 for one in due if one.period.limit < day and one.period.last >= since),
        unfiled=tuple(_return(one) for one in due if one.late(day)),
        overdue_count=len(overdue),
        overdue_fen=sum(one.amount_fen for one in overdue),
        overdue_late_fee_fen=sum(late_fee_of(core, one, rules) for one in overdue),
        filed_count=len(kept),
        filed_late=sum(one.filed.filed_at.astimezone(CHINA).date() > one.limit_date for one in kept),
        paid_count=len(paid),
        paid_late=sum(one.late_fee_fen > 0 for one in paid),
        paid_late_fee_fen=sum(one.late_fee_fen for one in paid),
        sales_fen=_sales(core, number, since, day),
        red_count=len(red),
        red_fen=sum(one.net_fen for one in red),
        unchecked_since=core.holdings.unchecked_since(number),
        credit_year=str(ratings[0].year) if ratings else "",
        credit_records=len(lost),
        credit_open=sum(one.mended_on is None for one in lost),
        devices=len(devices),
        devices_behind=sum(one.issues_until < day for one in devices),
    )


def _return(one: Obligation) -> Texts:
    return say("risk.return", tax=tax_name(one.tax), period=one.period.name)


def _periods(
    core: Core,
    number: str,
    vat: str,
    due: list[Obligation],
    kept: list[Kept],
    since: date,
    day: date,
) -> Iterator[PeriodFacts]:
    """The periods of VAT that are over, the newest first."""
    said = {(one.filed.period_first, one.filed.period_last): one for one in kept if one.filed.tax == vat}
    kinds = [one.kind for one in core.invoices.approvals(number, day)]
    over = [
        one.period for one in due if one.tax == vat and one.period.first >= since and one.period.last < day
    ]
    for period in sorted(over, key=lambda one: one.first, reverse=True):
        sales = core.returns.sales(number, period.first, period.last)
        collected = sum(core.invoices.collected(number, kind, period.first, period.last) for kind in kinds)
        yield _period(
            period, sales.ordinary_fen, sales.special_fen, collected, said.get((period.first, period.last))
        )


def _period(period: Period, ordinary: int, special: int, collected: int, kept: Kept | None) -> PeriodFacts:
    figures: Mapping[str, Any] = kept.figures if kept is not None else {}
    parts = {name: _fen(figures, f"{name}_sales_fen") for name in ("ordinary", "special", "uninvoiced")}
    known = [one for one in parts.values() if one is not None]
    declared = _fen(figures, "sales_fen") if not known else sum(known)
    return PeriodFacts(
        name=period.name,
        first=period.first,
        last=period.last,
        invoiced_ordinary_fen=max(0, ordinary),
        invoiced_special_fen=max(0, special),
        declared_ordinary_fen=parts["ordinary"],
        declared_special_fen=parts["special"],
        declared_fen=declared,
        output_fen=_fen(figures, "output_fen"),
        input_fen=_fen(figures, "input_fen"),
        collected=collected,
    )


def _fen(figures: Mapping[str, Any], name: str) -> int | None:
    value = figures.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _sales(core: Core, number: str, since: date, day: date) -> int:
    sales = core.returns.sales(number, since, day)
    return max(0, sales.ordinary_fen + sales.special_fen)


def _months_back(day: date, months: int) -> date:
    """The first day of the month so many months before that of ``day``."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
