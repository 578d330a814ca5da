"""Certificates: what will be certified, what was, and what became of a copy."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sync.models.base import FenAmount, Month, Sha256Hex, Texts, Wire


class IitMonths(Wire):
    """``iit.months``: which months have a record."""

    first: Month
    last: Month
    with_income: list[Month]


class MonthRange(Wire):
    """Params of ``iit.record``."""

    first: Month
    last: Month


class IitRow(Wire):
    """One line of the record (纳税记录明细)."""

    month: Month
    item: str  # code of the income item 所得项目: wages, labour, bonus …
    item_name: Texts
    income_fen: FenAmount
    tax_fen: FenAmount
    entry_date: date  # 入(退)库日期
    authority: str
    remark: str = ""


class IitRecord(Wire):
    """``iit.record``: what will be certified. ``content_sha256`` names exactly these rows."""

    name: str
    number_masked: str
    first: Month
    last: Month
    rows: list[IitRow]
    total_income_fen: FenAmount
    total_tax_fen: FenAmount
    content_sha256: Sha256Hex


class CertificateIssue(Wire):
    """``certificate.issue``: certify what was shown."""

    certificate: Literal["iit-record"]
    first: Month
    last: Month
    content_sha256: Sha256Hex


class CertificateIssued(Wire):
    """Number (字轨号码), verification code (验证码) and hash of the PDF at ``/v1/documents/{number}``."""

    number: str
    code: str
    pages: int
    pdf_sha256: Sha256Hex
    verify_url: str


class CertificatePrinted(Wire):
    """``certificate.printed``: a copy came out, or did not; ``job`` is the print job it was fetched for."""

    number: str
    outcome: Literal["printed", "notPrinted", "uncertain"]
    job: str | None = None
