"""Passports, travel permits and the older permanent residence card: what can be checked offline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kiosk.domain.checkdigits import mrz_check
from kiosk.domain.clean import plain
from kiosk.domain.errors import FieldError


@dataclass(frozen=True, slots=True)
class Passport:
    """The machine-readable zone of a passport (ICAO 9303-4, TD3).

    ``sex`` is ``1`` male, ``2`` female, ``0`` not stated, as in GB/T 2261.1. ``birth`` is None when the
    zone leaves a part of it open.
    """

    number: str
    issuer: str
    nationality: str
    surname: str
    given_names: str
    birth: date | None
    sex: str
    expiry: date
    personal_number: str


@dataclass(frozen=True, slots=True)
class TravelPermit:
    """A travel permit (来往内地通行证): the holder's number, and the count of reissues when it is printed."""

    number: str
    reissue: str | None


@dataclass(frozen=True, slots=True)
class OldPermanentResident:
    """A permanent residence number from before 2023; the century of the birth is unknown."""

    number: str
    country: str
    area: str
    birth_yymmdd: str


def check_passport(line1: str, line2: str, today: date, *, allow_expired: bool = False) -> Passport:
    """Read a TD3 zone and check its five check digits.

    An expired passport is refused unless ``allow_expired`` (a person may always query own past data).
    Raises ``FieldError`` with code ``length``, ``characters``, ``check-digit``, ``birth`` or ``expired``.
    """
    upper, lower = (re.sub(r"\s", "", line).upper() for line in (line1, line2))
    if len(upper) != 44 or len(lower) != 44:
        raise _passport("length")
    if not re.fullmatch(r"P[A-Z0-9<]{87}", upper + lower):
        raise _passport("characters")
    _check_digits(lower)
    expiry = _date(lower[21:27], 2000)
    if expiry is None:
        raise _passport("characters")
    if expiry < today and not allow_expired:
        raise _passport("expired")
    surname, _, given = upper[5:].partition("<<")
    return Passport(
        number=lower[:9].rstrip("<"),
        issuer=upper[2:5].rstrip("<"),
        nationality=lower[10:13].rstrip("<"),
        surname=_words(surname),
        given_names=_words(given),
        birth=_birth(lower[13:19], today),
        sex={"M": "1", "F": "2"}.get(lower[20], "0"),
        expiry=expiry,
        personal_number=lower[28:42].rstrip("<"),
    )


def check_hk_macau_permit(text: str) -> TravelPermit:
    """A Hong Kong or Macau travel permit: ``H`` or ``M`` and 8 digits, perhaps 2 for the reissue."""
    number = _matching(r"[HM][0-9]{8}([0-9]{2})?", text, "hk-macau-permit")
    return TravelPermit(number[:9], number[9:] or None)


def check_taiwan_permit(text: str) -> TravelPermit:
    """A Taiwan travel permit: 8 digits, perhaps 2 for the reissue."""
    number = _matching(r"[0-9]{8}([0-9]{2})?", text, "taiwan-permit")
    return TravelPermit(number[:8], number[8:] or None)


def check_old_permanent_resident(text: str) -> OldPermanentResident:
    """A permanent residence number from before 2023: 3 letters, 12 digits, a possible day of birth."""
    number = _matching(r"[A-Z]{3}[0-9]{12}", text, "permanent-resident")
    month, day = int(number[9:11]), int(number[11:13])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise FieldError("birth", "field.permanent-resident.birth")
    return OldPermanentResident(number, number[:3], number[3:7], number[7:13])


def _check_digits(line: str) -> None:
    """Number, birth, expiry, personal number (may be ``<`` when empty), and all of them together."""
    fields = [(line[:9], line[9]), (line[13:19], line[19]), (line[21:27], line[27])]
    if not (line[28:42].strip("<") == "" and line[42] == "<"):
        fields.append((line[28:42], line[42]))
    fields.append((line[:10] + line[13:20] + line[21:43], line[43]))
    if any(mrz_check(text) != digit for text, digit in fields):
        raise _passport("check-digit")


def _birth(digits: str, today: date) -> date | None:
    """The birth date; the century is the latest that does not lie in the future."""
    if "<" in digits:
        return None
    this_century = _date(digits, 2000)
    found = this_century if this_century is not None and this_century <= today else _date(digits, 1900)
    if found is None:
        raise _passport("birth")
    return found


def _date(digits: str, century: int) -> date | None:
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return None


def _words(field: str) -> str:
    return " ".join(word for word in field.split("<") if word)


def _matching(pattern: str, text: str, field: str) -> str:
    number = plain(text, field)
    if not re.fullmatch(pattern, number):
        raise FieldError("form", f"field.{field}.form")
    return number


def _passport(code: str) -> FieldError:
    return FieldError(code, f"field.passport.{code}")
