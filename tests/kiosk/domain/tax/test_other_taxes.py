"""Vectors of the domain note, section 6.2, for every tax but VAT."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.money import fen, format_yuan, round_fen, yuan
from kiosk.domain.tax import cit, departure_refund, iit, late_fee, vehicles
from kiosk.domain.tax.brackets import progressive
from kiosk.domain.tax.cit import Enterprise
from kiosk.domain.tax.departure_refund import Purchase, Reason
from kiosk.domain.tax.iit import AnnualInput
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax.property_taxes import StampItem, deed_home, stamp

P = built_in()
DAY = date(2025, 12, 31)


def test_t30_ten_days_late() -> None:
    found = late_fee.compute(fen("10000"), date(2025, 1, 15), date(2025, 1, 25), P)
    assert (found.days, format_yuan(found.fee_fen)) == (10, "50.00")


def test_nothing_is_charged_on_the_limit_day_or_before() -> None:
    for paid in (date(2025, 1, 15), date(2025, 1, 1)):
        assert late_fee.compute(fen("10000"), date(2025, 1, 15), paid, P).fee_fen == 0
    assert late_fee.compute(fen("10000"), date(2025, 1, 15), date(2025, 1, 16), P).fee_fen == fen("5.00")


def test_a_refund_bears_no_late_fee() -> None:
    with pytest.raises(MoneyError):
        late_fee.compute(Fen(-1), DAY, DAY, P)


def test_less_than_a_yuan_is_not_collected() -> None:
    assert late_fee.collectable(fen("0.99"), DAY, P) == 0
    assert late_fee.collectable(fen("1.00"), DAY, P) == fen("1.00")


def test_t11_a_salary_with_its_deductions() -> None:
    given_ = AnnualInput(fen("200000"), social_fen=fen("30000"), extra_fen=fen("24000"))
    found = iit.annual(given_, DAY, P)
    assert (format_yuan(found.taxable_fen), format_yuan(found.tax_fen)) == ("86,000.00", "6,080.00")


@pytest.mark.parametrize(
    ("taxable", "tax"),
    [
        ("36000", "1,080.00"),
        ("36000.01", "1,080.00"),
        ("144000", "11,880.00"),
        ("300000", "43,080.00"),
        ("420000", "73,080.00"),
        ("660000", "145,080.00"),
        ("960000", "250,080.00"),
        ("1000000", "268,080.00"),
    ],
)
def test_t12_t13_the_annual_table(taxable: str, tax: str) -> None:
    found = iit.annual(AnnualInput(Fen(fen(taxable) + fen("60000"))), DAY, P)
    assert (found.taxable_fen, format_yuan(found.tax_fen)) == (fen(taxable), tax)


def test_the_settlement_pays_refunds_or_is_waived() -> None:
    big = iit.annual(AnnualInput(fen("200000"), withheld_fen=fen("10000")), DAY, P)
    assert (format_yuan(big.balance_fen), big.waived) == ("1,480.00", False)
    back = iit.annual(AnnualInput(fen("200000"), withheld_fen=fen("12000")), DAY, P)
    assert (format_yuan(back.balance_fen), back.waived) == ("-520.00", False)
    little_income = iit.annual(AnnualInput(fen("120000")), DAY, P)
    assert little_income.balance_fen > 0
    assert little_income.waived
    little_tax = iit.annual(AnnualInput(fen("200000"), withheld_fen=fen("11080")), DAY, P)
    assert (format_yuan(little_tax.balance_fen), little_tax.waived) == ("400.00", True)


def test_income_below_the_deductions_is_not_taxed() -> None:
    found = iit.annual(AnnualInput(fen("50000"), withheld_fen=fen("10")), DAY, P)
    assert (found.tax_fen, found.balance_fen, found.waived) == (0, -1000, False)


@pytest.mark.parametrize(("bonus", "tax"), [("36000", "1,080.00"), ("36001", "3,390.10"), ("0", "0.00")])
def test_t15_the_twelfth_of_a_bonus_picks_the_rate(bonus: str, tax: str) -> None:
    assert format_yuan(iit.bonus(fen(bonus), DAY, P)) == tax


def test_t17_a_sole_trader_pays_half() -> None:
    found = iit.business(fen("100000"), sole_trader=True, year_end=DAY, parameters=P)
    assert [format_yuan(x) for x in (found.full_fen, found.relief_fen, found.tax_fen)] == [
        "9,500.00",
        "4,750.00",
        "4,750.00",
    ]
    assert iit.business(fen("100000"), sole_trader=False, year_end=DAY, parameters=P).tax_fen == fen("9500")


def test_the_half_ends_at_two_million() -> None:
    at = iit.business(fen("2000000"), sole_trader=True, year_end=DAY, parameters=P)
    above = iit.business(fen("3000000"), sole_trader=True, year_end=DAY, parameters=P)
    assert above.relief_fen == at.relief_fen == fen("317250")


@pytest.mark.parametrize(
    ("pay", "tax"),
    [
        ("800", "0"),
        ("500", "0"),
        ("3000", "440"),
        ("4000", "640"),
        ("10000", "1600"),
        ("30000", "5200"),
        ("80000", "18600"),
    ],
)
def test_t19_labour_pay(pay: str, tax: str) -> None:
    assert iit.labour(fen(pay), DAY, P) == fen(tax)


@pytest.mark.parametrize(
    ("taxable", "tax"), [("1000000", "50,000.00"), ("3000000", "150,000.00"), ("3000000.01", "750,000.00")]
)
def test_t20_a_small_enterprise_up_to_three_million(taxable: str, tax: str) -> None:
    assert format_yuan(cit.compute(fen(taxable), Enterprise.SMALL, DAY, P).tax_fen) == tax


def test_corporate_income_tax_of_the_others() -> None:
    assert cit.compute(fen("1000000"), Enterprise.GENERAL, DAY, P).tax_fen == fen("250000")
    assert cit.compute(fen("1000000"), Enterprise.HIGH_TECH, DAY, P).tax_fen == fen("150000")
    assert cit.compute(Fen(-5), Enterprise.GENERAL, DAY, P).tax_fen == 0
    assert cit.compute(fen("100"), Enterprise.SMALL, date(2028, 12, 31), P).tax_fen == fen("25")


@pytest.mark.parametrize(
    ("item", "base", "whole", "half"),
    [
        (StampItem.SALE, "1000000", "300.00", "150.00"),
        (StampItem.LEASE, "60000", "60.00", "30.00"),
        (StampItem.LOAN, "2000000", "100.00", "50.00"),
    ],
)
def test_t21_stamp_tax_whole_and_half(item: StampItem, base: str, whole: str, half: str) -> None:
    assert format_yuan(stamp(item, fen(base), half=False, day=DAY, parameters=P).tax_fen) == whole
    assert format_yuan(stamp(item, fen(base), half=True, day=DAY, parameters=P).tax_fen) == half


def test_securities_have_their_own_half_and_no_other() -> None:
    before, since = date(2023, 8, 27), date(2023, 8, 28)
    for half in (True, False):
        assert stamp(StampItem.SECURITIES, fen("1000"), half=half, day=before, parameters=P).tax_fen == 100
        assert stamp(StampItem.SECURITIES, fen("1000"), half=half, day=since, parameters=P).tax_fen == 50


def test_every_stamp_item_has_a_rate() -> None:
    for item in StampItem:
        assert stamp(item, fen("100000000"), half=False, day=DAY, parameters=P).tax_fen > 0


@pytest.mark.parametrize(
    ("metres", "homes", "tax"),
    [
        ("140", 1, "10,000.00"),
        ("140", 2, "10,000.00"),
        ("140.01", 1, "15,000.00"),
        ("200", 2, "20,000.00"),
        ("90", 3, "30,000.00"),
    ],
)
def test_deed_tax_on_homes(metres: str, homes: int, tax: str) -> None:
    found = deed_home(fen("1000000"), Decimal(metres), homes_owned=homes, day=DAY, parameters=P)
    assert format_yuan(found.tax_fen) == tax


def test_a_provinces_own_deed_rate_is_used_beyond_the_second_home() -> None:
    found = deed_home(
        fen("1000000"), Decimal(90), homes_owned=3, day=DAY, parameters=P, province_rate=Decimal("0.04")
    )
    assert found.tax_fen == fen("40000")


def test_t23_a_fuel_car() -> None:
    found = vehicles.purchase_of_invoice(fen("113000"), new_energy=False, day=DAY, parameters=P)
    assert format_yuan(found.tax_fen) == "10,000.00"


@pytest.mark.parametrize(("day", "tax"), [(date(2025, 12, 31), "0.00"), (date(2026, 1, 1), "10,000.00")])
def test_t24_a_new_energy_car_before_and_after_the_turn_of_the_year(day: date, tax: str) -> None:
    found = vehicles.purchase(fen("200000"), new_energy=True, day=day, parameters=P)
    assert format_yuan(found.tax_fen) == tax


def test_the_relief_of_new_energy_cars_has_a_limit_and_an_end() -> None:
    dear = vehicles.purchase(fen("500000"), new_energy=True, day=date(2025, 6, 1), parameters=P)
    assert (format_yuan(dear.relief_fen), format_yuan(dear.tax_fen)) == ("30,000.00", "20,000.00")
    later = vehicles.purchase(fen("500000"), new_energy=True, day=date(2028, 1, 1), parameters=P)
    assert later.relief_fen == 0


@pytest.mark.parametrize(
    ("litres", "low", "high"),
    [
        ("1.0", 60, 360),
        ("1.01", 300, 540),
        ("2.0", 360, 660),
        ("2.5", 660, 1200),
        ("3.0", 1200, 2400),
        ("4.0", 2400, 3600),
        ("4.1", 3600, 5400),
    ],
)
def test_the_yearly_tax_lies_in_its_band(litres: str, low: int, high: int) -> None:
    assert vehicles.yearly_band(Decimal(litres), DAY, P) == (low * 100, high * 100)
    assert vehicles.yearly(Fen(low * 100), Decimal(litres), DAY, P) == low * 100
    with pytest.raises(MoneyError):
        vehicles.yearly(Fen(high * 100 + 1), Decimal(litres), DAY, P)


def test_a_new_car_pays_from_the_month_it_was_bought() -> None:
    amounts = [
        vehicles.yearly(fen("480"), Decimal("1.6"), DAY, P, bought_in_month=month) for month in (1, 10, 12)
    ]
    assert amounts == [fen("480"), fen("120"), fen("40")]
    with pytest.raises(MoneyError):
        vehicles.yearly(fen("480"), Decimal("1.6"), DAY, P, bought_in_month=13)


def test_t27_goods_at_thirteen_per_cent() -> None:
    found = departure_refund.compute(Purchase(DAY, at_13_fen=fen("1000")), DAY, P)
    assert [format_yuan(x) for x in (found.refund_fen, found.fee_fen, found.paid_fen)] == [
        "110.00",
        "20.00",
        "90.00",
    ]


def test_t28_goods_at_nine_per_cent() -> None:
    found = departure_refund.compute(Purchase(DAY, at_9_fen=fen("1000")), DAY, P)
    assert [format_yuan(x) for x in (found.refund_fen, found.fee_fen, found.paid_fen)] == [
        "80.00",
        "20.00",
        "60.00",
    ]


@pytest.mark.parametrize(
    ("day", "total", "reason", "paid"),
    [
        (date(2025, 5, 1), "199.99", Reason.BELOW_MINIMUM, "0.00"),
        (date(2025, 5, 1), "200.00", Reason.NONE, "18.00"),
        (date(2025, 3, 1), "300.00", Reason.BELOW_MINIMUM, "0.00"),
        (date(2025, 3, 1), "500.00", Reason.NONE, "45.00"),
    ],
)
def test_t29_the_minimum_of_its_day(day: date, total: str, reason: Reason, paid: str) -> None:
    found = departure_refund.compute(Purchase(day, at_13_fen=fen(total)), day, P)
    assert (found.reason, format_yuan(found.paid_fen)) == (reason, paid)


def test_who_stayed_too_long_or_bought_too_long_ago_has_no_refund() -> None:
    bought = Purchase(date(2025, 5, 1), at_13_fen=fen("1000"))
    at_the_end = departure_refund.compute(bought, date(2025, 7, 30), P, days_in_china=183)
    assert at_the_end.reason is Reason.NONE
    assert departure_refund.compute(bought, date(2025, 7, 31), P).reason is Reason.TOO_OLD
    stayed = departure_refund.compute(bought, date(2025, 5, 2), P, days_in_china=184)
    assert stayed.reason is Reason.STAYED_TOO_LONG
    assert departure_refund.compute(bought, date(2025, 4, 30), P).reason is Reason.BEFORE_PURCHASE


def test_large_refunds_are_not_paid_in_cash_and_the_fee_is_the_agencys() -> None:
    found = departure_refund.compute(Purchase(DAY, at_13_fen=fen("200000")), DAY, P, fee_rate=Decimal("0.01"))
    assert (format_yuan(found.paid_fen), found.cash_allowed) == ("20,000.00", True)
    more = departure_refund.compute(Purchase(DAY, at_13_fen=fen("300000")), DAY, P)
    assert not more.cash_allowed
    assert departure_refund.total_paid([found, more]) == found.paid_fen + more.paid_fen


taxables = st.integers(0, 10**10).map(Fen)


@pytest.mark.parametrize("table", ["iit.comprehensive", "iit.business", "iit.labour"])
@given(one=taxables, more=st.integers(1, 10**6))
def test_a_progressive_tax_never_falls_and_never_takes_more_than_was_added(
    table: str, one: Fen, more: int
) -> None:
    levels = P.at(DAY).brackets(table)
    low, high = progressive(yuan(one), levels), progressive(yuan(Fen(one + more)), levels)
    assert 0 <= high - low <= yuan(Fen(more)) * levels[-1].rate
    assert round_fen(low) <= one
