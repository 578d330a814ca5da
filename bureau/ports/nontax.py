"""Notices of non-tax revenue (非税收入缴款通知书), paid once by whoever holds one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class NewNontax:
    """What is to be paid: by whom (in the register), for which authority and item, by when, and who issues it.

    ``limit_date`` is the last day in time, ``valid_until`` the last on which it can be paid by this notice at all.
    """

    payer: str
    authority: str
    item: str
    amount_fen: int
    limit_date: date
    valid_until: date
    by: str


@dataclass(frozen=True, slots=True)
class NontaxNotice:
    """A notice by its payment code (缴款码); ``held_by``: the order that is collecting it, or has paid it."""

    code: str
    payer: str
    authority: str
    item: str
    amount_fen: int
    issued_at: datetime
    issued_by: str
    limit_date: date
    valid_until: date
    withdrawn_on: date | None
    paid_on: date | None
    held_by: str | None


class Nontax(Protocol):
    """Notices of non-tax revenue."""

    def issue(self, new: NewNontax) -> NontaxNotice:
        """Keep a new one, under a code that no other code leads to."""
        ...

    def notice(self, code: str) -> NontaxNotice | None:
        """One, in whatever state."""
        ...

    def elsewhere(self, code: str) -> bool:
        """Whether the code is one of another region's notices."""
        ...

    def listed(self, limit: int) -> Sequence[NontaxNotice]:
        """The latest issued first, in whatever state."""
        ...

    def withdraw(self, code: str, by: str) -> bool:
        """It can be paid no more; False, and nothing is changed, while an order holds it or once it is paid."""
        ...
