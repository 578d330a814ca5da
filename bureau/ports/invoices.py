"""Paper invoices: approvals (核定票种), stock by number, reservations and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from kiosk.domain.invoices import InvoiceRange
from sync.models import Texts


@dataclass(frozen=True, slots=True)
class Approval:
    """How many invoices of a kind an enterprise may have (核定票种)."""

    kind: str
    kind_name: Texts
    face_limit_fen: int
    monthly_max: int
    per_time_max: int
    hold_max: int
    method: Literal["verify-old", "hand-in-old", "batch"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One unit's blanks by the ledger: what lies in front, and how many of its code follow on hand."""

    place: str
    unit: str
    locked: bool
    reason: str
    code: str | None
    kind: str | None
    next_number: str | None
    on_hand: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """Numbers locked for one taxpayer."""

    reservation: str
    key: str
    terminal: str
    unit: str
    taxpayer: str
    kind: str
    code: str
    numbers: InvoiceRange
    expires_at: datetime
    state: Literal["open", "committed", "expired", "disputed"]
    movement: str | None


@dataclass(frozen=True, slots=True)
class WantedNumbers:
    """A reservation to be made at ``terminal``: ``numbers`` must lie in front of ``unit``."""

    key: str
    terminal: str
    unit: str
    taxpayer: str
    kind: str
    code: str
    numbers: InvoiceRange
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of reserved numbers; together the three are exactly the reservation."""

    delivered: tuple[InvoiceRange, ...]
    quarantined: tuple[InvoiceRange, ...]
    released: tuple[InvoiceRange, ...]
    cause: str | None


class Invoices(Protocol):
    """Approvals, stock by number, reservations and what became of them."""

    def approvals(self, taxpayer: str, day: date) -> Sequence[Approval]:
        """The kinds the enterprise may have on ``day``."""
        ...

    def approve(self, taxpayer: str, approval: Approval, day: date) -> None:
        """What is approved of this kind from ``day`` on, in place of what was before."""
        ...

    def collected(self, taxpayer: str, kind: str, first: date, last: date) -> int:
        """Sheets collected on those days."""
        ...

    def held(self, taxpayer: str, kind: str) -> int:
        """Sheets the enterprise holds unused, by verified data, with those reserved for it now."""
        ...

    def slot(self, place: str, unit: str) -> Slot | None:
        """The unit as the ledger has it; None when nothing was ever loaded there."""
        ...

    def reserve(self, wanted: WantedNumbers) -> Reservation:
        """Lock numbers; raises ``StockDiffers`` when others lie in front, ``StockShort``, ``SlotLocked``."""
        ...

    def reservation(self, reservation: str) -> Reservation | None:
        """The reservation, its numbers' code locked against other movements until the transaction ends."""
        ...

    def settle(self, reservation: Reservation, settlement: Settlement) -> str:
        """Move every number; the movement's number. Raises ``NumbersMoved`` when some are elsewhere."""
        ...

    def came_along(
        self, reservation: Reservation, numbers: Sequence[InvoiceRange], cause: str | None
    ) -> None:
        """Quarantine what lies on hand in the reservation's unit of ``numbers``, which were not reserved with it."""
        ...

    def settled(self, reservation: Reservation) -> Settlement:
        """What a committed reservation was settled with."""
        ...

    def expire(self, now: datetime) -> int:
        """Put numbers of reservations that ran out back on hand; how many reservations."""
        ...

    def lock_slot(self, place: str, unit: str, reason: str) -> None:
        """Let a unit give nothing until somebody has counted it."""
        ...

    def dispute(self, reservation: Reservation) -> None:
        """Keep the reservation for a person to settle and lock its slot."""
        ...
