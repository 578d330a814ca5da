"""The drivers' own small check of the numbers on identity cards, so that a torn read is never believed.

The business rules about identifiers live in the domain; a driver may not know it, and needs only to tell a
right card from a wrong one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
"""GB 11643-1999, 4.2: ISO 7064 mod 11-2."""
_NUMBER_18: Final = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_PERMIT_2017: Final = re.compile(r"[A-Z]{3}[0-9]{12}", re.ASCII)
_SPECIAL_REGIONS: Final = ("810000", "820000", "830000")


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """What a number itself says: the date of birth and, if it says so, the sex (``1`` or ``2``)."""

    birth: date
    sex: str | None


def check_digit(first17: str) -> str:
    """The 18th character to the first seventeen digits (GB 11643)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECKS[total % 11]


def day(text: str) -> date | None:
    """A date from ``YYYYMMDD``; None when it is not one."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def facts_18(number: str) -> NumberFacts | None:
    """Birth and sex of an 18-character number; None when its form, date or check digit is wrong."""
    if not _NUMBER_18.fullmatch(number) or check_digit(number[:17]) != number[17]:
        return None
    birth = day(number[6:14])
    return None if birth is None else NumberFacts(birth, "1" if int(number[16]) % 2 else "2")


def resident(number: str) -> NumberFacts | None:
    """A resident of the mainland: an area of 1 to 8, not one of the special regions."""
    if number[:1] == "9" or number[:6] in _SPECIAL_REGIONS:
        return None
    return facts_18(number)


def special_region(number: str) -> NumberFacts | None:
    """A resident of Hong Kong, Macau or Taiwan: area 810000, 820000 or 830000."""
    return facts_18(number) if number[:6] in _SPECIAL_REGIONS else None


def foreign_2023(number: str) -> NumberFacts | None:
    """A foreign permanent resident since 2023: ``9``, province, country, birth, sequence, check."""
    return facts_18(number) if number[:1] == "9" else None


def foreign_2017(number: str, birth: date) -> NumberFacts | None:
    """A foreign permanent resident before 2023: three letters, area, birth as YYMMDD, two digits.

    The number carries no century and no sex, so the card's own ``birth`` is compared with its six digits.
    """
    if not _PERMIT_2017.fullmatch(number) or number[7:13] != birth.strftime("%y%m%d"):
        return None
    return NumberFacts(birth, None)
