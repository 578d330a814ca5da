"""Masking: what screens, slips and logs may show of a person (domain note, section 10)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.masking import (
    mask_address,
    mask_card,
    mask_mobile,
    mask_name,
    mask_number,
    mask_taxpayer,
    pseudonym,
)


def test_the_notes_examples_come_out() -> None:
    assert mask_name("张三") == "张*"
    assert mask_number("11010519491231002X") == "110***********002X"
    assert mask_mobile("13800001234") == "138****1234"
    assert mask_card("6222 0212 3456 7890 123") == "**** 0123"
    assert mask_address("北京市朝阳区建国路1号") == "北京市朝阳区****"


def test_a_card_shows_its_last_four_digits_however_it_is_written() -> None:
    assert mask_card("6222021234567890123") == mask_card("6222 0212 3456 7890 123") == "**** 0123"


def test_names_keep_the_first_character_of_each_word() -> None:
    assert mask_name("欧阳修文") == "欧***"
    assert mask_name("ANNA  MARIA ERIKSSON") == "A*** M**** E*******"
    assert mask_name("王") == "王*"
    assert mask_name("") == ""


def test_short_numbers_show_less() -> None:
    assert mask_number("L898902C3") == "L******C3"
    assert mask_number("AB") == "**"
    assert mask_mobile("110") == "***"
    assert mask_card("1234") == "****"


def test_a_taxpayer_is_shown_in_part_and_a_person_as_a_person() -> None:
    assert mask_taxpayer("91990100MA5CL70M7X") == "9199****0M7X"
    assert mask_taxpayer("11010519491231002X") == "110***********002X"
    assert mask_taxpayer("110105MA01K1050") == "110********1050"


def test_addresses_stop_at_the_district() -> None:
    assert mask_address("广东省东莞市南城街道阳光小区3号") == "广东省东莞市****"
    assert mask_address("内蒙古自治区呼和浩特市新城区中山路9号") == "内蒙古自治区呼和浩特市新城区****"
    assert mask_address("江苏省苏州市昆山市前进路1号") == "江苏省苏州市昆山市****"
    assert mask_address("人民路阳光小区2号") == "****"


@given(st.text("0123456789X", min_size=11, max_size=20))
def test_no_more_than_seven_characters_of_a_number_are_seen(number: str) -> None:
    masked = mask_number(number)
    assert len(masked) == len(number)
    assert sum(c != "*" for c in masked) == 7


@given(st.text(max_size=30))
def test_a_mask_never_shows_a_short_text_whole(text: str) -> None:
    for masked in (mask_number(text), mask_mobile(text)):
        assert not text or "*" in masked


def test_logs_can_join_what_they_cannot_reverse() -> None:
    number = "11010519491231002X"
    one = pseudonym(number, b"key of this terminal")
    assert one == pseudonym(number, b"key of this terminal")
    assert one != pseudonym(number, b"key of another")
    assert one.endswith(":002X")
    assert "19491231" not in one
    assert pseudonym("12345", b"k").endswith(":")
