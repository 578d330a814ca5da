"""What the centre knows about people, enterprises, returns, invoices and payments, as plain values.

These are the words in which handlers and the core system talk (``bureau.ports``); no table and no wire model
shows through. Amounts are whole fen, moments aware, days dates, invoice numbers 8 digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from kiosk.domain.invoices import InvoiceRange
from kiosk.domain.people import DocumentKind, Role
from sync.models import PaymentChannel, PaymentStateName, Texts

# --- registration ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A person by document."""

    kind: DocumentKind
    number: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person enrolled under the real-name rules; ``latin_name`` is empty for most."""

    key: PersonKey
    name: str
    latin_name: str
    mobile: str

    def is_called(self, name: str) -> bool:
        """Whether a document with ``name`` may be this person's: spaces and case do not matter."""
        folded = "".join(name.split()).casefold()
        return folded in {
            "".join(known.split()).casefold() for known in (self.name, self.latin_name) if known
        }


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """An enterprise. ``used_verified_to`` is the day up to which its issued invoices are uploaded (验旧)."""

    taxpayer: str
    name: str
    state: Literal["normal", "abnormal", "cancelled"]
    small_scale: bool
    quarterly: bool
    levy_rate: str
    city_rate: str
    half_six_taxes: bool
    risk: Literal["low", "medium", "high"]
    registered_on: date
    used_verified_to: date | None


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """One role of a person in an enterprise."""

    taxpayer: Taxpayer
    role: Role


# --- returns and dues -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Income:
    """One line of a person's income record (个人所得税)."""

    month: str
    item: str
    income_fen: int
    tax_fen: int
    entry_date: date
    authority: str
    remark: str


@dataclass(frozen=True, slots=True)
class Sales:
    """Invoices issued in a period, without tax, red-letter ones taken off."""

    count: int
    ordinary_fen: int
    special_fen: int


