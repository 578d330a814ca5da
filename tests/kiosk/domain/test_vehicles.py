"""Numbers of vehicles as people type and scan them."""

from __future__ import annotations

import pytest

from kiosk.domain.errors import FieldError
from kiosk.domain.vehicles import check_plate, check_vin


@pytest.mark.parametrize(
    ("typed", "plate"),
    [
        ("京A12345", "京A12345"),
        ("京A·12345", "京A12345"),
        ("沪ad12345", "沪AD12345"),
        (" 云 A-1B2C3 ", "云A1B2C3"),
        ("粤Ｂ８８８８８", "粤B88888"),
    ],
)
def test_a_plate_is_taken_however_it_is_written(typed: str, plate: str) -> None:
    assert check_plate(typed) == plate


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("京A1234", "form"),
        ("京A1234567", "form"),
        ("京I12345", "form"),
        ("京A1234O", "form"),
        ("A12345", "form"),
        ("京" * 300, "length"),
    ],
)
def test_what_is_no_plate_is_refused_with_its_code(typed: str, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        check_plate(typed)
    assert caught.value.code == code


def test_a_vin_is_taken_without_blanks_and_dashes() -> None:
    assert check_vin("lsvau033-4e2 123456") == "LSVAU0334E2123456"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "empty"), ("LSVAU033", "length"), ("LSVAU0334E212345O", "characters"), ("车" * 17, "characters")],
)
def test_what_is_no_vin_is_refused_with_its_code(typed: str, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        check_vin(typed)
    assert caught.value.code == code
