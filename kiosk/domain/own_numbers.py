"""Numbers this project gives to its own papers, with a check digit that catches typing errors.

``type(2) + region(4) + yyMMdd + sequence(7) + check(1)``, 20 digits, ISO/IEC 7064 MOD 11,10.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.domain.checkdigits import mod_11_10
from kiosk.domain.clean import plain
from kiosk.domain.errors import DomainError, FieldError

HIGHEST = 9_999_999
CENTURY = 2000


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """The parts of a number that passed its check."""

    number: str
    type: str
    region: str
    day: date
    sequence: int


def make_number(type: str, region: str, day: date, seq: int) -> str:
    """The number of a paper: ``type`` 2 digits, ``region`` 4 digits, ``seq`` of that ``day`` up to 9 999 999.

    Raises ``DomainError`` when a part does not fit: that is a mistake of the program, not of a person.
    """
    if not (re.fullmatch(r"[0-9]{2}", type) and re.fullmatch(r"[0-9]{4}", region)):
        raise DomainError("an own number needs a type of 2 digits and a region of 4")
    if not 0 <= seq <= HIGHEST:
        raise DomainError(f"sequence {seq} does not fit 7 digits; use another type or region")
    if not CENTURY <= day.year < CENTURY + 100:
        raise DomainError(f"the year {day.year} does not fit 2 digits")
    body = f"{type}{region}{day:%y%m%d}{seq:07d}"
    return body + mod_11_10(body)


def check_number(text: str) -> OwnNumber:
    """The parts of a typed or scanned number.

    Raises ``FieldError`` with code ``length``, ``characters``, ``check-digit`` or ``day``.
    """
    number = plain(text, "own-number")
    if len(number) != 20:
        raise FieldError("length", "field.own-number.length")
    if not re.fullmatch(r"[0-9]{20}", number):
        raise FieldError("characters", "field.own-number.characters")
    if mod_11_10(number[:19]) != number[19]:
        raise FieldError("check-digit", "field.own-number.check-digit")
    try:
        day = datetime.strptime(f"20{number[6:12]}", "%Y%m%d").date()
    except ValueError:
        raise FieldError("day", "field.own-number.day") from None
    return OwnNumber(number, number[:2], number[2:6], day, int(number[12:19]))
