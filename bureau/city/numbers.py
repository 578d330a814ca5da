"""Numbers that pass every check and belong to nobody (``places`` says why)."""

from __future__ import annotations

import hashlib
from datetime import date
from random import Random

from bureau.city.places import PROVINCE, REGISTRY_AREA
from kiosk.domain.checkdigits import USCC_ALPHABET, org_check, resident_check, uscc_check

COUNTRIES = {
    "DEU": "276",
    "FRA": "250",
    "GBR": "826",
    "ITA": "380",
    "JPN": "392",
    "KOR": "410",
    "SWE": "752",
    "USA": "840",
}
"""ISO 3166-1 numeric codes, as the permanent resident number of 2023 carries them."""
HONG_KONG, MACAU, TAIWAN = "810000", "820000", "830000"
"""Areas of residence permits (港澳台居民居住证)."""
SEQUENCES = 1_000
"""Sequence numbers of those born in one area on one day; odd ones are men's."""


def resident_number(area: str, birth: date, sequence: int) -> str:
    """A number of 18 characters (GB 11643), for citizens and, with their areas, for Hong Kong to Taiwan."""
    body = f"{area}{birth:%Y%m%d}{sequence:03d}"
    return body + resident_check(body)


def permanent_number(country: str, birth: date, sequence: int) -> str:
    """A foreign permanent resident's number of 2023: 9, province, country, birth, sequence, check."""
    return resident_number(f"9{PROVINCE}{COUNTRIES[country]}", birth, sequence)


def credit_code(random: Random, prefix: str = "91") -> str:
    """A unified social credit code (GB 32100) whose inner organisation code is valid too."""
    body = "MA6" + "".join(random.choice(USCC_ALPHABET) for _ in range(5))
    head = f"{prefix}{REGISTRY_AREA}{body}{org_check(body)}"
    return head + uscc_check(head)


def mobile(running: int) -> str:
    """The mobile number of the person with that running number; messages here end in a simulated sink."""
    return f"1990{running % 10_000_000:07d}"


def face_seed(number: str) -> int:
    """The drawn face that belongs to a document number."""
    return int.from_bytes(hashlib.sha256(number.encode()).digest()[:4], "big")
