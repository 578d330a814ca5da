"""The wire between terminal and centre: what is asked, what is submitted, what comes back.

Two things travel. A *query* reads and leaves nothing behind; an *effect* changes something, carries its own
key (UUIDv7), and is answered the same however often it is sent. Both sides import these models; amounts are
whole fen, moments are aware ISO 8601, dates and months are ISO strings.
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kiosk.domain.people import DocumentKind, Role

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
FenAmount = Annotated[int, Field(ge=0, le=10**13)]
Sha256Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Texts = dict[str, str]
"""One text by language tag (``zh-CN``, ``en-US``)."""


class Wire(BaseModel):
    """Base of all that is sent: immutable, and nothing unknown is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- who -----------------------------------------------------------------------------------------------


class FaceEvidence(Wire):
    """How the live face compared with the document's picture; never the picture itself."""

    matcher: str
    score: float = Field(ge=0, le=1)
    live: bool


class PersonClaim(Wire):
    """The person at the terminal, as the document reader saw them."""

    kind: DocumentKind
    number: str = Field(max_length=20)
    name: str = Field(max_length=128)
    evidence: Literal["document", "document+face", "document+staff"]
    face: FaceEvidence | None = None


class Subject(Wire):
    """Who acts, and for whom. ``taxpayer`` without a checked role is a claim (offline acceptance)."""

    person: PersonClaim | None = None
    taxpayer: str | None = Field(default=None, max_length=20)
    role: Role | None = None


# --- queries: POST /v1/queries/{name} -------------------------------------------------------------------


class QueryRequest(Wire):
    """One question. ``params`` is validated by the query's own model."""

    service: str
    service_hash: str
    subject: Subject
    params: dict[str, object] = Field(default_factory=dict)
    lang: str = "zh-CN"


class Refusal(Wire):
    """Why the centre says no: a stable code, the words for the person, and what to do by when."""

    code: str
    text: Texts
    next_step: Texts = Field(default_factory=dict)
    deadline: date | None = None


class QueryAnswer(Wire):
    """The data, or the reason why there is none."""

    data: dict[str, object] = Field(default_factory=dict)
    refusal: Refusal | None = None


class RoleBinding(Wire):
    """One enterprise the person may act for."""

    taxpayer: str
    name: str
    role: Role
    small_scale: bool
    state: str  # normal 正常, abnormal 非正常, cancelled 注销


class Notice(Wire):
    """Something the centre has to tell this person (催报催缴, refusal of a queued return …)."""

    id: str
    kind: str
    title: Texts
    text: Texts
    created: AwareDatetime
    deadline: date | None = None
    reference: str | None = None


class PersonProfile(Wire):
    """``person.profile``: answer to sign-in. ``chip_photo`` is absent; ``known`` says whether enrolled."""

    known: bool
    roles: list[RoleBinding]
    notices: list[Notice]


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


class UnitStock(Wire):
    """What one storage unit of the dispenser holds now."""

    unit: str
    code: str  # 发票代码, 10 or 12 digits
    next_number: str  # 发票号码, 8 digits
    last_number: str
    count: int = Field(ge=0)


class EntitlementParams(Wire):
    """Params of ``invoice.entitlement``."""

    units: list[UnitStock]


class InvoiceEntitlement(Wire):
    """How many of one kind may be collected now, and which limit binds (核定票种)."""

    kind: str
    kind_name: Texts
    code: str
    unit: str
    allowed: int = Field(ge=0)
    binding: str  # perTime, monthly, hold, stock
    binding_text: Texts
    collected_this_month: int
    monthly_max: int
    per_time_max: int
    unused_held: int
    hold_max: int
    face_limit_fen: FenAmount


class InvoiceEntitlements(Wire):
    """``invoice.entitlement``: the kinds, or why none (``blocked``)."""

    kinds: list[InvoiceEntitlement]
    blocked: Refusal | None = None


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


class PaymentStateName(enum.StrEnum):
    """Payment order states (domain note, section 9)."""

    CREATED = "created"
    APPROVED = "approved"
    DECLINED = "declined"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class PaymentStatus(Wire):
    """``payment.status``: the order as the acquirer tells it now."""

    order: str
    state: PaymentStateName
    amount_fen: FenAmount
    paid_at: AwareDatetime | None = None
    voucher: str | None = None  # 缴款凭证号
    payer_masked: str | None = None


# --- effects: POST /v1/effects (one sealed record) ------------------------------------------------------


class EffectKind(enum.StrEnum):
    """Every effect the centre takes."""

    CERTIFICATE_ISSUE = "certificate.issue"
    CERTIFICATE_PRINTED = "certificate.printed"
    INVOICE_RESERVE = "invoice.reserve"
    INVOICE_COMMIT = "invoice.commit"
    DECLARATION_SUBMIT = "declaration.submit"
    PAYMENT_CREATE = "payment.create"
    PAYMENT_CLOSE = "payment.close"
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

    first: str = Field(pattern=r"^\d{8}$")
    last: str = Field(pattern=r"^\d{8}$")


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


class PaymentCreate(Wire):
    """``payment.create``: open an order for these dues; the effect key is the order's idempotency key."""

    dues: list[str]
    amount_fen: FenAmount
    channel: Literal["qr-shown"]


class PaymentCreated(Wire):
    """The order and the QR code to show until ``expires_at`` (120 s)."""

    order: str
    qr: str
    amount_fen: FenAmount
    expires_at: AwareDatetime


class PaymentClose(Wire):
    """``payment.close``: close the order; the answer says whether it had been paid."""

    order: str


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
    code: str = Field(pattern=r"^\d{10,12}$")
    first: str = Field(pattern=r"^\d{8}$")
    last: str = Field(pattern=r"^\d{8}$")


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


# --- the audit chain: POST /v1/audit ---------------------------------------------------------------------


class AuditReceipt(Wire):
    """The centre's word that the chain is held up to ``seq``; made and checked by ``sync/audit.py``."""

    terminal: str
    epoch: str
    seq: int
    head: str
    incarnation: str
    server_time: AwareDatetime
    signature: str


class Heartbeat(Wire):
    """``POST /v1/heartbeat``: health of the terminal; answered with the server's time."""

    terminal: str
    sent_at: AwareDatetime
    devices: dict[str, str]
    due: dict[str, list[str]] = Field(default_factory=dict)  # parts and cleaning by role
    queue_depth: int
    oldest_unacked_s: float | None = None
    software: str


class ServerTime(Wire):
    """Answer to ``POST /v1/heartbeat`` and ``GET /v1/time``."""

    server_time: AwareDatetime
    incarnation: str = ""


class Enrolment(Wire):
    """``POST /v1/enrol``: a one-time code exchanged for an identity."""

    code: str
    public_key: str  # base64 Ed25519
    sealing_key: str  # base64 X25519, for records the terminal must read again
    asset: str
    inventory: dict[str, str] = Field(default_factory=dict)


class Enrolled(Wire):
    """Who the terminal is now, and whom to seal to."""

    terminal: str
    epoch: str
    hall: str
    hall_name: Texts
    bureau_name: Texts
    public_url: str  # where taxpayers look things up: what the codes on slips begin with
    bureau_sealing_key: str  # base64 X25519
    bureau_verify_key: str  # base64 Ed25519
    credential: str = ""  # base64: the centre's word for the terminal's key (``sync/credentials.py``)
    enrolled_at: datetime
