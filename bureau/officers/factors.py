"""The second factor: codes of an authenticator (TOTP, RFC 6238), and codes for the day on which it is lost."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

import pyotp

STEP_S: Final = 30
DRIFT: Final = 1
"""A code of one step before or after still counts: phones' clocks are a little off (RFC 6238, 5.2)."""
RECOVERY_CODES: Final = 8
_LETTERS: Final = "ABCDEFGHJKMNPQRTUVWXY346789"
"""Without what is mistaken for another: 0 O 1 I L 2 Z 5 S."""


def new_secret() -> bytes:
    """160 bits in Base32, as long as the hash that the codes are made with (RFC 4226, 4)."""
    return pyotp.random_base32(32).encode()


def address(secret: bytes, login: str, issuer: str) -> str:
    """What an authenticator scans (``otpauth://totp/…``)."""
    return pyotp.TOTP(secret.decode(), interval=STEP_S).provisioning_uri(name=login, issuer_name=issuer)


def step_of(secret: bytes, code: str, now: datetime, after: int) -> int | None:
    """The step whose code this is, when it is a later one than ``after``: no code counts twice (RFC 6238, 5.2)."""
    one = pyotp.TOTP(secret.decode(), interval=STEP_S)
    current = int(now.timestamp()) // STEP_S
    for step in range(current - DRIFT, current + DRIFT + 1):
        if step > after and secrets.compare_digest(one.generate_otp(step), _figures(code)):
            return step
    return None


def new_code(groups: int = 3) -> str:
    """A code that is read off a screen or a sheet and typed: groups of four characters."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(groups))


def hashed(code: str) -> str:
    """What is kept of a code or a token; typed codes count with or without hyphens, in capitals or not.

    They are random and long enough (57 bits and more) that a plain hash keeps them.
    """
    return hashlib.sha256(code.strip().replace("-", "").upper().encode()).hexdigest()


def _figures(code: str) -> str:
    """Without the space that authenticators show within a code; what is no ASCII is no code."""
    plain = "".join(code.split())
    return plain if plain.isascii() else ""
