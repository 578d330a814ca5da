"""The invoice lottery (有奖发票): its rounds, and the tickets of what was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON
from bureau.ports.registration import PersonKey

TicketState = Literal["blank", "won", "ordered", "paid", "returned"]
"""``blank``: no prize. ``won``: not claimed. ``ordered``: claimed, to be paid. ``returned``: the bank sent it back."""


@dataclass(frozen=True, slots=True)
class Round:
    """One business day. ``sealed`` is the seed under the centre's key; ``seed`` is set when the day is over."""

    __pydantic_config__ = IN_JSON

    day: date
    commitment: str
    odds: list[list[int]]
    sealed: bytes
    opened_at: datetime
    seed: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """One draw. ``code_sha256`` is over ticket and claim code; who claimed and where it is paid once it was claimed."""

    ticket: str
    key: str
    day: date
    invoice: str
    mobile: str
    terminal: str
    drawn: int
    prize_fen: int
    drawn_at: datetime
    claim_until: date
    code_sha256: str
    state: TicketState
    person: PersonKey | None = None
    bank: str = ""
    account: str = ""
    case: str = ""
    settled_on: date | None = None
    reason: str = ""


class Lottery(Protocol):
    """Rounds and tickets."""

    def round(self, day: date) -> Round | None:
        """The round of a day."""
        ...

    def open(self, new: Round) -> Round:
        """Begin a round; the one that stands, which is another's when somebody was first."""
        ...

    def unrevealed(self, before: date) -> Sequence[Round]:
        """Rounds of days before, whose seed is not published yet."""
        ...

    def reveal(self, day: date, seed: str) -> None:
        """Publish the seed of a round that is over."""
        ...

    def number_for(self, key: str) -> str:
        """The number of the ticket that the effect with this key draws."""
        ...

    def add(self, ticket: Ticket) -> None:
        """Enter a draw."""
        ...

    def of_invoice(self, invoice: str) -> Ticket | None:
        """The draw of this invoice: there is one at most."""
        ...

    def ticket(self, number: str, *, lock: bool = False) -> Ticket | None:
        """A draw; with ``lock`` nobody else changes it until the transaction ends."""
        ...

    def drawn_by(self, mobile: str, day: date) -> int:
        """How often a phone has drawn on a day."""
        ...

    def change(self, ticket: Ticket) -> None:
        """Keep who claimed, where it is paid and what became of it."""
        ...

    def listed(self, states: Sequence[TicketState], limit: int) -> Sequence[Ticket]:
        """Tickets in these states, the oldest first."""
        ...
