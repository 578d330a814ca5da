"""Drawing, sealing and signing certificates; implemented by ``bureau.certificates``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sync.models import IitRow, SheetShown, Texts


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
    more: tuple[SheetFact, ...] = ()
    """Lines of the heading beside those that every record has."""


@dataclass(frozen=True, slots=True)
class SheetFact:
    """One line of a sheet's heading; ``screen``: whether the preview has it.

    ``public`` takes the value's place where anybody may look (masked numbers).
    """

    label: Texts
    value: Texts
    public: Texts | None = None
    strong: bool = False
    wide: bool = False
    screen: bool = True

    @property
    def shown(self) -> Texts:
        """The value as it may be read over somebody's shoulder."""
        return self.value if self.public is None else self.public


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of a sheet's table; ``width`` is its share of the line, ``screen`` whether the preview has it."""

    label: Texts
    width: int
    figures: bool = False
    screen: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a certificate says, in words and figures as they are printed; nothing in it depends on the moment.

    ``totals`` is one cell a column (or none), ``emphasis`` the column whose total is the certified figure.
    ``amount_fen`` is the figure that the QR code carries; None: the certificate has none. ``both`` prints the
    English beside the Chinese whatever language the person was served in. The holder is ``holder`` in full.
    """

    kind: str
    title: Texts
    holder: str
    facts: tuple[SheetFact, ...]
    columns: tuple[SheetColumn, ...] = ()
    rows: tuple[tuple[Texts, ...], ...] = ()
    totals: tuple[Texts, ...] = ()
    emphasis: int = -1
    capital_label: Texts | None = None
    capital: str = ""
    statements: tuple[Texts, ...] = ()
    amount_fen: int | None = None
    both: bool = False


@dataclass(frozen=True, slots=True)
class SheetCertificate:
    """A sheet to be certified: its number and verification code (验证码), where and when, and in which language."""

    number: str
    code: str
    sheet: Sheet
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

    def issue_sheet(self, certificate: SheetCertificate) -> IssuedDocument:
        """The signed PDF of a sheet; raises ``bureau.certificates.errors.CertificateError`` as above."""
        ...

    def reprint(self, frozen: bytes, number: str, code: str, copy: int, at: datetime) -> IssuedDocument:
        """The ``copy``-th print of what was issued, marked as such; number, code and figures stay.

        Raises ``bureau.certificates.errors.CertificateError`` when nothing was printed.
        """
        ...

    def shown(self, frozen: bytes) -> SheetShown:
        """What was issued, as it may be read over somebody's shoulder: heading, total and sentences.

        Raises ``bureau.certificates.errors.FrozenFormError``.
        """
        ...
