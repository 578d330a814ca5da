"""The seams of the centre to the outside world, and one door to those of its core (``bureau.core``).

Handlers import these Protocols and no tables. The reference engine implements the core's side; a real core
system takes its place without a change in terminal or API. Amounts are whole fen, moments aware, days dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.core import (
    AnsweredEffect,
    Answers,
    Cases,
    Certificates,
    Core,
    Invoices,
    KeptAnswer,
    Notices,
    Payments,
    Ratings,
    Registration,
    Returns,
    System,
    Work,
)
from bureau.facts import AcquirerOrder, CertificateRecord
from sync.models import IitRow, PaymentChannel, Texts

__all__ = [
    "Acquirer",
    "AcquirerFile",
    "AcquirerLine",
    "AcquirerOrder",
    "Acquirers",
    "AnsweredEffect",
    "Answers",
    "Cases",
    "CertificateOffice",
    "CertificateRecord",
    "Certificates",
    "Core",
    "IitCertificate",
    "Invoices",
    "IssuedDocument",
    "KeptAnswer",
    "Notices",
    "Payments",
    "PublicRecords",
    "Ratings",
    "Registration",
    "Returns",
    "SlipStatus",
    "System",
    "Work",
]

# --- the payment acquirer (implemented by bureau.acquirer.client) ---------------------------------------


@dataclass(frozen=True, slots=True)
class AcquirerLine:
    """One line of the acquirer's daily file: a payment that happened on that business day."""

    order: str
    amount_fen: int
    reference: str
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class AcquirerFile:
    """The payments of one business day. ``final`` once nothing can be added to it any more."""

    lines: tuple[AcquirerLine, ...]
    final: bool


class Acquirer(Protocol):
    """The acquirer's side of a payment order. Every call has a deadline of its own.

    Each method raises ``AcquirerUnreachable`` (state unknown, ask again) or ``AcquirerRefused`` (final).
    """

    def create(self, order: str, amount_fen: int, subject: str, expires_s: float) -> AcquirerOrder:
        """Open an order; the same order number with the same amount again answers with the first one."""
        ...

    def query(self, order: str) -> AcquirerOrder:
        """The order now; raises ``OrderUnknown`` when it never got there."""
        ...

    def close(self, order: str) -> AcquirerOrder:
        """Close the order. A paid one stays paid: then the state is ``APPROVED``."""
        ...

    def daily(self, day: date) -> AcquirerFile:
        """The payments of one business day, when final the last word on what was charged (对账文件)."""
        ...


@dataclass(frozen=True, slots=True)
class Acquirers:
    """Who is asked about an order, by its channel. Without ``card`` no order is opened for a bank card."""

    qr: Acquirer
    card: Acquirer | None = None

    def of(self, channel: PaymentChannel) -> Acquirer | None:
        """The acquirer of a channel, None where that channel is not offered."""
        return self.card if channel == "card" else self.qr


# --- certificates (implemented by bureau.certificates) --------------------------------------------------


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


# --- what the public pages read (implemented by bureau.engine.public, at ``app.state.public``) ----------


@dataclass(frozen=True, slots=True)
class SlipStatus:
    """What became of the thing a slip was printed for; no personal data beyond what the slip itself shows.

    ``received`` means the terminal's word alone is known to nobody yet (the key has not arrived).
    ``facts`` are label and value pairs for the page, already masked.
    """

    key: str
    state: Literal["unknown", "accepted", "refused", "duplicate", "inDoubt"]
    kind: str
    title: Texts
    text: Texts
    reference: str
    received_at: datetime | None
    deadline: date | None
    facts: tuple[tuple[Texts, str], ...] = ()


class PublicRecords(Protocol):
    """What anybody holding the paper may see."""

    def certificate(self, number: str) -> CertificateRecord | None:
        """The certificate of this number; checking the code is the page's duty (constant time)."""
        ...

    def slip(self, key: str) -> SlipStatus:
        """The state of the effect with this key; ``unknown`` when it has not arrived (yet)."""
        ...
