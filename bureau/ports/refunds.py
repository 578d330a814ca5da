"""Refunds of taxes (退税): what is given back, what of it is set off against arrears, and where the rest goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

State = Literal["approved", "ordered", "paid", "returned"]
"""``approved``: an officer allowed it; ``ordered``: the treasury was told to pay (收入退还书); ``returned``: the
bank sent the money back, another account is needed."""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A tax, or a part of one, that is given back, and the surcharge for paying late (滞纳金) that was paid on it.

    ``due`` and ``entry_date`` (入库日期) are None where another withheld and paid it (年度汇算).
    """

    tax: str
    amount_fen: int
    late_fee_fen: int = 0
    due: str | None = None
    entry_date: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Where the money goes: a bank as ``names`` has it, and the number."""

    bank: str
    number: str


@dataclass(frozen=True, slots=True)
class NewRefund:
    """A refund that an officer allowed; ``declaration`` is the return by which too much was paid."""

    case: str
    taxpayer: str
    declaration: str
    parts: tuple[GivenBack, ...]
    account: Account
    by: str


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund as it stands. Interest and what was set off (抵欠) are known once it is ordered.

    ``settled_on``: the day on which the treasury paid, or the bank sent it back for ``reason``.
    """

    refund: str
    case: str
    taxpayer: str
    declaration: str
    parts: tuple[GivenBack, ...]
    account: Account
    state: State
    approved_at: datetime
    approved_by: str
    ordered_by: str | None = None
    interest_fen: int = 0
    set_off_fen: int = 0
    settled_on: date | None = None
    reason: str | None = None

    @property
    def tax_fen(self) -> int:
        """The taxes given back."""
        return sum(part.amount_fen for part in self.parts)

    @property
    def late_fee_fen(self) -> int:
        """The surcharges given back with them."""
        return sum(part.late_fee_fen for part in self.parts)

    @property
    def total_fen(self) -> int:
        """Taxes, surcharges and interest together."""
        return self.tax_fen + self.late_fee_fen + self.interest_fen

    @property
    def to_account_fen(self) -> int:
        """What goes to the account."""
        return self.total_fen - self.set_off_fen


class Refunds(Protocol):
    """Refunds from the officer's yes to the money in the account."""

    def allow(self, new: NewRefund) -> Refund:
        """Keep what an officer allowed, under a new number."""
        ...

    def refund(self, number: str, *, lock: bool = False) -> Refund | None:
        """One refund; with ``lock`` nobody else changes it until the transaction ends."""
        ...

    def of_case(self, case: str) -> Refund | None:
        """The refund that came of a case."""
        ...

    def of_declaration(self, declaration: str) -> Sequence[Refund]:
        """The refunds of one return."""
        ...

    def order(self, refund: Refund, by: str, interest_fen: int, set_off_fen: int) -> Refund:
        """The treasury is told; paid at once where nothing is left for the account."""
        ...

    def settle(self, refund: Refund, day: date, returned: str | None = None) -> Refund:
        """The treasury paid on ``day``; or the bank sent it back then, for the reason ``returned``."""
        ...

    def again(self, refund: Refund, account: Account, by: str) -> Refund:
        """What came back is ordered once more, to another account."""
        ...

    def listed(self, states: Iterable[State], limit: int) -> Sequence[Refund]:
        """Refunds in these states, the oldest first."""
        ...
