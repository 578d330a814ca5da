"""The draw itself: arithmetic that anybody can repeat with a seed that was bound before and is shown after.

A round is one business day. Before its first draw the bureau publishes the commitment: SHA-256 over the day, the odds
and a secret seed. A draw is HMAC-SHA256 with that seed over the invoice and the key of the terminal's effect, which the
bureau cannot know in advance and the slip shows. When the day is over the seed is published: whoever holds a slip
finds the same number, and the commitment tells that neither seed nor odds were changed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Final

MILLION: Final = 1_000_000
SEED_BYTES: Final = 32
Odds = Sequence[Sequence[int]]


def new_seed() -> bytes:
    """From the system's random source."""
    return secrets.token_bytes(SEED_BYTES)


def commitment(day: date, odds: Odds, seed: bytes) -> str:
    """Hex of SHA-256 over four lines: the name of the scheme, the day, the odds as JSON, the seed in hex."""
    told = json.dumps([list(pair) for pair in odds], separators=(",", ":"))
    lines = ("invoice-lottery-1", day.isoformat(), told, seed.hex())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def number(seed: bytes, invoice: str, key: str) -> int:
    """0 to 999,999: the HMAC over two lines, invoice and key, as a number, modulo a million."""
    drawn = hmac.new(seed, f"{invoice}\n{key}".encode(), hashlib.sha256).digest()
    return int.from_bytes(drawn, "big") % MILLION


def prize(odds: Odds, drawn: int) -> int:
    """The prize in fen, 0 for none: the numbers from 0 on belong to the first prize, those after to the next."""
    for fen, share in odds:
        if drawn < share:
            return fen
        drawn -= share
    return 0
