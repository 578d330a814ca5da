"""What a return is told (the facts), read by name: amounts, counts, days, words; what cannot be is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from kiosk.domain.errors import DomainError, FieldError
from kiosk.domain.ids import Fen
from kiosk.domain.vehicles import check_plate, check_vin

Facts = Mapping[str, object]
"""Facts as they travel: text, whole numbers, yes or no, by name."""
Told = Mapping[str, Any]
"""The same facts, read."""
Reader = Callable[[object], object]

MOST_FEN = 10**13
NUMBER = re.compile(r"[0-9A-Z-]{1,40}")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class FactError(DomainError):
    """A fact that is missing or cannot be. ``name`` says which; its value is never part of the error."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the fact {name!r} is missing or cannot be")


def read(fields: Mapping[str, Reader], facts: Facts) -> Told:
    """The facts of ``fields``; raises ``FactError`` with the first that is missing or cannot be."""
    told = {}
    for name, reader in fields.items():
        try:
            told[name] = reader(facts.get(name))
        except (ValueError, FieldError, InvalidOperation) as error:
            raise FactError(name) from error
    return told


def amount(value: object) -> Fen:
    """Whole fen from 1 up."""
    return Fen(_whole(value, 1, MOST_FEN))


def amount_or_none(value: object) -> Fen:
    """Whole fen; nothing counts as none."""
    return Fen(0) if value is None else Fen(_whole(value, 0, MOST_FEN))


def count(least: int, most: int) -> Reader:
    """A whole number within limits."""
    return lambda value: _whole(value, least, most)


def day(value: object) -> date:
    """A day, ``2026-10-12``."""
    return date.fromisoformat(_text(value))


def day_or_none(value: object) -> date | None:
    """A day; nothing counts as none."""
    return None if value is None else day(value)


def month(value: object) -> date:
    """The first day of a month, ``2026-10``."""
    text = _text(value)
    if not MONTH.fullmatch(text):
        raise ValueError("no month")
    return date.fromisoformat(f"{text}-01")


def yes(value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise ValueError("neither yes nor no")
    return value


def yes_or_none(value: object) -> bool:
    """Yes or no; nothing counts as no."""
    return False if value is None else yes(value)


def one_of(words: Collection[str]) -> Reader:
    """One of a few words."""

    def reader(value: object) -> str:
        text = _text(value)
        if text not in words:
            raise ValueError("none of the words")
        return text

    return reader


def number(value: object) -> str:
    """The number of a contract or of a home: capital letters, figures and dashes."""
    text = _text(value)
    if not NUMBER.fullmatch(text):
        raise ValueError("no number")
    return text


def words_or_none(most: int) -> Reader:
    """Up to ``most`` characters that can be printed; None where nothing was told."""

    def reader(value: object) -> str | None:
        if value is None:
            return None
        text = _text(value).strip()
        if not text.isprintable() or not 0 < len(text) <= most:
            raise ValueError("no words that can be printed")
        return text

    return reader


def rate(value: object) -> Decimal:
    """A rate such as ``0.07``: from nothing to the whole."""
    found = Decimal(_text(value))
    if not 0 <= found <= 1:
        raise ValueError("no rate")
    return found


def vin(value: object) -> str:
    """A vehicle identification number."""
    return check_vin(_text(value))


def plate(value: object) -> str:
    """A number plate."""
    return check_plate(_text(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def _whole(value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError("no whole number within its limits")
    return value
