"""Orders of paper invoices that were approved beforehand (发票领用预约), each picked up by its code at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What was approved, by whom, and until when it can be picked up."""

    taxpayer: str
    kind: str
    count: int
    expires_on: date
    by: str


@dataclass(frozen=True, slots=True)
class PickUp:
    """An order: ``left`` sheets are neither delivered nor reserved now; ``code`` is what the enterprise was told."""

    order: str
    code: str
    taxpayer: str
    kind: str
    count: int
    left: int
    expires_on: date
    state: Literal["open", "cancelled"]


class Orders(Protocol):
    """Orders to be picked up."""

    def make(self, new: NewOrder) -> PickUp:
        """Keep an order under a new number and a code that cannot be guessed."""
        ...

    def by_code(self, taxpayer: str, code: str) -> PickUp | None:
        """The enterprise's order with this code."""
        ...

    def order(self, order: str, *, lock: bool = False) -> PickUp | None:
        """The order; with ``lock`` nobody else takes from it until the transaction ends."""
        ...

    def take(self, order: PickUp, reservation: str) -> None:
        """These reserved numbers are for the order: what of them is delivered is picked up."""
        ...

    def cancel(self, order: PickUp) -> None:
        """Nothing of it can be picked up any more."""
        ...

    def listed(self, limit: int) -> Sequence[PickUp]:
        """Orders, the one that ends first on top, open ones before the others."""
        ...
