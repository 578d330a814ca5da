"""Identifiers: the vectors of the domain note, and the properties of their check digits."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kiosk.domain.checkdigits import (
    USCC_ALPHABET,
    mod_11_10,
    org_check,
    resident_check,
    uscc_check,
)
from kiosk.domain.errors import DomainError, FieldError
from kiosk.domain.identifiers import (
    RegisteredNumber,
    Registrar,
    check_mobile,
    check_number,
    check_registered,
    check_resident_id,
    check_taxpayer_id,
    check_uscc,
    convert_15,
    make_number,
)
from kiosk.domain.people import DocumentKind
from tests.kiosk.domain.numbers import TODAY, code_of


@pytest.mark.parametrize(
    ("number", "kind", "birth", "male"),
    [
        ("11010519491231002X", DocumentKind.RESIDENT_ID, date(1949, 12, 31), False),
        ("110101200001010010", DocumentKind.RESIDENT_ID, date(2000, 1, 1), True),
        ("810000199408230021", DocumentKind.HMT_RESIDENCE, date(1994, 8, 23), False),
        ("932682198501010017", DocumentKind.FOREIGN_PERMANENT, date(1985, 1, 1), True),
    ],
)
def test_the_notes_resident_numbers_pass(number: str, kind: DocumentKind, birth: date, male: bool) -> None:
    found = check_resident_id(number, TODAY)
    assert (found.number, found.kind, found.birth, found.male) == (number, kind, birth, male)


@pytest.mark.parametrize("area", ["810000", "820000", "830000"])
def test_residence_permits_of_all_three_regions_are_told_by_their_area(area: str) -> None:
    found = check_resident_id(_with_check(f"{area}19940823002"), TODAY)
    assert found.kind is DocumentKind.HMT_RESIDENCE


def test_the_country_is_read_from_a_permanent_residents_number_alone() -> None:
    assert check_resident_id("932682198501010017", TODAY).country == "682"
    assert check_resident_id("11010519491231002X", TODAY).country is None


def _with_check(body: str) -> str:
    return body + resident_check(body)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("110105194912310021", "check-digit"),
        ("11010519491231002", "length"),
        ("1101051949123100 2A", "characters"),
        (_with_check("01010519491231002"), "area"),
        (_with_check("84000019491231002"), "area"),
        (_with_check("90068219850101001"), "area"),
        (_with_check("93200019850101001"), "area"),
        (_with_check("11010520230229002"), "birth"),
        (_with_check("11010520261013002"), "birth"),
        (_with_check("11010518001231002"), "birth"),
        ("", "empty"),
        ("１２３四", "characters"),
        ("1" * 300, "length"),
    ],
)
def test_a_wrong_resident_number_says_what_is_wrong(number: str, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        check_resident_id(number, TODAY)
    assert code_of(caught) == code
    assert caught.value.text_id == f"field.resident-id.{code}"


def test_somebody_born_today_has_a_number() -> None:
    assert check_resident_id(_with_check("11010520261012002"), TODAY).birth == TODAY


def test_typed_forms_are_read_alike() -> None:
    for typed in (
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "\ufeff11010519491231002X\r\n",
    ):
        assert check_resident_id(typed, TODAY).number == "11010519491231002X"


def test_the_error_does_not_repeat_the_number() -> None:
    with pytest.raises(FieldError) as caught:
        check_resident_id("110105194912310021", TODAY)
    assert "1101051949" not in str(caught.value)


def test_a_legacy_number_is_converted() -> None:
    assert convert_15("110105491231002", TODAY).number == "11010519491231002X"
    for wrong, code in (
        ("11010549123100", "length"),
        ("11010549123100X", "characters"),
        ("110105491331002", "birth"),
    ):
        with pytest.raises(FieldError) as caught:
            convert_15(wrong, TODAY)
        assert code_of(caught) == code


bodies = st.tuples(
    st.sampled_from(["110105", "440304", "810000", "932682"]),
    st.dates(date(1900, 1, 1), date(2025, 12, 31)),
    st.integers(0, 999),
).map(lambda t: f"{t[0]}{t[1]:%Y%m%d}{t[2]:03d}")


@given(bodies, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_single_change_in_a_resident_number_is_caught(body: str, place: int, new: str) -> None:
    number = _with_check(body)
    assume(number[place] != new and (new != "X" or place == 17))
    with pytest.raises(FieldError):
        check_resident_id(number[:place] + new + number[place + 1 :], TODAY)


@given(bodies, st.integers(0, 16))
def test_every_swap_of_neighbours_in_a_resident_number_is_caught(body: str, place: int) -> None:
    number = _with_check(body)
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    with pytest.raises(FieldError):
        check_resident_id(swapped, TODAY)


def test_the_notes_credit_code_passes_both_checks() -> None:
    found = check_uscc("91110108ma01k1050c")
    assert (found.code, found.check_ok, found.org_check_ok) == ("91110108MA01K1050C", True, True)
    assert (found.registrar, found.area, found.org_code) == (Registrar.COMPANY, "110108", "MA01K1050")


def test_a_wrong_check_character_of_a_credit_code_is_a_warning() -> None:
    assert not check_uscc("91110108MA01K1050D").check_ok
    assert not check_uscc("91110108MA01K1051C").org_check_ok


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("91110108MA01K1050", "length"),
        ("91110108MA01K105OC", "characters"),
        ("91110108MA01K105IC", "characters"),
        ("9111O108MA01K1050C", "characters"),
        ("91A10108MA01K1050C", "area"),
    ],
)
def test_a_credit_code_of_the_wrong_form_is_refused(code: str, fault: str) -> None:
    with pytest.raises(FieldError) as caught:
        check_uscc(code)
    assert code_of(caught) == fault


TEMPORARY = make_number("01", "9900", date(2026, 10, 12), 7)


def test_a_taxpayer_is_found_by_credit_code_or_by_the_number_of_a_temporary_registration() -> None:
    assert check_registered("91110108ma01k1050c") == RegisteredNumber("91110108MA01K1050C", check_ok=True)
    assert not check_registered("91110108MA01K1050D").check_ok
    assert check_registered(f"{TEMPORARY[:10]} {TEMPORARY[10:]}") == RegisteredNumber(
        TEMPORARY, check_ok=True
    )


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (TEMPORARY[:18], "length"),
        (TEMPORARY[:19] + str((int(TEMPORARY[19]) + 1) % 10), "check-digit"),
        ("01" + "A" * 18, "characters"),
        (make_number("21", "9900", date(2026, 10, 12), 7), "length"),
    ],
)
def test_what_is_neither_a_credit_code_nor_a_temporary_number_is_refused(number: str, fault: str) -> None:
    with pytest.raises(FieldError) as caught:
        check_registered(number)
    assert code_of(caught) == fault


@given(st.dates(date(2026, 1, 1), date(2099, 12, 31)), st.integers(0, 9_999_999))
def test_a_temporary_number_is_never_taken_for_a_persons(day: date, seq: int) -> None:
    number = make_number("01", "9900", day, seq)
    assert check_taxpayer_id(number) == number
    with pytest.raises(FieldError):
        check_resident_id(number, TODAY)
    with pytest.raises(FieldError):
        check_uscc(number)


def test_prefixes_tell_the_kind_of_body() -> None:
    assert check_uscc("92110108MA01K1050C").registrar is Registrar.INDIVIDUAL_BUSINESS
    assert check_uscc("A1110108MA01K1050C").registrar is Registrar.OTHER


@given(
    st.text(USCC_ALPHABET, min_size=17, max_size=17),
    st.integers(0, 17),
    st.sampled_from(USCC_ALPHABET),
)
def test_every_single_change_in_a_credit_code_is_caught(body: str, place: int, new: str) -> None:
    code = body + uscc_check(body)
    assume(code[place] != new)
    changed = code[:place] + new + code[place + 1 :]
    assert uscc_check(changed[:17]) != changed[17]


def test_the_check_characters_of_the_notes_credit_code_come_out() -> None:
    assert uscc_check("91110108MA01K1050") == "C"
    assert org_check("MA01K105") == "0"


def test_a_remainder_of_nought_or_one_gives_x_or_nought() -> None:
    """11 less the remainder: 10 is written X and 11 is written 0 (GB 11714)."""
    by_remainder = {}
    for number in range(100):
        body = f"{number:08d}"
        weighed = sum(w * int(c) for w, c in zip((3, 7, 9, 10, 5, 8, 4, 2), body, strict=True))
        by_remainder.setdefault(weighed % 11, org_check(body))
    assert (by_remainder[0], by_remainder[1], by_remainder[2]) == ("0", "X", "9")


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [
        ("91", Registrar.COMPANY),
        ("92", Registrar.INDIVIDUAL_BUSINESS),
        ("93", Registrar.FARMERS_COOPERATIVE),
        ("51", Registrar.SOCIAL_ORGANISATION),
        ("52", Registrar.CIVIL_NON_ENTERPRISE),
        ("53", Registrar.FOUNDATION),
        ("11", Registrar.STATE_ORGAN),
        ("12", Registrar.PUBLIC_INSTITUTION),
    ],
)
def test_every_prefix_of_the_note_tells_its_body(prefix: str, kind: Registrar) -> None:
    assert check_uscc(f"{prefix}110108MA01K1050C").registrar is kind


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_an_organisation_code_has_one_check_character(body: str) -> None:
    assert org_check(body) in "0123456789X"


@pytest.mark.parametrize("length", [15, 17, 18, 20])
def test_taxpayer_numbers_of_every_legal_length_pass(length: int) -> None:
    assert check_taxpayer_id("a" * length) == "A" * length


@pytest.mark.parametrize("number", ["A" * 14, "A" * 16, "A" * 19, "A" * 21, ""])
def test_taxpayer_numbers_of_other_lengths_are_refused(number: str) -> None:
    with pytest.raises(FieldError):
        check_taxpayer_id(number)


def test_a_taxpayer_number_holds_letters_and_digits_alone() -> None:
    with pytest.raises(FieldError) as caught:
        check_taxpayer_id("A" * 14 + "_")
    assert code_of(caught) == "characters"


def test_mobiles_are_read_and_others_refused() -> None:
    assert check_mobile(" +86 138-0000-1234 ") == "13800001234"
    for wrong in ("12800001234", "1380000123", "138000012345", "0755123456"):
        with pytest.raises(FieldError):
            check_mobile(wrong)


def test_an_own_number_is_made_and_read() -> None:
    number = make_number("10", "4403", TODAY, 42)
    assert number == "10" + "4403" + "261012" + "0000042" + number[-1]
    found = check_number(f" {number[:10]} {number[10:]} ")
    assert (found.type, found.region, found.day, found.sequence) == ("10", "4403", TODAY, 42)


def test_iso_7064_gives_the_standards_own_example() -> None:
    assert mod_11_10("0794") == "5"  # ISO/IEC 7064, 8.2.1: 0794 is extended to 07945


@given(
    st.integers(0, 9_999_999),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(0, 19),
    st.integers(1, 9),
)
def test_every_single_change_in_an_own_number_is_caught(seq: int, day: date, place: int, step: int) -> None:
    number = make_number("20", "4403", day, seq)
    assert check_number(number).sequence == seq
    changed = str((int(number[place]) + step) % 10)
    with pytest.raises(FieldError) as caught:
        check_number(number[:place] + changed + number[place + 1 :])
    assert code_of(caught) == "check-digit"


@pytest.mark.parametrize(
    ("text", "code"),
    [("1" * 19, "length"), ("A" * 20, "characters")],
)
def test_an_own_number_of_the_wrong_form_is_refused(text: str, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        check_number(text)
    assert code_of(caught) == code


def test_an_own_number_with_an_impossible_day_is_refused() -> None:
    body = "1044032613010000042"
    with pytest.raises(FieldError) as caught:
        check_number(body + mod_11_10(body))
    assert code_of(caught) == "day"


@pytest.mark.parametrize(
    ("type_", "region", "day", "seq"),
    [
        ("1", "4403", TODAY, 1),
        ("10", "44", TODAY, 1),
        ("10", "4403", TODAY, 10_000_000),
        ("10", "4403", TODAY, -1),
        ("10", "4403", date(1999, 1, 1), 1),
    ],
)
def test_parts_that_do_not_fit_make_no_number(type_: str, region: str, day: date, seq: int) -> None:
    with pytest.raises(DomainError):
        make_number(type_, region, day, seq)
