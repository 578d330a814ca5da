"""Interest on taxes that were paid too much (税收征收管理法 art. 51)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.parameters import TaxParameters

YEAR_DAYS = Decimal(360)
"""Days of a year by which banks divide its rate for a day's (人民币利率管理规定)."""


def compute(tax_fen: Fen, entered: date, back: date, parameters: TaxParameters) -> Fen:
    """What a current account would have borne from ``entered`` to ``back``, at the rate of ``back``.

    税收征收管理法实施细则 art. 78: the rate for current deposits (活期存款利率) of the day on which it is given back.
    Raises ``MoneyError`` for an amount below zero.
    """
    if tax_fen < 0:
        raise MoneyError("interest is borne by what was paid too much, not by what is owed")
    days = max(0, (back - entered).days)
    rate = parameters.at(back).rate("common.current-deposit-rate")
    return round_fen(yuan(tax_fen) * rate * days / YEAR_DAYS)
