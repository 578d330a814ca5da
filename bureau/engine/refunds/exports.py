"""Which exported goods (出口货物) an enterprise may ask the VAT back for today, and why not for the others.

免退税 of foreign-trade enterprises (财税〔2012〕39号 art. 5): bought on special invoices and exported as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.exports import ExportLine
from kiosk.domain.ids import Fen
from kiosk.domain.tax import export_refund

EXPORT: Final = "vat-export"
"""The return by which the refund is applied for (出口退（免）税申报), and the tax as the books call it."""
YEARS: Final = 3
"""Exports of so many years back are shown; whoever is later than that goes to a counter."""
WhyNot = Literal["asked", "month", "rate", "invoice", "exchange"]
"""Asked for already; exported this month; a rate of 0; not all bought on confirmed invoices; not paid for in time."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of a customs declaration, what its refund is, and what stands against it today."""

    line: ExportLine
    rate: Decimal
    paid_fen: int
    refund_fen: int
    why_not: WhyNot | None

    @property
    def year(self) -> int:
        """Exports of one year are applied for together."""
        return self.line.exported_on.year


def judged(core: Core, taxpayer: str, rules: Rules) -> list[Judged]:
    """Everything that was exported and not given back, the latest first."""
    day = today(core)
    since = date(day.year - YEARS, 1, 1)
    lines = core.exports.lines(taxpayer, since)
    return [_judge(line, day, rules) for line in lines if line.state != "back"]


def ready(lines: Sequence[Judged], year: int) -> list[Judged]:
    """What can be asked for of that year."""
    return [one for one in lines if one.year == year and one.why_not is None]


def refunds(lines: Sequence[Judged]) -> Mapping[str, int]:
    """What each of them gives back, in fen."""
    return {one.line.id: one.refund_fen for one in lines}


def last_day(year: int, rules: Rules) -> date | None:
    """Until when exports of the year are applied for: the filing period of VAT in the next April.

    国家税务总局公告2012年第24号 art. 4. Later is possible once all of it is there
    (财政部 税务总局公告2020年第2号 art. 4).
    """
    return rules.limit(date(year + 1, 3, 31))


def _judge(line: ExportLine, day: date, rules: Rules) -> Judged:
    rate = export_refund.refund_rate(line.hs, line.exported_on, rules.current)
    shares = [export_refund.share(Fen(one.net_fen), Fen(one.tax_fen), rate) for one in line.purchases]
    refund = sum(share.refund_fen for share in shares)
    return Judged(
        line, rate, sum(one.tax_fen for one in line.purchases), refund, _why_not(line, rate, day, rules)
    )


def _why_not(line: ExportLine, rate: Decimal, day: date, rules: Rules) -> WhyNot | None:
    if line.state == "asked":
        return "asked"
    if rate == 0:
        return "rate"
    if (line.exported_on.year, line.exported_on.month) == (day.year, day.month):
        return "month"
    if sum(one.quantity for one in line.purchases if one.confirmed_on is not None) != line.quantity:
        return "invoice"
    if line.exchange_on is None and _late(line, day, rules):
        return "exchange"
    return None


def _late(line: ExportLine, day: date, rules: Rules) -> bool:
    """After the last day an export counts only when it was paid for (国家税务总局公告2022年第9号 art. 8)."""
    last = last_day(line.exported_on.year, rules)
    return last is None or day > last
