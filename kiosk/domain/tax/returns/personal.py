"""Returns of a person's year: comprehensive income settled, and contributions of who works for nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar

from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax import iit
from kiosk.domain.tax.limits import WorkingCalendar, iit_settlement_period
from kiosk.domain.tax.lines import ONE, Note, TaxLine, line
from kiosk.domain.tax.parameters import DayParameters, TaxParameters
from kiosk.domain.tax.returns import facts
from kiosk.domain.tax.returns.facts import Reader, Told
from kiosk.domain.tax.returns.kind import Kind

LEVELS = ("level-60", "level-80", "level-100", "level-150", "level-200", "level-300")
"""Bases to choose from, in per cent of the province's average wage."""
PENSION, MEDICAL = "pension", "medical"


class IitAnnual(Kind):
    """Annual settlement of comprehensive income (综合所得年度汇算; 个人所得税法 art. 6, 11)."""

    name: ClassVar[str] = "iit-annual"
    tax: ClassVar[str] = "iit-annual"
    fields: ClassVar[Mapping[str, Reader]] = {
        "year": facts.count(2019, 9999),
        "wages_fen": facts.amount_or_none,
        "labour_fen": facts.amount_or_none,
        "royalties_fen": facts.amount_or_none,
        "licence_fen": facts.amount_or_none,
        "social_fen": facts.amount_or_none,
        "extra_fen": facts.amount_or_none,
        "other_fen": facts.amount_or_none,
        "withheld_fen": facts.amount_or_none,
    }

    def period(self, told: Told) -> tuple[date, date]:
        """The calendar year."""
        return date(told["year"], 1, 1), date(told["year"], 12, 31)

    def limit(self, told: Told, parameters: TaxParameters) -> date:
        """The end of June of the next year, or the working day after it (个人所得税法 art. 11)."""
        return WorkingCalendar(parameters).on_or_after(iit_settlement_period(told["year"])[1])

    def lines(self, told: Told, parameters: TaxParameters) -> tuple[TaxLine, ...]:
        """What is still to be paid: nothing of a small amount (财政部 税务总局公告2023年第32号), nor of a refund."""
        found = self.settled(told, parameters)
        due = Fen(0) if found.waived else Fen(max(0, found.balance_fen))
        note = Note.THRESHOLD if found.waived else Note.NONE
        return (TaxLine("iit-annual", found.taxable_fen, found.rate, ONE, due, note),)

    def refund(self, told: Told, parameters: TaxParameters) -> Fen:
        """What was withheld beyond the tax of the year."""
        return Fen(max(0, -self.settled(told, parameters).balance_fen))

    def settled(self, told: Told, parameters: TaxParameters) -> iit.AnnualResult:
        """The year's settlement by the rules of its last day."""
        day = self.period(told)[1]
        given = iit.AnnualInput(
            income_fen=income(told, parameters.at(day)),
            social_fen=told["social_fen"],
            extra_fen=told["extra_fen"],
            other_fen=told["other_fen"],
            withheld_fen=told["withheld_fen"],
        )
        return iit.annual(given, day, parameters)


class SocialInsurance(Kind):
    """Contributions of the flexibly employed (灵活就业人员社会保险费; 社会保险法 art. 10, 23, 60)."""

    name: ClassVar[str] = "social-insurance"
    tax: ClassVar[str] = "social-insurance"
    fields: ClassVar[Mapping[str, Reader]] = {
        "first": facts.month,
        "months": facts.count(1, 12),
        "level": facts.one_of(LEVELS),
        "pension": facts.yes,
        "medical": facts.yes,
    }

    def period(self, told: Told) -> tuple[date, date]:
        """The months; raises ``FactError`` when they reach into another year."""
        first: date = told["first"]
        last_month = first.month + told["months"] - 1
        if last_month > 12:
            raise facts.FactError("months")
        after = date(first.year + last_month // 12, last_month % 12 + 1, 1)
        return first, after - timedelta(days=1)

    def limit(self, told: Told, parameters: TaxParameters) -> date:
        """The end of the year: until then its months may be paid."""
        return date(told["first"].year, 12, 31)

    def lines(self, told: Told, parameters: TaxParameters) -> tuple[TaxLine, ...]:
        """Each insurance at its rate, month by month; raises ``FactError`` when none is chosen."""
        rules, months = parameters.at(told["first"]), told["months"]
        wage = yuan(rules.amount("social-insurance.average-wage"))
        base = round_fen(wage * int(told["level"].removeprefix("level-")) / 100)
        chosen = [name for name in (PENSION, MEDICAL) if told[name]]
        if not chosen:
            raise facts.FactError("pension")
        monthly = [line(name, base, rules.rate(f"social-insurance.{name}-rate")) for name in chosen]
        return tuple(
            TaxLine(one.code, Fen(base * months), one.rate, ONE, Fen(one.tax_fen * months)) for one in monthly
        )


def income(told: Told, rules: DayParameters) -> Fen:
    """Wages in full; labour and licences (特许权使用费) less a fifth; author's pay (稿酬) likewise, of that 70 %.

    个人所得税法 art. 6.
    """
    kept = ONE - rules.rate("iit.labour-share-deduction")
    labour = yuan(told["labour_fen"]) * kept
    royalties = yuan(told["royalties_fen"]) * kept * rules.rate("iit.royalties-share")
    licences = yuan(told["licence_fen"]) * kept
    return round_fen(yuan(told["wages_fen"]) + labour + royalties + licences)
