"""What a key makes of the text typed so far."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.bridge.entry import SETTLED_S, Entry
from ui.bridge.keys import USCC_ALPHABET, is_masked, plain, press


@pytest.mark.parametrize(
    ("text", "key", "keypad", "after"),
    [
        ("", "7", "money", "7"),
        ("0", "5", "money", "5"),
        ("", "00", "money", "0"),
        ("", ".", "money", "0."),
        ("12", ".", "money", "12."),
        ("12.", ".", "money", "12."),
        ("12.3", "4", "money", "12.34"),
        ("12.34", "5", "money", "12.34"),
        ("12.3", "00", "money", "12.3"),
        ("123456789", "0", "money", "123456789"),
        ("0.", "5", "money", "0.5"),
        ("12", "back", "money", "1"),
        ("12", "clear", "money", ""),
        ("12", "X", "digits", "12"),
        ("1" * 17, "X", "id", "1" * 17 + "X"),
        ("1" * 16, "X", "id", "1" * 16),
        ("1" * 18, "1", "id", "1" * 18),
        ("91", "A", "uscc", "91A"),
        ("91", "I", "uscc", "91"),
        ("9" * 18, "9", "uscc", "9" * 18),
        ("01" + "9" * 17, "9", "uscc", "01" + "9" * 18),
        ("01" + "9" * 18, "9", "uscc", "01" + "9" * 18),
        ("01", "A", "uscc", "01"),
        ("1" * 9, "1", "count", "1" * 9),
        ("1380000123", "4", "phone", "13800001234"),
        ("13800001234", "5", "phone", "13800001234"),
        ("", "A", "plate", ""),
        ("", "京", "plate", "京"),
        ("京", "1", "plate", "京"),
        ("京", "A", "plate", "京A"),
        ("京A", "津", "plate", "京A"),
        ("京A123456", "7", "plate", "京A123456"),
        ("L", "Q", "vin", "L"),
        ("L" * 16, "5", "vin", "L" * 16 + "5"),
        ("HT-", "I", "letters", "HT-I"),
        ("", "@", "email", ""),
        ("zhang", "@", "email", "zhang@"),
        ("zhang@", "@", "email", "zhang@"),
        ("zhang", "@qq.com", "email", "zhang@qq.com"),
        ("zhang@qq.com", "@163.com", "email", "zhang@163.com"),
        ("zhang@1", "@163.com", "email", "zhang@163.com"),
        ("", "@qq.com", "email", ""),
        ("a", "张", "email", "a"),
        ("a", " ", "email", "a"),
        ("a_b-c.d", "+", "email", "a_b-c.d+"),
        ("a" * 95, "@qq.com", "email", "a" * 95),
        ("a@qq.com", "clear", "email", ""),
        ("云川", "路", "text", "云川路"),
        ("云", "川路一号", "text", "云川路一号"),
        ("云", "\n", "text", "云"),
        ("字" * 100, "字", "text", "字" * 100),
    ],
)
def test_a_key_adds_what_fits_and_nothing_else(text: str, key: str, keypad: str, after: str) -> None:
    assert press(text, key, keypad) == after


def test_no_more_is_taken_than_the_row_lets() -> None:
    assert press("12345", "6", "digits", 6) == "123456"
    assert press("123456", "7", "digits", 6) == "123456"
    assert press("123456", "back", "digits", 6) == "12345"


def test_the_first_key_on_a_number_that_is_whole_begins_a_new_one() -> None:
    assert Entry().press("phone", "13800001234", "1", "phone") == "1"
    assert Entry().press("phone", "13800001234", "back", "phone") == "1380000123"
    assert Entry().press("phone", "138", "1", "phone") == "1381"
    assert Entry().press("count", "12", "3", "count") == "3"


@given(st.lists(st.sampled_from([*"0123456789", "00", ".", "back", "clear"]), max_size=40))
def test_money_typed_in_any_way_is_an_amount_the_form_takes(keys: list[str]) -> None:
    text = ""
    for key in keys:
        text = press(text, key, "money")
        whole, _, cents = text.partition(".")
        assert len(whole) <= 9 and len(cents) <= 2
        assert text == "" or (whole + cents).isdigit()
        assert whole in ("", "0") or not whole.startswith("0")


@given(st.lists(st.sampled_from([*"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "back"]), max_size=60))
def test_a_credit_code_typed_in_any_way_has_its_alphabet_and_length(keys: list[str]) -> None:
    text = ""
    for key in keys:
        text = press(text, key, "uscc")
    assert len(text) <= 18 and set(text) <= set(USCC_ALPHABET)


def test_shown_values_become_what_was_typed() -> None:
    assert plain("34,000.00", "money") == "34000.00"
    assert plain("5301 0219 9001", "id") == "530102199001"
    assert is_masked("●●●") and not is_masked("") and not is_masked("12●")


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_first_digit_replaces_an_amount_that_stood_there_and_a_correction_keeps_it() -> None:
    assert Entry().press("sales", "34,000.00", "5", "money") == "5"
    assert Entry().press("sales", "34,000.00", "back", "money") == "34000.0"


def test_after_a_pause_the_page_is_the_truth_again() -> None:
    seconds = Seconds()
    entry = Entry(seconds)
    assert entry.press("sales", "0.00", "1", "money") == "1"
    seconds.now += SETTLED_S + 0.1
    assert entry.press("sales", "80", "2", "money") == "802"


def test_a_masked_code_goes_on_after_a_pause_and_begins_anew_when_the_page_emptied_it() -> None:
    seconds = Seconds()
    entry = Entry(seconds)
    entry.press("pin", "", "1", "digits")
    seconds.now += SETTLED_S + 0.1
    assert entry.press("pin", "●", "2", "digits") == "12"
    seconds.now += SETTLED_S + 0.1
    assert entry.press("pin", "", "3", "digits") == "3"


def test_another_row_begins_with_its_own_text() -> None:
    entry = Entry(Seconds())
    entry.press("uscc", "91", "5", "uscc")
    assert entry.press("other", "7", "8", "digits") == "78"


def test_forgetting_leaves_nothing() -> None:
    entry = Entry(Seconds())
    entry.press("pin", "", "1", "digits")
    entry.forget()
    assert entry.press("pin", "●", "2", "digits") == "2"
