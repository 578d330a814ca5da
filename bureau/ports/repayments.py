"""Charges that are given back by the acquirer (原路退款): money that never entered the treasury.

What entered it is a tax that was paid, and goes back as a refund of taxes alone (``refunds``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.acquirer import AcquirerLine, AcquirerRefund
from sync.models import PaymentChannel

State = Literal["ordered", "processing", "given", "refused", "confirmed"]
UNDER_WAY: tuple[State, ...] = ("ordered", "processing", "given")
"""Not confirmed by a daily file yet, and not refused."""


@dataclass(frozen=True, slots=True)
class NewRepayment:
    """A charge, or part of it, that two officers have given back. ``reference`` is the acquirer's of the charge."""

    order: str
    case: str
    channel: PaymentChannel
    amount_fen: int
    reference: str
    officer: str
    second: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repayment:
    """One of them; its number is the key under which the acquirer does it once.

    ``ordered``: written here, and perhaps there. ``processing``: taken in there. ``given``: the acquirer says so.
    ``confirmed``: its daily file says so, on that day. ``refused``: it never will be, ``word`` says why.
    """

    repayment: str
    order: str
    case: str
    channel: PaymentChannel
    amount_fen: int
    reference: str
    officer: str
    second: str
    reason: str
    state: State
    ordered_at: datetime
    word: str = ""
    given_at: datetime | None = None
    confirmed_on: date | None = None
    tries: int = 0

    @property
    def under_way(self) -> bool:
        """Whether its end is not known yet."""
        return self.state in UNDER_WAY


@dataclass(frozen=True, slots=True)
class Charge:
    """What the acquirers' daily files prove of an order, and where that money is. All in fen.

    ``charged_fen`` less what was voided; ``booked_fen`` entered the treasury; ``asked_fen`` is under way back,
    ``given_fen`` a daily file says is back, by our order or without one.
    """

    order: str
    channel: PaymentChannel
    charged_fen: int
    booked_fen: int
    asked_fen: int
    given_fen: int
    reference: str

    @property
    def owed_fen(self) -> int:
        """What was charged, never booked, and is on no way back. Below zero where more was booked than is there."""
        return self.charged_fen - self.booked_fen - self.asked_fen - self.given_fen

    @property
    def even(self) -> bool:
        """Whether something of it is back and nothing more has to go."""
        return self.given_fen > 0 and self.asked_fen == 0 and self.owed_fen == 0


@dataclass(frozen=True, slots=True)
class FiledLine:
    """One line of a daily file; ``repayment`` is ours that it confirms."""

    line: AcquirerLine
    repayment: str | None = None


class Repayments(Protocol):
    """Charges given back, each written before the acquirer hears of it, and the files that prove charges."""

    def charges(self, orders: Sequence[str], *, lock: bool = False) -> Sequence[Charge]:
        """Of those orders which a daily file has, what was charged; with ``lock`` nobody else books or gives back.

        The order need not be one of this centre.
        """
        ...

    def order(self, new: NewRepayment) -> Repayment:
        """Write it, before anybody is asked. Its order, where it is ours, can be booked no more while this stands.

        Call with the charge locked; one of an order is under way at a time.
        """
        ...

    def repayment(self, repayment: str, *, lock: bool = False) -> Repayment | None:
        """One of them; with ``lock`` nobody else changes it until the transaction ends."""
        ...

    def of(self, order: str) -> Sequence[Repayment]:
        """Those of an order, the first one first."""
        ...

    def listed(self, states: Sequence[State], limit: int) -> Sequence[Repayment]:
        """Those in such a state, the oldest first."""
        ...

    def waiting(self, now: datetime, limit: int) -> Sequence[Repayment]:
        """Those the acquirer should be asked about now."""
        ...

    def of_taxpayer(self, taxpayer: str, since: datetime) -> Sequence[Repayment]:
        """Those of the taxpayer's orders made from ``since`` on that are not refused, the latest first."""
        ...

    def answered(self, repayment: Repayment, heard: AcquirerRefund | None) -> Repayment:
        """Take in what the acquirer says, or that it said nothing; the payer is told once it is given.

        Only what is ``ordered`` or ``processing`` moves by it.
        """
        ...

    def refuse(self, repayment: Repayment, word: str) -> Repayment:
        """It will not be given back, whatever was said before; what a file has confirmed stays."""
        ...

    def confirmed(self, repayment: Repayment, day: date) -> Repayment:
        """The daily file of ``day`` has it, which is the last word; the payer is told if nobody has."""
        ...

    def confirmed_by(self, day: date, channel: PaymentChannel) -> Sequence[Repayment]:
        """Those that a channel's file of that day has confirmed."""
        ...

    def filed(self, day: date, channel: PaymentChannel, lines: Sequence[FiledLine]) -> None:
        """Keep a channel's file of a day, in place of an earlier one."""
        ...
