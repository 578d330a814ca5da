from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bureau.certificates import codes
from kiosk.domain.formatting import group_number


def test_codes_are_fresh_long_and_without_look_alikes() -> None:
    made = {codes.new_code() for _ in range(500)}
    assert len(made) == 500
    assert all(codes.is_code(code) for code in made)
    assert len(codes.ALPHABET) == len(set(codes.ALPHABET)) == 27
    assert not set("01OILBSVZ") & set(codes.ALPHABET)


def test_what_a_person_types_is_read_with_gaps_case_and_full_width() -> None:
    assert codes.typed(" 7k2m-9QX4 pd3a–8hew\n") == "7K2M9QX4PD3A8HEW"
    assert codes.typed("７Ｋ２Ｍ－９ＱＸ４　ＰＤ３Ａ—８ＨＥＷ") == "7K2M9QX4PD3A8HEW"


@given(st.text())
def test_typing_anything_is_harmless(text: str) -> None:
    assert len(codes.typed(text)) <= 200 * 18
    assert codes.is_code(codes.typed(text)) in (True, False)


def test_grouping_is_undone_by_typing() -> None:
    code, number = codes.new_code(), "21530126101200000424"
    assert group_number(number) == "215301 261012 0000 0424"
    assert codes.typed(codes.group_code(code)) == code
    assert codes.typed(group_number(number)) == number
    assert group_number("1234") == "1234"
