"""The check-digit algorithms behind the identifiers, each by the standard that defines it.

Every function takes characters already known to be in its alphabet and raises ``ValueError`` otherwise.
"""

from __future__ import annotations

RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643: 2^(18-i) mod 11, which makes it ISO 7064 MOD 11-2."""
RESIDENT_CHECKS = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: digits and capitals without I, O, S, V, Z."""
USCC_BODY = 17
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11714."""
MRZ_WEIGHTS = (7, 3, 1)
"""ICAO Doc 9303-3, 4.9."""


def resident_check(body: str) -> str:
    """Check character of the first 17 digits of a resident ID number (GB 11643)."""
    total = sum(w * int(c) for w, c in zip(RESIDENT_WEIGHTS, body, strict=True))
    return RESIDENT_CHECKS[total % 11]


def uscc_check(body: str) -> str:
    """Check character of the first 17 characters of a 统一社会信用代码 (GB 32100)."""
    if len(body) != USCC_BODY:
        raise ValueError(f"a credit code has {USCC_BODY} characters before its check character")
    return mod_31(body)


def mod_31(body: str) -> str:
    """Check character over the alphabet of GB 32100 with its weights: catches every single error and every swap."""
    total = sum(pow(3, i, 31) * USCC_ALPHABET.index(c) for i, c in enumerate(body))
    return USCC_ALPHABET[-total % 31]


def org_check(body: str) -> str:
    """Check character of the first 8 characters of an organisation code (GB 11714)."""
    total = sum(w * int(c, 36) for w, c in zip(ORG_WEIGHTS, body, strict=True))
    return "0123456789X0"[11 - total % 11]


def mrz_check(text: str) -> str:
    """Check digit of a field of a machine-readable zone: digits, A=10 … Z=35, ``<``=0 (ICAO 9303-3)."""
    total = sum(MRZ_WEIGHTS[i % 3] * (0 if c == "<" else int(c, 36)) for i, c in enumerate(text))
    return str(total % 10)


def mod_11_10(digits: str) -> str:
    """Check digit by ISO/IEC 7064 MOD 11,10: catches every single error and nearly every swap."""
    product = 10
    for c in digits:
        total = (product + int(c)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)
