"""Industries, places, years and amounts, told as coarsely as they are opened."""

from __future__ import annotations

import pytest

from bureau.city import words
from bureau.opendata.recoding import (
    SALES_YUAN,
    UNKNOWN,
    band,
    district,
    five_years,
    in_order,
    section,
    sections,
    ten_years,
)


def test_the_sections_are_the_standards_and_no_division_is_in_two() -> None:
    assert "".join(sections()) == "ABCDEFGHIJKLMNOPQRST"
    divisions = [one.divisions for one in sections().values()]
    assert divisions[0][0] == 1 and divisions[-1][1] == 97
    assert all(before[1] + 1 == after[0] for before, after in zip(divisions, divisions[1:], strict=False))


def test_every_industry_of_the_city_has_its_section() -> None:
    assert {industry for industry in words.TRADES.values() if section(industry) == UNKNOWN} == set()


@pytest.mark.parametrize(
    ("industry", "letter"),
    [
        ("5212", "F"),
        ("01", "A"),
        ("97", "T"),
        ("印刷", "C"),
        ("F5212", "F"),
        ("5", UNKNOWN),
        ("²5", UNKNOWN),
        ("98", UNKNOWN),
        ("", UNKNOWN),
        ("炼金", UNKNOWN),
    ],
)
def test_a_section_is_found_by_code_and_by_name(industry: str, letter: str) -> None:
    assert section(industry) == letter


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("云川市书院区人民路213号", "书院区"),
        ("云川市石桥县石板街266号", "石桥县"),
        ("杭州市西湖区文三路1号", "西湖区"),
        ("云川市人民路小区3号", UNKNOWN),
        ("云川市解放路农贸市场", UNKNOWN),
        ("人民路213号", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_an_address_is_told_by_its_district(address: str, told: str) -> None:
    assert district(address, ("书院区", "石桥县", "湖区", "西湖区")) == told


def test_years_are_told_by_the_first_and_the_last() -> None:
    assert five_years("2020") == five_years("2024") == "2020-2024" and five_years("2019") == "2015-2019"
    assert ten_years("2019") == "2010-2019"


@pytest.mark.parametrize(
    ("fen", "told"),
    [
        (-500, "0"),
        (0, "0"),
        (1, "1-100000"),
        (10_000_000, "1-100000"),
        (10_000_001, "100001-300000"),
        (30_000_000, "100001-300000"),
        (500_000_000, "3000001-5000000"),
        (500_000_001, "5000001+"),
    ],
)
def test_an_amount_is_told_by_its_band(fen: int, told: str) -> None:
    assert band(fen, SALES_YUAN) == told


def test_bands_and_years_stand_in_their_order() -> None:
    bands = ["5000001+", "100001-300000", "*", "0", "1-100000", "1000001-3000000"]
    assert sorted(bands, key=in_order) == [
        "0", "1-100000", "100001-300000", "1000001-3000000", "5000001+", "*",
    ]  # fmt: skip
    assert sorted([3, -1, 20], key=in_order) == [-1, 3, 20]
