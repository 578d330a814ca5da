"""Queries (``POST /v1/queries/{name}``): what is asked and what comes back; they leave nothing behind."""

from __future__ import annotations

import enum
from datetime import date

from pydantic import AwareDatetime, Field

from kiosk.domain.people import Role
from sync.models.base import FenAmount, Month, Sha256Hex, Texts, Wire
from sync.models.people import Subject


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
