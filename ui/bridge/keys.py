"""What a key of a keypad does to the text typed so far: which characters go where, and no more than fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

BACK = "back"
CLEAR = "clear"

MONEY_WHOLE = 9
MONEY_CENTS = 2
ID_LENGTH = 18
"""GB 11643-1999: 17 digits and a check character, which may be X."""
USCC_LENGTH = 18
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: letters without I, O, S, V and Z."""
DIGITS_LENGTH = 32


def press(text: str, key: str, keypad: str) -> str:
    """``text`` after ``key`` on ``keypad`` (digits, money, id, uscc); a key that does not fit changes nothing."""
    if key == BACK:
        return text[:-1]
    if key == CLEAR:
        return ""
    return _KEYPADS.get(keypad, _digits)(text, key)


def plain(value: str, keypad: str) -> str:
    """What a shown value was typed as: ``34,000.00`` is ``34000.00``; a masked value cannot be known."""
    if keypad == "money":
        return value.replace(",", "")
    return value.replace(" ", "")


def is_masked(value: str) -> bool:
    """Whether the value shows dots instead of what was typed."""
    return bool(value) and set(value) <= set("●•*")


def _digits(text: str, key: str) -> str:
    return text + key if key.isdigit() and len(text) + len(key) <= DIGITS_LENGTH else text


def _money(text: str, key: str) -> str:
    if key == ".":
        return text if "." in text else (text or "0") + "."
    if not key.isdigit():
        return text
    grown = (text.lstrip("0") if "." not in text else text) + key
    grown = grown if "." in grown else grown.lstrip("0") or "0"
    whole, _, cents = grown.partition(".")
    return grown if len(whole) <= MONEY_WHOLE and len(cents) <= MONEY_CENTS else text


def _id(text: str, key: str) -> str:
    fits = key.isdigit() or (key == "X" and len(text) == ID_LENGTH - 1)
    return text + key if fits and len(text) < ID_LENGTH else text


def _uscc(text: str, key: str) -> str:
    return text + key if key in USCC_ALPHABET and len(text) < USCC_LENGTH else text


_KEYPADS: Mapping[str, Callable[[str, str], str]] = {
    "digits": _digits,
    "money": _money,
    "id": _id,
    "uscc": _uscc,
}
