"""No row that is published is told apart from fewer than the rule says, whatever the rows were."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.opendata.anonymity import Known, Row, Rule, TooFew, anonymous, holds, safe, smallest
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
)


@given(ROWS, st.integers(2, 6), st.integers(1, 3))
def test_whatever_the_rows_each_is_like_enough_others(rows: list[Row], k: int, diversity: int) -> None:
    rule = Rule(k, diversity, Fraction(1, 5))
    try:
        made = anonymous(rows, (PLACE, YEAR), rule)
    except TooFew:
        return
    alike = defaultdict[Row, list[Row]](list)
    for row in made.rows:
        alike[row[:2]].append(row)
    for group in alike.values():
        assert len(group) >= k
        for column in (2, 3):
            assert len({row[column] for row in group}) >= diversity
    assert made.left_out == len(rows) - len(made.rows) <= len(rows) // 5


@given(ROWS)
def test_what_is_kept_of_a_row_is_as_it_was(rows: list[Row]) -> None:
    try:
        made = anonymous(rows, (PLACE, YEAR), RULE)
    except TooFew:
        return
    place, year = PLACE.levels[made.levels["place"]], YEAR.levels[made.levels["year"]]
    told = Counter((place(p), year(y), *kept) for p, y, *kept in rows)
    assert not Counter(made.rows) - told


@given(ROWS)
def test_nothing_that_loses_less_would_have_done(rows: list[Row]) -> None:
    try:
        made = anonymous(rows, (PLACE, YEAR), RULE)
        taken = _loss(made.levels["place"], made.levels["year"])
    except TooFew:
        taken = Fraction(3)
    for place, year in product(range(2), range(4)):
        if _loss(place, year) < taken:
            recoded = [(PLACE.levels[place](p), YEAR.levels[year](y), *kept) for p, y, *kept in rows]
            fit = safe(recoded, 2, RULE)
            assert not fit or len(rows) - len(fit) > len(rows) // 10


def _loss(place: int, year: int) -> Fraction:
    return Fraction(place, 1) + Fraction(year, 3)


def test_who_is_alone_is_left_out_and_no_more_than_may_be() -> None:
    crowd = [("P", "2021", "AB"[n % 2], "x" if n < 10 else "y") for n in range(20)]
    made = anonymous([*crowd, ("Q", "1999", "A", "x")], (PLACE, YEAR), RULE)
    assert made.left_out == 1 and made.levels == {"place": 0, "year": 0}
    assert {row[0] for row in made.rows} == {"P"}
    strangers = [("Q", str(1960 + n), "A", "x") for n in range(3)]
    made = anonymous([*crowd, *strangers], (PLACE, YEAR), RULE)
    assert made.levels["place"] == 1, "three of 23 are too many to be left out"


def test_of_one_mind_is_as_good_as_named() -> None:
    same = [("P", "2021", "A", "x")] * 9
    assert not holds(same, 2, RULE) and safe(same, 2, RULE) == []
    with pytest.raises(TooFew, match="9 rows"):
        anonymous(same, (PLACE, YEAR), RULE)


def test_fewer_than_the_rule_asks_for_are_never_told() -> None:
    for few in range(3):
        with pytest.raises(TooFew):
            anonymous([("P", "2021", str(n), str(n)) for n in range(few)], (PLACE, YEAR), RULE)
    assert smallest([], 2) == 0
