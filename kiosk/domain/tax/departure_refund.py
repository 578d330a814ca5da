"""Departure tax refund (离境退税) for travellers from abroad: who may have it, and how much."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.parameters import TaxParameters


class Reason(enum.StrEnum):
    """Why there is no refund."""

    NONE = ""
    BELOW_MINIMUM = "below-minimum"
    TOO_OLD = "bought-too-long-ago"
    STAYED_TOO_LONG = "stayed-too-long"
    BEFORE_PURCHASE = "leaving-before-purchase"


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought in one store on one day: totals with tax by the goods' VAT rate (13 or 9 per cent)."""

    day: date
    at_13_fen: Fen = Fen(0)
    at_9_fen: Fen = Fen(0)

    @property
    def total_fen(self) -> Fen:
        """The invoice total with tax."""
        return Fen(self.at_13_fen + self.at_9_fen)


@dataclass(frozen=True, slots=True)
class Refund:
    """The refund before and after the agency's fee, or the reason why there is none."""

    refund_fen: Fen
    fee_fen: Fen
    paid_fen: Fen
    cash_allowed: bool
    reason: Reason
    parameters_hash: str


def compute(
    purchase: Purchase,
    leaving: date,
    parameters: TaxParameters,
    *,
    days_in_china: int | None = None,
    fee_rate: Decimal | None = None,
    together_fen: Fen | None = None,
) -> Refund:
    """The refund on one purchase by the rules of its day.

    ``days_in_china`` without a break until leaving, when known; ``fee_rate`` the agency's own fee. ``together_fen``:
    what was bought with it in the same store on the same day in all, where it is on several invoices.
    """
    rules = parameters.at(purchase.day)
    reason = _reason(purchase, leaving, parameters, days_in_china, together_fen)
    if reason is not Reason.NONE:
        return Refund(Fen(0), Fen(0), Fen(0), False, reason, parameters.hash)
    gross = yuan(purchase.at_13_fen) * rules.rate("departure-refund.rate-13") + yuan(
        purchase.at_9_fen
    ) * rules.rate("departure-refund.rate-9")
    refund = round_fen(gross)
    rate = rules.rate("departure-refund.agency-fee") if fee_rate is None else fee_rate
    fee = Fen(min(refund, round_fen(yuan(purchase.total_fen) * rate)))
    paid = Fen(refund - fee)
    return Refund(refund, fee, paid, in_cash(paid, purchase.day, parameters), reason, parameters.hash)


def in_cash(paid_fen: Fen, day: date, parameters: TaxParameters) -> bool:
    """Whether so much may be paid out in cash by the rules of ``day``; more goes by transfer alone."""
    return paid_fen <= parameters.at(day).amount("departure-refund.cash-limit")


def total_paid(refunds: Sequence[Refund]) -> Fen:
    """What the traveller receives for all purchases."""
    return Fen(sum(refund.paid_fen for refund in refunds))


def _reason(
    purchase: Purchase, leaving: date, parameters: TaxParameters, stay: int | None, together: Fen | None
) -> Reason:
    rules = parameters.at(purchase.day)
    if leaving < purchase.day:
        return Reason.BEFORE_PURCHASE
    in_all = purchase.total_fen if together is None else together
    if in_all < rules.amount("departure-refund.minimum"):
        return Reason.BELOW_MINIMUM
    if (leaving - purchase.day).days > rules.number("departure-refund.days-before-leaving"):
        return Reason.TOO_OLD
    if stay is not None and stay > rules.number("departure-refund.days-of-stay"):
        return Reason.STAYED_TOO_LONG
    return Reason.NONE
