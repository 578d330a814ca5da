"""Machine readable zones: the specimens of ICAO Doc 9303, damaged zones, and every zone that an issuer may write."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.protocols.mrz import (
    MrzCheckFailed,
    MrzError,
    MrzFieldWrong,
    MrzLayout,
    MrzShapeWrong,
    check_digit,
    cleaned,
    parse,
)
from drivers.simulators.travel_document import machine_lines

TODAY = date(2026, 10, 12)
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


@pytest.mark.parametrize(
    ("lines", "layout", "number"),
    [(TD3, MrzLayout.TD3, "L898902C3"), (TD2, MrzLayout.TD2, "D23145890"), (TD1, MrzLayout.TD1, "D23145890")],
)
def test_the_specimens_of_doc_9303_are_read(lines, layout, number) -> None:
    mrz = parse(lines, TODAY)
    assert (mrz.layout, mrz.number, mrz.issuer, mrz.nationality) == (layout, number, "UTO", "UTO")
    assert (mrz.family_name, mrz.given_names, mrz.sex) == ("ERIKSSON", "ANNA MARIA", "F")
    assert (mrz.birth, mrz.expiry) == (date(1974, 8, 12), date(2012, 4, 15))
    assert mrz.corrected == 0


def test_the_personal_number_of_a_passport_is_kept() -> None:
    assert parse(TD3, TODAY).optional == "ZE184226B"


def test_the_check_digit_of_the_standards_example() -> None:
    # Doc 9303 part 3, 4.9: 520727 gives 3.
    assert check_digit("520727") == "3"
    assert check_digit("AB2134<<<") == "5"


def test_a_number_longer_than_nine_goes_on_in_the_optional_field_of_a_card() -> None:
    # Part 5, 4.2.2.1 note j: the tenth character and on, then the check digit, then a filler.
    number = "D23145890734"
    rest = number[9:] + check_digit(number)
    first = f"I<UTO{number[:9]}<{rest}".ljust(30, "<")
    second = "7408122F1204159UTO<<<<<<<<<<<"
    whole = check_digit(first[5:] + second[:7] + second[8:15] + second[18:])
    mrz = parse((first, second + whole, TD1[2]), TODAY)
    assert mrz.number == number
    assert mrz.optional == ""


def test_letters_and_digits_that_look_alike_are_put_right_where_the_kind_of_field_proves_it() -> None:
    second = TD3[1].replace("UTO", "UT0").replace("7408122", "74O8I22")
    mrz = parse((TD3[0].replace("ERIKSSON", "ER1K5SON"), second), TODAY)
    assert mrz.nationality == "UTO"
    assert mrz.birth == date(1974, 8, 12)
    assert mrz.family_name == "ERIKSSON"
    assert mrz.corrected == 5


def test_a_number_is_put_right_only_when_the_check_digits_prove_one_reading() -> None:
    assert parse((TD3[0], TD3[1].replace("L898902C3", "L8989O2C3")), TODAY).number == "L898902C3"
    with pytest.raises(MrzCheckFailed) as told:
        parse((TD3[0], TD3[1].replace("L898902C3", "L898912C3")), TODAY)
    assert told.value.fields == ("number",)


@pytest.mark.parametrize(
    "lines", [(), ("",), TD3[:1], (TD3[0], TD3[1][:-1]), (*TD3, TD3[0]), (TD3[0], TD2[1])]
)
def test_what_has_not_the_shape_of_a_zone_is_refused(lines) -> None:
    with pytest.raises(MrzShapeWrong):
        parse(lines, TODAY)


def test_a_character_that_no_zone_has_is_refused() -> None:
    with pytest.raises(MrzShapeWrong):
        parse((TD3[0].replace("A", "Ä"), TD3[1]), TODAY)


def test_a_day_that_is_none_is_refused_though_its_check_digit_agrees() -> None:
    birth = "741312"
    line = TD3[1][:13] + birth + check_digit(birth) + TD3[1][20:43]
    whole = check_digit(line[:10] + line[13:20] + line[21:43])
    with pytest.raises(MrzFieldWrong):
        parse((TD3[0], line + whole), TODAY)


def test_an_unknown_birthday_is_none_and_keeps_what_is_printed() -> None:
    birth = "74<<<<"
    line = TD3[1][:13] + birth + check_digit(birth) + TD3[1][20:43]
    whole = check_digit(line[:10] + line[13:20] + line[21:43])
    mrz = parse((TD3[0], line + whole), TODAY)
    assert (mrz.birth, mrz.birth_text) == (None, birth)


def test_a_birth_in_the_future_was_a_hundred_years_ago() -> None:
    mrz = parse(machine_lines("passport", 3), TODAY)
    assert mrz.birth is not None and mrz.birth < TODAY
    assert mrz.expiry is not None and mrz.expiry.year >= 2027


def test_a_document_shows_no_personal_data_when_it_is_logged() -> None:
    shown = repr(parse(TD3, TODAY))
    assert "ERIKSSON" not in shown and "L898902C3" not in shown and "1974" not in shown


def test_whatever_surrounds_the_lines_is_taken_off() -> None:
    assert cleaned(f"\r\n {TD3[0].lower()} \r\n\r\n{TD3[1]}\r") == list(TD3)


@given(st.integers(0, 2**31 - 1), st.sampled_from(["passport", "permit"]))
def test_every_zone_that_an_issuer_writes_is_read(seed, kind) -> None:
    lines = machine_lines(kind, seed)
    mrz = parse(lines, TODAY)
    number = lines[1][:9] if kind == "passport" else lines[0][5:14]
    assert mrz.number == number.rstrip("<")
    assert mrz.corrected == 0


@given(st.integers(0, 10_000), st.integers(0, 87), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"))
def test_one_wrong_character_never_gives_another_number_or_date_unsaid(seed, place, letter) -> None:
    lines = machine_lines("passport", seed)
    good = parse(lines, TODAY)
    row, column = divmod(place, 44)
    changed = [list(line) for line in lines]
    changed[row][column] = letter
    try:
        mrz = parse(["".join(line) for line in changed], TODAY)
    except MrzError:
        return
    if row == 1 and column not in (10, 11, 12, 20):  # nationality and sex have no check digit
        same = (mrz.number, mrz.birth, mrz.expiry) == (good.number, good.birth, good.expiry)
        assert same or mrz.corrected or _weighs_the_same(lines[1][column], letter)


def _weighs_the_same(one: str, other: str) -> bool:
    """Letters ten apart have one value in a check digit: the standard's own weakness."""
    values = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", range(36), strict=True)) | {"<": 0}
    return (values[one] - values[other]) % 10 == 0


@given(st.lists(st.text(max_size=50), max_size=5))
def test_rubbish_raises_known_errors_alone(lines) -> None:
    with pytest.raises(MrzError):
        parse(lines, TODAY)
