from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.city.sales import split
from bureau.city.withholding import Withholding, royalties
from kiosk.domain.ids import Fen
from kiosk.domain.tax import iit
from kiosk.domain.tax.parameters import built_in

MONTHS = [date(2025, month, 15) for month in range(1, 13)]


@given(
    st.lists(st.integers(500_000, 9_000_000), min_size=12, max_size=12),
    st.sampled_from([0, 100_000, 400_000]),
)
def test_a_years_withholding_is_the_tax_of_the_year_unless_pay_fell(pays: list[int], extra: int) -> None:
    pays.sort()
    employer = Withholding(built_in(), pays[0], extra)
    withheld = sum(employer.month(day, pay) for day, pay in zip(MONTHS, pays, strict=True))
    social = round(pays[0] * 175 / 1000) * 12
    year = iit.AnnualInput(Fen(sum(pays)), Fen(social), Fen(12 * extra))
    assert abs(withheld - iit.annual(year, date(2025, 12, 31), built_in()).tax_fen) <= 12


def test_tax_rises_within_the_year_and_begins_anew_in_january() -> None:
    employer = Withholding(built_in(), 1_860_000, 300_000)
    taxes = [employer.month(day, 1_860_000) for day in [*MONTHS, date(2026, 1, 15)]]
    assert taxes[0] == taxes[12] == 22_035  # (18 600 - 5 000 - 3 255 - 3 000) at 3 %
    assert taxes[11] == 73_450  # the same at 10 %
    assert taxes[:12] == sorted(taxes[:12])


def test_nothing_is_given_back_when_pay_falls() -> None:
    employer = Withholding(built_in(), 600_000)
    assert employer.month(MONTHS[0], 4_000_000) > 0
    assert [employer.month(day, 0) for day in MONTHS[1:]] == [0] * 11


@pytest.mark.parametrize(
    ("pay", "tax"), [(80_000, 0), (320_000, 33_600), (400_000, 44_800), (1_000_000, 112_000)]
)
def test_tax_on_an_authors_remuneration(pay: int, tax: int) -> None:
    assert royalties(pay, date(2026, 9, 15), built_in()) == tax


@given(st.integers(0, 2**32), st.integers(1, 200), st.integers(1, 10**10))
def test_amounts_of_a_period_add_up_and_none_is_nothing(seed: int, count: int, total: int) -> None:
    parts = split(Random(seed), count, total)
    assert len(parts) == count
    assert sum(parts) == total
    assert min(parts) >= min(1_000, total // count)
