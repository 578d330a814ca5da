"""What holds for any figures: sums are equal to the fen, nothing is negative, and more never costs less where the law says so."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.ids import Fen
from kiosk.domain.tax import cit, departure_refund, vat_general
from kiosk.domain.tax.cit import Enterprise
from kiosk.domain.tax.departure_refund import Purchase, Reason
from kiosk.domain.tax.parameters import built_in

DAY = date(2026, 9, 30)
PARAMETERS = built_in()
SEVEN = Decimal("0.07")

amounts = st.integers(0, 10**12).map(Fen)
rates = st.sampled_from([Decimal("0.13"), Decimal("0.09"), Decimal("0.06"), Decimal(0)])
sold = st.lists(st.tuples(amounts, rates), max_size=6).map(tuple)


@given(sold, amounts)
def test_output_less_input_is_payable_or_carried_and_never_both(
    sales: tuple[tuple[Fen, Decimal], ...], paid: Fen
) -> None:
    found = vat_general.compute(sales, paid, SEVEN, DAY, PARAMETERS)
    assert found.vat_fen - found.carried_fen == found.output_fen - paid
    assert min(found.vat_fen, found.carried_fen) == 0
    assert found.total_fen == sum(line.tax_fen for line in found.lines)
    assert all(line.tax_fen >= 0 for line in found.lines)
    exact = sum((net * rate for net, rate in sales), Decimal(0))
    assert abs(found.output_fen - exact) <= Decimal("0.5")  # fen: rounded once, of the sum


@given(sold, amounts, amounts, rates)
def test_more_sales_or_less_input_never_mean_less_vat(
    sales: tuple[tuple[Fen, Decimal], ...], paid: Fen, more: Fen, rate: Decimal
) -> None:
    less = vat_general.compute(sales, Fen(paid + more), SEVEN, DAY, PARAMETERS)
    base = vat_general.compute(sales, paid, SEVEN, DAY, PARAMETERS)
    grown = vat_general.compute((*sales, (more, rate)), paid, SEVEN, DAY, PARAMETERS)
    assert less.total_fen <= base.total_fen <= grown.total_fen


@given(st.integers(-(10**12), 10**12).map(Fen), amounts, st.sampled_from(Enterprise))
def test_income_tax_of_a_company_is_never_negative_and_grows_with_its_income(
    income: Fen, more: Fen, kind: Enterprise
) -> None:
    low, high = (cit.compute(Fen(i), kind, date(2026, 12, 31), PARAMETERS) for i in (income, income + more))
    assert 0 <= low.tax_fen <= high.tax_fen
    assert low.tax_fen <= max(0, income)


@given(st.integers(1, 10**12).map(Fen))
def test_relief_never_costs_more_than_none(income: Fen) -> None:
    general, small, high_tech = (
        cit.compute(income, kind, date(2026, 12, 31), PARAMETERS).tax_fen
        for kind in (Enterprise.GENERAL, Enterprise.SMALL, Enterprise.HIGH_TECH)
    )
    assert small <= general and high_tech <= general


@given(
    amounts,
    amounts,
    st.integers(-5, 400),
    st.none() | st.integers(0, 400),
    st.none() | st.decimals(0, 1, places=3),
)
def test_a_traveller_gets_back_what_is_left_of_the_refund_or_is_told_why_not(
    dear: Fen, plain: Fen, later: int, stay: int | None, fee: Decimal | None
) -> None:
    bought = Purchase(DAY, dear, plain)
    found = departure_refund.compute(
        bought, DAY + timedelta(later), PARAMETERS, days_in_china=stay, fee_rate=fee
    )
    assert found.paid_fen + found.fee_fen == found.refund_fen
    assert 0 <= found.paid_fen <= found.refund_fen <= bought.total_fen
    assert (found.refund_fen == 0) == (found.reason is not Reason.NONE)
    if later < 0:
        assert found.reason is Reason.BEFORE_PURCHASE


@given(amounts, amounts, st.integers(0, 90))
def test_who_buys_more_on_one_day_gets_no_less_back(dear: Fen, more: Fen, later: int) -> None:
    leaving = DAY + timedelta(later)
    base, grown = (
        departure_refund.compute(Purchase(DAY, Fen(d)), leaving, PARAMETERS).paid_fen
        for d in (dear, dear + more)
    )
    assert base <= grown
