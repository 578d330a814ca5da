"""Returns as a terminal fills them in: prefilled, then computed by the same rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from kiosk.domain.ids import Fen
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax.vat_small import VatSmallInput, compute

INPUTS = (
    "ordinary_sales_fen", "special_sales_fen", "city_rate", "half_six_taxes", "period_first", "period_last",
    "threshold_waived", "reduced_waived", "returned_sales_fen", "carried_fen",
)  # fmt: skip


def filled(
    prefill: dict[str, Any], uninvoiced_fen: int = 0, freed_fen: int = 0, **changed: Any
) -> dict[str, Any]:
    """The data of ``declaration.submit`` from a prefill; ``changed`` is what somebody tampered with."""
    known = {**prefill, **{k: changed.pop(k) for k in INPUTS if k in changed}}
    result = compute(
        VatSmallInput(
            Fen(known["ordinary_sales_fen"]),
            Fen(known["special_sales_fen"]),
            Fen(uninvoiced_fen),
            known["quarterly"],
            Decimal(known["city_rate"]),
            known["half_six_taxes"],
            date.fromisoformat(known["period_last"]),
            not known["reduced_waived"],
            not known["threshold_waived"],
            Fen(freed_fen),
            Fen(known["returned_sales_fen"]),
            Fen(known["carried_fen"]),
        ),
        built_in(),
    )
    return {
        "tax": "vat-small",
        "period_first": known["period_first"],
        "period_last": known["period_last"],
        "ordinary_sales_fen": known["ordinary_sales_fen"],
        "special_sales_fen": known["special_sales_fen"],
        "uninvoiced_sales_fen": uninvoiced_fen,
        "levy_rate": str(result.levy_rate),
        "city_rate": known["city_rate"],
        "half_six_taxes": known["half_six_taxes"],
        "threshold_waived": known["threshold_waived"],
        "reduced_waived": known["reduced_waived"],
        "freed_sales_fen": freed_fen,
        "returned_sales_fen": known["returned_sales_fen"],
        "carried_fen": result.deducted_fen,
        "vat_fen": result.vat_fen,
        "city_fen": result.city_fen,
        "education_fen": result.education_fen,
        "local_education_fen": result.local_education_fen,
        "total_fen": result.total_fen,
        "parameters_hash": result.parameters_hash,
        **changed,
    }
