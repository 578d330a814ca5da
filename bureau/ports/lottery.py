"""The invoice lottery (有奖发票): its pools (奖池), their rounds, and the tickets of what was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON
from bureau.ports.registration import PersonKey
from sync.models import Texts

TicketState = Literal["blank", "won", "ordered", "paid", "returned"]
"""``blank``: no prize. ``won``: not claimed. ``ordered``: claimed, to be paid. ``returned``: the bank sent it back."""

PoolState = Literal["proposed", "refused", "published", "closed"]
"""``closed``: an officer has ended it before its last day."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Prizes for the days from ``first`` to ``last``, both included, of ``budget_fen`` at most.

    ``odds``: pairs of prize in fen and draws of a million, the largest first. ``draws``: how many were expected when it
    was proposed. ``won_fen``: all that was won so far, claimed or not; the core counts it with each draw.
    ``closed_on``: the last day on which a closed one is drawn for. ``reason``: why it was refused or closed.
    """

    pool: str
    title: Texts
    first: date
    last: date
    budget_fen: int
    draws: int
    odds: list[list[int]]
    state: PoolState
    proposed_by: str
    proposed_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    closed_by: str = ""
    closed_at: datetime | None = None
    closed_on: date | None = None
    reason: Texts | None = None
    won_fen: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tickets of a pool have this prize (0: none) and this state; ``lapsed``: it can be claimed no more."""

    prize_fen: int
    state: TicketState
    lapsed: bool
    count: int


@dataclass(frozen=True, slots=True)
class Round:
    """One business day. ``sealed`` is the seed under the centre's key; ``seed`` is set when the day is over.

    ``pool``: whose prizes are drawn; None of a day from before there were pools.
    """

    __pydantic_config__ = IN_JSON

    day: date
    commitment: str
    odds: list[list[int]]
    sealed: bytes
    opened_at: datetime
    seed: str | None = None
    pool: str | None = None


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
    """Pools, rounds and tickets; nothing of any is ever deleted."""

    def lock(self) -> None:
        """Nobody else adds or changes a pool until the transaction ends."""
        ...

    def pools(self) -> Sequence[Pool]:
        """All, the one that begins first on top, by name where they begin on one day."""
        ...

    def pool(self, name: str, *, lock: bool = False) -> Pool | None:
        """One by its name; with ``lock`` nobody else draws for its prizes until the transaction ends."""
        ...

    def add_pool(self, pool: Pool) -> None:
        """Enter one."""
        ...

    def change_pool(self, pool: Pool) -> None:
        """Keep its state, who decided and who closed it, why and when; what it promises stays as it was."""
        ...

    def rounds(self, pool: str) -> Sequence[Round]:
        """The rounds of a pool, the first first."""
        ...

    def tally(self, pool: str, day: date) -> Sequence[Tally]:
        """Its tickets counted by prize and state, the largest prize first; what is lapsed on that day apart."""
        ...

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
        """Enter a draw; its prize counts in ``won_fen`` of the pool whose round it was drawn in."""
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
