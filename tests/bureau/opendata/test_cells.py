"""Sums that would tell of one respondent are not told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.opendata.cells import FEWEST, PROTECTED, Part, told

LIKE = [1] * 9
"""Numbers that tell of nobody."""


def _told(amounts: list[int], numbers: list[int] = LIKE) -> bool:
    each = zip(numbers, amounts, strict=False)
    cells, left_out = told(Part(("C",), f"T{n}", *both) for n, both in enumerate(each))
    assert len(cells) + left_out == 1
    return bool(cells)


@pytest.mark.parametrize(
    ("parts", "safe"),
    [
        ([100] * FEWEST, True),
        ([100] * (FEWEST - 1), False),
        ([1_000, 500, 50, 50, 50], True),
        ([1_000, 500, 50, 50, 49], False),
        ([-1_000, 500, 1, 1, 1], False),
        ([1_000, 500, 100, -100, 50, -50], False),
        ([0] * FEWEST, False),
    ],
)
def test_how_many_and_how_even_they_have_to_be(parts: list[int], safe: bool) -> None:
    assert _told(parts) is safe
    assert _told([100] * len(parts), parts) is safe, "numbers as well as amounts"


@given(st.lists(st.integers(0, 1_000), min_size=FEWEST, max_size=9))
def test_the_second_largest_cannot_come_close_to_the_largest(amounts: list[int]) -> None:
    if _told(amounts):
        largest, second = sorted(amounts)[-1:-3:-1]
        assert sum(amounts) - second - largest >= largest * PROTECTED / 100


def test_one_respondent_with_many_invoices_is_still_one() -> None:
    cells, left_out = told(Part(("C",), f"T{n % 2}", 3, 10) for n in range(40))
    assert not cells and left_out == 1


def test_each_cell_is_summed_by_itself() -> None:
    parts = [Part((cell,), f"T{n}", 2, 10 * (n + 1)) for cell in "DC" for n in range(6)]
    cells, _ = told(parts)
    assert list(cells) == [("C",), ("D",)]
    assert (cells["C",].respondents, cells["C",].number, cells["C",].amount) == (6, 12, 210)