@dataclass(frozen=True, slots=True)
class NewDue:
    """One tax of a return with its amount."""

    tax: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Filing:
    """A return to be filed. ``filed_at`` is the time of filing in law, ``key`` that of the effect."""

    key: str
    taxpayer: str
    tax: str
    period_first: date
    period_last: date
    figures: dict[str, object]
    total_fen: int
    limit_date: date
    filed_at: datetime
    terminal: str
    person: PersonKey
    role: Role
    dues: tuple[NewDue, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """A return as filed."""

    declaration: str
    taxpayer: str
    tax: str
    period_first: date
    period_last: date
    total_fen: int
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class DueRecord:
    """One amount to be paid; ``held_by`` is the payment order that is collecting it now."""

    due: str
    taxpayer: str
    tax: str
    period_first: date
    period_last: date
    amount_fen: int
    limit_date: date
    declaration: str | None
    state: Literal["open", "paid", "cancelled"]
    held_by: str | None


# --- paper invoices -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Approval:
    """How many invoices of a kind an enterprise may have (核定票种)."""

    kind: str
    kind_name: Texts
    face_limit_fen: int
    monthly_max: int
    per_time_max: int
    hold_max: int
    method: Literal["verify-old", "hand-in-old", "batch"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One unit's blanks by the ledger: what lies in front, and how many of its code follow on hand."""

    place: str
    unit: str
    locked: bool
    reason: str
    code: str | None
    kind: str | None
    next_number: str | None
    on_hand: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """Numbers locked for one taxpayer."""

    reservation: str
    key: str
    terminal: str
    unit: str
    taxpayer: str
    kind: str
    code: str
    numbers: InvoiceRange
    expires_at: datetime
    state: Literal["open", "committed", "expired", "disputed"]
    movement: str | None


@dataclass(frozen=True, slots=True)
class WantedNumbers:
    """A reservation to be made at ``terminal``: ``numbers`` must lie in front of ``unit``."""

    key: str
    terminal: str
    unit: str
    taxpayer: str
    kind: str
    code: str
    numbers: InvoiceRange
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of reserved numbers; together the three are exactly the reservation."""

    delivered: tuple[InvoiceRange, ...]
    quarantined: tuple[InvoiceRange, ...]
    released: tuple[InvoiceRange, ...]
    cause: str | None


# --- payments -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaidDue:
    """A due inside an order, with the late-payment surcharge of the day the order was made."""

    due: str
    amount_fen: int
    late_fee_fen: int


@dataclass(frozen=True, slots=True)
class NewOrder:
    """A payment order to be opened; ``key`` is that of its effect."""

    key: str
    terminal: str
    taxpayer: str
    subject: str
    amount_fen: int
    channel: PaymentChannel
    expires_at: datetime
    dues: tuple[PaidDue, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """A payment order. ``voucher`` is there once the money is booked (入库)."""

    order: str
    key: str
    terminal: str
    taxpayer: str
    subject: str
    amount_fen: int
    state: PaymentStateName
    qr: str
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    payer_masked: str | None
    voucher: str | None
    tries: int
    dues: tuple[PaidDue, ...]
    channel: PaymentChannel = "qr-shown"

    @property
    def settled(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state in (PaymentStateName.APPROVED, PaymentStateName.DECLINED, PaymentStateName.CLOSED)


@dataclass(frozen=True, slots=True)
class AcquirerOrder:
    """An order as the acquirer tells it now. ``qr`` is the text of the code the payer scans.

    ``state`` is ``CREATED`` (open, unpaid), ``APPROVED`` (paid), ``DECLINED`` or ``CLOSED`` (can no longer be
    paid) or ``UNKNOWN`` (the acquirer itself is in doubt).
    """

    order: str
    amount_fen: int
    state: PaymentStateName
    qr: str = ""
    reference: str = ""
    """The acquirer's own reference number of the payment, when there is one."""
    paid_at: datetime | None = None
    payer_masked: str | None = None


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One order in a day's comparison: what each side has, and what was done about a difference."""

    order: str
    result: Literal["MATCH", "OURS_ONLY", "THEIRS_ONLY", "AMOUNT_DIFF"]
    ours_fen: int | None
    theirs_fen: int | None
    action: str
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """End-of-day 对账 with the acquirer, line by line on the order number."""

    day: date
    at: datetime
    lines: tuple[ComparedLine, ...]

    @property
    def balanced(self) -> bool:
        """Whether nothing is left for a person to do."""
        return all(line.case is None for line in self.lines)

    def ours(self) -> tuple[int, int]:
        """How many orders we have, and their sum in fen."""
        amounts = [line.ours_fen for line in self.lines if line.ours_fen is not None]
        return len(amounts), sum(amounts)

    def theirs(self) -> tuple[int, int]:
        """How many the acquirer has, and their sum in fen."""
        amounts = [line.theirs_fen for line in self.lines if line.theirs_fen is not None]
        return len(amounts), sum(amounts)


# --- certificates ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """A certificate in the register. ``frozen`` is what the office gave at issue."""

    number: str
    code: str
    kind: str
    issued_at: datetime
    content_sha256: str
    pdf_sha256: str
    pages: int
    copies: int
    state: Literal["valid", "revoked"]
    frozen: bytes


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """An issued certificate to be entered in the register."""

    number: str
    code: str
    key: str
    kind: str
    person: PersonKey
    terminal: str
    content_sha256: str
    frozen: bytes
    pdf: bytes
    pdf_sha256: str
    pages: int
    verify_url: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class CertificateCopy:
    """One copy of a certificate, given out for one print job.

    ``copy`` counts from 1; ``at`` is when it was first asked for. ``pdf`` is None until a reprint is sealed.
    """

    number: str
    code: str
    frozen: bytes
    copy: int
    at: datetime
    pdf: bytes | None


# --- notices --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person or an enterprise has to be told."""

    kind: str
    title: Texts
    text: Texts
    reference: str | None = None
    deadline: date | None = None
    matter: str | None = None
    """What puts it right, see ``Notices.mended``; None when nothing has to be."""


@dataclass(frozen=True, slots=True)
class Rating:
    """好差评 of one item, 5 very satisfied to 1 very dissatisfied; ``case`` follows up a low one."""

    key: str
    service: str
    item: str
    level: int
    reasons: tuple[str, ...]
    case: str | None
