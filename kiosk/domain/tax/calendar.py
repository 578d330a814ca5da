"""The tax calendar (办税日历): what each kind of taxpayer has to file or settle in a month, and until when.

It knows what the law asks of everybody of a kind. What somebody is registered for besides, and what they have filed
already, is the centre's to say (``obligations.list``).
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from config.parameter_tables import Holiday
from kiosk.domain.tax.limits import (
    LONG_HOLIDAY,
    ONE_DAY,
    WorkingCalendar,
    business_settlement_limit,
    cit_settlement_limit,
    iit_settlement_period,
    provisional,
    vat_limit_date,
)
from kiosk.domain.tax.parameters import TaxParameters

QUARTER = 3


class Who(enum.StrEnum):
    """Kinds of taxpayer whose calendars differ."""

    SMALL_QUARTERLY = "small-quarterly"
    """A small-scale company that files VAT by the quarter."""
    SMALL_MONTHLY = "small-monthly"
    """One that has chosen the month (增值税暂行条例实施细则; 税务总局公告2023年第1号第九条)."""
    GENERAL = "general"
    """A general VAT taxpayer."""
    TRADER = "trader"
    """An individual business (个体工商户), by the quarter."""
    PERSON = "person"
    """A natural person."""


class Why(enum.StrEnum):
    """Why a day differs from the law's own."""

    NOTHING = ""
    DAY_OFF = "day-off"
    """The law's day is a weekend."""
    HOLIDAY = "holiday"
    """The law's day lies in a public holiday."""
    LONG = "long"
    """Three or more holidays in a row lie within the time to file."""
    PUBLISHED = "published"
    """The tax administration has published another one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do.

    ``first`` and ``last``: what it is about. ``opens`` to ``limit``: when it is done, both days included. ``plain``:
    the last day by the law alone, before weekends and holidays; ``why`` it is another one, and in which ``holiday``.
    ``provisional``: the year's holidays are not in the tables yet.
    """

    duty: str
    basis: str
    first: date
    last: date
    opens: date
    plain: date
    limit: date
    why: Why
    holiday: Holiday | None
    provisional: bool


COMPANIES: Final = frozenset({Who.SMALL_QUARTERLY, Who.SMALL_MONTHLY, Who.GENERAL})
BUSINESSES: Final = COMPANIES | {Who.TRADER}
MONTHLY: Final = {
    "vat": (frozenset({Who.SMALL_MONTHLY, Who.GENERAL}), "common.period-days"),
    "iit-withheld": (BUSINESSES, "个人所得税法第十四条"),
    "rental": (frozenset({Who.PERSON}), "common.period-days"),
}
"""After each month: who, and the law, or the parameter that names it."""
QUARTERLY: Final = {
    "vat": (frozenset({Who.SMALL_QUARTERLY, Who.TRADER}), "common.period-days"),
    "cit-prepaid": (COMPANIES, "企业所得税法第五十四条"),
    "business-prepaid": (frozenset({Who.TRADER}), "个人所得税法第十二条"),
    "stamp": (BUSINESSES, "stamp.period-days"),
}
"""After each quarter."""


def month_calendar(who: Who, month: date, parameters: TaxParameters) -> tuple[Entry, ...]:
    """What ``who`` has to do in the month of ``month``, the earliest limit first.

    What is filed after each month or quarter; what is settled once a year in each month in which it can be done.
    Raises ``ParameterMissingError`` for a month before the tables begin.
    """
    first = month.replace(day=1)
    found = [*_periodic(who, first, parameters)]
    after = _next_month(first)
    found += [one for one in _yearly(who, first, parameters) if one.opens < after and one.limit >= first]
    return tuple(sorted(found, key=lambda one: (one.limit, one.first)))


def _periodic(who: Who, first: date, parameters: TaxParameters) -> Iterator[Entry]:
    """Returns of the month, the quarter or the year that has just ended."""
    last = first - ONE_DAY
    month = last.replace(day=1)
    for duty, (whose, law) in MONTHLY.items():
        if who in whose:
            yield _after(duty, law, month, first, parameters)
    if month.month % QUARTER:
        return
    for duty, (whose, law) in QUARTERLY.items():
        if who in whose:
            yield _after(duty, law, month.replace(month=month.month - 2), first, parameters)
    if month.month == 12 and who in BUSINESSES:
        yield _after("stamp-books", "stamp.period-days", month.replace(month=1), first, parameters)


def _after(duty: str, law: str, since: date, first: date, parameters: TaxParameters) -> Entry:
    """What is filed in the days that begin with ``first`` about the time from ``since`` to the day before."""
    rules = parameters.at(first)
    plain = first + timedelta(rules.number("common.period-days") - 1)
    row = rules.row(law)
    last = first - ONE_DAY
    limit = vat_limit_date(last, parameters)
    why, holiday = _why(first, plain, limit, parameters)
    basis = row.legal_basis if row is not None else law
    return Entry(duty, basis, since, last, first, plain, limit, why, holiday, provisional(last, parameters))


def _yearly(who: Who, month: date, parameters: TaxParameters) -> Iterator[Entry]:
    """What is settled once a year: of the year before, or, of contributions, of this one."""
    year = month.year - 1
    opens = date(month.year, 1, 1)
    if who in COMPANIES:
        limit = cit_settlement_limit(year)
        yield _settled("cit-annual", "企业所得税法第五十四条", year, opens, limit, parameters)
    if who is Who.TRADER:
        limit = business_settlement_limit(year)
        yield _settled("business-annual", "个人所得税法第十二条", year, opens, limit, parameters)
    if who is Who.PERSON:
        yield _settled("iit-annual", "个人所得税法第十一条", year, *iit_settlement_period(year), parameters)
        end = date(month.year, 12, 31)  # as of its return: after it the year's months are not paid any more
        law = "社会保险法第六十条"
        yield Entry("social-insurance", law, opens, end, opens, end, end, Why.NOTHING, None, False)


def _settled(duty: str, law: str, year: int, opens: date, plain: date, parameters: TaxParameters) -> Entry:
    calendar = WorkingCalendar(parameters)
    limit = calendar.on_or_after(plain)
    why, holiday = _why(plain, plain, limit, parameters)
    first, last = date(year, 1, 1), date(year, 12, 31)
    return Entry(duty, law, first, last, opens, plain, limit, why, holiday, not calendar.known(plain.year))


def _why(first: date, plain: date, limit: date, parameters: TaxParameters) -> tuple[Why, Holiday | None]:
    """What moved the day (税收征收管理法实施细则 art. 109), and the holiday that did."""
    if limit == plain:
        return Why.NOTHING, None
    year = parameters.calendar.get(plain.year)
    holidays = year.holidays if year is not None else ()
    for one in holidays:
        if one.first <= plain <= one.last:
            return Why.HOLIDAY, one
    for one in holidays:
        if sum(first <= day <= plain for day in one.days()) >= LONG_HOLIDAY:
            return Why.LONG, one
    return (Why.PUBLISHED if WorkingCalendar(parameters).working(plain) else Why.DAY_OFF), None


def _next_month(first: date) -> date:
    return (first + timedelta(31)).replace(day=1)
