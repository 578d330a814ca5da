"""Drawing, sealing and signing certificates; implemented by ``bureau.certificates``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sync.models import IitRow, Texts


@dataclass(frozen=True, slots=True)
class IitCertificate:
    """All that an income tax record (个人所得税纳税记录) certifies, as the person saw and confirmed it.

    ``document_number`` is in full: the paper is legal proof. ``code`` is the verification code (验证码).
    """

    number: str
    code: str
    name: str
    document_kind: str
    document_number: str
    first: str
    last: str
    rows: tuple[IitRow, ...]
    total_income_fen: int
    total_tax_fen: int
    content_sha256: str
    issued_at: datetime
    place: Texts
    lang: str


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A finished, sealed, signed PDF. ``frozen`` is what verification pages show later."""

    pdf: bytes
    pages: int
    pdf_sha256: str
    verify_url: str
    frozen: bytes


class CertificateOffice(Protocol):
    """Draws, seals and signs certificates; touches no records. Takes a few hundred milliseconds."""

    def new_code(self) -> str:
        """A fresh verification code."""
        ...

    def issue_iit_record(self, certificate: IitCertificate) -> IssuedDocument:
        """The signed PDF; raises ``bureau.certificates.errors.CertificateError`` when nothing was issued."""
        ...

    def reprint(self, frozen: bytes, number: str, code: str, copy: int, at: datetime) -> IssuedDocument:
        """The ``copy``-th print of what was issued, marked as such; number, code and figures stay.

        Raises ``bureau.certificates.errors.CertificateError`` when nothing was printed.
        """
        ...
