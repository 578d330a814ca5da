"""Paper invoices that a courier brings: what may be ordered, and how far the orders are."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, Field

from sync.models.base import Texts, Wire


class DeliverableRow(Wire):
    """One approved kind of paper: how many sheets can be ordered now, and what binds.

    ``address`` and ``phone`` are the enterprise's registered ones, the same in each row.
    """

    id: str
    kind_name: Texts
    allowed: int = Field(ge=0)
    orderable: bool
    binding_text: Texts
    collected_this_month: int
    monthly_max: int
    unused_held: int
    hold_max: int
    address: str | None = None
    phone: str | None = None


class Deliverable(Wire):
    """``invoice.deliverable``: every approved kind."""

    rows: list[DeliverableRow]


class DeliveryRow(Wire):
    """One order; ``numbers`` once it is packed. Nothing of who receives it."""

    order: str
    kind_name: Texts
    count: int
    state: str  # ordered, packed, sent, delivered, returned, lost, cancelled
    ordered_on: date
    numbers: str
    next_step: Texts
    cancellable: bool
    why_not: Texts | None = None


class DeliveryOrders(Wire):
    """``invoice.deliveries``: the enterprise's orders, the newest first."""

    rows: list[DeliveryRow]
    as_of: AwareDatetime
