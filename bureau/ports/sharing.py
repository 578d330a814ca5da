"""Consents of enterprises to give their data to other bodies (数据共享授权), and what was given by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bureau.ports.certificates import IN_JSON
from bureau.ports.registration import PersonKey


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent; ``case`` gave it, and ``ended_by`` is the case that withdrew it.

    ``data`` are the kinds that it covers. It holds from ``since`` to ``until``, both included, until ``ended_on``.
    ``sealed``: text and signature in the vault's seal under the case's number.
    """

    __pydantic_config__ = IN_JSON

    case: str
    taxpayer: str
    recipient: str
    data: tuple[str, ...]
    person: PersonKey
    since: date
    until: date
    sealed: bytes
    ended_on: date | None = None
    ended_by: str | None = None

    def holds(self, day: date) -> bool:
        """Whether data may be given by it on that day; on the day on which it was withdrawn they may not."""
        return self.since <= day <= self.until and self.ended_on is None


@dataclass(frozen=True, slots=True)
class HandOver:
    """What was given to a recipient once: which kinds, by whom, and the SHA-256 of the very bytes."""

    __pydantic_config__ = IN_JSON

    number: int
    case: str
    taxpayer: str
    recipient: str
    data: tuple[str, ...]
    sha256: str
    by: str
    at: datetime


class Sharing(Protocol):
    """Consents and hand-overs. Neither is ever deleted, and a hand-over never changed."""

    def of_taxpayer(self, taxpayer: str) -> Sequence[Consent]:
        """All of an enterprise's consents, the latest first."""
        ...

    def find(self, case: str, *, lock: bool = False) -> Consent | None:
        """The consent of that case; with ``lock`` nobody withdraws it until the transaction ends."""
        ...

    def give(self, consent: Consent) -> None:
        """Enter it."""
        ...

    def end(self, case: str, day: date, by: str) -> None:
        """It is withdrawn from now on."""
        ...

    def hand_over(self, given: HandOver) -> HandOver:
        """Note that data were given; the number is given here."""
        ...

    def handed_over(self, taxpayer: str) -> Sequence[HandOver]:
        """All that was given of an enterprise, the latest first."""
        ...
