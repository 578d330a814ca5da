"""What people declared at a terminal and paid, told as the archives tell what came to them otherwise.

A line of a return counts once all of its tax is in the treasury (已入库) and not given back, or when none was due. What
the archives hold themselves they tell; a core system that enters these payments there is not counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bureau.engine import corrections
from bureau.engine.rules import BOOKED_AS
from bureau.ports.archives import SocialPayment, VehicleTax
from bureau.ports.core import Core
from bureau.ports.registration import PersonKey
from bureau.ports.returns import Income, Kept, PaidTax
from bureau.texts import say
from config.clock import CHINA

VEHICLE, SOCIAL, ANNUAL = "vehicle-purchase", "social-insurance", "iit-annual"
SETTLEMENT = "annual"
"""The income item of a year's settlement (综合所得年度汇算)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a return, and the day on which the last of its tax entered; that of filing where none was due."""

    told: Mapping[str, Any]
    day: date

    @property
    def base_fen(self) -> int:
        """What the tax is reckoned from."""
        return int(self.told["base_fen"])

    @property
    def tax_fen(self) -> int:
        """The tax."""
        return int(self.told["tax_fen"])


def vehicles(core: Core, key: PersonKey) -> list[VehicleTax]:
    """Vehicles whose purchase tax is settled, on file or declared here, the latest first."""
    known = list(core.archives.vehicles(key))
    vins = {one.vin for one in known}
    for kept in _standing(core, key, VEHICLE, date.min):
        facts = kept.figures["facts"]
        for line in _settled(core, kept):
            if facts["vin"] not in vins:
                known.append(
                    VehicleTax(
                        vin=facts["vin"],
                        make=facts.get("make") or "",
                        engine=facts.get("engine") or "",
                        price_fen=line.base_fen,
                        tax_fen=line.tax_fen,
                        exempt=line.tax_fen == 0,
                        entry_date=line.day,
                        authority=_office(),
                    )
                )
    return sorted(known, key=lambda one: (-one.entry_date.toordinal(), one.vin))


def social(core: Core, key: PersonKey, first: str, last: str) -> list[SocialPayment]:
    """What was paid for the months ``YYYY-MM``, both included, on file or declared here; by month."""
    known = list(core.archives.social(key, first, last))
    there = {(one.month, one.insurance) for one in known}
    for kept in _standing(core, key, SOCIAL, date.fromisoformat(f"{first}-01")):
        begins, ends = kept.filed.period_first, kept.filed.period_last
        months = [f"{begins.year}-{month:02}" for month in range(begins.month, ends.month + 1)]  # of one year
        for line in _settled(core, kept):
            for month in months:
                if first <= month <= last and (month, line.told["code"]) not in there:
                    known.append(_month(line, month, len(months)))
    return sorted(known, key=lambda one: one.month)


def _month(line: Line, month: str, months: int) -> SocialPayment:
    """A month's share: the return is so many times one month (``SocialInsurance.lines``); nobody else pays a part."""
    own = line.tax_fen // months
    return SocialPayment(month, line.told["code"], line.base_fen // months, own, 0, line.day, "")


def income_months(core: Core, key: PersonKey) -> list[str]:
    """Months ``YYYY-MM`` with a line of income or a settlement, ascending."""
    settled = {one.month for one in _settlements(core, key, date.min)}
    return sorted({*core.returns.income_months(key), *settled})


def incomes(core: Core, key: PersonKey, first: str, last: str) -> list[Income]:
    """The lines of those months; a year's settlement stands in its last month, after what was withheld.

    It adds no income, which its months show already: only the tax that was still paid, or was given back.
    """
    known = list(core.returns.income(key, first, last))
    there = {one.month for one in known if one.item == SETTLEMENT}
    settled = _settlements(core, key, date.fromisoformat(f"{first}-01"))
    known += [one for one in settled if first <= one.month <= last and one.month not in there]
    return sorted(known, key=lambda one: one.month)


def _settlements(core: Core, key: PersonKey, since: date) -> Iterator[Income]:
    for kept in _standing(core, key, ANNUAL, since):
        month = f"{kept.filed.period_last:%Y-%m}"
        paid = _entered(core, kept) if not kept.owed_fen else ()
        if tax := sum(one.amount_fen for one in paid):
            yield Income(month, SETTLEMENT, 0, tax, max(one.entry_date for one in paid), _office(), "")
        for day, fen in corrections.given_back(core, kept):
            if day is not None:
                yield Income(month, SETTLEMENT, 0, -fen, day, _office(), "")


def _standing(core: Core, key: PersonKey, tax: str, since: date) -> list[Kept]:
    """Returns of the person's own that stand, of periods that ended on ``since`` or later."""
    own = core.registration.own(key)
    if own is None:
        return []
    return [one for one in core.returns.filings(own.taxpayer, since) if one.stands and one.filed.tax == tax]


def _entered(core: Core, kept: Kept) -> Sequence[PaidTax]:
    """What the treasury holds of what the return is about, paid on it or on those that it replaced (更正)."""
    filed = kept.filed
    period = (filed.period_first, filed.period_last)
    return core.returns.in_treasury(filed.taxpayer, filed.tax, *period, subject=kept.subject)


def _settled(core: Core, kept: Kept) -> Iterator[Line]:
    """The lines of a return of which nothing is open."""
    filed = kept.filed
    entered: dict[str, list[tuple[int, date]]] = {}
    for paid in _entered(core, kept):
        entered.setdefault(paid.tax, []).append((paid.amount_fen, paid.entry_date))
    for line in kept.figures["lines"]:
        payments = entered.get(BOOKED_AS.get(line["code"], line["code"]), [])
        if sum(fen for fen, _ in payments) >= line["tax_fen"]:
            days = [day for _, day in payments]
            yield Line(line, max(days, default=filed.filed_at.astimezone(CHINA).date()))


def _office() -> str:
    """Who collects what is declared here; papers have the name in Chinese."""
    return say("bureau")["zh-CN"]
