"""VAT vectors of the domain note, section 6.2, and what a small-scale return must always hold to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import MoneyError, ParameterMissingError
from kiosk.domain.ids import Fen
from kiosk.domain.money import fen, format_yuan
from kiosk.domain.tax import vat_general, vat_small
from kiosk.domain.tax.lines import Note, TaxLine, net_of_gross
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax.surcharges import check_city_rate
from kiosk.domain.tax.vat_small import VatSmallInput, VatSmallResult

PARAMETERS = built_in()
DAY = date(2025, 9, 30)
SEVEN, FIVE, ONE_PERCENT = Decimal("0.07"), Decimal("0.05"), Decimal("0.01")


def _small(
    ordinary: str = "0",
    special: str = "0",
    uninvoiced: str = "0",
    *,
    quarterly: bool = True,
    half: bool = True,
    day: date = DAY,
    reduced: bool = True,
    threshold: bool = True,
    freed: str = "0",
) -> VatSmallResult:
    sales = (fen(ordinary), fen(special), fen(uninvoiced))
    given = VatSmallInput(*sales, quarterly, SEVEN, half, day, reduced, threshold, fen(freed))
    return vat_small.compute(given, PARAMETERS)


def _figures(found: VatSmallResult) -> list[str]:
    parts = (found.vat_fen, found.city_fen, found.education_fen, found.local_education_fen, found.total_fen)
    return [format_yuan(part) for part in parts]


def _notes(found: VatSmallResult) -> dict[str, Note]:
    return {line.code: line.note for line in found.lines}


def test_t01_a_month_at_the_threshold_pays_nothing() -> None:
    found = _small("100000.00", quarterly=False)
    assert _figures(found) == ["0.00"] * 5
    assert found.exempt


def test_t02_a_quarter_at_the_threshold_pays_nothing() -> None:
    found = _small("300000.00")
    assert _figures(found) == ["0.00"] * 5
    assert found.exempt


def test_t03_a_fen_above_the_threshold_the_whole_is_taxed() -> None:
    found = _small("300000.01")
    assert format_yuan(found.vat_fen) == "3,000.00"
    assert not found.exempt
    assert found.taxable_fen == 30_000_001


def test_a_month_above_its_own_threshold_is_taxed_though_a_quarter_would_not_be() -> None:
    assert _small("100000.01", quarterly=False).vat_fen == fen("1000.00")
    assert _small("100000.01").vat_fen == 0


def test_t04_a_quarter_of_gross_505000_with_every_half() -> None:
    net = net_of_gross(fen("505000"), ONE_PERCENT)
    assert format_yuan(net) == "500,000.00"
    assert _figures(_small("500000.00")) == ["5,000.00", "175.00", "75.00", "50.00", "5,300.00"]


def test_t06_gross_is_brought_to_net_at_either_rate() -> None:
    assert net_of_gross(fen("103000"), Decimal("0.03")) == fen("100000")
    assert net_of_gross(fen("101000"), ONE_PERCENT) == fen("100000")
    assert _small("100000.01", quarterly=False, reduced=False).vat_fen == fen("3000.00")
    assert _small("100000.01", quarterly=False).vat_fen == fen("1000.00")


def test_the_reference_return_comes_to_4095_84() -> None:
    found = _small(ordinary="352400.00", uninvoiced="34000.00", day=date(2026, 9, 30))
    assert _figures(found) == ["3,864.00", "135.24", "57.96", "38.64", "4,095.84"]
    assert str(found.levy_rate) == "0.01"
    assert not found.exempt


def test_the_lines_say_how_it_came_about() -> None:
    found = _small(ordinary="352400.00", uninvoiced="34000.00", day=date(2026, 9, 30))
    one, half = Decimal(1), Decimal("0.5")
    assert found.lines == (
        TaxLine("vat", Fen(38_640_000), ONE_PERCENT, one, Fen(386_400), Note.REDUCED),
        TaxLine("city", Fen(386_400), SEVEN, half, Fen(13_524), Note.HALF),
        TaxLine("education", Fen(386_400), Decimal("0.03"), half, Fen(5_796), Note.HALF),
        TaxLine("local-education", Fen(386_400), Decimal("0.02"), half, Fen(3_864), Note.HALF),
    )
    assert found.parameters_hash == PARAMETERS.hash


def test_sales_with_special_invoices_stay_taxable_below_the_threshold() -> None:
    found = _small(ordinary="150000.00", special="50000.00", uninvoiced="20000.00")
    assert found.exempt
    assert _figures(found) == ["500.00", "17.50", "0.00", "0.00", "517.50"]
    assert (found.taxable_fen, found.exempt_fen) == (fen("50000"), fen("170000"))
    assert _notes(found) == {
        "vat-exempt": Note.THRESHOLD,
        "vat": Note.SPECIAL_TAXABLE,
        "city": Note.HALF,
        "education": Note.THRESHOLD,
        "local-education": Note.THRESHOLD,
    }


def test_special_invoices_count_towards_the_threshold() -> None:
    assert not _small(ordinary="200000.00", special="100000.01").exempt


def test_who_gave_up_the_threshold_pays_below_it_too() -> None:
    found = _small("300000.00", threshold=False)
    assert not found.exempt and found.exempt_fen == 0
    assert _figures(found) == ["3,000.00", "105.00", "0.00", "0.00", "3,105.00"]
    assert _notes(found)["education"] is Note.THRESHOLD, (
        "that relief is the surcharges' own, and was not given up"
    )


def test_who_gave_up_threshold_and_reduced_rate_pays_the_rate_of_the_law_on_all() -> None:
    found = _small("200000.00", "50000.00", threshold=False, reduced=False)
    assert str(found.levy_rate) == "0.03"
    assert _figures(found) == ["7,500.00", "262.50", "0.00", "0.00", "7,762.50"]


def test_sales_of_an_exempt_project_are_free_above_the_threshold_and_count_towards_it() -> None:
    found = _small(ordinary="352400.00", uninvoiced="34000.00", freed="86400.00")
    assert (found.taxable_fen, found.freed_fen, found.exempt_fen) == (fen("300000"), fen("86400"), 0)
    assert _figures(found) == ["3,000.00", "105.00", "45.00", "30.00", "3,180.00"]
    assert _notes(found)["vat-freed"] is Note.PREFERENCE
    assert not found.exempt, "386,400 of all sales are above the threshold"


def test_below_the_threshold_the_project_is_told_apart_from_what_the_threshold_frees() -> None:
    found = _small(ordinary="200000.00", special="10000.00", freed="150000.00")
    assert (found.freed_fen, found.exempt_fen, found.taxable_fen) == (
        fen("150000"),
        fen("50000"),
        fen("10000"),
    )
    assert found.vat_fen == fen("100.00")


@pytest.mark.parametrize("freed", ["-0.01", "100.01"])
def test_no_more_is_of_an_exempt_project_than_was_sold_without_special_invoices(freed: str) -> None:
    with pytest.raises(MoneyError):
        _small(ordinary="60.00", special="500.00", uninvoiced="40.00", freed=freed)


def test_without_the_half_the_surcharges_are_whole() -> None:
    assert _figures(_small("500000.00", half=False)) == ["5,000.00", "350.00", "150.00", "100.00", "5,600.00"]


def test_a_nil_return_is_nil() -> None:
    found = _small()
    assert (_figures(found), found.exempt) == (["0.00"] * 5, True)
    assert "vat-exempt" not in _notes(found)


def test_when_the_reliefs_have_ended_the_law_itself_remains() -> None:
    found = _small("300000.00", day=date(2028, 3, 31))
    assert not found.exempt
    assert str(found.levy_rate) == "0.03"
    assert _figures(found) == ["9,000.00", "630.00", "0.00", "0.00", "9,630.00"]


def test_a_period_before_the_tables_begin_is_refused() -> None:
    with pytest.raises(ParameterMissingError, match=r"add a row to config/parameters"):
        _small("1.00", day=date(2022, 12, 31))


def test_negative_sales_are_refused() -> None:
    with pytest.raises(MoneyError):
        _small("-1.00")


sales = st.integers(0, 10**10).map(Fen)


@given(sales, sales, sales, st.booleans(), st.sampled_from([SEVEN, FIVE, ONE_PERCENT]), st.booleans())
def test_a_return_always_adds_up(
    ordinary: Fen, special: Fen, uninvoiced: Fen, quarterly: bool, city: Decimal, half: bool
) -> None:
    found = vat_small.compute(
        VatSmallInput(ordinary, special, uninvoiced, quarterly, city, half, DAY), PARAMETERS
    )
    assert found.total_fen == sum(line.tax_fen for line in found.lines)
    assert found.total_fen == (
        found.vat_fen + found.city_fen + found.education_fen + found.local_education_fen
    )
    assert found.taxable_fen + found.exempt_fen == found.sales_fen == ordinary + special + uninvoiced
    limit = 30_000_000 if quarterly else 10_000_000
    assert found.exempt == (found.sales_fen <= limit)
    assert found.taxable_fen == (special if found.exempt else found.sales_fen)
    assert abs(found.vat_fen - Decimal(found.taxable_fen) / 100) <= Decimal("0.5")


@given(sales, sales, sales, st.floats(0, 1), st.booleans(), st.booleans(), st.booleans())
def test_what_was_given_up_only_ever_costs_and_what_is_free_only_ever_saves(
    ordinary: Fen,
    special: Fen,
    uninvoiced: Fen,
    share: float,
    quarterly: bool,
    threshold: bool,
    reduced: bool,
) -> None:
    freed = Fen(int((ordinary + uninvoiced) * share))
    given = VatSmallInput(
        ordinary, special, uninvoiced, quarterly, SEVEN, True, DAY, reduced, threshold, freed
    )
    found = vat_small.compute(given, PARAMETERS)
    assert found.taxable_fen + found.exempt_fen + found.freed_fen == found.sales_fen
    assert found.total_fen == sum(line.tax_fen for line in found.lines)
    assert found.total_fen >= vat_small.compute(replace(given, threshold=True), PARAMETERS).total_fen
    assert found.total_fen >= vat_small.compute(replace(given, reduced=True), PARAMETERS).total_fen
    assert found.total_fen <= vat_small.compute(replace(given, freed_fen=Fen(0)), PARAMETERS).total_fen
    if not threshold:
        assert found.exempt_fen == 0


@given(sales, sales)
def test_above_the_threshold_more_sales_never_mean_less_tax(one: Fen, more: Fen) -> None:
    base = Fen(30_000_001 + one)
    low = vat_small.compute(VatSmallInput(base, Fen(0), Fen(0), True, SEVEN, True, DAY), PARAMETERS)
    high = vat_small.compute(VatSmallInput(base, Fen(0), more, True, SEVEN, True, DAY), PARAMETERS)
    assert high.total_fen >= low.total_fen


def test_t08_a_general_taxpayer_pays_output_less_input() -> None:
    found = vat_general.compute(((fen("100000"), Decimal("0.13")),), fen("9600"), SEVEN, DAY, PARAMETERS)
    assert [format_yuan(line.tax_fen) for line in found.lines] == ["3,400.00", "238.00", "102.00", "68.00"]
    assert format_yuan(found.total_fen) == "3,808.00"


def test_t10_in_a_county_city_tax_is_five_per_cent() -> None:
    found = vat_general.compute(((fen("100000"), Decimal("0.13")),), fen("9600"), FIVE, DAY, PARAMETERS)
    assert format_yuan(found.lines[1].tax_fen) == "170.00"


def test_input_tax_left_over_is_carried_forward() -> None:
    found = vat_general.compute(((fen("1000"), Decimal("0.06")),), fen("100"), SEVEN, DAY, PARAMETERS)
    assert (found.vat_fen, found.carried_fen, found.total_fen) == (0, fen("40"), 0)


def test_a_rate_the_law_does_not_have_is_refused() -> None:
    with pytest.raises(MoneyError):
        vat_general.compute(((fen("1"), Decimal("0.17")),), fen("0"), SEVEN, DAY, PARAMETERS)
    with pytest.raises(MoneyError):
        vat_general.compute(((fen("1"), Decimal("0.13")),), Fen(-1), SEVEN, DAY, PARAMETERS)


def test_t32_an_invoice_issued_for_a_natural_person() -> None:
    found = vat_general.agency_invoice(fen("10100"), SEVEN, half=True, day=DAY, parameters=PARAMETERS)
    assert format_yuan(found.net_fen) == "10,000.00"
    assert [format_yuan(line.tax_fen) for line in found.lines] == ["100.00", "3.50", "0.00", "0.00"]


def test_a_sale_below_the_transaction_threshold_is_free_and_one_that_reaches_it_is_not() -> None:
    free = vat_general.agency_invoice(fen("504.99"), SEVEN, half=True, day=DAY, parameters=PARAMETERS)
    taxed = vat_general.agency_invoice(fen("505.00"), SEVEN, half=True, day=DAY, parameters=PARAMETERS)
    assert (free.total_fen, taxed.vat_fen) == (0, fen("5.00"))
    later = vat_general.agency_invoice(
        fen("505.00"), SEVEN, half=True, day=date(2026, 1, 1), parameters=PARAMETERS
    )
    assert later.total_fen == 0


def test_a_large_agency_invoice_pays_the_education_surcharges() -> None:
    found = vat_general.agency_invoice(fen("202000"), SEVEN, half=True, day=DAY, parameters=PARAMETERS)
    assert [format_yuan(line.tax_fen) for line in found.lines] == ["2,000.00", "70.00", "30.00", "20.00"]


def test_the_three_city_rates_are_the_laws() -> None:
    rules = PARAMETERS.at(DAY)
    assert [check_city_rate(Decimal(r), rules) for r in ("0.07", "0.05", "0.01", "0.03")] == [
        True,
        True,
        True,
        False,
    ]
