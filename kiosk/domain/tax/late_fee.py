"""The charge for paying late (滞纳金), and amounts too small to collect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.parameters import TaxParameters

DAILY: Final = "common.late-fee-daily-rate"
"""The parameter of taxes; what is no tax has rates of its own."""


@dataclass(frozen=True, slots=True)
class LateFee:
    """``days`` counted from the day after the limit to the day of payment, both included."""

    days: int
    fee_fen: Fen


def compute(tax_fen: Fen, limit: date, paid: date, parameters: TaxParameters, rate: str = DAILY) -> LateFee:
    """The charge on ``tax_fen`` paid on ``paid`` (税收征收管理法 art. 32); nothing up to the limit itself.

    ``rate``: the parameter with the charge a day, at its figure of ``paid``.
    """
    return LateFee(_days(limit, paid), round_fen(_exact(tax_fen, limit, paid, parameters, rate)))


@dataclass(frozen=True, slots=True)
class Paid:
    """A part of a tax that was paid before: ``tax_fen`` of the tax, and ``fee_fen`` of the charge."""

    day: date
    tax_fen: Fen
    fee_fen: Fen


def left(tax_fen: Fen, parts: Sequence[Paid], limit: date, day: date, parameters: TaxParameters) -> LateFee:
    """What is left of the charge on ``day``: ``tax_fen`` is the tax still unpaid, ``parts`` what was paid before.

    Of each part it runs to the day on which it was paid, of the rest to ``day``: the same as the tax unpaid in each
    stretch between two payments, day by day. It is rounded once, as a whole. A part that paid tax and no charge leaves
    its charge to be paid afterwards (国家税务总局公告2019年第48号, 1).
    """
    run = sum((_exact(one.tax_fen, limit, one.day, parameters) for one in parts), Decimal(0))
    whole = round_fen(run + _exact(tax_fen, limit, day, parameters))
    paid = sum(one.fee_fen for one in parts)
    return LateFee(_days(limit, day), Fen(max(0, whole - paid)))


def _days(limit: date, paid: date) -> int:
    return max(0, (paid - limit).days)


def _exact(tax_fen: Fen, limit: date, paid: date, parameters: TaxParameters, rate: str = DAILY) -> Decimal:
    """The charge in yuan before it is rounded."""
    if tax_fen < 0:
        raise MoneyError("a late fee is charged on a tax that is owed, not on a refund")
    return yuan(tax_fen) * parameters.at(paid).rate(rate) * _days(limit, paid)


def collectable(amount_fen: Fen, day: date, parameters: TaxParameters) -> Fen:
    """The amount, or nothing when it is below what is collected (税务总局公告2012年第25号: 1 yuan)."""
    least = parameters.at(day).amount_or_none("common.small-amount")
    return Fen(0) if least is not None and amount_fen < least else amount_fen
