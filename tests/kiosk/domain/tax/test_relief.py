"""A relief that was granted: never more than the tax of its months, every sum to the fen, the same whenever computed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.ids import Fen
from kiosk.domain.tax.lines import Note, total
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax.returns import KINDS, Computed, FactError
from kiosk.domain.tax.returns.relief import Relief
from kiosk.steps.calculators import CALCULATORS
from tests.kiosk.domain.tax.test_returns import RIGHT, taxes

LINE = {"fixed-quota": "iit-business", "rental": "property", "vehicle-vessel": "vehicle-vessel"}
YEAR = {"relief_first": "2026-01", "relief_last": "2026-12"}


def with_relief(kind: str, **granted: Any) -> Computed:
    """A return of 2026 with a relief of all its months, or of those that are named."""
    facts = {**RIGHT[kind], "relief": "63770000260000000012", "relief_tax": LINE[kind], **YEAR, **granted}
    return KINDS[kind].compute(facts, built_in())


def without(kind: str) -> Computed:
    return KINDS[kind].compute(RIGHT[kind], built_in())


@pytest.mark.parametrize("kind", LINE)
def test_an_amount_is_taken_off_the_line_that_it_is_of_and_off_the_sum(kind: str) -> None:
    plain, found = without(kind), with_relief(kind, relief_fen=100)
    assert (found.relieved, found.relieved_fen) == (LINE[kind], 100)
    assert taxes(found)[LINE[kind]] == taxes(plain)[LINE[kind]] - 100
    assert next(one for one in found.lines if one.code == LINE[kind]).note is Note.RELIEF
    assert found.total_fen == total(found.lines)
    assert plain.total_fen - 100 <= found.total_fen < plain.total_fen


def test_what_is_forgiven_of_the_property_tax_is_income_that_is_taxed() -> None:
    """12 x 4,200 yuan of rent: half the property tax of one half is forgiven, and the tenth of it comes back as income tax."""
    plain, found = without("rental"), with_relief("rental", relief_percent=100)
    forgiven = taxes(plain)["property"]
    assert found.relieved_fen == forgiven > 0 and taxes(found)["property"] == 0
    more = taxes(found)["iit-rental"] - taxes(plain)["iit-rental"]
    assert 0 < more < forgiven // 8


def test_a_share_is_of_the_tax_of_its_months_alone() -> None:
    """675.00 of a quarter, of which two months are relieved by half: 225.00."""
    found = with_relief("fixed-quota", relief_first="2026-08", relief_percent=50)
    assert (taxes(without("fixed-quota"))["iit-business"], found.relieved_fen) == (67_500, 22_500)
    assert with_relief("fixed-quota", relief_first="2026-10", relief_percent=50).relieved_fen == 0
    assert with_relief("fixed-quota", relief_last="2026-06", relief_percent=100).total_fen == 67_500
    assert with_relief("fixed-quota", relief_fen=10**9, relief_last="2026-07").relieved_fen == 22_500


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"relief_tax": "property", "relief_fen": 1}, "relief_tax"),
        ({"relief_tax": "vat", "relief_fen": 1}, "relief_tax"),
        ({}, "relief_fen"),
        ({"relief_fen": 1, "relief_percent": 1}, "relief_fen"),
        ({"relief_fen": -1}, "relief_fen"),
        ({"relief_percent": 101}, "relief_percent"),
        ({"relief_first": None, "relief_fen": 1}, "relief_first"),
    ],
)
def test_half_a_relief_or_one_of_another_tax_is_none(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(FactError) as error:
        with_relief("fixed-quota", **wrong)
    assert error.value.name == named


@pytest.mark.parametrize("kind", ["stamp", "iit-annual", "zero"])
def test_a_return_without_such_a_line_takes_none(kind: str) -> None:
    facts = {**RIGHT[kind], "relief": "1", "relief_tax": "property", **YEAR, "relief_fen": 1}
    assert KINDS[kind].compute(facts, built_in()).relieved_fen == 0


MONTH = st.dates(date(2025, 1, 1), date(2027, 12, 1)).map(lambda day: day.replace(day=1))


@given(
    tax=st.integers(0, 10**9),
    first=MONTH,
    last=MONTH,
    amount=st.none() | st.integers(1, 10**9),
    percent=st.integers(1, 100),
    period=st.tuples(MONTH, MONTH).map(sorted),
)
def test_never_more_is_forgiven_than_there_is(
    tax: int, first: date, last: date, amount: int | None, percent: int, period: list[date]
) -> None:
    granted = Relief(
        "1", "x", first, last, None if amount is None else Fen(amount), percent if amount is None else None
    )
    off = granted.of(Fen(tax), period[0], period[1])
    assert 0 <= off <= tax
    if amount is not None:
        assert off <= amount
    if last < period[0] or first > period[1]:
        assert off == 0


def test_the_screen_shows_the_whole_tax_then_what_is_taken_off_then_what_is_to_be_paid() -> None:
    facts = {
        **RIGHT["fixed-quota"],
        "relief": "1",
        "relief_tax": "iit-business",
        **YEAR,
        "relief_percent": 40,
    }
    known = {"facts": facts, "relief_basis": {"en-US": "by law"}}
    figures = CALCULATORS["fixed-quota"].derive(known, {}, date(2026, 10, 12))
    assert figures["relief_basis"] == known["relief_basis"]
    assert (figures["iit_business_fen"], figures["relieved_fen"]) == (67_500, 27_000)
    assert figures["total_fen"] == figures["iit_business_fen"] - figures["relieved_fen"]
    known["facts"] = {**facts, "relief_last": "2026-06"}
    assert CALCULATORS["fixed-quota"].derive(known, {}, date(2026, 10, 12))["relief_basis"] == {}
