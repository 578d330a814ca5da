"""Passports and travel permits: the machine-readable zone, and what is wrong with one."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.checkdigits import (
    mrz_check,
)
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import (
    check_hk_macau_permit,
    check_old_permanent_resident,
    check_passport,
    check_taiwan_permit,
)
from tests.kiosk.domain.numbers import TODAY, code_of

LINE1 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"


LINE2 = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def test_the_icao_specimen_is_read() -> None:
    found = check_passport(LINE1, LINE2, TODAY, allow_expired=True)
    assert (found.number, found.issuer, found.nationality) == ("L898902C3", "UTO", "UTO")
    assert (found.surname, found.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert (found.birth, found.sex, found.expiry) == (date(1974, 8, 12), "2", date(2012, 4, 15))
    assert found.personal_number == "ZE184226B"
    composite = LINE2[0:10] + LINE2[13:20] + LINE2[21:43]
    parts = ("L898902C3", "740812", "120415", "ZE184226B<<<<<", composite)
    assert [mrz_check(part) for part in parts] == list("62910")


def test_an_expired_passport_is_refused_unless_allowed() -> None:
    with pytest.raises(FieldError) as caught:
        check_passport(LINE1, LINE2, TODAY)
    assert code_of(caught) == "expired"
    assert check_passport(LINE1, LINE2, date(2012, 4, 15)).number == "L898902C3"


@pytest.mark.parametrize("place", [0, 9, 13, 19, 21, 27, 28, 42, 43])
def test_a_changed_digit_of_the_zone_is_caught(place: int) -> None:
    new = "7" if LINE2[place] != "7" else "8"
    with pytest.raises(FieldError) as caught:
        check_passport(LINE1, LINE2[:place] + new + LINE2[place + 1 :], TODAY, allow_expired=True)
    assert code_of(caught) == "check-digit"


def _zone(birth: str, expiry: str, personal: str = "<" * 14, personal_check: str = "<") -> str:
    body = "L898902C36UTO"
    line = f"{body}{birth}{mrz_check(birth)}<{expiry}{mrz_check(expiry)}{personal}{personal_check}"
    return line + mrz_check(line[:10] + line[13:20] + line[21:43])


def test_the_century_of_a_birth_is_the_latest_not_in_the_future() -> None:
    assert check_passport(LINE1, _zone("261012", "300101"), TODAY).birth == date(2026, 10, 12)
    assert check_passport(LINE1, _zone("261013", "300101"), TODAY).birth == date(1926, 10, 13)


def test_an_empty_personal_number_may_have_no_check_digit() -> None:
    assert check_passport(LINE1, _zone("740812", "300101"), TODAY).personal_number == ""
    assert check_passport(LINE1, _zone("740812", "300101", "<" * 14, "0"), TODAY).sex == "0"


def test_an_unknown_day_of_birth_is_left_open_and_an_impossible_one_refused() -> None:
    assert check_passport(LINE1, _zone("7408<<", "300101"), TODAY).birth is None
    with pytest.raises(FieldError) as caught:
        check_passport(LINE1, _zone("741312", "300101"), TODAY)
    assert code_of(caught) == "birth"


@pytest.mark.parametrize(
    ("line1", "line2", "code"),
    [
        (LINE1[:-1], LINE2, "length"),
        ("V" + LINE1[1:], LINE2, "characters"),
        (LINE1, LINE2.replace("<", "?"), "characters"),
        (LINE1, _zone("740812", "301301"), "characters"),
    ],
)
def test_a_zone_of_the_wrong_form_is_refused(line1: str, line2: str, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        check_passport(line1, line2, TODAY)
    assert code_of(caught) == code


def test_travel_permits_are_read_with_and_without_the_reissue() -> None:
    assert (check_hk_macau_permit("H12345678").number, check_hk_macau_permit("H12345678").reissue) == (
        "H12345678",
        None,
    )
    assert check_hk_macau_permit("m1234567802").reissue == "02"
    assert check_taiwan_permit("1234567801").number == "12345678"
    for wrong in ("X12345678", "H1234567", "H123456789"):
        with pytest.raises(FieldError):
            check_hk_macau_permit(wrong)
    with pytest.raises(FieldError):
        check_taiwan_permit("H12345678")


def test_the_notes_old_permanent_resident_is_read() -> None:
    found = check_old_permanent_resident("KAZ110090123105")
    assert (found.country, found.area, found.birth_yymmdd) == ("KAZ", "1100", "901231")
    for wrong in ("KAZ110090133105", "KAZ110090120005", "KA1110090123105"):
        with pytest.raises(FieldError):
            check_old_permanent_resident(wrong)
