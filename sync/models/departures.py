"""The departure tax refund (离境退税): what a traveller bought, what is given back on it, the application."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import AwareDatetime, Field

from sync.models.base import FenAmount, Sha256Hex, Texts, Wire

MOST_INVOICES: Final = 20
"""On one application; who bought more hands in another one."""


class DepartureInvoice(Wire):
    """A 数电票 by what its code says: ``amount_fen`` is its total with tax (价税合计)."""

    number: Annotated[str, Field(pattern=r"^[0-9]{20}$")]
    issued: date
    amount_fen: FenAmount


class DepartureTrip(Wire):
    """Since when the traveller has been in China without a break, and when they leave."""

    arrived_on: date
    leaves_on: date


class DepartureWish(DepartureTrip):
    """Params of ``departure.assess``: what was bought; who bought it is the passport of the subject."""

    invoices: Annotated[list[DepartureInvoice], Field(min_length=1, max_length=MOST_INVOICES)]


class DepartureLine(Wire):
    """One invoice: what is given back on it before the fee, or why nothing is. ``shop``: None, it is not told."""

    number: str
    issued: date
    amount_fen: FenAmount
    shop: str | None
    eligible: bool
    refund_fen: FenAmount
    why_not: Texts | None


class DepartureAssessed(Wire):
    """``departure.assess``: line by line and in sum; the agency's fee is taken off what is paid out.

    ``way``: how it can be paid out, in words.
    """

    lines: list[DepartureLine]
    count: int
    total_fen: FenAmount
    refund_fen: FenAmount
    fee_fen: FenAmount
    paid_fen: FenAmount
    way: Texts
    as_of: AwareDatetime


class DepartureApply(DepartureWish):
    """``departure.apply``: the application (离境退税申请); ``port`` is where the traveller leaves."""

    port: Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,29}$")]


class DepartureApplied(Wire):
    """The application was taken in. ``left_out``: invoices on which nothing is given back, and that it does not hold.

    ``content_sha256`` names what the filled form says, by which it is issued.
    """

    application: str
    accepted_at: AwareDatetime
    count: int
    left_out: int
    total_fen: FenAmount
    refund_fen: FenAmount
    fee_fen: FenAmount
    paid_fen: FenAmount
    way: Texts
    state_text: Texts
    basis: Texts
    content_sha256: Sha256Hex
