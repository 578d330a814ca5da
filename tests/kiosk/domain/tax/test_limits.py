"""Filing limits: the published tables of 2025 and 2026 come out of the rule itself."""

from __future__ import annotations

from datetime import date

import pytest

from config.parameter_tables import BUILT_IN
from kiosk.domain.tax.limits import (
    WorkingCalendar,
    business_settlement_limit,
    cit_settlement_limit,
    iit_settlement_period,
    limit_by_rule,
    provisional,
    vat_limit_date,
)
from kiosk.domain.tax.parameters import TaxParameters, built_in

PUBLISHED_2025 = "01-15 02-20 03-17 04-18 05-22 06-16 07-15 08-15 09-15 10-27 11-17 12-15".split()
PUBLISHED_2026 = "01-20 02-24 03-16 04-20 05-22 06-15 07-15 08-17 09-15 10-26 11-16 12-15".split()
"""税总办征科函〔2025〕64号."""
P = built_in()


@pytest.mark.parametrize(("year", "published"), [(2025, PUBLISHED_2025), (2026, PUBLISHED_2026)])
def test_the_rule_gives_the_published_limits(year: int, published: list[str]) -> None:
    found = [limit_by_rule(date(year, month, 1), P) for month in range(1, 13)]
    assert [f"{day:%m-%d}" for day in found] == published


def test_the_third_quarter_of_2026_is_due_on_26_october() -> None:
    assert vat_limit_date(date(2026, 9, 30), P) == date(2026, 10, 26)
    assert not provisional(date(2026, 9, 30), P)


def test_december_is_due_in_january() -> None:
    assert vat_limit_date(date(2025, 12, 31), P) == date(2026, 1, 20)


def test_a_published_limit_goes_before_the_rule() -> None:
    files = {path.name: path.read_bytes() for path in BUILT_IN.glob("*.yaml")}
    files["calendar.yaml"] = files["calendar.yaml"].replace(b"- 2026-07-15", b"- 2026-07-31")
    moved = TaxParameters.of_files(files)
    assert vat_limit_date(date(2026, 6, 30), moved) == date(2026, 7, 31)
    assert moved.hash != P.hash


def test_a_year_without_a_calendar_moves_for_weekends_and_says_it_may_still_move() -> None:
    assert vat_limit_date(date(2027, 4, 30), P) == date(2027, 5, 17)
    assert provisional(date(2027, 4, 30), P)


def test_weekend_days_worked_instead_are_working_days() -> None:
    calendar = WorkingCalendar(P)
    assert calendar.working(date(2026, 10, 10))
    assert not calendar.working(date(2026, 10, 11))
    assert not calendar.working(date(2026, 10, 1))
    assert calendar.on_or_after(date(2026, 10, 1)) == date(2026, 10, 8)


def test_the_yearly_limits() -> None:
    assert iit_settlement_period(2025) == (date(2026, 3, 1), date(2026, 6, 30))
    assert cit_settlement_limit(2025) == date(2026, 5, 31)
    assert business_settlement_limit(2025) == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("day", "last", "days"),
    [
        (date(2026, 9, 30), date(2026, 10, 8), 1),  # the holidays of October lie between
        (date(2026, 10, 10), date(2026, 10, 12), 1),  # the 10th is a Saturday that is worked: it is over
        (date(2026, 10, 12), date(2026, 10, 12), 0),
        (date(2026, 10, 13), date(2026, 10, 9), -3),
    ],
)
def test_working_days_between_are_counted(day: date, last: date, days: int) -> None:
    assert WorkingCalendar(P).between(day, last) == days
    if days > 0:
        assert WorkingCalendar(P).later(day, days) == last
