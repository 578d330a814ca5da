"""Returns (申报) and what is due (应缴税款)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from config.catalogue.forms import FiledForm, ReturnKind
from sync.models.base import FactValues, FenAmount, Texts, Wire


class FiledReturn(Wire):
    """A return in the books.

    ``state``: ``paid`` (or nothing to pay), ``unpaid``, ``replaced`` by a later one (更正), ``withdrawn`` (作废).
    ``form``: on which it is corrected, where it can be. ``corrects``: the number of the return that it replaced.
    ``correctable``: something may be done about it at a terminal, it is corrected or taken back.
    ``relieved_fen``: what a relief that was granted has taken off its tax; ``relieved`` says so with its law.
    """

    declaration: str
    tax: str
    tax_name: Texts
    subject: str
    period_first: date
    period_last: date
    total_fen: FenAmount
    filed_at: AwareDatetime
    state: Literal["paid", "unpaid", "replaced", "withdrawn"]
    form: FiledForm | None = None
    corrects: str | None = None
    correctable: bool
    why_not: Texts = Field(default_factory=dict)
    relieved_fen: FenAmount = 0
    relieved: Texts = Field(default_factory=dict)


class FiledReturns(Wire):
    """``declarations.list``: the latest filed first; ``as_of`` is the moment of the answer."""

    returns: list[FiledReturn]
    as_of: AwareDatetime


class Obligation(Wire):
    """Something to be done by a day: a return to ``file``, or a tax to ``pay`` with its late payment surcharge.

    ``where``: where it can be done.
    """

    id: str
    what: Literal["file", "pay"]
    tax: str
    tax_name: Texts
    period_first: date
    period_last: date
    limit_date: date
    amount_fen: FenAmount | None = None  # None: it is known once the return is filed
    overdue: bool
    where: Texts = Field(default_factory=dict)


class Obligations(Wire):
    """``obligations.list``: the earliest limit first; ``total_fen`` is what is to be paid, surcharges included."""

    obligations: list[Obligation]
    total_fen: FenAmount
    as_of: AwareDatetime


class Payment(Wire):
    """Taxes that were paid together; or, without a voucher, money that was charged for them and is no tax."""

    order: str
    taxes: Texts
    amount_fen: FenAmount
    late_fee_fen: FenAmount  # of it
    paid_at: AwareDatetime
    voucher: str | None  # once it is booked 入库
    channel: str
    way: Texts  # the channel in words
    back: Texts | None = None  # 原路退款: how much that was not booked goes back
    printable: bool = False  # whether its voucher (缴款凭证) can be printed
    why_not: Texts | None = None


class Payments(Wire):
    """``payments.list``: the latest first; ``total_fen`` is what stays paid: the sum of those with a voucher."""

    payments: list[Payment]
    total_fen: FenAmount
    as_of: AwareDatetime


class OpenPeriod(Wire):
    """A period of which a return is still to be filed. ``late`` says by how much, in words; empty up to the limit."""

    id: str
    period_first: date
    period_last: date
    limit_date: date  # 申报期限
    overdue: bool
    late: Texts = Field(default_factory=dict)
    taken: bool = True  # at a terminal
    why_not: Texts = Field(default_factory=dict)


class OpenPeriods(Wire):
    """``return.periods``: those of which the return of the service may be filed, the oldest first.

    The last one alone where none is open: its return is known already.
    """

    periods: list[OpenPeriod]


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
    late_days: int = 0  # by how much the limit is over
    late_law: Texts = Field(
        default_factory=dict
    )  # what that may cost besides the surcharge; empty up to the limit
    declared_already: str | None = None  # number of an earlier declaration of this period
    threshold_waived: bool = False  # 放弃起征点以下免税
    reduced_waived: bool = False  # 放弃减征
    freed_invoiced_fen: FenAmount | None = (
        None  # 普通发票销售额 in the months of an exempt project (免税项目) on file
    )
    preferences: Texts = Field(default_factory=dict)  # what is on file, since when; empty where nothing is
    preferences_law: Texts = Field(default_factory=dict)  # what it does to the return, and by which law
    returned_sales_fen: FenAmount = 0  # 红字发票 beyond the sales of their own kind
    carried_fen: FenAmount = 0  # 以前多缴、可抵减的增值税


class VatSurcharge(Wire):
    """``vat.surcharge``: what a return that is filed and paid on this business day costs (滞纳金), as the centre says.

    ``basis`` are the law and how it was counted, for the person to read; empty up to the limit itself. ``prepaid_fen``
    was paid before, for invoices of the period that the bureau issued (代开), and is no part of ``total_fen``.
    """

    limit_date: date
    days: int
    late_fee_fen: FenAmount
    total_fen: FenAmount  # the tax with it
    basis: Texts = Field(default_factory=dict)
    prepaid_fen: FenAmount = 0


class Due(Wire):
    """One amount to be paid (应缴税款); of one that was paid in part, what is left."""

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


class BillShown(Wire):
    """``bill.payable``: what a payment voucher (缴款凭证) is for; a person's name and number are masked.

    ``dues`` have the surcharge of the business day; the voucher is paid as a whole, ``total_fen``.
    """

    number: str
    taxpayer: str
    name: str
    issued_on: date
    valid_until: date
    dues: list[Due]
    tax_fen: FenAmount
    late_fee_fen: FenAmount
    total_fen: FenAmount


class Arrear(Due):
    """A due past its limit (欠税); ``owed_fen`` is the tax with the surcharge of the business day."""

    owed_fen: FenAmount
    basis: Texts  # the law and how the surcharge was counted


class Arrears(Wire):
    """``arrears.list``: the earliest limit first; ``total_fen`` is what can be paid now, surcharges included."""

    arrears: list[Arrear]
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
    replaces: str | None = None  # number of the return that this one corrects 更正
    threshold_waived: bool = False  # 放弃起征点以下免税, as on file
    reduced_waived: bool = False  # 放弃减征, as on file
    freed_sales_fen: FenAmount = 0  # 免税项目销售额 among ordinary and uninvoiced sales
    returned_sales_fen: FenAmount = 0  # 红字发票 beyond the sales of their own kind
    carried_fen: FenAmount = (
        0  # 以前多缴税款抵减: what was overpaid before and is taken off; vat_fen is without it
    )


class CorrectionWay(Wire):
    """What may be done about a return: it is corrected (更正), or taken back (作废); else why not."""

    way: Literal["correct", "withdraw"]
    title: Texts
    note: Texts
    usable: bool
    why_not: Texts = Field(default_factory=dict)


class CorrectionWays(Wire):
    """``correction.ways``: both ways, of one return."""

    ways: list[CorrectionWay]


class CorrectedVat(VatPrefill):
    """A VAT return as it stands, with what the invoices say today."""

    uninvoiced_sales_fen: FenAmount
    freed_sales_fen: FenAmount = 0


class Correction(Wire):
    """``correction.prefill``: a return as it stands, by its ``facts`` or, of VAT, its lines (``vat``).

    ``replaces`` is its number. ``limit_date`` is that of the return: what was declared too little is owed since then.
    """

    form: FiledForm
    tax_name: Texts
    period_first: date
    period_last: date
    limit_date: date
    declared_fen: FenAmount
    facts: FactValues = Field(default_factory=dict)
    vat: CorrectedVat | None = None
    replaces: str


class CorrectionCost(VatSurcharge):
    """``correction.surcharge``: what is still to be paid of it today, beyond what was paid of the return before.

    ``declared_fen`` is what that declared, ``overpaid_fen`` what was paid beyond the new one: applied for (退税).
    """

    declared_fen: FenAmount
    overpaid_fen: FenAmount


class CorrectionSubmit(Wire):
    """``declaration.submit`` of what takes the place of a return (更正), or takes it back (作废).

    ``corrects`` is its number, with its tax and period. ``facts`` are those of its form, and of a VAT return its
    lines; none where it is taken back.
    """

    way: Literal["correct", "withdraw"]
    corrects: Annotated[str, Field(max_length=32)]
    tax: Annotated[str, Field(max_length=32)]
    period_first: date
    period_last: date
    facts: FactValues | None = None
    total_fen: FenAmount | None = None
    parameters_hash: str | None = None


class TaxSource(Wire):
    """Something that a return can be about (税源): a contract, a home, a vehicle, with what is known of it."""

    id: str
    title: str
    facts: FactValues


class ReturnPrefill(Wire):
    """``return.prefill``: what the centre knows for a return of the service's kind.

    ``facts`` are the same whatever the return is about; ``sources`` are what it may be about, the oldest first.
    ``taxes`` names what is declared at once, ``sold`` the periods of which it cannot be declared that there was
    nothing. ``earliest`` is the first day that may be declared, ``declared_already`` the number of an earlier return
    of the period. ``late_days`` and ``late_law`` as in ``VatPrefill``, of the oldest. ``relief_basis``: the law
    on which the relief stands that the facts name (核准减免), with its number. ``preferences`` and
    ``preferences_law`` as in ``VatPrefill``.
    """

    facts: FactValues
    sources: list[TaxSource] = Field(default_factory=list)
    taxes: Texts = Field(default_factory=dict)
    sold: Texts = Field(default_factory=dict)
    relief_basis: Texts = Field(default_factory=dict)
    preferences: Texts = Field(default_factory=dict)
    preferences_law: Texts = Field(default_factory=dict)
    late_days: int = 0
    late_law: Texts = Field(default_factory=dict)
    earliest: date | None = None
    declared_already: str | None = None


class ReturnSubmit(Wire):
    """``declaration.submit`` for the kinds of ``kiosk.domain.tax.returns``: facts, and the sum that was confirmed."""

    tax: ReturnKind
    facts: FactValues
    total_fen: FenAmount
    parameters_hash: str


class Declared(Wire):
    """The return as filed: its number, what is now due, and the other taxes declared with it, each by its number."""

    declaration: str
    total_fen: FenAmount
    dues: list[Due]
    others: dict[str, str] = Field(default_factory=dict)
    overpaid_fen: FenAmount = 0  # what was paid or withheld beyond the tax: paid back on application
