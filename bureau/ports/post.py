"""Who carries letters: a mail server, as the centre sees it."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol


class Post(Protocol):
    """Carries one letter at a time. Thread-safe."""

    @property
    def sender(self) -> str:
        """The address that letters come from."""
        ...

    def carry(self, message: EmailMessage, to: str) -> str:
        """Hand the letter over; the server's code for having taken it.

        Raises ``bureau.errors.LetterRefused`` when it will never be taken, ``LetterDelayed`` when it may be later, and
        ``PostUnavailable`` when no letter can be carried now.
        """
        ...
