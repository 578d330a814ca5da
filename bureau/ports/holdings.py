"""Invoices in an enterprise's hands (结存发票): which it holds, which of them it wrote on, what becomes of them."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from kiosk.domain.invoices import InvoiceRange, Ranges
from sync.models import Texts

HeldState = Literal["issued", "used", "lost", "returning", "voided"]
"""``issued``: not accounted for. ``returning`` and ``voided``: to be handed in, not counted by a counter yet."""


class Fate(enum.StrEnum):
    """What becomes of numbers that an enterprise holds."""

    USED = "used"  # 验旧: they were written on, and the issuing data says so
    LOST = "lost"  # 遗失、损毁
    RETURNING = "returning"  # unused, on the way to the counter (退回、缴销)
    VOIDED = "voided"  # spoilt, on the way to the counter
    KEPT = "kept"  # the counter did not take them: with the enterprise as before
    RETURNED = "returned"  # counted at the counter: on the shelf, in quarantine
    WRITTEN_OFF = "written-off"  # spoilt ones, counted at the counter


@dataclass(frozen=True, slots=True)
class HeldRun:
    """Consecutive numbers of one code in one state.

    ``uploaded``: each of them is in the issuing data (开具数据), and ``amount_fen`` is their sum with tax.
    """

    code: str
    kind: str
    kind_name: Texts
    numbers: InvoiceRange
    state: HeldState
    uploaded: bool = False
    amount_fen: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """Numbers of an enterprise that a case moves; ``operator``: the officer who decided, empty for nobody."""

    taxpayer: str
    code: str
    numbers: InvoiceRange
    case: str
    operator: str = ""


class Holdings(Protocol):
    """What enterprises hold."""

    def runs(self, taxpayer: str) -> Sequence[HeldRun]:
        """What the enterprise has not accounted for (``issued``), by code and number, parted by ``uploaded``."""
        ...

    def within(
        self, taxpayer: str, code: str, numbers: InvoiceRange
    ) -> Sequence[tuple[InvoiceRange, HeldState]]:
        """What of ``numbers`` was ever the enterprise's, and how it stands, ascending; the code stays locked."""
        ...

    def uploaded(self, taxpayer: str, code: str, numbers: InvoiceRange) -> Ranges:
        """Which of ``numbers`` the enterprise's issuing data has."""
        ...

    def settle(self, moved: Settled, fate: Fate) -> str:
        """Move every number; the movement's number. Raises ``NumbersMoved`` when some are not where they may be."""
        ...

    def uploaded_to(self, taxpayer: str) -> date | None:
        """The day of the latest invoice in the issuing data."""
        ...

    def unchecked_since(self, taxpayer: str) -> date | None:
        """The day of the earliest paper invoice that is uploaded and not checked (验旧)."""
        ...

    def verify(self, taxpayer: str, day: date) -> None:
        """Used invoices are checked up to ``day``."""
        ...
