"""A small-scale VAT return as it was told, and the figures that its sales come to: of one filed now, or long ago."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kiosk.domain.ids import Fen
from kiosk.domain.tax.parameters import TaxParameters
from kiosk.domain.tax.vat_small import VatSmallInput, VatSmallResult, compute
from sync.models import DeclarationSubmit


def told(data: DeclarationSubmit, *, quarterly: bool, day: date) -> VatSmallInput:
    """What the return says, for the computation; ``day`` is the last of its period."""
    return VatSmallInput(
        ordinary_fen=Fen(data.ordinary_sales_fen),
        special_fen=Fen(data.special_sales_fen),
        uninvoiced_fen=Fen(data.uninvoiced_sales_fen),
        quarterly=quarterly,
        city_rate=Decimal(data.city_rate),
        half_six_taxes=data.half_six_taxes,
        day=day,
        reduced=not data.reduced_waived,
        threshold=not data.threshold_waived,
        freed_fen=Fen(data.freed_sales_fen),
        returned_fen=Fen(data.returned_sales_fen),
        carried_fen=Fen(data.carried_fen),
    )


def vat_return(
    figures: Mapping[str, Any], parameters: TaxParameters
) -> tuple[DeclarationSubmit, VatSmallResult]:
    """A VAT return as it was told and what its sales come to under those tables.

    Raises ``ValidationError`` for figures that are none of it, ``DomainError`` for what cannot be computed.
    """
    known = DeclarationSubmit.model_fields.keys() & figures.keys()
    data = DeclarationSubmit.model_validate({name: figures[name] for name in known})
    quarterly = data.period_first.month != data.period_last.month
    return data, compute(told(data, quarterly=quarterly, day=data.period_last), parameters)
