"""Returns (申报) and what is due (应缴税款)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from sync.models.base import FenAmount, Texts, Wire


class VatPrefill(Wire):
    """``vat.prefill``: what the centre knows for a small-scale VAT return (小规模纳税人增值税申报)."""

    taxpayer: str
    name: str
    period_first: date
    period_last: date
    limit_date: date  # 申报期限
    quarterly: bool
    invoice_count: int
    ordinary_sales_fen: FenAmount  # 普通发票不含税销售额
    special_sales_fen: FenAmount  # 专用发票不含税销售额
    levy_rate: str  # 征收率, "0.01"
    city_rate: str  # 城建税税率 by location, "0.07"
    half_six_taxes: bool  # 六税两费减半
    parameters_hash: str
    declared_already: str | None = None  # number of an earlier declaration of this period


class VatSurcharge(Wire):
    """``vat.surcharge``: what a return that is filed and paid on this business day costs (滞纳金), as the centre says.

    ``basis`` are the law and how it was counted, for the person to read; empty up to the limit itself.
    """

    limit_date: date
    days: int
    late_fee_fen: FenAmount
    total_fen: FenAmount  # the tax with it
    basis: Texts = Field(default_factory=dict)


class Due(Wire):
    """One amount to be paid (应缴税款)."""

    due: str
    tax: str
    tax_name: Texts
    period_first: date
    period_last: date
    amount_fen: FenAmount
    late_fee_fen: FenAmount = 0  # 滞纳金 if it is paid on the business day of the answer
    limit_date: date
    payable: bool = True  # False while a payment of it is under way or being confirmed
    held_text: Texts = Field(default_factory=dict)  # why it is not payable; empty when it is


class Dues(Wire):
    """``dues.list``; ``total_fen`` is what can be paid now, surcharges included."""

    dues: list[Due]
    total_fen: FenAmount


class DeclarationSubmit(Wire):
    """``declaration.submit`` for ``vat-small``: the figures the person confirmed."""

    tax: Literal["vat-small"]
    period_first: date
    period_last: date
    ordinary_sales_fen: FenAmount
    special_sales_fen: FenAmount
    uninvoiced_sales_fen: FenAmount
    levy_rate: str
    city_rate: str
    half_six_taxes: bool
    vat_fen: FenAmount
    city_fen: FenAmount
    education_fen: FenAmount
    local_education_fen: FenAmount
    total_fen: FenAmount
    parameters_hash: str


class Declared(Wire):
    """The return as filed: its number and what is now due."""

    declaration: str
    total_fen: FenAmount
    dues: list[Due]
