"""Returns of facts: the domain note's vectors, and what holds for any amount."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.forms import ReturnKind
from kiosk.domain.errors import DomainError, ParameterMissingError
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax.returns import KINDS, Computed, FactError

RIGHT: dict[str, dict[str, Any]] = {
    "zero": {"period_first": "2026-07-01", "period_last": "2026-09-30"},
    "fixed-quota": {
        "period_first": "2026-07-01",
        "period_last": "2026-09-30",
        "quota_fen": 9_000_000,
        "invoiced_fen": 0,
        "special_fen": 0,
        "uninvoiced_fen": None,
        "city_rate": "0.07",
    },
    "stamp": {"item": "sale", "contract": "HT1", "amount_fen": 100_000_000, "signed_on": "2025-06-30"},
    "deed": {
        "contract": "W1",
        "price_fen": 100_000_000,
        "area": 90,
        "homes": 1,
        "signed_on": "2026-09-28",
        "registers_on": "2026-11-05",
    },
    "vehicle-purchase": {
        "vin": "LSVAU0334E2123456",
        "gross_fen": 11_300_000,
        "new_energy": False,
        "bought_on": "2025-12-31",
    },
    "vehicle-vessel": {
        "plate": "云A12345",
        "year": 2026,
        "electric": False,
        "engine": 1598,
        "bought_on": "2020-05-16",
    },
    "rental": {
        "contract": "Z1",
        "home": True,
        "rent_fen": 420_000,
        "first": "2026-07",
        "months": 3,
        "repairs_fen": 60_000,
        "place": "city",
    },
    "iit-annual": {
        "year": 2025,
        "wages_fen": 20_000_000,
        "labour_fen": None,
        "royalties_fen": None,
        "licence_fen": None,
        "social_fen": 3_000_000,
        "extra_fen": 2_400_000,
        "other_fen": None,
        "withheld_fen": 100_000,
    },
    "social-insurance": {
        "first": "2026-07",
        "months": 3,
        "level": "level-60",
        "pension": True,
        "medical": True,
    },
}
MONEY = {
    "fixed-quota": "quota_fen",
    "stamp": "amount_fen",
    "deed": "price_fen",
    "vehicle-purchase": "gross_fen",
    "iit-annual": "wages_fen",
}
"""The amount that the whole tax follows."""
AMOUNTS = st.integers(1, 10**11)


def computed(kind: str, **changed: Any) -> Computed:
    return KINDS[kind].compute({**RIGHT[kind], **changed}, built_in())


def taxes(found: Computed) -> dict[str, int]:
    return {line.code: int(line.tax_fen) for line in found.lines}


def test_every_kind_that_a_service_and_the_wire_may_name_is_computed() -> None:
    assert set(get_args(ReturnKind)) == set(KINDS)


def test_there_is_a_return_for_every_kind() -> None:
    assert set(RIGHT) == set(KINDS)


@pytest.mark.parametrize(
    ("item", "yuan", "tax"),
    [("sale", 1_000_000, "150.00"), ("lease", 60_000, "30.00"), ("loan", 2_000_000, "50.00")],
)
def test_t21_stamp_tax_of_a_natural_person_is_halved(item: str, yuan: int, tax: str) -> None:
    assert computed("stamp", item=item, amount_fen=yuan * 100).total_fen == Decimal(tax) * 100


def test_t23_and_t24_vehicle_purchase_tax() -> None:
    assert computed("vehicle-purchase").total_fen == 1_000_000
    electric = {"new_energy": True, "gross_fen": 22_600_000}
    assert computed("vehicle-purchase", **electric).total_fen == 0
    assert computed("vehicle-purchase", **electric, bought_on="2026-01-01").total_fen == 1_000_000


@pytest.mark.parametrize(
    ("area", "homes", "percent"),
    [(140, 1, "1"), (140, 2, "1"), (141, 1, "1.5"), (141, 2, "2"), (90, 3, "3"), (141, 3, "3")],
)
def test_deed_tax_by_area_and_homes(area: int, homes: int, percent: str) -> None:
    assert computed("deed", area=area, homes=homes).total_fen == Decimal(percent) * 1_000_000


def test_the_yearly_tax_on_a_car() -> None:
    assert computed("vehicle-vessel").total_fen == 36_000
    assert computed("vehicle-vessel", bought_on="2026-07-31").total_fen == 18_000
    assert computed("vehicle-vessel", bought_on="2026-01-01").total_fen == 36_000
    assert computed("vehicle-vessel", electric=True, engine=0).total_fen == 0
    assert computed("vehicle-vessel").limit == date(2026, 12, 31)
    for wrong in ({"bought_on": "2027-01-01"}, {"engine": 0}):
        with pytest.raises(FactError):
            computed("vehicle-vessel", **wrong)


def test_rent_of_a_home_below_the_threshold() -> None:
    """4,200 a month: no VAT; property tax 4 % halved; 10 % of (rent − taxes − repairs) less a fifth or 800."""
    found = computed("rental")
    assert taxes(found) == {
        "vat": 0,
        "city": 0,
        "education": 0,
        "local-education": 0,
        "property": 25_200,
        "iit-rental": 93_480,
    }
    assert (found.period_first, found.period_last) == (date(2026, 7, 1), date(2026, 9, 30))
    assert found.limit == date(2026, 10, 26)


def test_rent_of_a_shop_above_the_threshold() -> None:
    """105,000.01 with VAT is 100,000.01 without: taxed in full at 5 %."""
    free = computed("rental", home=False, rent_fen=10_500_000, repairs_fen=0)
    assert taxes(free)["vat"] == 0
    taxed = taxes(computed("rental", home=False, rent_fen=10_500_106, repairs_fen=0))
    assert taxed["vat"] == 1_500_015
    assert taxed["city"] == 52_501
    assert (taxed["education"], taxed["local-education"]) == (22_500, 15_000)


def test_a_quota_below_the_threshold_pays_income_tax_alone_and_more_sales_count() -> None:
    assert taxes(computed("fixed-quota")) == {
        "vat": 0,
        "city": 0,
        "education": 0,
        "local-education": 0,
        "iit-business": 67_500,
    }
    assert taxes(computed("fixed-quota", uninvoiced_fen=50_000_000))["vat"] == 500_000
    assert computed("fixed-quota", quota_fen=3_000_000).total_fen == 0


def test_t11_the_annual_settlement_pays_the_rest_or_gets_it_back() -> None:
    paid = computed("iit-annual")
    assert (paid.total_fen, paid.refund_fen) == (608_000 - 100_000, 0)
    back = computed("iit-annual", withheld_fen=700_000)
    assert (back.total_fen, back.refund_fen) == (0, 92_000)
    small = computed("iit-annual", withheld_fen=608_000 - 40_000)
    assert (small.total_fen, small.refund_fen) == (0, 0), "up to 400 yuan need not be settled"
    assert small.limit == date(2026, 6, 30)


def test_labour_and_royalties_count_in_part() -> None:
    other = {"wages_fen": 0, "social_fen": 0, "extra_fen": 0, "withheld_fen": 0}
    full = computed("iit-annual", **{**other, "wages_fen": 20_000_000})
    labour = computed("iit-annual", **{**other, "labour_fen": 25_000_000})
    royalties = computed("iit-annual", **{**other, "royalties_fen": 20_000_000 * 100 // 56})
    licences = computed("iit-annual", **{**other, "licence_fen": 25_000_000})
    assert full.total_fen == labour.total_fen == licences.total_fen == 1_148_000
    assert abs(royalties.total_fen - full.total_fen) <= 1


def test_contributions_are_so_many_times_a_months() -> None:
    """60 % of 7,200 is 4,320: 864 for pension at 20 %, 345.60 for medical at 8 %."""
    assert taxes(computed("social-insurance")) == {"pension": 3 * 86_400, "medical": 3 * 34_560}
    assert taxes(computed("social-insurance", pension=False, months=1)) == {"medical": 34_560}
    for wrong in ({"pension": False, "medical": False}, {"first": "2026-11"}):
        with pytest.raises(FactError):
            computed("social-insurance", **wrong)


@pytest.mark.parametrize(
    ("kind", "limit"),
    [("stamp", date(2025, 7, 15)), ("vehicle-purchase", date(2026, 3, 2)), ("deed", date(2026, 11, 5))],
)
def test_until_when(kind: str, limit: date) -> None:
    assert computed(kind).limit == limit


@pytest.mark.parametrize("kind", MONEY)
@given(first=AMOUNTS, second=AMOUNTS)
def test_more_is_never_taxed_less_and_nothing_is_negative(kind: str, first: int, second: int) -> None:
    less, more = (computed(kind, **{MONEY[kind]: amount}) for amount in sorted((first, second)))
    assert 0 <= less.total_fen <= more.total_fen
    for found in (less, more):
        assert all(line.tax_fen >= 0 for line in found.lines)
        assert sum(line.tax_fen for line in found.lines) == found.total_fen


@given(rent=AMOUNTS, months=st.integers(1, 12), repairs=st.integers(0, 10**9), home=st.booleans())
def test_taxes_on_rent_add_up_and_never_take_more_than_the_rent(
    rent: int, months: int, repairs: int, home: bool
) -> None:
    found = computed("rental", rent_fen=rent, months=months, repairs_fen=repairs, home=home)
    assert all(line.tax_fen >= 0 for line in found.lines)
    assert sum(line.tax_fen for line in found.lines) == found.total_fen <= rent * months


@pytest.mark.parametrize("kind", RIGHT)
def test_a_year_later_the_same_facts_and_tables_give_the_same(kind: str) -> None:
    """Nothing looks at the clock: facts and the version of the tables are all there is."""
    assert computed(kind) == computed(kind)
    assert computed(kind).parameters_hash == built_in().hash


NEVER: tuple[object, ...] = (None, "", "x", -1, 10**14, 1.5, [], True, "2026-13-01")


@pytest.mark.parametrize("kind", [kind for kind in RIGHT if kind != "zero"])
def test_a_fact_that_cannot_be_is_named_and_nothing_else_comes_out(kind: str) -> None:
    for name in RIGHT[kind]:
        for value in NEVER:
            try:
                found = computed(kind, **{name: value})
            except FactError as error:
                assert error.name in RIGHT[kind]
                assert str(value) not in str(error) or len(str(value)) < 3
            except DomainError as error:
                assert isinstance(error, ParameterMissingError)
            else:
                assert found.total_fen >= 0


@given(
    facts=st.dictionaries(
        st.sampled_from(sorted({n for f in RIGHT.values() for n in f})), st.text() | st.integers()
    )
)
def test_whatever_is_told_is_computed_or_refused(facts: dict[str, Any]) -> None:
    for kind in KINDS.values():
        try:
            kind.compute(facts, built_in())
        except DomainError:
            continue


def test_before_the_tables_begin_nothing_is_computed() -> None:
    with pytest.raises(ParameterMissingError):
        computed("deed", signed_on="2024-11-30")
