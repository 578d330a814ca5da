"""Payment orders, their history, and the daily comparison (对账) with the acquirer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, Protocol

from bureau.ports.acquirer import AcquirerOrder
from sync.models import NontaxReceipt, PaymentChannel, PaymentStateName


@dataclass(frozen=True, slots=True)
class PaidDue:
    """A due inside an order, with the late-payment surcharge of the day the order was made.

    ``left_fen``: what it leaves of the due on that day, tax and surcharge; 0 where all of it is paid.
    """

    due: str
    amount_fen: int
    late_fee_fen: int
    left_fen: int = 0


@dataclass(frozen=True, slots=True)
class PaidNotice:
    """A notice of non-tax revenue inside an order, with the late fee of the day the order was made."""

    code: str
    amount_fen: int
    late_fee_fen: int


@dataclass(frozen=True, slots=True)
class Debited:
    """The account that an order is debited from, as the taxpayer's agreement stood when the order was made.

    ``word``: the bank's for why it declined.
    """

    agreement: str
    bank: str
    account: str
    holder: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """A payment order to be opened; ``key`` is that of its effect, ``bill`` the payment voucher that it pays.

    It is for dues, or for one notice of non-tax revenue.
    """

    key: str
    terminal: str
    taxpayer: str
    subject: str
    amount_fen: int
    channel: PaymentChannel
    expires_at: datetime
    dues: tuple[PaidDue, ...]
    bill: str = ""
    notice: PaidNotice | None = None
    debit: Debited | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A payment order. ``voucher`` is there once the money is booked (入库), and ``receipt`` where it paid a notice."""

    order: str
    key: str
    terminal: str
    taxpayer: str
    subject: str
    amount_fen: int
    state: PaymentStateName
    qr: str
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    payer_masked: str | None
    voucher: str | None
    tries: int
    dues: tuple[PaidDue, ...]
    channel: PaymentChannel = "qr-shown"
    bill: str = ""
    notice: PaidNotice | None = None
    receipt: NontaxReceipt | None = None
    debit: Debited | None = None

    @property
    def late_fee_fen(self) -> int:
        """What of it is for lateness."""
        return sum(part.late_fee_fen for part in (*self.dues, *((self.notice,) if self.notice else ())))

    @property
    def left_fen(self) -> int:
        """What is left of a due of which it pays a part, on the day it was made."""
        return sum(due.left_fen for due in self.dues)

    @property
    def settled(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state in (PaymentStateName.APPROVED, PaymentStateName.DECLINED, PaymentStateName.CLOSED)


GIVEN_BACK: Final = "given back"
"""What is done about an order in a comparison whose charge is back, as far as it was not booked."""


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One order in a day's comparison: what each side has, and what was done about a difference.

    What was given back has a line under its own number, below zero.
    """

    order: str
    result: Literal["MATCH", "OURS_ONLY", "THEIRS_ONLY", "AMOUNT_DIFF"]
    ours_fen: int | None
    theirs_fen: int | None
    action: str
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """End-of-day 对账 with the acquirer, line by line on the order number."""

    day: date
    at: datetime
    lines: tuple[ComparedLine, ...]

    @property
    def balanced(self) -> bool:
        """Whether nothing is left for a person to do."""
        return all(line.case is None for line in self.lines)

    def ours(self) -> tuple[int, int]:
        """How many orders we have, and their sum in fen."""
        amounts = [line.ours_fen for line in self.lines if line.ours_fen is not None]
        return len(amounts), sum(amounts)

    def theirs(self) -> tuple[int, int]:
        """How many the acquirer has, and their sum in fen."""
        amounts = [line.theirs_fen for line in self.lines if line.theirs_fen is not None]
        return len(amounts), sum(amounts)


class Payments(Protocol):
    """Payment orders, their history, and the booking of money at most once."""

    def open(self, new: NewOrder) -> Order:
        """Write the order and hold its dues or notice; raises ``DueTaken`` when another order holds or paid one."""
        ...

    def order(self, order: str, *, lock: bool = False) -> Order | None:
        """The order; with ``lock`` nobody else changes it until the transaction ends."""
        ...

    def paid(self, taxpayer: str, since: datetime) -> Sequence[Order]:
        """The taxpayer's orders that were paid from ``since`` on, the latest first."""
        ...

    def by_key(self, key: str) -> Order | None:
        """The order made by the effect with this key."""
        ...

    def learn(self, order: Order, heard: AcquirerOrder, source: str) -> Order:
        """Take in what the acquirer says: the order moves at most forward, and approval books it once."""
        ...

    def give_up(self, order: Order, note: str) -> Order:
        """Its charge goes back: an order that is not settled is closed, and its dues are free."""
        ...

    def tell_payer(self, order: Order) -> None:
        """Who paid has gone without a word on a settled order: they hear how it ended, once.

        That it was not charged is told only while its dues wait to be paid.
        """
        ...

    def doubt(self, order: Order, source: str, note: str) -> Order:
        """The acquirer gave no answer: an order that is not settled is in doubt, and is asked about again later."""
        ...

    def waiting(self, now: datetime, limit: int) -> Sequence[Order]:
        """Orders that should be asked about now: in doubt, or past their life and still open."""
        ...

    def in_doubt(self, day: date, channel: PaymentChannel) -> Sequence[Order]:
        """Unsettled orders, in doubt or left open, that can no more be paid after that day, in China."""
        ...

    def booked(self, day: date, channel: PaymentChannel) -> Sequence[Order]:
        """Approved orders that were paid on that day, in China."""
        ...

    def compared(self, comparison: Comparison) -> None:
        """Keep a day's comparison with the acquirer, in place of an earlier one."""
        ...

    def agreed(self, order: str) -> None:
        """What was charged to the order beyond what is booked is back: kept comparisons agree on it from now on."""
        ...

    def comparison_of(self, day: date) -> Comparison | None:
        """The last comparison of that day."""
        ...
