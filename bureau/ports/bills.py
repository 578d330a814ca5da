"""Payment vouchers (缴款凭证): bills over dues that are open, paid by whoever holds one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bureau.ports.returns import DueRecord


@dataclass(frozen=True, slots=True)
class NewBill:
    """Which dues of one taxpayer are to be paid with it, until when (included), and who issues it."""

    taxpayer: str
    dues: tuple[str, ...]
    valid_until: date
    by: str


@dataclass(frozen=True, slots=True)
class Bill:
    """A payment voucher with its dues as they stand today; ``paid_on``: the day on which the last of them was paid."""

    bill: str
    taxpayer: str
    issued_at: datetime
    issued_by: str
    valid_until: date
    withdrawn_on: date | None
    paid_on: date | None
    dues: tuple[DueRecord, ...]


class Bills(Protocol):
    """Payment vouchers."""

    def issue(self, new: NewBill) -> Bill:
        """Keep a new one, under a number that no other number leads to."""
        ...

    def bill(self, bill: str) -> Bill | None:
        """One, in whatever state."""
        ...

    def elsewhere(self, bill: str) -> bool:
        """Whether the number is one of another region's vouchers."""
        ...

    def over(self, dues: Sequence[str]) -> Sequence[Bill]:
        """Those that hold any of these dues and were not withdrawn."""
        ...

    def listed(self, limit: int) -> Sequence[Bill]:
        """The latest issued first, in whatever state."""
        ...

    def withdraw(self, bill: str, by: str) -> None:
        """It can be paid no more; an order that was opened with it goes on."""
        ...
