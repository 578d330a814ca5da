"""Paper invoices: how many may be collected, which numbers are locked, and what became of each."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from sync.models.base import FenAmount, Texts, Wire
from sync.models.queries import Refusal


class UnitStock(Wire):
    """What one storage unit of the dispenser holds now."""

    unit: str
    code: str  # 发票代码, 10 or 12 digits
    next_number: str  # 发票号码, 8 digits
    last_number: str
    count: int = Field(ge=0)


class EntitlementParams(Wire):
    """Params of ``invoice.entitlement``."""

    units: list[UnitStock]


class OrderParams(Wire):
    """Params of ``invoice.order``: the pick-up code (取票码) as typed."""

    pickup: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    units: list[UnitStock]


class InvoiceEntitlement(Wire):
    """How many of one kind may be collected now, and which limit binds (核定票种)."""

    kind: str
    kind_name: Texts
    code: str
    unit: str
    allowed: int = Field(ge=0)
    binding: str  # perTime, monthly, hold, stock
    binding_text: Texts
    collected_this_month: int
    monthly_max: int
    per_time_max: int
    unused_held: int
    hold_max: int
    face_limit_fen: FenAmount
    order: str | None = None
    """The order that is picked up, of which ``allowed`` sheets are left."""


class InvoiceEntitlements(Wire):
    """``invoice.entitlement``: the kinds, or why none (``blocked``)."""

    kinds: list[InvoiceEntitlement]
    blocked: Refusal | None = None


class InvoiceReserve(Wire):
    """``invoice.reserve``: lock the numbers that lie in front of a unit."""

    kind: str
    count: int = Field(ge=1, le=500)
    unit: str
    code: str
    next_number: str
    order: str | None = None


class InvoiceReserved(Wire):
    """The numbers locked for this taxpayer until ``expires_at`` (5 min)."""

    reservation: str
    code: str
    first: str
    last: str
    count: int
    expires_at: AwareDatetime


class NumberRange(Wire):
    """Consecutive invoice numbers, both ends included."""

    first: str = Field(pattern=r"^[0-9]{8}$")
    last: str = Field(pattern=r"^[0-9]{8}$")


class InvoiceCommit(Wire):
    """``invoice.commit``: what became of each reserved number (领用结果), and of others that came along."""

    reservation: str
    code: str
    delivered: list[NumberRange]
    quarantined: list[NumberRange] = Field(default_factory=list)
    released: list[NumberRange] = Field(default_factory=list)
    cause: str | None = None  # mediaJammed, numberMismatch, doubleFeed, notTaken, powerLoss
    beyond: list[NumberRange] = Field(default_factory=list)
    """Numbers outside the reservation that were seen to leave the unit with it: the second sheet of a double feed
    behind the last reserved one, or one that lay in the stack out of its order."""


class InvoiceCommitted(Wire):
    """The ledger's movement for the slip."""

    movement: str
    delivered: int
    quarantined: int
    released: int


class HeldRow(Wire):
    """Consecutive numbers that the enterprise holds; ``amount_fen`` with tax, where they are in the issuing data."""

    id: str
    kind: str
    kind_name: Texts
    code: str
    first: str
    last: str
    count: int = Field(ge=1)
    amount_fen: int | None = None


class InvoiceHoldings(Wire):
    """``invoice.holdings``: what of the invoices held the service is about, by code and number."""

    rows: list[HeldRow]
    count: int


class ApprovedRow(Wire):
    """One kind of paper: what is approved of it (核定), or that nothing is."""

    id: str
    kind_name: Texts
    approved: bool
    face_limit: str | None = None
    face_limit_fen: FenAmount | None = None
    monthly_max: int | None = None
    collected_this_month: int = 0
    unused_held: int = 0


class InvoiceApprovals(Wire):
    """``invoice.approvals``: every kind of paper and what is approved of it."""

    rows: list[ApprovedRow]
