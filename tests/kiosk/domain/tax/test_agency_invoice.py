"""代开发票: what is paid before the bureau issues, by worked figures, and that price, net and tax agree to the fen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import MoneyError, ParameterMissingError
from kiosk.domain.ids import Fen
from kiosk.domain.tax.agency_invoice import AgencySale, compute
from kiosk.domain.tax.lines import Note
from kiosk.domain.tax.parameters import built_in

PERSON = AgencySale(
    gross_fen=Fen(1_010_000), special=False, person=True, quarterly=False, sold_fen=Fen(0), sold_month_fen=Fen(0),
    city_rate=Decimal("0.07"), half_six_taxes=True, day=date(2026, 10, 12),
)  # fmt: skip
FIRM = replace(PERSON, person=False, quarterly=True)


def taxes(sale: AgencySale) -> tuple[int, ...]:
    return tuple(int(line.tax_fen) for line in compute(sale, built_in()).lines)


def test_labour_of_a_person_for_10_100_yuan() -> None:
    """Vector T32 of the domain note: VAT 100.00, city construction tax 3.50, no education surcharges."""
    tax = compute(PERSON, built_in())
    assert (tax.net_fen, tax.vat_fen, tax.rate, tax.total_fen) == (1_000_000, 10_000, Decimal("0.01"), 10_350)
    assert taxes(PERSON) == (10_000, 350, 0, 0)
    assert (
        "19号" in tax.basis["vat"]
        and "12号" in tax.basis["city"]
        and tax.basis["education"] == "财税〔2016〕12号"
    )


@pytest.mark.parametrize(
    ("day", "gross", "vat"),
    [
        (date(2025, 12, 31), 50_499, 0),  # 499.99 without tax
        (date(2025, 12, 31), 50_500, 500),  # 500.00: what reaches the threshold is taxed in full
        (date(2026, 1, 1), 50_500, 0),
        (date(2026, 1, 1), 100_999, 0),
        (date(2026, 1, 1), 101_000, 1000),
    ],
)
def test_a_persons_threshold_is_that_of_the_day(day: date, gross: int, vat: int) -> None:
    tax = compute(replace(PERSON, gross_fen=Fen(gross), day=day), built_in())
    assert tax.vat_fen == vat and (tax.rate is None) == (vat == 0)
    assert tax.lines[0].note is (Note.THRESHOLD if vat == 0 else Note.REDUCED)


def test_the_sales_of_the_day_count_together() -> None:
    assert taxes(replace(PERSON, gross_fen=Fen(50_500), sold_fen=Fen(49_999))) == (0, 0, 0, 0)
    assert taxes(replace(PERSON, gross_fen=Fen(50_500), sold_fen=Fen(50_000)))[0] == 500


def test_a_firms_quarter_up_to_the_threshold_is_free_and_beyond_it_taxed() -> None:
    within = replace(FIRM, sold_fen=Fen(29_000_000), sold_month_fen=Fen(29_000_000))
    assert compute(within, built_in()).rate is None and taxes(within) == (0, 0, 0, 0)
    beyond = replace(within, sold_fen=Fen(29_000_001), sold_month_fen=Fen(29_000_001))
    assert taxes(beyond) == (10_000, 350, 150, 100)


def test_who_files_monthly_has_the_threshold_of_a_month() -> None:
    monthly = replace(FIRM, quarterly=False, sold_fen=Fen(9_000_000))
    assert compute(monthly, built_in()).rate is None
    assert compute(replace(monthly, sold_fen=Fen(9_000_001)), built_in()).vat_fen == 10_000


def test_a_special_invoice_is_taxed_below_the_threshold_too() -> None:
    assert taxes(replace(FIRM, special=True)) == (10_000, 350, 0, 0)


def test_without_the_halves_and_in_a_county_town() -> None:
    sale = replace(FIRM, special=True, city_rate=Decimal("0.05"), half_six_taxes=False)
    tax = compute(sale, built_in())
    assert taxes(sale) == (10_000, 500, 0, 0) and tax.basis["city"] == "城市维护建设税法第四条"


def test_after_the_reduction_the_whole_levy_is_due() -> None:
    tax = compute(replace(FIRM, special=True, gross_fen=Fen(1_030_000), day=date(2028, 3, 1)), built_in())
    assert (tax.rate, tax.vat_fen) == (Decimal("0.03"), 30_000)


@given(st.integers(1, 10**9), st.booleans(), st.integers(0, 40_000_000))
def test_net_and_tax_make_the_price(gross: int, special: bool, sold: int) -> None:
    tax = compute(replace(FIRM, gross_fen=Fen(gross), special=special, sold_fen=Fen(sold)), built_in())
    assert tax.net_fen + tax.vat_fen == gross and tax.vat_fen == tax.lines[0].tax_fen
    assert tax.total_fen == sum(line.tax_fen for line in tax.lines)
    assert tax.basis.keys() == {line.code for line in tax.lines}


def test_no_price_and_a_day_without_rules_are_refused() -> None:
    with pytest.raises(MoneyError):
        compute(replace(PERSON, gross_fen=Fen(0)), built_in())
    with pytest.raises(ParameterMissingError):
        compute(replace(PERSON, day=date(1990, 1, 1)), built_in())


def test_who_gave_up_the_threshold_pays_for_an_ordinary_invoice_and_at_three_per_cent_without_the_reduction() -> (
    None
):
    small = replace(FIRM, special=False, sold_fen=Fen(0), sold_month_fen=Fen(0), gross_fen=Fen(103_000))
    assert compute(small, built_in()).rate is None
    taxed = compute(replace(small, threshold=False), built_in())
    assert (str(taxed.rate), taxed.net_fen, taxed.vat_fen) == ("0.01", 101_980, 1_020)
    whole = compute(replace(small, threshold=False, reduced=False), built_in())
    assert (str(whole.rate), whole.net_fen, whole.vat_fen) == ("0.03", 100_000, 3_000)
    assert "增值税法第十一条" in whole.basis["vat"], "not the law of a reduction that was given up"
    assert compute(replace(small, special=True, reduced=False), built_in()).vat_fen == 3_000
