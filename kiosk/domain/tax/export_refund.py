"""What a foreign-trade enterprise gets back of the VAT it paid on goods that it exported (外贸企业出口货物免退税).

增值税法 art. 10 (exports at zero) and art. 33 (the refund is applied for); 财税〔2012〕39号 art. 3 (refund rate),
art. 4 (base: what stands on the purchase's special invoice) and art. 5 (免退税办法).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.parameters import TaxParameters

STANDARD = "vat-general.rate-13"
"""Goods without a row of their own are refunded at the rate at which they are taxed; see ``share``."""


@dataclass(frozen=True, slots=True)
class Share:
    """Of the tax on a purchase: what goes back, and what stays with the goods as their cost (征退税差额)."""

    refund_fen: Fen
    cost_fen: Fen


def refund_rate(hs: str, exported_on: date, parameters: TaxParameters) -> Decimal:
    """The refund rate (退税率) of a commodity code (商品编码, 10 digits) on the day of its export; 0: none is given."""
    on = parameters.at(exported_on)
    special = on.rate_or_none(f"export-refund.hs-{hs}")
    return on.rate(STANDARD) if special is None else special


def share(net_fen: Fen, tax_fen: Fen, rate: Decimal) -> Share:
    """The refund of one purchase: its net amount at ``rate``, never more than the tax that was paid on it.

    A purchase taxed below the refund rate (a small-scale seller's special invoice) goes back at the lower of both
    (财税〔2012〕39号 art. 3). Raises ``MoneyError`` for amounts below zero.
    """
    if net_fen < 0 or tax_fen < 0:
        raise MoneyError("a purchase has no amounts below zero")
    refund = min(round_fen(yuan(net_fen) * rate), tax_fen)
    return Share(Fen(refund), Fen(tax_fen - refund))
