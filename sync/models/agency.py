"""Invoices that the bureau issues for others (代开发票): asked for, paid, issued."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from sync.models.base import FenAmount, Sha256Hex, Texts, Wire
from sync.models.drafts import FromDraft
from sync.models.returns import Due

InvoiceKindAsked = Literal["ordinary", "special"]
"""普通发票, 增值税专用发票."""


class AgencyBuyer(Wire):
    """Params of ``agency.terms``: which kind of invoice for whom; without a number for a private person."""

    kind: InvoiceKindAsked
    buyer: Annotated[str, Field(min_length=1, max_length=100)]
    buyer_number: Annotated[str, Field(max_length=20)] | None = None


class AgencyGoods(Wire):
    """Goods or services that may be chosen: ``id`` is the code of 19 digits (税收分类编码)."""

    id: str
    title: Texts
    note: Texts


class AgencyTerms(Wire):
    """What may be sold, to whom as the registry has it, and up to how much at a terminal, with tax."""

    goods: list[AgencyGoods]
    buyer: str
    most_fen: FenAmount


class AgencySaleTold(AgencyBuyer):
    """Params of ``agency.tax``: the whole sale. ``gross_fen`` is what the buyer pays, with tax.

    ``name`` says what it was more closely than its code; ``quantity`` and ``unit`` may be left out.
    """

    goods: Annotated[str, Field(pattern=r"^[0-9]{19}$")]
    name: Annotated[str, Field(max_length=40)] | None = None
    unit: Annotated[str, Field(max_length=8)] | None = None
    quantity: Annotated[int, Field(ge=1, le=999_999)] | None = None
    gross_fen: Annotated[int, Field(gt=0, le=10**13)]


class AgencyTaxed(Wire):
    """What is to be paid before it is issued, each tax with its law, and what will stand on the invoice.

    ``total_fen`` is the tax with its surcharges; ``rate`` is empty where the sale is free (免税).
    """

    net_fen: FenAmount
    vat_fen: FenAmount
    city_fen: FenAmount
    education_fen: FenAmount
    local_education_fen: FenAmount
    total_fen: FenAmount
    gross_fen: FenAmount
    rate: str
    rate_text: Texts
    vat_basis: Texts
    city_basis: Texts
    education_basis: Texts
    local_education_basis: Texts
    item: str  # as it will stand on the invoice
    remark: str
    parameters_hash: Sha256Hex


class InvoiceApply(AgencySaleTold, FromDraft):
    """``invoice.apply``: have it issued (代开申请), for the tax that the person confirmed."""

    total_fen: FenAmount
    parameters_hash: Sha256Hex


class InvoiceApplied(Wire):
    """The application under its number, and the dues to be paid by ``expires_at``; then the invoice is issued."""

    application: str
    total_fen: FenAmount
    gross_fen: FenAmount
    dues: list[Due]
    expires_at: AwareDatetime


class InvoiceIssue(Wire):
    """``invoice.issue``: issue what was applied for, once it is paid."""

    application: Annotated[str, Field(max_length=32)]


class InvoiceIssued(Wire):
    """The invoice, its sealed file for this terminal's printer, and the link to its files, which works once."""

    application: str
    id: str
    number: str
    code: str
    issued: date
    net_fen: FenAmount
    tax_fen: FenAmount
    total_fen: FenAmount
    document: str
    pages: int
    pdf_sha256: Sha256Hex
    verify_url: str
    expires_at: AwareDatetime
