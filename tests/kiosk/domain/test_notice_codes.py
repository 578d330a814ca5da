"""Payment codes (缴款码) of notices of non-tax revenue: made, typed, and found in a QR code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import DomainError, FieldError
from kiosk.domain.notice_codes import HIGHEST_BATCH, HIGHEST_SERIAL, check_code, make_code, parse_notice

CODE = "99019926000100042174"


@given(
    st.integers(0, 999_999),
    st.integers(2000, 2099),
    st.integers(0, HIGHEST_BATCH),
    st.integers(0, HIGHEST_SERIAL),
)
def test_what_is_made_is_read_again(region: int, year: int, batch: int, serial: int) -> None:
    found = check_code(make_code(f"{region:06}", year, batch, serial))
    assert (found.region, found.year, found.batch, found.serial) == (f"{region:06}", year, batch, serial)


def test_one_worked_by_hand() -> None:
    assert make_code("990199", 2026, 1, 4217) == CODE
    assert check_code(" 9901 9926 0001 0004 2174 ").code == CODE


@pytest.mark.parametrize("place", range(20))
def test_a_wrong_digit_anywhere_is_found(place: int) -> None:
    for other in set("0123456789") - {CODE[place]}:
        with pytest.raises(FieldError) as wrong:
            check_code(CODE[:place] + other + CODE[place + 1 :])
        assert wrong.value.code == "check-digit"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), (CODE[:-1], "length"), (CODE + "1", "length"), ("A" + CODE[1:], "characters"), ("缴款码", "characters")],
)  # fmt: skip
def test_what_is_no_code_says_why(text: str, code: str) -> None:
    with pytest.raises(FieldError) as wrong:
        check_code(text)
    assert wrong.value.code == code


@pytest.mark.parametrize(
    "text",
    [CODE, f"\n{CODE} ", "9901 9926 0001 0004 2174", f"https://pay.example/q?jkm={CODE}&x=1", f"http://a/{CODE}/{CODE}"],
)  # fmt: skip
def test_a_qr_code_holds_it_bare_or_within_an_address(text: str) -> None:
    assert parse_notice(text) == CODE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "other"),
        ("hello", "other"),
        ("44990026", "other"),
        (f"weixin {CODE}", "other"),
        (f"https://a/{CODE}1", "other"),
        (f"https://a/{CODE}/99019926000100042180", "other"),
        ("https://[a/" + CODE, "other"),
        (f"https://a/{CODE[:-1]}5", "check-digit"),
        (CODE[:-1] + "5", "check-digit"),
        ("https://a/" + "1" * 600, "length"),
    ],
)
def test_other_codes_are_told(text: str, code: str) -> None:
    with pytest.raises(FieldError) as wrong:
        parse_notice(text)
    assert wrong.value.code == code


@given(st.text(max_size=700))
def test_nothing_that_is_printed_breaks_it(text: str) -> None:
    try:
        assert check_code(parse_notice(text)).code
    except FieldError:
        pass


@pytest.mark.parametrize(
    ("region", "year", "batch", "serial"),
    [("99019", 2026, 1, 1), ("990199", 1999, 1, 1), ("990199", 2026, 10_000, 1), ("990199", 2026, 1, -1)],
)
def test_parts_that_do_not_fit_are_a_mistake_of_the_program(
    region: str, year: int, batch: int, serial: int
) -> None:
    with pytest.raises(DomainError):
        make_code(region, year, batch, serial)
