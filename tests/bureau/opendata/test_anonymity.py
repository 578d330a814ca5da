"""No row that is published is told apart from fewer than the rule says, whatever the rows were."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.opendata.anonymity import Counted, Known, Row, Rule, TooFew, anonymous, fit, holds
from bureau.opendata.recoding import everything, five_years, itself, ten_years

PLACE, YEAR = Known("place", (itself, everything)), Known("year", (itself, five_years, ten_years, everything))
RULE = Rule(k=3, diversity=2, left_out=Fraction(1, 10))
ROWS = st.lists(
    st.tuples(
        st.sampled_from("PQR"),
        st.integers(1995, 2026).map(str),
        st.sampled_from("ABCD"),
        st.sampled_from("xy"),
    ),
    max_size=60,
).map(Counter)


def _alike(rows: Counted) -> dict[Row, Counter[Row]]:
    groups = defaultdict[Row, Counter[Row]](Counter)
    for row, number in rows.items():
        groups[row[:2]][row] += number
    return groups


@given(ROWS, st.integers(2, 6), st.integers(1, 3))
def test_whatever_the_rows_each_is_like_enough_others(rows: Counted, k: int, diversity: int) -> None:
    rule = Rule(k, diversity, Fraction(1, 5))
    try:
        made = anonymous(rows, (PLACE, YEAR), rule)
    except TooFew:
        return
    for group in _alike(made.rows).values():
        assert group.total() >= k
        for column in (2, 3):
            assert len({row[column] for row in group}) >= diversity
    of = sum(rows.values())
    assert made.left_out == of - sum(made.rows.values()) <= of // 5


@given(ROWS, st.integers(1, 3))
def test_who_is_missing_is_like_too_few_and_for_nothing_else(rows: Counted, diversity: int) -> None:
    """A group that is large enough and missing would tell that it is of one mind."""
    rule = Rule(3, diversity, Fraction(1, 5))
    try:
        made = anonymous(rows, (PLACE, YEAR), rule)
    except TooFew:
        return
    missing = _alike(_recoded(rows, made.levels["place"], made.levels["year"]) - Counter(made.rows))
    assert all(group.total() < 3 for group in missing.values())


@given(ROWS)
def test_what_is_kept_of_a_row_is_as_it_was(rows: Counted) -> None:
    try:
        made = anonymous(rows, (PLACE, YEAR), RULE)
    except TooFew:
        return
    assert not Counter(made.rows) - _recoded(rows, made.levels["place"], made.levels["year"])


@given(ROWS)
def test_nothing_that_loses_less_would_have_done(rows: Counted) -> None:
    try:
        made = anonymous(rows, (PLACE, YEAR), RULE)
        taken = _loss(made.levels["place"], made.levels["year"])
    except TooFew:
        taken = Fraction(3)
    of = sum(rows.values())
    for place, year in product(range(2), range(4)):
        if _loss(place, year) < taken:
            told = fit(_recoded(rows, place, year), 2, RULE)
            assert not told or of - sum(told.values()) > of // 10


def _recoded(rows: Counted, place: int, year: int) -> Counter[Row]:
    told = Counter[Row]()
    for (p, y, *kept), number in rows.items():
        told[(PLACE.levels[place](p), YEAR.levels[year](y), *kept)] += number
    return told


def _loss(place: int, year: int) -> Fraction:
    return Fraction(place, 1) + Fraction(year, 3)


CROWD = Counter({("P", "2021", kept, seen): 5 for kept in "AB" for seen in "xy"})


def test_who_is_alone_is_left_out_and_no_more_than_may_be() -> None:
    made = anonymous(CROWD + Counter([("Q", "1999", "A", "x")]), (PLACE, YEAR), RULE)
    assert made.left_out == 1 and made.levels == {"place": 0, "year": 0}
    assert {row[0] for row in made.rows} == {"P"}
    strangers = Counter([("Q", str(1960 + n), "A", "x") for n in range(3)])
    made = anonymous(CROWD + strangers, (PLACE, YEAR), RULE)
    assert made.levels["place"] == 1, "three of 23 are too many to be left out"


def test_a_group_of_one_mind_takes_a_coarser_level_and_is_never_left_out() -> None:
    same = Counter({("Q", "2021", "A", "x"): 3})
    made = anonymous(Counter({row: 20 * number for row, number in CROWD.items()}) + same, (PLACE, YEAR), RULE)
    assert made.levels["place"] == 1 and made.left_out == 0
    assert not holds(same, 2, RULE) and fit(same, 2, RULE) == {}
    with pytest.raises(TooFew, match="3 rows"):
        anonymous(same, (PLACE, YEAR), RULE)


def test_rows_that_nobody_could_look_over_are_told_more_coarsely() -> None:
    many = Counter(
        {("PQR"[n % 3], str(1990 + n % 30), kept, "xy"[n % 2]): 9 for n in range(90) for kept in "AB"}
    )
    fine = anonymous(many, (PLACE, YEAR), Rule(2, 1, rows=1_000))
    coarse = anonymous(many, (PLACE, YEAR), Rule(2, 1, rows=40))
    assert len(fine.rows) > 40 >= len(coarse.rows) and coarse.left_out == 0


@pytest.mark.parametrize("number", [0, -4])
def test_a_row_of_nobody_holds_no_rule(number: int) -> None:
    assert holds(CROWD, 2, RULE) and not holds({**CROWD, ("P", "2021", "C", "x"): number}, 2, RULE)


def test_fewer_than_the_rule_asks_for_are_never_told() -> None:
    for few in range(3):
        with pytest.raises(TooFew):
            anonymous(Counter([("P", "2021", str(n), str(n)) for n in range(few)]), (PLACE, YEAR), RULE)
