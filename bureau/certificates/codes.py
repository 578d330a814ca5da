"""Verification codes, and how numbers and codes are grouped for reading and read back when typed."""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "23456789ACDEFGHJKMNPQRTUWXY"
"""27 characters without look-alikes: no 0 O, 1 I L, B (8), S (5), V (U), Z (2)."""
LENGTH = 16
"""27^16 is 76 bits. At least 16 characters from a CSPRNG, not derived from the number (domain note, 5 b)."""
_GAPS = frozenset(" -–—‐‑·.\u3000\t\r\n")


def new_code(length: int = LENGTH) -> str:
    """A fresh verification code, or another of that many characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def group_code(code: str) -> str:
    """``7K2M-9QX4-PD3A-8HEW``."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def typed(text: str) -> str:
    """What a person typed, without gaps and case: full-width characters and dashes are forgiven."""
    folded = unicodedata.normalize("NFKC", text[:200])
    return "".join(c for c in folded if c not in _GAPS).upper()


def is_code(text: str) -> bool:
    """Whether ``text`` could be a code at all; false tells a typing error from a wrong code."""
    return len(text) == LENGTH and all(c in ALPHABET for c in text)
