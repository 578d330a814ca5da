"""Issued invoices (已开具发票): checked by anybody, listed and printed by who issued them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from sync.models.base import FenAmount, Sha256Hex, Texts, Wire
from sync.models.certificates import SheetShown

SignedFen = Annotated[int, Field(ge=-(10**13), le=10**13)]
"""Fen of an invoice; those of a red-letter one are negative."""


class InvoiceCheck(Wire):
    """``invoice.check``: what stands on the invoice. ``amount_fen`` is with tax for a 数电票, else without.

    Of the check code (校验码) the last six digits, or all 20 of a scanned one.
    """

    number: Annotated[str, Field(max_length=40)]
    code: Annotated[str, Field(max_length=40)] | None = None
    issued: date | None = None
    amount_fen: SignedFen | None = None
    check: Annotated[str, Field(max_length=40)] | None = None


class InvoiceVerdict(SheetShown):
    """What the register says of it, to compare with the paper; ``times``: which check of the day it was.

    ``seller`` and ``total_fen`` are told of an invoice that is there and agrees, alone.
    """

    finding: str
    number: str
    code: str
    issued: date
    seller: str
    total_fen: SignedFen | None
    times: int
    booked: Literal["", "none", "once", "twice", "withdrawn"] = ""  # 入账状态 of a 数电票 that agrees
    booked_text: Texts = Field(default_factory=dict)


class EInvoiceRow(Wire):
    """An invoice of the list. ``state``: ``valid``, ``void``, ``red``, ``reddened`` or ``partlyRed``."""

    id: str
    number: str
    code: str
    kind_name: Texts
    buyer: str
    issued: date
    total_fen: SignedFen
    state: str
    digital: bool  # there is a file of it
    why_not: Texts = Field(default_factory=dict)
    left_fen: FenAmount  # with tax, what was not taken back yet
    reversible: bool  # by a red-letter invoice, at a terminal
    why_not_reversible: Texts = Field(default_factory=dict)


class EInvoiceSpan(Wire):
    """Invoices of a stretch of days that a list has room for; without days those issued last."""

    id: str
    title: Texts
    note: Texts
    first: date | None = None
    last: date | None = None


class EInvoiceSpans(Wire):
    """``einvoices.spans``: where to look among those of the last twelve months, the latest first.

    One alone where a list has room for all of them, and none where nothing was issued.
    """

    spans: list[EInvoiceSpan]


class EInvoicesAsked(Wire):
    """Params of ``einvoices.list``: from which day to which; without, those of the last twelve months."""

    first: date | None = None
    last: date | None = None


class EInvoiceList(Wire):
    """``einvoices.list``: the latest first, as many as a list has room for; ``as_of`` is the moment of the answer."""

    invoices: list[EInvoiceRow]
    as_of: AwareDatetime


class EInvoiceParams(Wire):
    """Params of ``einvoice.preview``, and ``einvoice.copy``: which invoice, by its id."""

    invoice: Annotated[str, Field(max_length=40)]


class InvoiceTitleCode(Wire):
    """``invoice.title``: the enterprise's title, and the text of its QR code (发票抬头二维码)."""

    name: str
    taxpayer: str
    code: str
    as_of: AwareDatetime


class EInvoiceCopy(Wire):
    """The sealed file that was made, under ``/v1/documents/{document}``, and which invoice it is of."""

    document: str
    pages: int
    pdf_sha256: Sha256Hex
    number: str
    code: str
    total_fen: SignedFen


RedReason = Literal["mistake", "returned", "stopped", "discount"]
"""开票有误, 销货退回, 服务中止, 销售折让."""


class InvoiceRed(Wire):
    """``invoice.red``: take back ``amount_fen``, with tax, of an invoice that the enterprise issued."""

    invoice: Annotated[str, Field(max_length=40)]
    reason: RedReason
    amount_fen: Annotated[int, Field(gt=0, le=10**13)]


class InvoiceReddened(Wire):
    """The red-letter invoice that was issued, under the number of its confirmation (红字确认单), and what is left."""

    confirmation: str
    number: str
    code: str
    total_fen: SignedFen
    amount_fen: FenAmount  # the same without its minus
    original: str
    left_fen: FenAmount


class EInvoiceDeliver(Wire):
    """``einvoice.deliver``: an invoice's files, by a code scanned here, by message to one's own phone, to a mailbox.

    ``keep``: whether that mailbox is remembered for the next time; false: none is any more, None: as before.
    """

    invoice: Annotated[str, Field(max_length=40)]
    way: Literal["code", "phone", "mailbox"]
    mailbox: Annotated[str, Field(max_length=256)] | None = None
    keep: bool | None = None


class EInvoiceDelivered(Wire):
    """The link works once, until ``expires_at``; it is told here (``verify_url``), or to ``phone``, masked, alone.

    To a ``mailbox`` (masked) there is no link: the files go there by themselves, tried until ``expires_at``.
    ``link_until`` and ``tried_until`` are the one or the other.
    """

    number: str
    code: str
    total_fen: SignedFen
    expires_at: AwareDatetime
    verify_url: str = ""
    phone: str = ""
    mailbox: str = ""
    link_until: AwareDatetime | None = None
    tried_until: AwareDatetime | None = None


class EInvoiceWay(Wire):
    """A way to receive an invoice; ``open``: whether it can be chosen now.

    ``mailbox`` is the one that the person had remembered, and ``kept`` says that they did; None of both without one.
    """

    id: Literal["code", "phone", "mailbox"]
    title: Texts
    note: Texts
    icon: str
    open: bool
    why_not: Texts = Field(default_factory=dict)
    mailbox: str | None = None
    kept: bool | None = None


class EInvoiceWays(Wire):
    """``einvoice.ways``: how whoever asks can receive an invoice here, now."""

    ways: list[EInvoiceWay]
