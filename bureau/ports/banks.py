"""The way to the banks that take referrals: a message is put there, and their receipts are fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Receipt:
    """A bank has the message of this case whose bytes have this SHA-256, under a number of its own."""

    bank: str
    case: str
    sha256: str
    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something of this bank that cannot be taken for a receipt of what it was sent: which, and why not."""

    bank: str
    why: str


class Banks(Protocol):
    """Put and fetch; whoever implements it keeps a message that was put until the bank has it."""

    def put(self, bank: str, name: str, raw: bytes) -> None:
        """The message of that name lies there whole for the bank; one that lay there by that name is replaced."""
        ...

    def receipts(self, bank: str) -> Iterator[Receipt | Doubt]:
        """What the bank has confirmed; one that makes no sense is a doubt, and keeps back no other."""
        ...
