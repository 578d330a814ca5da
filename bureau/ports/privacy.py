"""What is held of a person, and who looked at it (个人信息保护法, arts. 44 to 50; 税收征收管理法, art. 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.registration import PersonKey

HeldKind = Literal[
    "phone",
    "mailbox",
    "scan",
    "identity",
    "role",
    "return",
    "payment",
    "income",
    "source",
    "insurance",
    "vehicle",
    "invoice",
    "certificate",
    "case",
    "prize",
    "notice",
    "visit",
    "access",
]
"""Kinds of data. ``scan``: pages that belong to no case; ``visit``: what was done under a real name at a terminal."""
Party = Literal["self", "attorney", "guardian", "principal", "officer", "enterprise", "public"]


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one kind: how many entries, the day of the first and of the last one."""

    kind: HeldKind
    count: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Look:
    """One access to a person's data.

    ``who``: the terminal where the person themself or the holder of a paper asked (empty: the public page), the
    attorney, the principal and the officer by name, the enterprise by name. ``purpose``: the id of the service, or the
    officer's command.
    """

    party: Party
    who: str
    kind: HeldKind
    purpose: str


@dataclass(frozen=True, slots=True)
class Looked:
    """An access that is on record."""

    access: str
    at: datetime
    look: Look


class Privacy(Protocol):
    """A person's rights in their data."""

    def note(self, person: PersonKey, look: Look) -> None:
        """Record an access, for ever unchanged; nothing for somebody of whom nothing is held."""
        ...

    def looks(self, person: PersonKey, most: int) -> Sequence[Looked]:
        """Who looked, the newest first."""
        ...

    def forget(self, before: datetime) -> int:
        """Delete the record of accesses before a moment; how many."""
        ...

    def held(self, person: PersonKey) -> Sequence[Held]:
        """What is held of the person, by kind; no kind of which there is nothing."""
        ...

    def erase(self, person: PersonKey, kind: HeldKind) -> int:
        """Delete the data of a kind that may be deleted (``phone``, ``mailbox``, ``scan``); how many there were."""
        ...

    def holder(self, certificate: str) -> PersonKey | None:
        """Who had the certificate of this number issued."""
        ...
