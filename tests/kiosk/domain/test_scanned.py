"""Codes on papers: numbers of cases and returns, of taxpayers, of vehicles."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain import scanned
from kiosk.domain.errors import FieldError
from kiosk.domain.own_numbers import make_number
from kiosk.domain.title_code import InvoiceTitle, make_title

SLIP = "https://bureau.example/s/01a2b3c4-0000-7000-8000-0123456789ab"
CASE = make_number("63", "9900", date(2026, 10, 8), 1)
USCC = "91110108MA01K1050C"
OTHER = "91990199MA607F0M7X"
TEMPORARY = make_number("01", "9900", date(2026, 10, 8), 7)
VIN = "LSVAU0334E2123456"


def test_the_code_of_a_slip_tells_the_number_that_stands_on_it_and_still_what_it_follows() -> None:
    code = scanned.with_number(SLIP, CASE)
    assert scanned.parse_number(code) == CASE
    assert scanned.parse_slip(code) == scanned.parse_slip(SLIP)
    assert scanned.parse_number(f" {CASE}\r") == CASE


@pytest.mark.parametrize("number", [None, "", "O1", CASE[:-1] + str((int(CASE[-1]) + 1) % 10), "&c=1"])
def test_what_is_no_number_of_ours_is_not_written_into_a_code(number: object) -> None:
    assert scanned.with_number(SLIP, number) == SLIP


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SLIP, "other"),
        (f"{SLIP}?n=12", "length"),
        (f"https://bureau.example/v?n={CASE}", "other"),
        (f"{SLIP}?n={CASE[:-1]}{(int(CASE[-1]) + 1) % 10}", "check-digit"),
        ("hello", "length"),
    ],
)
def test_a_slip_without_a_number_or_another_code_is_refused(text: str, code: str) -> None:
    with pytest.raises(FieldError) as refused:
        scanned.parse_number(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        USCC,
        f"https://licence.example/q?no={USCC}&kind=1",
        f"统一社会信用代码:{USCC};名称:云川禾木文具有限公司;注册号:110108012345678",
        f"{USCC.lower()} {USCC}",
        make_title(InvoiceTitle("云川禾木文具有限公司", USCC)),
    ],
)
def test_a_taxpayers_number_is_found_in_the_code_of_a_licence_or_a_title(text: str) -> None:
    assert scanned.parse_taxpayer(text) == USCC


def test_a_temporary_number_is_found_as_well() -> None:
    assert scanned.parse_taxpayer(f"临时税务登记:{TEMPORARY}") == TEMPORARY


@pytest.mark.parametrize(
    "text", ["", "hello", f"{USCC[:-1]}D", f"{USCC},{OTHER}", f"X{USCC}", CASE, "$01AAAAAAAA$"]
)
def test_no_number_two_or_one_with_a_wrong_check_character_is_no_taxpayer(text: str) -> None:
    with pytest.raises(FieldError):
        scanned.parse_taxpayer(text)


@pytest.mark.parametrize("text", [VIN, f" {VIN.lower()} "])
def test_a_vehicles_number_is_read(text: str) -> None:
    assert scanned.parse_vin(text) == VIN


@pytest.mark.parametrize("text", ["", VIN[:-1], VIN[:-1] + "O", CASE])
def test_another_bar_code_is_no_vehicle(text: str) -> None:
    with pytest.raises(FieldError) as refused:
        scanned.parse_vin(text)
    assert refused.value.code == "other"
