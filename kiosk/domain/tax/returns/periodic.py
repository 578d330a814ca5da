"""Returns of a period: rent received, an individual business on a fixed quota, and nothing at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from kiosk.domain.ids import Fen
from kiosk.domain.tax import rental, vat_small
from kiosk.domain.tax.lines import ONE, Note, TaxLine, line
from kiosk.domain.tax.parameters import DayParameters, TaxParameters
from kiosk.domain.tax.returns import facts
from kiosk.domain.tax.returns.facts import FactError, Reader, Told
from kiosk.domain.tax.returns.kind import Kind
from kiosk.domain.tax.returns.relief import Relief

VAT_SMALL = "vat-small"
BUSINESS_INCOME = "iit-business"
MOST_MONTHS = 12
PLACES = ("city", "county", "other")
"""Where the home lies, for city construction tax (城市维护建设税法 art. 4)."""


class Rental(Kind):
    """Rent that a natural person received (个人出租不动产)."""

    name: ClassVar[str] = "rental"
    tax: ClassVar[str] = "rental"
    relievable: ClassVar[str] = rental.PROPERTY
    fields: ClassVar[Mapping[str, Reader]] = {
        "contract": facts.number,
        "home": facts.yes,
        "rent_fen": facts.amount,
        "first": facts.month,
        "months": facts.count(1, MOST_MONTHS),
        "repairs_fen": facts.amount_or_none,
        "place": facts.one_of(PLACES),
    }

    def period(self, told: Told) -> tuple[date, date]:
        """From the first of the months to the end of the last."""
        first: date = told["first"]
        months = first.month - 1 + told["months"]
        after = date(first.year + months // 12, months % 12 + 1, 1)
        return first, after - timedelta(days=1)

    def subject(self, told: Told) -> str:
        """The lease."""
        return str(told["contract"])

    def lines(self, told: Told, parameters: TaxParameters) -> tuple[TaxLine, ...]:
        """By the rules of the last day."""
        return rental.compute(self._rent(told, parameters), parameters)

    def relieve(
        self, lines: tuple[TaxLine, ...], granted: Relief, told: Told, parameters: TaxParameters
    ) -> tuple[tuple[TaxLine, ...], Fen]:
        """What is not paid of the property tax is not taken off the income either."""
        held = next(one for one in lines if one.code == rental.PROPERTY)
        forgiven = granted.of(held.tax_fen, *self.period(told))
        rent = replace(self._rent(told, parameters), forgiven_fen=forgiven)
        return rental.compute(rent, parameters), forgiven

    def _rent(self, told: Told, parameters: TaxParameters) -> rental.Rent:
        return rental.Rent(
            monthly_fen=told["rent_fen"],
            months=told["months"],
            home=told["home"],
            repairs_fen=told["repairs_fen"],
            city_rate=parameters.at(self.period(told)[1]).rate(f"surcharges.city-rate-{told['place']}"),
            day=self.period(told)[1],
        )


class FixedQuota(Kind):
    """An individual business on a fixed quota (定期定额; 税务总局令第16号): the quota, or what it sold beyond it.

    It takes the place of the VAT return of its period, so it is filed as that. ``threshold_waived`` and
    ``reduced_waived``: what of its reliefs the business has given up.
    """

    name: ClassVar[str] = "fixed-quota"
    tax: ClassVar[str] = VAT_SMALL
    relievable: ClassVar[str] = BUSINESS_INCOME
    fields: ClassVar[Mapping[str, Reader]] = {
        "period_first": facts.day,
        "period_last": facts.day,
        "quota_fen": facts.amount,
        "invoiced_fen": facts.amount_or_none,
        "special_fen": facts.amount_or_none,
        "uninvoiced_fen": facts.amount_or_none,
        "city_rate": facts.rate,
        "threshold_waived": facts.yes_or_none,
        "reduced_waived": facts.yes_or_none,
    }

    def period(self, told: Told) -> tuple[date, date]:
        """The month or quarter; raises ``FactError`` when it is neither."""
        return whole_period(told)

    def lines(self, told: Told, parameters: TaxParameters) -> tuple[TaxLine, ...]:
        """VAT and surcharges as of any small-scale taxpayer, and income tax at the province's rate on sales."""
        first, last = self.period(told)
        months = _months(first, last)
        ordinary, special = told["invoiced_fen"], told["special_fen"]
        sales = Fen(max(told["quota_fen"] * months, ordinary + special + told["uninvoiced_fen"]))
        given = vat_small.VatSmallInput(
            ordinary_fen=Fen(sales - special),
            special_fen=special,
            uninvoiced_fen=Fen(0),
            quarterly=months > 1,
            city_rate=told["city_rate"],
            half_six_taxes=True,
            day=last,
            reduced=not told["reduced_waived"],
            threshold=not told["threshold_waived"],
        )
        rules = parameters.at(last)
        paid = [one for one in vat_small.compute(given, parameters).lines if one.code != "vat-exempt"]
        return (*paid, _business_income(sales, months, rules))


class Zero(Kind):
    """Nothing sold (零申报): one return of every tax that is due to be declared, for every period it is due for.

    It names the latest period; ``since`` is the first day of the oldest, where there are older ones.
    """

    name: ClassVar[str] = "zero"
    tax: ClassVar[str] = VAT_SMALL
    fields: ClassVar[Mapping[str, Reader]] = {
        "period_first": facts.day,
        "period_last": facts.day,
        "since": facts.day_or_none,
    }

    def period(self, told: Told) -> tuple[date, date]:
        """The month or quarter; raises ``FactError`` when it is neither."""
        return whole_period(told)

    def lines(self, told: Told, parameters: TaxParameters) -> tuple[TaxLine, ...]:
        """None."""
        return ()


def whole_period(told: Told) -> tuple[date, date]:
    """The month or quarter from ``period_first`` to ``period_last``; raises ``FactError`` when it is neither."""
    first, last = told["period_first"], told["period_last"]
    quarter = first.month % 3 == 1
    months = _months(first, last)
    if first.day != 1 or (last + timedelta(days=1)).day != 1 or months not in ((1, 3) if quarter else (1,)):
        raise FactError("period_last")
    return first, last


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _business_income(sales: Fen, months: int, rules: DayParameters) -> TaxLine:
    """Income tax of the owner at the rate on sales (附征率), halved while that lasts (2023年第12号公告 art. 1)."""
    rate = rules.rate("fixed-quota.iit-rate")
    if sales <= rules.amount("fixed-quota.iit-free-up-to") * months:
        return line(BUSINESS_INCOME, sales, rate, ONE - ONE, Note.THRESHOLD)
    half = rules.rate_or_none("iit.sole-trader-half")
    if half is None:
        return line(BUSINESS_INCOME, sales, rate)
    return line(BUSINESS_INCOME, sales, rate, half, Note.RELIEF)
