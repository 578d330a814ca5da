"""Calculators: the figures of the domain note (6.2), and the same as the returns come to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import ParameterMissingError
from kiosk.domain.ids import Fen
from kiosk.domain.tax import iit, late_fee
from kiosk.domain.tax.lines import Note
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax.property_taxes import StampItem
from kiosk.domain.tax.returns import KINDS, FactError
from kiosk.domain.tax.worked import HOMES, SUMS, Sum, Worked, work

P = built_in()
VAT: dict[str, Any] = {"cycle": "quarter", "until": "2025-05", "with_tax": False, "place": "city"}
ANNUAL: dict[str, Any] = {"year": 2025}
AMOUNTS = st.integers(1, 10**10)


def of(wanted: Sum, **facts: object) -> Worked:
    return work(wanted, facts, P)


def lines(worked: Worked) -> dict[str, int]:
    return {line.code: line.fen for line in worked.lines}


@pytest.mark.parametrize(
    ("vector", "wanted", "facts", "yuan"),
    [
        ("T01", Sum.VAT_SMALL, {**VAT, "cycle": "month", "sales_fen": 10_000_000}, "0.00"),
        ("T02", Sum.VAT_SMALL, {**VAT, "sales_fen": 30_000_000}, "0.00"),
        ("T04", Sum.VAT_SMALL, {**VAT, "with_tax": True, "sales_fen": 50_500_000}, "5300.00"),
        (
            "T11",
            Sum.ANNUAL,
            {**ANNUAL, "wages_fen": 20_000_000, "social_fen": 3_000_000, "extra_fen": 2_400_000},
            "6080.00",
        ),
        ("T12", Sum.ANNUAL, {**ANNUAL, "wages_fen": 9_600_001 + 10_800_000}, "11880.00"),
        ("T13", Sum.ANNUAL, {**ANNUAL, "wages_fen": 106_000_000}, "268080.00"),
        ("T15", Sum.BONUS, {"bonus_fen": 3_600_000, "paid_on": "2025-12-31"}, "1080.00"),
        ("T15", Sum.BONUS, {"bonus_fen": 3_600_100, "paid_on": "2025-12-31"}, "3390.10"),
        (
            "T21",
            Sum.STAMP,
            {"item": "sale", "amount_fen": 100_000_000, "half": False, "signed_on": "2025-05-01"},
            "300.00",
        ),
        (
            "T21",
            Sum.STAMP,
            {"item": "lease", "amount_fen": 6_000_000, "half": False, "signed_on": "2025-05-01"},
            "60.00",
        ),
        (
            "T21",
            Sum.STAMP,
            {"item": "loan", "amount_fen": 200_000_000, "half": True, "signed_on": "2025-05-01"},
            "50.00",
        ),
        (
            "T23",
            Sum.VEHICLE,
            {"gross_fen": 11_300_000, "new_energy": False, "bought_on": "2025-05-01"},
            "10000.00",
        ),
        (
            "T24",
            Sum.VEHICLE,
            {"gross_fen": 22_600_000, "new_energy": True, "bought_on": "2025-12-31"},
            "0.00",
        ),
        (
            "T24",
            Sum.VEHICLE,
            {"gross_fen": 22_600_000, "new_energy": True, "bought_on": "2026-01-01"},
            "10000.00",
        ),
        ("T30", Sum.LATE, {"tax_fen": 1_000_000, "limit": "2025-01-15", "paid": "2025-01-25"}, "50.00"),
    ],
)
def test_the_vectors_of_the_domain_note(vector: str, wanted: Sum, facts: dict[str, Any], yuan: str) -> None:
    assert of(wanted, **facts).total_fen == int(yuan.replace(".", "")), vector


def test_a_quarter_above_the_threshold_by_a_fen_is_taxed_as_a_whole() -> None:
    above = of(Sum.VAT_SMALL, **VAT, sales_fen=30_000_001)
    assert lines(above)["vat"] == 300_000


def test_the_surcharges_stand_one_by_one_with_why_they_are_halved() -> None:
    found = of(Sum.VAT_SMALL, **{**VAT, "with_tax": True, "sales_fen": 50_500_000})
    assert lines(found) == {
        "sales": 50_000_000,
        "vat": 500_000,
        "city": 17_500,
        "education": 7_500,
        "local-education": 5_000,
    }
    assert [line.note for line in found.lines if line.code == "city"] == [Note.HALF]


def test_special_invoices_stay_taxed_below_the_threshold() -> None:
    found = lines(of(Sum.VAT_SMALL, **VAT, sales_fen=10_000_000, special_fen=1_000_000))
    assert (found["vat-exempt"], found["vat"]) == (0, 10_000)


@pytest.mark.parametrize(
    ("area", "homes", "yuan"),
    [(140, "first", 1), (140, "second", 1), (141, "first", 1.5), (141, "second", 2), (90, "more", 3)],
)
def test_a_home_is_taxed_by_its_area_and_by_the_homes_of_the_family(
    area: int, homes: str, yuan: float
) -> None:
    found = of(Sum.DEED, price_fen=10_000, area=area, homes=homes, signed_on="2026-05-01")
    assert found.total_fen == yuan * 100


def test_wages_are_withheld_month_by_month_and_come_to_the_year() -> None:
    month = {"pay_fen": 2_000_000, "social_fen": 300_000, "extra_fen": 200_000}
    by_month = [
        of(Sum.WAGES, **month, month=f"2025-{number:02}", months=number).total_fen for number in range(1, 13)
    ]
    year = of(Sum.ANNUAL, year=2025, wages_fen=24_000_000, social_fen=3_600_000, extra_fen=2_400_000)
    assert sum(by_month) == year.total_fen
    assert by_month == sorted(by_month), "the levels rise with the year"


def test_who_began_in_october_has_one_month_of_deductions() -> None:
    found = of(Sum.WAGES, pay_fen=2_000_000, month="2025-10", months=1)
    assert lines(found)["basic"] == -500_000 and found.total_fen == 45_000
    assert lines(found)["take-home"] == 2_000_000 - 45_000
    with pytest.raises(FactError):
        of(Sum.WAGES, pay_fen=2_000_000, month="2025-03", months=4)


def test_what_was_withheld_too_much_comes_back_and_a_small_amount_is_waived() -> None:
    back = of(Sum.ANNUAL, year=2025, wages_fen=20_000_000, withheld_fen=2_000_000)
    assert (back.total, back.total_fen) == ("refund", 2_000_000 - 1_148_000)
    small = of(Sum.ANNUAL, year=2025, wages_fen=10_000_000)
    assert (small.total, small.total_fen, lines(small)["waived"]) == ("to-pay", 0, -148_000)


def test_contributions_are_those_of_the_return() -> None:
    found = of(Sum.SOCIAL, level="level-60", insured="both", first="2026-03", months=10)
    assert lines(found) == {"pension": 864_000, "medical": 345_600}
    alone = of(Sum.SOCIAL, level="level-60", insured="pension", first="2026-03", months=10)
    assert lines(alone) == {"pension": 864_000}
    with pytest.raises(FactError):
        of(Sum.SOCIAL, level="level-60", insured="both", first="2026-03", months=11)


def test_the_rules_that_were_read_are_named_with_the_days_between_which_they_hold() -> None:
    car = of(Sum.VEHICLE, gross_fen=22_600_000, new_energy=True, bought_on="2026-01-01")
    relief = next(rule for rule in car.rules if rule.name == "new-energy-relief")
    assert (relief.valid_from, relief.valid_to) == (date(2026, 1, 1), date(2027, 12, 31))
    fuel = of(Sum.VEHICLE, gross_fen=22_600_000, new_energy=False, bought_on="2026-01-01")
    assert [rule.name for rule in fuel.rules] == ["purchase-vat-rate", "purchase-rate"]


def test_a_day_of_which_no_rule_is_known_is_refused_and_a_missing_fact_too() -> None:
    with pytest.raises(ParameterMissingError):
        of(Sum.STAMP, item="sale", amount_fen=100, half=True, signed_on="2022-06-30")
    with pytest.raises(FactError):
        of(Sum.STAMP, item="sale", half=True, signed_on="2026-06-30")


@given(
    amount=AMOUNTS,
    item=st.sampled_from(sorted(set(StampItem) - {StampItem.SECURITIES, StampItem.BUSINESS_BOOK})),
)
def test_stamp_tax_is_that_of_the_return(amount: int, item: StampItem) -> None:
    facts = {"item": str(item), "amount_fen": amount, "signed_on": "2026-05-01"}
    filed = KINDS["stamp"].compute({**facts, "contract": "A1"}, P)
    assert of(Sum.STAMP, **facts, half=True).total_fen == filed.total_fen


@given(price=AMOUNTS, area=st.integers(1, 400), homes=st.sampled_from(sorted(HOMES)))
def test_deed_tax_is_that_of_the_return(price: int, area: int, homes: str) -> None:
    facts = {"price_fen": price, "area": area, "signed_on": "2026-05-01"}
    filed = KINDS["deed"].compute(
        {**facts, "homes": HOMES[homes], "contract": "A1", "registers_on": "2026-06-01"}, P
    )
    assert of(Sum.DEED, **facts, homes=homes).total_fen == filed.total_fen


@given(gross=AMOUNTS, new=st.booleans())
def test_vehicle_purchase_tax_is_that_of_the_return(gross: int, new: bool) -> None:
    facts = {"gross_fen": gross, "new_energy": new, "bought_on": "2026-05-01"}
    filed = KINDS["vehicle-purchase"].compute({**facts, "vin": "LSVAU0334E2123456"}, P)
    assert of(Sum.VEHICLE, **facts).total_fen == filed.total_fen


@given(wages=AMOUNTS, labour=AMOUNTS, withheld=st.integers(0, 10**9))
def test_a_year_is_that_of_the_return(wages: int, labour: int, withheld: int) -> None:
    facts = {"year": 2025, "wages_fen": wages, "labour_fen": labour, "withheld_fen": withheld}
    filed = KINDS["iit-annual"].compute(facts, P)
    found = of(Sum.ANNUAL, **facts)
    due = {"to-pay": filed.total_fen, "refund": filed.refund_fen}
    assert found.total_fen == due[found.total]


@given(pay=AMOUNTS, social=st.integers(0, 10**7), months=st.integers(1, 12))
def test_each_month_of_wages_is_never_below_nothing_and_adds_up(pay: int, social: int, months: int) -> None:
    day = date(2025, 12, 31)
    each = [
        of(Sum.WAGES, pay_fen=pay, social_fen=social, month="2025-12", months=one).total_fen
        for one in range(1, months + 1)
    ]
    assert all(tax >= 0 for tax in each)
    whole = iit.withheld(Fen(pay * months), Fen(social * months), months, day, P)
    assert sum(each) == whole.tax_fen


@given(tax=AMOUNTS, days=st.integers(0, 4000))
def test_a_surcharge_is_that_of_the_centre(tax: int, days: int) -> None:
    limit = date(2015, 1, 15)
    paid = date.fromordinal(limit.toordinal() + days)
    found = of(Sum.LATE, tax_fen=tax, limit=limit.isoformat(), paid=paid.isoformat())
    assert found.total_fen == late_fee.compute(Fen(tax), limit, paid, P).fee_fen


def test_every_sum_has_facts_and_a_sheet() -> None:
    assert set(SUMS) == set(Sum)
