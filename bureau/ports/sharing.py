"""Consents of enterprises to give their data to other bodies (数据共享授权), and what was given by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

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


ReferralState = Literal["waiting", "sent", "received", "withdrawn", "revoking", "revoked"]
"""``withdrawn``: never sent; ``revoking``: the bank is still to be told; ``revoked``: it was."""


@dataclass(frozen=True, slots=True)
class Referral:
    """An enterprise is referred to a bank for one of its loans, by the consent of ``case``.

    ``sha256``: of the bytes that were sent last; ``bank_number``: under which the bank has it, by its receipt.
    """

    __pydantic_config__ = IN_JSON

    case: str
    taxpayer: str
    bank: str
    product: str
    at: datetime
    state: ReferralState = "waiting"
    sent_at: datetime | None = None
    sha256: str = ""
    received_at: datetime | None = None
    bank_number: str = ""


class Sharing(Protocol):
    """Consents, hand-overs and referrals. None is ever deleted, and a hand-over never changed."""

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

    def refer(self, referral: Referral) -> None:
        """It waits to be sent to the bank."""
        ...

    def referral(self, case: str, *, lock: bool = False) -> Referral | None:
        """That of the consent of this case; with ``lock`` nobody changes it until the transaction ends."""
        ...

    def referrals(self, states: Sequence[ReferralState], limit: int) -> Sequence[Referral]:
        """Those in these states, the oldest first."""
        ...

    def change(self, referral: Referral) -> None:
        """It is what it is told to be from now on."""
        ...

    def handed_over(self, taxpayer: str) -> Sequence[HandOver]:
        """All that was given of an enterprise, the latest first."""
        ...
