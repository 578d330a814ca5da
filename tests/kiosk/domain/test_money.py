"""Money: exact conversion, formats, and the capital amounts of the domain note."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import FieldError, MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.money import LIMIT, capital, fen, format_yuan, parse_typed, round_fen, yuan

amounts = st.integers(0, LIMIT - 1).map(Fen)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.53", "伍角叁分"),
        ("10.00", "壹拾元整"),
        ("10.50", "壹拾元零伍角整"),
        ("100.05", "壹佰元零伍分"),
        ("1008.30", "壹仟零捌元叁角整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("4095.84", "肆仟零玖拾伍元捌角肆分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("10000.00", "壹万元整"),
        ("10010.00", "壹万零壹拾元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("1000001.00", "壹佰万零壹元整"),
        ("100000000.00", "壹亿元整"),
        ("100000001.10", "壹亿零壹元壹角整"),
        ("1000100000000.00", "壹万零壹亿元整"),
        ("-2.00", "负贰元整"),
    ],
)
def test_capital_amounts_follow_the_payment_rules(amount: str, words: str) -> None:
    assert capital(fen(amount)) == words


def _read(words: str) -> int:
    """Fen of a capital amount, read back by a person's rule: digits and units from left to right."""
    sign = -1 if words.startswith("负") else 1
    whole, _, rest = words.lstrip("负").rpartition("元")
    total = section = digit = 0
    for sign_char in whole:
        if sign_char in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign_char)
        elif sign_char in "拾佰仟":
            section += digit * 10 ** ("拾佰仟".index(sign_char) + 1)
            digit = 0
        elif sign_char == "万":
            section, digit = (section + digit) * 10**4, 0
            total, section = total + section, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    cents, digit = 0, 0
    for sign_char in rest:
        if sign_char == "角":
            cents += digit * 10
        elif sign_char == "分":
            cents += digit
        elif sign_char != "整":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign_char)
    return sign * ((total + section + _last(whole)) * 100 + cents)


def _last(whole: str) -> int:
    """The digit just before 元, when it has no unit of its own."""
    return "零壹贰叁肆伍陆柒捌玖".index(whole[-1]) if whole and whole[-1] in "壹贰叁肆伍陆柒捌玖" else 0


@given(st.integers(-(LIMIT - 1), LIMIT - 1).map(Fen))
def test_capital_amounts_read_back_to_the_same_amount(amount: Fen) -> None:
    assert _read(capital(amount)) == amount


@given(amounts)
def test_capital_amounts_end_as_the_rules_say(amount: Fen) -> None:
    words = capital(amount)
    assert words.endswith("分") == bool(amount % 10)
    assert words.endswith("整") == (not amount % 10)
    assert "零零" not in words
    assert "零元" not in words or amount == 0


def test_capital_amounts_have_an_end() -> None:
    assert capital(Fen(LIMIT - 1)).startswith("玖拾玖万玖仟玖佰玖拾玖亿")
    with pytest.raises(MoneyError):
        capital(Fen(LIMIT))


@given(st.integers(-(10**16), 10**16).map(Fen))
def test_yuan_and_fen_convert_without_loss(amount: Fen) -> None:
    assert fen(yuan(amount)) == amount
    assert fen(str(yuan(amount))) == amount
    assert fen(format_yuan(amount).replace(",", "")) == amount


def test_amounts_are_formatted_with_thousands_and_two_places() -> None:
    assert [format_yuan(Fen(n)) for n in (409584, 0, 5, -123456789)] == [
        "4,095.84",
        "0.00",
        "0.05",
        "-1,234,567.89",
    ]


@pytest.mark.parametrize(
    "amount",
    ["0.005", "1,000", "", "1e3", "NaN", "１", Decimal("0.001"), Decimal("NaN"), Decimal("Infinity")],
)
def test_what_is_no_whole_number_of_fen_is_refused(amount: str | Decimal) -> None:
    with pytest.raises(MoneyError):
        fen(amount)


def test_a_float_is_refused() -> None:
    with pytest.raises(MoneyError):
        fen(1.1)  # type: ignore[arg-type]


def test_trailing_zeros_are_no_fraction() -> None:
    assert fen("1.1000") == 110
    assert fen("7") == 700


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", 1), ("0.0049", 0), ("1.005", 101), ("-0.005", -1), ("3000.0001", 300000)],
)
def test_half_a_fen_goes_up(amount: str, rounded: int) -> None:
    assert round_fen(Decimal(amount)) == rounded


def test_rounding_refuses_what_is_no_number() -> None:
    with pytest.raises(MoneyError):
        round_fen(Decimal("NaN"))


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("34000", 3400000),
        ("34,000.00", 3400000),
        ("0.5", 50),
        ("7.", 700),
        (" ¥1,234.5 ", 123450),
        ("￥8", 800),
    ],
)
def test_typed_amounts_are_read(typed: str, amount: int) -> None:
    assert parse_typed(typed) == amount


@pytest.mark.parametrize(
    "typed", ["", ".", "1.234", "1,00", "-1", "1 000", "١", "9" * 12, "1" * 5000, "0x1", "1e5", "∞"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(FieldError) as caught:
        parse_typed(typed)
    assert caught.value.text_id == "field.money.form"
