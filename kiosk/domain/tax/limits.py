"""Until when a return must be filed (申报期限), with the postponement for holidays.

税收征收管理法实施细则 art. 109: a limit on a day off moves to the next working day; three or more holidays
in a row within the period postpone it by as many days, which the tax administration counts as working days
in the table it publishes for each year. A published date goes before the rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.domain.tax.parameters import TaxParameters

ONE_DAY = timedelta(1)
LONG_HOLIDAY = 3
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Working days by the State Council's yearly arrangements; weekends alone where there is none."""

    parameters: TaxParameters

    def known(self, year: int) -> bool:
        """Whether the year's arrangement is in the tables."""
        return year in self.parameters.calendar

    def holidays(self, first: date, last: date) -> list[list[date]]:
        """The parts of holidays that lie within the span, each a run of days."""
        years = [self.parameters.calendar.get(year) for year in range(first.year, last.year + 1)]
        runs = [[d for d in h.days() if first <= d <= last] for y in years if y for h in y.holidays]
        return [run for run in runs if run]

    def working(self, day: date) -> bool:
        """Whether ``day`` is worked."""
        year = self.parameters.calendar.get(day.year)
        if year is not None:
            if day in year.workdays:
                return True
            if any(h.first <= day <= h.last for h in year.holidays):
                return False
        return day.weekday() < SATURDAY

    def on_or_after(self, day: date) -> date:
        """The first working day from ``day`` on."""
        while not self.working(day):
            day += ONE_DAY
        return day

    def between(self, day: date, last: date) -> int:
        """How many working days come after ``day``, up to and with ``last``; below zero for a ``last`` before it."""
        if last < day:
            return -self.between(last, day)
        return sum(self.working(day + ONE_DAY * after) for after in range(1, (last - day).days + 1))

    def later(self, day: date, working_days: int) -> date:
        """The day ``working_days`` working days after ``day``."""
        for _ in range(working_days):
            day = self.on_or_after(day + ONE_DAY)
        return day


def vat_limit_date(period_last: date, parameters: TaxParameters) -> date:
    """The last day to file VAT and surcharges of the month or quarter that ends on ``period_last``."""
    first = _first_of_next_month(period_last)
    year = parameters.calendar.get(first.year)
    published = [d for d in year.limits if d.month == first.month] if year is not None else []
    return published[0] if published else limit_by_rule(first, parameters)


def provisional(period_last: date, parameters: TaxParameters) -> bool:
    """Whether that limit may still move: the year's holidays are not in the tables yet."""
    return not WorkingCalendar(parameters).known(_first_of_next_month(period_last).year)


def limit_by_rule(first: date, parameters: TaxParameters) -> date:
    """The limit of the filing period that begins on ``first``, by art. 109 alone."""
    calendar = WorkingCalendar(parameters)
    last = first + ONE_DAY * (parameters.at(first).number("common.period-days") - 1)
    longer = sum(len(run) for run in calendar.holidays(first, last) if len(run) >= LONG_HOLIDAY)
    return calendar.later(last, longer) if longer else calendar.on_or_after(last)


def iit_settlement_period(tax_year: int) -> tuple[date, date]:
    """When annual income tax is settled: 1 March to 30 June of the next year (个人所得税法 art. 11)."""
    return date(tax_year + 1, 3, 1), date(tax_year + 1, 6, 30)


def cit_settlement_limit(tax_year: int) -> date:
    """Until when a year's corporate income tax is settled: 31 May (企业所得税法 art. 54)."""
    return date(tax_year + 1, 5, 31)


def business_settlement_limit(tax_year: int) -> date:
    """Until when a year's business income is settled: 31 March (个人所得税法 art. 12)."""
    return date(tax_year + 1, 3, 31)


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
