"""Numbers that pass every check and belong to nobody."""

from __future__ import annotations

import hashlib
from datetime import date
from random import Random

from bureau.city.words import AREA
from kiosk.domain.checkdigits import USCC_ALPHABET, org_check, resident_check, uscc_check

COUNTRIES = {"DEU": "276", "FRA": "250", "JPN": "392", "USA": "840"}
"""ISO 3166-1 numeric codes, as the 2023 permanent resident number carries them."""
PROVINCE = "53"


def resident_number(birth: date, sequence: int) -> str:
    """A resident ID number (GB 11643); an odd ``sequence`` (1 … 999) is a man's."""
    body = f"{AREA}{birth:%Y%m%d}{sequence:03d}"
    return body + resident_check(body)


def permanent_number(country: str, birth: date, sequence: int) -> str:
    """A foreign permanent resident's number of 2023: 9, province, country, birth, sequence, check."""
    body = f"9{PROVINCE}{COUNTRIES[country]}{birth:%Y%m%d}{sequence:03d}"
    return body + resident_check(body)


def credit_code(random: Random, prefix: str = "91") -> str:
    """A unified social credit code (GB 32100) whose inner organisation code is valid too."""
    body = "MA6" + "".join(random.choice(USCC_ALPHABET) for _ in range(5))
    head = f"{prefix}{AREA}{body}{org_check(body)}"
    return head + uscc_check(head)


def mobile(random: Random) -> str:
    """A mainland mobile number; 199 was the last block given out and its 0000 block is kept for tests."""
    return f"1990000{random.randrange(10_000):04d}"


def face_seed(number: str) -> int:
    """The drawn face that belongs to a document number."""
    return int.from_bytes(hashlib.sha256(number.encode()).digest()[:4], "big")
