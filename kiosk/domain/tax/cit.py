"""Corporate income tax (企业所得税) on a year's taxable income."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.parameters import TaxParameters


class Enterprise(enum.StrEnum):
    """What the enterprise may claim besides its income."""

    GENERAL = "general"
    SMALL = "small-low-profit"
    """小型微利企业 by its staff and assets; its income is checked here."""
    HIGH_TECH = "high-tech"


@dataclass(frozen=True, slots=True)
class CitResult:
    """The tax and the effective rate it was computed with."""

    tax_fen: Fen
    rate: Decimal
    parameters_hash: str


def compute(taxable_fen: Fen, kind: Enterprise, year_end: date, parameters: TaxParameters) -> CitResult:
    """Tax on ``taxable_fen``; a small enterprise above its limit is taxed as a general one, in full."""
    rules = parameters.at(year_end)
    rate = rules.rate("cit.rate")
    if kind is Enterprise.HIGH_TECH:
        rate = rules.rate("cit.high-tech-rate")
    elif kind is Enterprise.SMALL:
        limit = rules.amount_or_none("cit.small-up-to")
        if limit is not None and taxable_fen <= limit:
            rate = rules.rate("cit.small-effective-rate")
    return CitResult(round_fen(yuan(Fen(max(0, taxable_fen))) * rate), rate, parameters.hash)
