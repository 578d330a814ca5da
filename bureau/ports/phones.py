"""Phones that prove themselves by a code sent to them (手机验证码): sign-in level 1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Challenge:
    """One code that was sent to one phone for one terminal. ``code_sha256`` is over challenge and code."""

    challenge: str
    mobile: str
    terminal: str
    code_sha256: str
    sent_at: datetime
    tries: int = 0
    proven_at: datetime | None = None


class Phones(Protocol):
    """Codes that were sent, and what became of them."""

    def sent_to(self, mobile: str, since: datetime) -> list[datetime]:
        """When codes were sent to this phone, the latest first."""
        ...

    def sent_from(self, terminal: str, since: datetime) -> int:
        """How many codes this terminal had sent."""
        ...

    def send(self, challenge: Challenge, text: str) -> None:
        """Keep the challenge, and give the text to whoever carries messages to phones."""
        ...

    def tell(self, mobile: str, text: str) -> None:
        """Give a message that is no code to whoever carries messages to phones."""
        ...

    def challenge(self, challenge: str) -> Challenge | None:
        """The challenge; nobody else changes it until the transaction ends."""
        ...

    def tried(self, challenge: str) -> None:
        """One more wrong code."""
        ...

    def proven(self, challenge: str) -> None:
        """The right code was given."""
        ...

    def forget(self, before: datetime) -> int:
        """Delete what was sent before; how many."""
        ...
