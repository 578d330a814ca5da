"""The project's identifiers as types, so that a checker tells one string from another."""

from __future__ import annotations

import secrets
import time
import uuid
from typing import NewType

Fen = NewType("Fen", int)
"""Money as it is stored and sent: whole fen (分), 1/100 yuan."""

TerminalId = NewType("TerminalId", str)
VisitId = NewType("VisitId", str)
"""One person's stay at the terminal, from the first touch to the wipe."""
TransactionId = NewType("TransactionId", str)
"""One service carried out within a visit."""
EffectKey = NewType("EffectKey", str)
"""The key of one effect in the world, UUIDv7, made when its intent is written."""
TaxpayerId = NewType("TaxpayerId", str)
"""纳税人识别号; for most enterprises the 统一社会信用代码."""
PersonNumber = NewType("PersonNumber", str)
"""The number of a person's identity document."""
ServiceId = NewType("ServiceId", str)


def uuid7() -> str:
    """A new UUIDv7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then random bits."""
    millis = time.time_ns() // 1_000_000
    value = (millis & (1 << 48) - 1) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62
    return str(uuid.UUID(int=value | secrets.randbits(62)))
