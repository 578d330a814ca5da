"""Effects (``POST /v1/effects``, one sealed record each): what changes something, and how the centre answers it."""

from __future__ import annotations

import enum
from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from sync.models.base import FenAmount, Month, Sha256Hex, Wire
from sync.models.people import Subject
from sync.models.queries import Due, Refusal


class EffectKind(enum.StrEnum):
    """Every effect the centre takes."""

    CERTIFICATE_ISSUE = "certificate.issue"
    CERTIFICATE_PRINTED = "certificate.printed"
    INVOICE_RESERVE = "invoice.reserve"
    INVOICE_COMMIT = "invoice.commit"
    DECLARATION_SUBMIT = "declaration.submit"
    PAYMENT_CREATE = "payment.create"
    PAYMENT_CLOSE = "payment.close"
    PAYMENT_CARD = "payment.card"
    FEEDBACK_RATE = "feedback.rate"
    STOCK_OUT = "stock.out"
    STOCK_IN = "stock.in"


STAFF_SERVICE = "staff"
"""What staff do at a terminal belongs to no service of the catalogue."""
STAFF_EFFECTS = frozenset({EffectKind.STOCK_OUT, EffectKind.STOCK_IN})
"""The effects that only staff have."""


class EffectBody(Wire):
    """Plain text of an effect, before it is sealed to the centre's key."""

    kind: EffectKind
    key: str
    service: str
    service_hash: str
    subject: Subject
    accepted_at: AwareDatetime  # when the terminal took it; the time of filing (申报时间) offline
    offline: bool = False
    lang: str = "zh-CN"
    data: dict[str, object]


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


class InvoiceReserve(Wire):
    """``invoice.reserve``: lock the numbers that lie in front of a unit."""

    kind: str
    count: int = Field(ge=1, le=500)
    unit: str
    code: str
    next_number: str


class InvoiceReserved(Wire):
    """The numbers locked for this taxpayer until ``expires_at`` (5 min)."""

    reservation: str
    code: str
    first: str
    last: str
    count: int
    expires_at: AwareDatetime


class NumberRange(Wire):
    """Consecutive invoice numbers, both ends included."""

    first: str = Field(pattern=r"^[0-9]{8}$")
    last: str = Field(pattern=r"^[0-9]{8}$")


class InvoiceCommit(Wire):
    """``invoice.commit``: what became of each reserved number (领用结果)."""

    reservation: str
    code: str
    delivered: list[NumberRange]
    quarantined: list[NumberRange] = Field(default_factory=list)
    released: list[NumberRange] = Field(default_factory=list)
    cause: str | None = None  # mediaJammed, numberMismatch, doubleFeed, notTaken, powerLoss


class InvoiceCommitted(Wire):
    """The ledger's movement for the slip."""

    movement: str
    delivered: int
    quarantined: int
    released: int


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


PaymentChannel = Literal["qr-shown", "card"]
"""One order, one channel: a code on the screen, or a bank card at the card terminal (POS)."""


class PaymentCreate(Wire):
    """``payment.create``: open an order for these dues; the effect key is the order's idempotency key."""

    dues: list[str]
    amount_fen: FenAmount
    channel: PaymentChannel


class PaymentCreated(Wire):
    """The order, and for a shown code the text of it, good until ``expires_at`` (120 s); a card needs none."""

    order: str
    qr: str = ""
    amount_fen: FenAmount
    expires_at: AwareDatetime


class PaymentClose(Wire):
    """``payment.close``: close the order; the answer says whether it had been paid."""

    order: str


class PaymentCard(Wire):
    """``payment.card``: how the charge of a card order ended, as the card terminal told it; never a guess.

    The order's number is the reference of the charge at the terminal and its bank. ``card`` has the first six and
    last four digits at most (PCI DSS 4.0, 3.4.1); ``reason`` is the terminal's word for why it was not charged.
    """

    order: str
    outcome: Literal["charged", "declined", "notCharged"]
    amount_fen: FenAmount
    reason: str = Field("", max_length=40)
    rrn: str = Field("", max_length=12)  # 检索参考号
    auth_code: str = Field("", max_length=6)
    trace: str = Field("", max_length=6)
    batch: str = Field("", max_length=6)
    pos: str = Field("", max_length=8)  # the terminal's number at its acquirer
    merchant: str = Field("", max_length=15)
    card: str = Field("", pattern=r"^([0-9]{0,6}\*+[0-9]{0,4})?$", max_length=19)
    paid_at: AwareDatetime | None = None


class FeedbackRate(Wire):
    """``feedback.rate``: 好差评, 5 very satisfied … 1 very dissatisfied."""

    item: str
    level: int = Field(ge=1, le=5)
    reasons: list[str] = Field(default_factory=list)


class StockOut(Wire):
    """``stock.out``: stock was handed out of the cabinet; ``note`` is the signed paper (``sync/stock_note.py``)."""

    note: str = Field(max_length=1000)


class TakenRange(Wire):
    """Numbers that were put into a unit."""

    unit: str = Field(pattern=r"^unit[1-9]$")
    code: str = Field(pattern=r"^[0-9]{10,12}$")
    first: str = Field(pattern=r"^[0-9]{8}$")
    last: str = Field(pattern=r"^[0-9]{8}$")


class StockIn(Wire):
    """``stock.in``: stock that came with ``note`` lies in this cabinet now, as two people saw it.

    ``short`` holds numbers that the paper names for these units and that were not there.
    """

    note: str = Field(max_length=1000)
    taken: list[TakenRange] = Field(max_length=9)
    short: list[TakenRange] = Field(default_factory=list, max_length=18)
    operator: str
    witness: str


class StockMoved(Wire):
    """Answer to both: the hand-over, the ledger's movement, and the case when something differs."""

    note: str
    movement: str = ""
    case: str = ""


class EffectState(enum.StrEnum):
    """How the centre answered an effect."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DUPLICATE = "duplicate"  # made elsewhere already; ``result`` is the earlier one


class EffectAnswer(Wire):
    """The first answer to a key, kept as long as the business record and given again to each repetition."""

    key: str
    state: EffectState
    result: dict[str, object] = Field(default_factory=dict)
    refusal: Refusal | None = None
    received_at: AwareDatetime
    incarnation: str  # changes when the centre was restored from a backup
