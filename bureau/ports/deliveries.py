"""Orders of paper invoices that a courier brings (发票邮寄), from the order to the signature of who receives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, Protocol

from kiosk.domain.invoices import InvoiceRange

State = Literal["ordered", "packed", "sent", "delivered", "returned", "lost", "cancelled"]
"""``packed``: the numbers lie in the parcel; ``sent``: the courier has it; the last four end it."""
OPEN: Final[tuple[State, ...]] = ("ordered", "packed", "sent")
COUNTED: Final[tuple[State, ...]] = (*OPEN, "delivered")
"""What counts against the month in which it was ordered: of the others the enterprise got nothing."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """The numbers of a parcel, all of one code (发票代码)."""

    code: str
    numbers: InvoiceRange


@dataclass(frozen=True, slots=True)
class Delivery:
    """An order; its number is that of the case it was accepted as.

    ``recipient``: name, phone and address in the vault's seal under the order's number, until the order has ended;
    None: to the registered address. ``since``: when it came to its state. ``closed_by``: the case by which the
    enterprise cancelled it. ``signed_by``: the first character of who signed; the whole name is on the courier's proof.
    """

    order: str
    taxpayer: str
    kind: str
    count: int
    ordered_on: date
    state: State
    since: datetime
    recipient: bytes | None = field(default=None, repr=False)
    parcel: Parcel | None = None
    courier: str = ""
    consignment: str = ""
    ended_on: date | None = None
    signed_by: str = ""
    reason: str = ""
    closed_by: str = ""


class Deliveries(Protocol):
    """Orders that are delivered, and the numbers in their parcels."""

    def place(self, order: Delivery) -> None:
        """Keep a new order."""
        ...

    def order(self, number: str, *, lock: bool = False) -> Delivery | None:
        """The order; with ``lock`` nobody else changes it until the transaction ends."""
        ...

    def sent_as(self, courier: str, consignment: str) -> Delivery | None:
        """The order whose parcel the courier has, or had, under this number."""
        ...

    def of(self, taxpayer: str) -> Sequence[Delivery]:
        """The enterprise's orders, the newest first."""
        ...

    def listed(self, states: Sequence[State], limit: int) -> Sequence[Delivery]:
        """Orders in these states, the oldest first."""
        ...

    def in_stock(self, kind: str) -> int:
        """Sheets on the shelf that no open order waits for."""
        ...

    def change(self, order: Delivery) -> None:
        """The order stands as this says now; its numbers stay where they are."""
        ...

    def pack(self, order: Delivery, parcel: Parcel, operator: str, witness: str) -> None:
        """Move the numbers from the shelf into the parcel; raises ``StockRefused``."""
        ...

    def unpack(self, order: Delivery, operator: str, witness: str) -> None:
        """Move them back to the shelf: the parcel has not left the house."""
        ...

    def issue(self, order: Delivery, operator: str) -> None:
        """The numbers are the enterprise's from now on."""
        ...

    def take_back(self, order: Delivery, operator: str, witness: str) -> None:
        """Move them to the shelf, in quarantine: they were out of the house."""
        ...

    def lose(self, order: Delivery, operator: str, witness: str) -> None:
        """The numbers are lost, and never were the enterprise's."""
        ...
