"""What a key of a keypad does to the text typed so far: which characters go where, and no more than fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.domain.identifiers import TEMPORARY
from kiosk.domain.mailboxes import ALPHABET as MAILBOX_ALPHABET
from kiosk.domain.vehicles import PLATE_ALPHABET, PLATE_LENGTH, PROVINCES, VIN_ALPHABET, VIN_LENGTH

BACK = "back"
CLEAR = "clear"

MONEY_WHOLE = 9
MONEY_CENTS = 2
ID_LENGTH = 18
"""GB 11643-1999: 17 digits and a check character, which may be X."""
USCC_LENGTH = 18
TEMPORARY_LENGTH = 20
"""Of the number of a temporary registration, figures alone."""
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: letters without I, O, S, V and Z."""
LETTERS_LENGTH = 32
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS_LENGTH = 32
COUNT_LENGTH = 9
PHONE_LENGTH = 11
MAILBOX_LENGTH = 100
TEXT_LENGTH = 100


def press(text: str, key: str, keypad: str, most: int = 0) -> str:
    """``text`` after ``key`` on ``keypad``; a key that does not fit changes nothing.

    ``keypad``: digits, count, phone, money, id, uscc, plate, vin, letters, email, text; ``most`` characters, 0: its own
    limit.
    """
    if key == BACK:
        return text[:-1]
    if key == CLEAR:
        return ""
    grown = _KEYPADS.get(keypad, _digits)(text, key)
    return text if most and len(grown) > most else grown


def plain(value: str, keypad: str) -> str:
    """What a shown value was typed as: ``34,000.00`` is ``34000.00``; a masked value cannot be known."""
    if keypad == "money":
        return value.replace(",", "")
    if keypad == "text":
        return value
    return value.replace(" ", "")


def is_masked(value: str) -> bool:
    """Whether the value shows dots instead of what was typed."""
    return bool(value) and set(value) <= set("●•*")


def _figures(length: int) -> Callable[[str, str], str]:
    return lambda text, key: text + key if key.isdigit() and len(text) + len(key) <= length else text


_digits = _figures(DIGITS_LENGTH)


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
    """A credit code, or the figures of a temporary registration's number."""
    if text.startswith(TEMPORARY):
        return _figures(TEMPORARY_LENGTH)(text, key)
    return _among(USCC_ALPHABET, USCC_LENGTH)(text, key)


def _among(alphabet: str, length: int) -> Callable[[str, str], str]:
    return lambda text, key: text + key if key in alphabet and len(text) < length else text


def _plate(text: str, key: str) -> str:
    """The province first, then a letter, then letters and figures."""
    wanted = PROVINCES if not text else PLATE_ALPHABET
    if len(text) == 1 and key.isdigit():
        return text
    return text + key if key in wanted and len(text) < PLATE_LENGTH else text


def _email(text: str, key: str) -> str:
    """Letters, figures and signs of an address with one ``@``; a key that ends it (``@qq.com``) ends it anew."""
    if not set(key) <= set(MAILBOX_ALPHABET):
        return text
    if len(key) > 1:
        local = text.partition("@")[0]
        grown = local + key if local else text
    else:
        grown = text if key == "@" and (not text or "@" in text) else text + key
    return grown if len(grown) <= MAILBOX_LENGTH else text


def _text(text: str, key: str) -> str:
    """Whatever the text keypad puts in: a letter, a word."""
    return text + key if key.isprintable() and len(text) + len(key) <= TEXT_LENGTH else text


_KEYPADS: Mapping[str, Callable[[str, str], str]] = {
    "digits": _digits,
    "money": _money,
    "id": _id,
    "uscc": _uscc,
    "count": _figures(COUNT_LENGTH),
    "phone": _figures(PHONE_LENGTH),
    "plate": _plate,
    "vin": _among(VIN_ALPHABET, VIN_LENGTH),
    "letters": _among(LETTERS, LETTERS_LENGTH),
    "email": _email,
    "text": _text,
}
