"""The charge for paying late (滞纳金), and amounts too small to collect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.parameters import TaxParameters


@dataclass(frozen=True, slots=True)
class LateFee:
    """``days`` counted from the day after the limit to the day of payment, both included."""

    days: int
    fee_fen: Fen


def compute(tax_fen: Fen, limit: date, paid: date, parameters: TaxParameters) -> LateFee:
    """The charge on ``tax_fen`` paid on ``paid`` (税收征收管理法 art. 32); nothing up to the limit itself."""
    if tax_fen < 0:
        raise MoneyError("a late fee is charged on a tax that is owed, not on a refund")
    days = max(0, (paid - limit).days)
    rate = parameters.at(paid).rate("common.late-fee-daily-rate")
    return LateFee(days, round_fen(yuan(tax_fen) * rate * days))


def collectable(amount_fen: Fen, day: date, parameters: TaxParameters) -> Fen:
    """The amount, or nothing when it is below what is collected (税务总局公告2012年第25号: 1 yuan)."""
    least = parameters.at(day).amount_or_none("common.small-amount")
    return Fen(0) if least is not None and amount_fen < least else amount_fen
