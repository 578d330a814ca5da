"""多缴税款结转: what came back beyond a period's sales lowers later tax by what was paid on it, and by no fen more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.carried import Credit, Ledger, Returned, Span, Use, left_over, overpaid
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax.vat_small import VatSmallInput, VatSmallResult, compute

ONE_PERCENT, SEVEN = Decimal("0.01"), Decimal("0.07")
FEN = st.integers(0, 60_000_000)
QUARTERS: Sequence[Span] = [
    (date(year, first, 1), date(year, first + 2, 31 if first in (1, 10) else 30))
    for year in (2024, 2025, 2026)
    for first in (1, 4, 7, 10)
]


def small(ordinary: int = 0, special: int = 0, uninvoiced: int = 0, **more: int) -> VatSmallResult:
    named = {name: Fen(fen) for name, fen in more.items()}
    sales = (Fen(ordinary), Fen(special), Fen(uninvoiced))
    return compute(VatSmallInput(*sales, True, SEVEN, True, date(2026, 9, 30), **named), built_in())


# --- one return ---------------------------------------------------------------------------------------------


def test_what_came_back_is_taken_off_other_sales_before_anything_is_left() -> None:
    found = small(special=34_000_000, uninvoiced=1_000_000, returned_fen=5_000_000)
    assert (found.sales_fen, found.taxable_fen, found.residual_fen) == (30_000_000, 30_000_000, 0)
    assert found.exempt, "the threshold goes by what is left of all sales"
    assert found.vat_fen == 300_000, "and special invoices stay taxable below it"


def test_nothing_was_sold_and_all_is_left_over() -> None:
    found = small(returned_fen=5_000_000)
    assert (found.vat_fen, found.total_fen, found.residual_fen) == (0, 0, 5_000_000)


def test_what_was_overpaid_lowers_the_tax_and_with_it_the_surcharges() -> None:
    plain, found = small(50_000_000), small(50_000_000, carried_fen=120_000)
    assert (plain.vat_fen, plain.total_fen) == (500_000, 530_000)
    assert (found.deducted_fen, found.vat_fen) == (120_000, 380_000)
    assert (found.city_fen, found.education_fen, found.local_education_fen) == (13_300, 5_700, 3_800)
    assert sum(line.tax_fen for line in found.lines) == found.total_fen == 402_800
    assert found.sales_fen == plain.sales_fen and not found.exempt, (
        "the threshold asks for sales, not for tax"
    )


def test_no_more_is_taken_off_than_there_is_tax() -> None:
    found = small(50_000_000, carried_fen=900_000)
    assert (found.deducted_fen, found.total_fen) == (500_000, 0)
    assert small(20_000_000, carried_fen=900_000).deducted_fen == 0, (
        "nothing is taken off where nothing is due"
    )


def test_amounts_below_zero_are_refused() -> None:
    for wrong in ({"returned_fen": -1}, {"carried_fen": -1}):
        with pytest.raises(MoneyError):
            small(1_000, **wrong)
    with pytest.raises(MoneyError):
        overpaid(-1, ONE_PERCENT, 0, 0)
    with pytest.raises(MoneyError):
        left_over([], {"ordinary": -1}, 0)


@given(FEN, FEN, FEN, FEN, FEN, st.integers(0, 600_000))
def test_no_tax_is_ever_below_zero_and_what_came_back_is_all_accounted_for(
    ordinary: int, special: int, uninvoiced: int, freed: int, returned: int, carried: int
) -> None:
    freed = min(freed, ordinary + uninvoiced)
    more = {"freed_fen": freed, "returned_fen": returned, "carried_fen": carried}
    found = small(ordinary, special, uninvoiced, **more)
    taxes = (found.vat_fen, found.city_fen, found.education_fen, found.local_education_fen)
    assert min(*taxes, found.residual_fen, found.deducted_fen) >= 0
    assert sum(taxes) == found.total_fen == sum(line.tax_fen for line in found.lines)
    assert found.taxable_fen + found.exempt_fen + found.freed_fen == found.sales_fen
    assert ordinary + special + uninvoiced - returned == found.sales_fen - found.residual_fen
    assert found.deducted_fen <= carried
    before = small(ordinary, special, uninvoiced, **{**more, "carried_fen": 0})
    assert found.vat_fen + found.deducted_fen == before.vat_fen
    assert found.total_fen <= before.total_fen


# --- what is left over --------------------------------------------------------------------------------------


def test_the_oldest_sales_are_taken_off_first_and_each_kind_off_its_own() -> None:
    back = [
        Returned(date(2026, 5, 2), "ordinary", 300),
        Returned(date(2026, 2, 1), "ordinary", 200),
        Returned(date(2026, 1, 9), "special", 100),
    ]
    assert left_over(back, {"ordinary": 250, "special": 0}, 0) == [
        Returned(date(2026, 1, 9), "special", 100),
        Returned(date(2026, 5, 2), "ordinary", 250),
    ]
    assert left_over(back, {"ordinary": 250, "special": 0}, 130) == [
        Returned(date(2026, 5, 2), "ordinary", 220)
    ]
    assert left_over(back, {"ordinary": 700, "special": 0}, 0) == []


RETURNED = st.builds(
    Returned, st.dates(date(2024, 1, 1), date(2026, 6, 30)), st.sampled_from(["ordinary", "special"]), FEN
)


@given(st.lists(RETURNED, max_size=6), FEN, FEN, FEN, st.randoms())
def test_it_is_the_sum_that_no_sales_are_left_for_whatever_the_order(
    back: list[Returned], ordinary: int, special: int, others: int, random: Random
) -> None:
    sold = {"ordinary": ordinary, "special": special}
    left = left_over(back, sold, others)
    came = sum(one.net_fen for one in back)
    assert sum(one.net_fen for one in left) == max(0, came - ordinary - special - others)
    random.shuffle(mixed := [*back])
    assert left_over(mixed, sold, others) == left


@given(FEN, st.lists(FEN, max_size=6), st.sampled_from([ONE_PERCENT, Decimal("0.03")]))
def test_parts_that_come_back_make_the_tax_of_the_whole_to_the_fen(
    taxable: int, parts: list[int], rate: Decimal
) -> None:
    before = [0, *accumulate(parts)]
    credits = [overpaid(taxable, rate, so_far, part) for so_far, part in zip(before, parts, strict=False)]
    left = max(0, taxable - sum(parts))
    assert min(credits, default=0) >= 0
    assert sum(credits) == round_fen(yuan(Fen(taxable)) * rate) - round_fen(yuan(Fen(left)) * rate)


# --- the ledger ---------------------------------------------------------------------------------------------


def credit(period: int, of: int, fen: int, rate: Decimal = ONE_PERCENT) -> Credit:
    return Credit(QUARTERS[period], QUARTERS[of], rate, fen * 100, Fen(fen))


def test_what_is_left_is_for_later_periods_alone() -> None:
    books = Ledger([credit(2, 1, 500)])
    assert [books.available(period) for period in QUARTERS[:5]] == [0, 0, 0, 500, 500]


def test_a_later_return_keeps_what_it_took() -> None:
    books = Ledger([credit(2, 1, 500), credit(4, 3, 300)], [Use("A", QUARTERS[5], 600)])
    assert books.available(QUARTERS[3]) == 200, "of the 500 three hundred less than A needs"
    assert books.available(QUARTERS[6]) == 200
    assert books.available(QUARTERS[5], "A") == 800, "the return that takes its place may take it again"
    assert books.overdrawn() == []


def test_a_return_that_took_what_is_no_longer_there_is_named() -> None:
    books = Ledger([credit(2, 1, 100)], [Use("B", QUARTERS[6], 50), Use("A", QUARTERS[4], 120)])
    assert [use.declaration for use in books.overdrawn()] == ["A", "B"]
    assert books.available(QUARTERS[7]) == 0


def test_balances_by_rate_take_the_oldest_first() -> None:
    three = Decimal("0.03")
    books = Ledger([credit(4, 3, 300), credit(2, 1, 500, three)], [Use("A", QUARTERS[5], 600)])
    assert books.balances() == {three: 0, ONE_PERCENT: 200}


@given(
    st.lists(st.tuples(st.integers(1, 11), st.integers(1, 400_000)), max_size=5),
    st.lists(st.tuples(FEN, st.booleans()), min_size=12, max_size=12),
    st.permutations(range(12)),
)
def test_in_whatever_order_returns_are_filed_no_more_is_taken_off_than_was_overpaid(
    overpaid_in: list[tuple[int, int]], sales: list[tuple[int, bool]], order: list[int]
) -> None:
    credits = [credit(period, 0, fen) for period, fen in overpaid_in]
    uses: list[Use] = []
    for number in order:
        period, (sold, claims) = QUARTERS[number], sales[number]
        most = Ledger(credits, uses).available(period) if claims else Fen(0)
        found = small(sold, carried_fen=most)
        assert found.vat_fen >= 0
        uses.append(Use(str(number), period, found.deducted_fen))
    books = Ledger(credits, uses)
    assert books.overdrawn() == []
    assert sum(books.balances().values()) == sum(c.tax_fen for c in credits) - sum(u.tax_fen for u in uses)
    for number, period in enumerate(QUARTERS):  # at no time was more taken off than had come up by then
        came = sum(c.tax_fen for c in credits if c.period[1] < period[0])
        assert sum(u.tax_fen for u in uses if int(u.declaration) <= number) <= came


@given(st.lists(FEN, min_size=12, max_size=12), st.integers(0, 400_000), st.permutations(range(1, 12)))
def test_once_all_later_periods_are_filed_the_order_left_no_fen_behind(
    sales: list[int], fen: int, order: list[int]
) -> None:
    """One sum overpaid in the first period: however the later returns came, as much of it is taken off in all."""
    credits = [credit(0, 0, fen)]
    uses: list[Use] = []
    for number in order:
        most = Ledger(credits, uses).available(QUARTERS[number])
        uses.append(Use(str(number), QUARTERS[number], small(sales[number], carried_fen=most).deducted_fen))
    due = sum(small(sales[number]).vat_fen for number in order)
    assert sum(use.tax_fen for use in uses) == min(fen, due)
