"""The refund of one purchase that was exported, and the refund rate of a commodity on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.tax.export_refund import refund_rate, share
from kiosk.domain.tax.parameters import built_in

AMOUNTS = st.integers(0, 10**12).map(Fen)
RATES = st.sampled_from([Decimal(rate) for rate in ("0", "0.06", "0.09", "0.13")])


@pytest.mark.parametrize(
    ("hs", "day", "rate"),
    [
        ("8413709990", date(2026, 8, 1), "0.13"),
        ("7606122000", date(2024, 11, 30), "0.13"),
        ("7606122000", date(2024, 12, 1), "0"),
        ("8507600090", date(2026, 3, 31), "0.09"),
        ("8507600090", date(2026, 4, 1), "0.06"),
        ("8507600090", date(2027, 1, 1), "0"),
    ],
)
def test_the_rate_is_that_of_the_day_of_export(hs: str, day: date, rate: str) -> None:
    assert refund_rate(hs, day, built_in()) == Decimal(rate)


def test_what_is_refunded_below_the_tax_paid_is_cost() -> None:
    found = share(Fen(10_000_000), Fen(1_300_000), Decimal("0.06"))
    assert (found.refund_fen, found.cost_fen) == (600_000, 700_000)


def test_bought_at_a_lower_rate_the_tax_paid_is_all_that_goes_back() -> None:
    found = share(Fen(10_000_000), Fen(100_000), Decimal("0.13"))
    assert (found.refund_fen, found.cost_fen) == (100_000, 0)


@given(net=AMOUNTS, tax=AMOUNTS, rate=RATES)
def test_refund_and_cost_are_the_tax_to_the_fen(net: Fen, tax: Fen, rate: Decimal) -> None:
    found = share(net, tax, rate)
    assert found.refund_fen + found.cost_fen == tax and found.refund_fen >= 0 and found.cost_fen >= 0


@given(net=AMOUNTS, more=AMOUNTS, rate=RATES)
def test_more_bought_never_gives_less_back(net: Fen, more: Fen, rate: Decimal) -> None:
    tax = Fen(net * 13 // 100)
    greater = Fen(net + more)
    assert share(greater, Fen(greater * 13 // 100), rate).refund_fen >= share(net, tax, rate).refund_fen


def test_amounts_below_zero_are_no_purchase() -> None:
    with pytest.raises(MoneyError):
        share(Fen(-1), Fen(0), Decimal("0.13"))
