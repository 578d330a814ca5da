"""Claim codes of tickets, and a ticket as anybody may see it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from bureau.ports.core import Core
from bureau.ports.lottery import Ticket

ALPHABET: Final = "23456789ACDEFGHJKMNPQRTUWXY"
CODE_LENGTH: Final = 10


def new_code() -> str:
    """What stands on the slip beside the number: 47 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def code_sha256(ticket: str, code: str) -> str:
    """What the ticket keeps of it; in plain it is in the answer alone, which the same key is given again."""
    return hashlib.sha256(f"{ticket}:{code}".encode()).hexdigest()


def found(core: Core, number: str, code: str, *, lock: bool = False) -> Ticket | None:
    """The ticket with this claim code; None also where the number alone is right."""
    ticket = core.lottery.ticket(number, lock=lock)
    if ticket is None or not hmac.compare_digest(ticket.code_sha256, code_sha256(number, code)):
        return None
    return ticket
