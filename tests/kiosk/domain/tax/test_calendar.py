"""The tax calendar: what each kind of taxpayer has to do in a month, and what moved the day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import ParameterMissingError
from kiosk.domain.tax.calendar import Entry, Who, Why, month_calendar
from kiosk.domain.tax.limits import WorkingCalendar, vat_limit_date
from kiosk.domain.tax.parameters import built_in

P = built_in()
MONTHS = st.builds(date, st.integers(2025, 2027), st.integers(1, 12), st.just(1))


def found(who: Who, year: int, month: int) -> dict[str, Entry]:
    entries = month_calendar(who, date(year, month, 12), P)
    assert len({one.duty for one in entries}) == len(entries), "each duty once a month"
    return {one.duty: one for one in entries}


@pytest.mark.parametrize(
    ("who", "month", "duties"),
    [
        (Who.SMALL_QUARTERLY, 10, "vat cit-prepaid stamp iit-withheld"),
        (Who.SMALL_QUARTERLY, 11, "iit-withheld"),
        (Who.SMALL_QUARTERLY, 1, "vat cit-prepaid stamp stamp-books iit-withheld cit-annual"),
        (Who.SMALL_MONTHLY, 11, "vat iit-withheld"),
        (Who.GENERAL, 11, "vat iit-withheld"),
        (Who.GENERAL, 10, "vat iit-withheld cit-prepaid stamp"),
        (Who.TRADER, 10, "vat business-prepaid stamp iit-withheld"),
        (Who.TRADER, 3, "iit-withheld business-annual"),
        (Who.TRADER, 4, "vat business-prepaid stamp iit-withheld"),
        (Who.PERSON, 2, "rental social-insurance"),
        (Who.PERSON, 3, "rental iit-annual social-insurance"),
        (Who.PERSON, 6, "rental iit-annual social-insurance"),
        (Who.PERSON, 7, "rental social-insurance"),
    ],
)
def test_who_has_what_to_do_in_which_month(who: Who, month: int, duties: str) -> None:
    assert set(found(who, 2026, month)) == set(duties.split())


def test_a_quarter_and_a_month_are_about_what_has_just_ended() -> None:
    entries = found(Who.SMALL_QUARTERLY, 2026, 10)
    assert (entries["vat"].first, entries["vat"].last) == (date(2026, 7, 1), date(2026, 9, 30))
    assert (entries["iit-withheld"].first, entries["iit-withheld"].last) == (
        date(2026, 9, 1),
        date(2026, 9, 30),
    )
    january = found(Who.GENERAL, 2026, 1)
    assert (january["vat"].first, january["cit-prepaid"].first) == (date(2025, 12, 1), date(2025, 10, 1))
    assert (january["stamp-books"].first, january["stamp-books"].last) == (
        date(2025, 1, 1),
        date(2025, 12, 31),
    )


@pytest.mark.parametrize(
    ("month", "limit", "why", "holiday"),
    [
        (2, "02-24", Why.HOLIDAY, "春节"),
        (4, "04-20", Why.LONG, "清明节"),
        (6, "06-15", Why.NOTHING, ""),
        (8, "08-17", Why.DAY_OFF, ""),
        (10, "10-26", Why.LONG, "国庆节"),
    ],
)
def test_the_day_is_moved_by_weekends_and_holidays_and_it_is_said_by_which(
    month: int, limit: str, why: Why, holiday: str
) -> None:
    vat = found(Who.GENERAL, 2026, month)["vat"]
    assert (f"{vat.limit:%m-%d}", vat.plain.day, vat.why) == (limit, 15, why)
    assert (vat.holiday.name if vat.holiday else "") == holiday
    assert not vat.provisional


def test_a_year_is_settled_within_its_months_and_on_a_working_day() -> None:
    companies = found(Who.GENERAL, 2026, 5)["cit-annual"]
    assert (companies.plain, companies.limit, companies.why) == (
        date(2026, 5, 31),
        date(2026, 6, 1),
        Why.DAY_OFF,
    )
    assert "cit-annual" in found(Who.GENERAL, 2026, 6), "in the month that it was moved to as well"
    assert "cit-annual" not in found(Who.GENERAL, 2026, 7)
    person = found(Who.PERSON, 2026, 3)["iit-annual"]
    assert (person.first, person.opens, person.limit) == (
        date(2025, 1, 1),
        date(2026, 3, 1),
        date(2026, 6, 30),
    )


def test_a_year_whose_holidays_are_not_announced_may_still_move() -> None:
    assert all(one.provisional for one in month_calendar(Who.GENERAL, date(2027, 5, 1), P))
    assert not any(one.provisional for one in month_calendar(Who.GENERAL, date(2026, 5, 1), P))


def test_before_the_tables_begin_nothing_is_guessed() -> None:
    with pytest.raises(ParameterMissingError):
        month_calendar(Who.GENERAL, date(2000, 1, 1), P)


@given(who=st.sampled_from(Who), month=MONTHS)
def test_every_entry_is_a_working_day_in_order_and_as_the_returns_have_it(who: Who, month: date) -> None:
    entries = month_calendar(who, month, P)
    assert entries and [one.limit for one in entries] == sorted(one.limit for one in entries)
    working = WorkingCalendar(P)
    for one in entries:
        assert one.first <= one.last and one.opens <= one.plain <= one.limit
        assert one.basis and (one.why is Why.NOTHING) == (one.limit == one.plain)
        assert one.duty == "social-insurance" or working.working(one.limit)
        if one.opens == month and one.duty not in ("cit-annual", "business-annual", "iit-annual"):
            assert one.duty == "social-insurance" or one.limit == vat_limit_date(one.last, P)
