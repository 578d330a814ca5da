"""The card's text block: four layouts read right, everything doubtful refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import MediaInvalid
from drivers.ports import IdCardLayout
from drivers.protocols import id_card, id_number
from tests.drivers.protocols.cards import (
    FOREIGN_2017,
    FOREIGN_2023,
    PHOTO,
    RESIDENT,
    TAIWAN,
    block,
    changed,
)

TODAY = date(2026, 10, 12)
ALL = {"resident": RESIDENT, "J": TAIWAN, "I": FOREIGN_2017, "Y": FOREIGN_2023}


def test_a_resident_card_gives_all_its_fields() -> None:
    card = id_card.parse(block(RESIDENT), PHOTO, TODAY)
    assert card.layout is IdCardLayout.RESIDENT
    assert (card.name, card.number, card.sex) == ("李秀兰", "11010519491231002X", "2")
    assert (card.nation_code, card.nationality, card.latin_name) == ("01", None, None)
    assert card.birth == date(1949, 12, 31)
    assert card.address == "云川市禾木区稻香路一〇二号"
    assert card.authority == "云川市公安局禾木分局"
    assert (card.valid_from, card.valid_to) == (date(2010, 1, 1), None)
    assert (card.travel_permit, card.issue_count, card.photo) == (None, None, PHOTO)


def test_a_residence_permit_of_hong_kong_macau_and_taiwan_has_its_travel_permit() -> None:
    card = id_card.parse(block(TAIWAN), PHOTO, TODAY)
    assert card.layout is IdCardLayout.HK_MACAU_TAIWAN
    assert (card.number, card.travel_permit, card.issue_count) == ("810000199408230021", "H12345678", "01")
    assert card.nation_code is None
    assert card.valid_to == date(2025, 1, 1)


def test_a_foreigners_card_of_2017_has_both_names_and_its_nationality() -> None:
    card = id_card.parse(block(FOREIGN_2017), PHOTO, TODAY)
    assert card.layout is IdCardLayout.FOREIGN_2017
    assert (card.name, card.latin_name) == ("艾格林", "AIGERIM BEKOVA")
    assert (card.number, card.nationality, card.authority) == ("KAZ110090123105", "KAZ", "1500")
    assert card.birth == date(1990, 12, 31)


def test_a_foreigners_card_of_2023_joins_the_two_parts_of_the_latin_name() -> None:
    card = id_card.parse(block(FOREIGN_2023), PHOTO, TODAY)
    assert card.layout is IdCardLayout.FOREIGN_2023
    assert card.latin_name == "ALI BIN ABDULLAH AL MOHAMMED AL SAUD AL FAISAL"
    assert (card.name, card.number, card.nationality) == ("阿里", "932682198501010017", "SAU")
    assert (card.address, card.issue_count) == (None, "01")


@pytest.mark.parametrize(
    ("first", "rest", "name"),
    [
        ("MARIA ALEJANDRA FERNANDEZ GONZALEZ ", "DE LEON", "MARIA ALEJANDRA FERNANDEZ GONZALEZ DE LEON"),
        ("MARIA ALEJANDRA FERNANDEZ GONZALEZS", " DE LEON", "MARIA ALEJANDRA FERNANDEZ GONZALEZS DE LEON"),
        ("MARIA ALEJANDRA FERNANDEZ GONZALEZS", "ON", "MARIA ALEJANDRA FERNANDEZ GONZALEZSON"),
        ("MARIA FERNANDEZ", "", "MARIA FERNANDEZ"),
    ],
)
def test_two_names_that_meet_at_the_end_of_the_first_part_stay_two(first: str, rest: str, name: str) -> None:
    """The first part holds 35 characters, of which the last may be the blank between two names."""
    fields = FOREIGN_2023 | {52: (first, 70), 220: (rest, 22)}
    assert id_card.parse(block(fields), PHOTO, TODAY).latin_name == name


def test_a_foreigner_without_a_chinese_name_is_called_by_the_latin_one() -> None:
    assert id_card.parse(changed(FOREIGN_2017, 158, ""), PHOTO, TODAY).name == "AIGERIM BEKOVA"


@pytest.mark.parametrize("name", ["王〇", "䶮国", "王𬭚", "阿卜杜拉·买买提"])
def test_rare_names_come_out_as_they_are(name: str) -> None:
    assert id_card.parse(changed(RESIDENT, 0, name), PHOTO, TODAY).name == name


def test_a_private_use_code_of_an_old_card_becomes_the_character_it_means() -> None:
    assert id_card.parse(changed(RESIDENT, 0, "刘\ue863"), PHOTO, TODAY).name == "刘䶮"


@pytest.mark.parametrize(
    ("kind", "offset", "value"),
    [
        ("resident", 248, "Q"),
        ("resident", 248, "\x00"),
        ("resident", 248, "j"),
        ("resident", 122, "110105194912310021"),  # the domain note's bad check digit
        ("resident", 122, "810000199408230021"),  # a number of another layout
        ("resident", 36, "19491230"),  # disagrees with the number
        ("resident", 36, "19491331"),
        ("resident", 30, "1"),  # disagrees with the number
        ("resident", 30, "3"),
        ("resident", 30, ""),
        ("resident", 0, ""),
        ("resident", 0, "李\x00兰"),
        ("resident", 32, "77"),
        ("resident", 188, "2010010"),
        ("resident", 204, "20091231"),  # ends before it begins
        ("resident", 204, "长"),
        ("J", 122, "11010519491231002X"),
        ("I", 122, "KAZ110090123005"),  # 30 December
        ("I", 122, "kaz110090123105"),
        ("I", 152, "K"),
        ("Y", 122, "932682198501010018"),
        ("Y", 30, "2"),
    ],
)
def test_what_does_not_agree_is_refused(kind: str, offset: int, value: str) -> None:
    with pytest.raises(MediaInvalid):
        id_card.parse(changed(ALL[kind], offset, value), PHOTO, TODAY)


def test_nobody_is_born_in_the_future() -> None:
    with pytest.raises(MediaInvalid, match="birth"):
        id_card.parse(block(RESIDENT), PHOTO, date(1949, 12, 30))


@pytest.mark.parametrize("year", ["1190", "1890", "0990"])
def test_nobody_is_older_than_people_get(year: str) -> None:
    """The number of this permit has the year with two digits, so the century stands in the date alone."""
    born = id_card.parse(block(ALL["I"]), PHOTO, TODAY).birth
    with pytest.raises(MediaInvalid, match="birth"):
        id_card.parse(changed(ALL["I"], 220, year), PHOTO, TODAY)
    assert born.year == 1990


def test_a_message_names_the_field_and_never_its_value() -> None:
    with pytest.raises(MediaInvalid) as caught:
        id_card.parse(changed(RESIDENT, 122, "110105194912310021"), PHOTO, TODAY)
    assert "number" in str(caught.value)
    assert "1101" not in str(caught.value)


@pytest.mark.parametrize("kind", sorted(ALL))
def test_no_flipped_bit_in_number_birth_or_mark_passes(kind: str) -> None:
    """Where the card checks itself, no changed bit gets through unnoticed even if the line's check did."""
    good = block(ALL[kind])
    before = id_card.parse(good, PHOTO, TODAY)
    for bit in range(8 * len(good)):
        raw = bytearray(good)
        raw[bit // 8] ^= 1 << bit % 8
        try:
            after = id_card.parse(bytes(raw), PHOTO, TODAY)
        except MediaInvalid:
            continue
        assert (after.layout, after.birth) == (before.layout, before.birth), bit
        assert kind == "I" or after.number == before.number, bit


@given(st.binary(min_size=256, max_size=256))
def test_random_blocks_are_refused_and_never_crash(text: bytes) -> None:
    with pytest.raises(MediaInvalid):
        id_card.parse(text, PHOTO, TODAY)


@pytest.mark.parametrize("sizes", [(255, 1024), (257, 1024), (256, 0), (0, 0)])
def test_blocks_of_another_size_are_refused(sizes: tuple[int, int]) -> None:
    with pytest.raises(MediaInvalid, match="size"):
        id_card.parse(bytes(sizes[0]), bytes(sizes[1]), TODAY)


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert id_number.facts_18("110101200001010010") == id_number.NumberFacts(date(2000, 1, 1), "1")
    assert id_number.facts_18("110105194912310021") is None
    assert id_number.facts_18("11010519491231002x") is None
    assert id_number.facts_18("11010519491231００2X"[:18]) is None, "full-width digits are not digits"
