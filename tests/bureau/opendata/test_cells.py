"""Sums that would tell of one respondent are not told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.opendata.cells import FEWEST, PROTECTED, Part, told

AMOUNTS = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=9)


def _told(amounts: list[int]) -> bool:
    cells, left_out = told(Part(("C",), f"T{n}", 1, amount) for n, amount in enumerate(amounts))
    assert len(cells) + left_out == 1
    return bool(cells)


@pytest.mark.parametrize(
    ("amounts", "safe"),
    [
        ([100] * FEWEST, True),
        ([100] * (FEWEST - 1), False),
        ([1_000, 500, 50, 50, 50], True),
        ([1_000, 500, 50, 50, 49], False),
        ([-1_000, 500, 1, 1, 1], False),
        ([0] * FEWEST, True),
    ],
)
def test_how_many_and_how_even_they_have_to_be(amounts: list[int], safe: bool) -> None:
    assert _told(amounts) is safe


@given(AMOUNTS)
def test_the_second_largest_cannot_come_close_to_the_largest(amounts: list[int]) -> None:
    if _told(amounts) and min(amounts) >= 0:
        largest, second = sorted(amounts)[-1:-3:-1]
        guess = sum(amounts) - second
        assert guess - largest >= largest * PROTECTED / 100


def test_one_respondent_with_many_invoices_is_still_one() -> None:
    cells, left_out = told(Part(("C",), f"T{n % 2}", 3, 10) for n in range(40))
    assert not cells and left_out == 1


def test_each_cell_is_summed_by_itself() -> None:
    parts = [Part((cell,), f"T{n}", 2, 10 * (n + 1)) for cell in "DC" for n in range(6)]
    cells, _ = told(parts)
    assert list(cells) == [("C",), ("D",)]
    assert (cells["C",].respondents, cells["C",].number, cells["C",].amount) == (6, 12, 210)
