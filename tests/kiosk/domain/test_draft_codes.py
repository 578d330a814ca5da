"""The code of what was begun on a phone: made, typed, and found in the address that the phone shows."""

from __future__ import annotations

import pytest

from kiosk.domain.checkdigits import USCC_ALPHABET
from kiosk.domain.draft_codes import check_draft_code, grouped, new_code
from kiosk.domain.errors import FieldError
from kiosk.domain.scanned import parse_draft


def test_what_is_made_is_read_again_and_no_two_are_alike() -> None:
    made = {new_code() for _ in range(500)}
    assert len(made) == 500
    assert all(check_draft_code(grouped(code).lower()) == code for code in made)


def test_one_worked_by_hand() -> None:
    """Values 7 19 2 21 9 24 29 4 23 by weights 3^i add up to 188,002, which is 18 modulo 31; 31 - 18 = 13 is D."""
    assert check_draft_code("7k2m9-qx4pd") == "7K2M9QX4PD"


@pytest.mark.parametrize("place", range(10))
def test_a_wrong_character_anywhere_is_found(place: int) -> None:
    code = new_code()
    for other in set(USCC_ALPHABET) - {code[place]}:
        with pytest.raises(FieldError) as wrong:
            check_draft_code(code[:place] + other + code[place + 1 :])
        assert wrong.value.code == "check-digit"


def test_two_that_changed_places_are_found() -> None:
    code = new_code()
    for place in range(9):
        if code[place] != code[place + 1]:
            with pytest.raises(FieldError):
                check_draft_code(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), ("7K2M9", "length"), ("7K2M9QX4PI", "characters"), ("手机上的码", "characters")],
)
def test_what_is_no_code_says_why(text: str, code: str) -> None:
    with pytest.raises(FieldError) as wrong:
        check_draft_code(text)
    assert wrong.value.code == code


def test_only_the_code_is_taken_of_the_address() -> None:
    code = new_code()
    assert parse_draft(f"https://bureau.example/d/{code}") == code
    for other in (f"https://bureau.example/s/{code}", code, f"https://bureau.example/d/{code}0", "d/" + code):
        with pytest.raises(FieldError):
            parse_draft(other)
