"""Numbers of resident ID cards and the cards numbered alike (GB 11643).

The same 18 characters serve citizens, residents from Hong Kong, Macau and Taiwan (areas 81, 82, 83), and
since 2023 foreign permanent residents (first digit 9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kiosk.domain.checkdigits import resident_check
from kiosk.domain.clean import plain
from kiosk.domain.errors import FieldError
from kiosk.domain.people import DocumentKind

PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71".split()
)
"""GB/T 2260, first two digits. 71 (Taiwan) is kept for completeness; its people hold area 83 cards."""
HMT_AREAS = frozenset({"810000", "820000", "830000"})
EARLIEST = date(1880, 1, 1)
"""Nobody alive was born earlier; a year before it is a misreading."""
FIELD = "resident-id"


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A number that passed every check. ``area`` is its six area digits (for 9…: province and country)."""

    number: str
    kind: DocumentKind
    area: str
    birth: date
    male: bool

    @property
    def country(self) -> str | None:
        """Numeric country (ISO 3166-1) of a foreign permanent resident."""
        return self.area[3:] if self.kind is DocumentKind.FOREIGN_PERMANENT else None


def check_resident_id(text: str, today: date) -> ResidentId:
    """Check an 18-character number: form, area, a real birth date not after ``today``, check character.

    Raises ``FieldError`` with code ``length``, ``characters``, ``area``, ``birth`` or ``check-digit``.
    """
    number = plain(text, FIELD)
    if len(number) != 18:
        raise _refused("length")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise _refused("characters")
    kind = _kind(number[:6])
    birth = _birth(number[6:14], today)
    if resident_check(number[:17]) != number[17]:
        raise _refused("check-digit")
    return ResidentId(number, kind, number[:6], birth, male=int(number[16]) % 2 == 1)


def convert_15(text: str, today: date) -> ResidentId:
    """The 18-character number of a legacy 15-digit one: ``19`` put in, check character added.

    Legacy numbers are accepted for looking up old records alone. Raises ``FieldError`` as above.
    """
    number = plain(text, FIELD)
    if len(number) != 15:
        raise _refused("length")
    if not re.fullmatch(r"[0-9]{15}", number):
        raise _refused("characters")
    body = f"{number[:6]}19{number[6:]}"
    return check_resident_id(body + resident_check(body), today)


def _kind(area: str) -> DocumentKind:
    if area[0] == "9":
        if area[1:3] not in PROVINCES or area[3:] == "000":
            raise _refused("area")
        return DocumentKind.FOREIGN_PERMANENT
    if area in HMT_AREAS:
        return DocumentKind.HMT_RESIDENCE
    if area[:2] not in PROVINCES:
        raise _refused("area")
    return DocumentKind.RESIDENT_ID


def _birth(digits: str, today: date) -> date:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise _refused("birth") from None
    if not EARLIEST <= birth <= today:
        raise _refused("birth")
    return birth


def _refused(code: str) -> FieldError:
    return FieldError(code, f"field.{FIELD}.{code}")
