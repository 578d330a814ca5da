"""Refunds of taxes (退税): what may be asked for, and how far each one is."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from sync.models.base import FenAmount, Texts, Wire


class OverpaidRow(Wire):
    """A return by which too much was paid; ``total_fen`` with the interest until today.

    ``bank`` and ``account``: what an enterprise registered, to which alone it is paid back; without them it is not
    ``payable``. ``arrears_fen``: what is overdue with its surcharge, against which a refund is set off first.
    """

    declaration: str
    tax: str
    tax_name: Texts
    period_first: date
    period_last: date
    tax_fen: FenAmount
    late_fee_fen: FenAmount
    interest_fen: FenAmount
    total_fen: FenAmount
    arrears_fen: FenAmount
    bank: str | None = None
    account: str | None = None
    payable: bool = True
    why_not: Texts | None = None


class Overpayments(Wire):
    """``refund.overpaid``: what was paid too much, by the return filed last first."""

    rows: list[OverpaidRow]
    as_of: AwareDatetime


class ExportRow(Wire):
    """One item of a customs declaration (报关单): of ``tax_fen`` paid on its purchases ``refund_fen`` goes back.

    ``ready``: it can be asked for today; else ``why_not``, and ``state`` is the reason in a word.
    """

    id: str
    customs_no: str
    goods: str
    exported_on: date
    tax_fen: FenAmount
    rate: str
    refund_fen: FenAmount
    ready: bool
    state: Literal["ready", "asked", "month", "rate", "invoice", "exchange"]
    why_not: Texts | None = None


class ExportYear(Wire):
    """What is applied for together: everything of one year that is ready. ``last_day``: until when it should be.

    ``arrears_fen``: what is overdue with its surcharge, against which a refund is set off first.
    """

    year: str
    lines: int
    waiting: int
    refund_fen: FenAmount
    last_day: date | None
    arrears_fen: FenAmount
    bank: str | None = None
    account: str | None = None
    payable: bool = True
    why_not: Texts | None = None


class Exported(Wire):
    """``refund.exports``: what was exported and not given back yet, the latest first, and by years."""

    lines: list[ExportRow]
    years: list[ExportYear]
    ready_fen: FenAmount
    as_of: AwareDatetime


class RefundRow(Wire):
    """An application for a refund and what came of it; ``refund`` once it was allowed."""

    case: str
    refund: str | None
    title: Texts
    state: Literal["open", "refused", "approved", "ordered", "paid", "returned"]
    applied_on: date
    tax_fen: FenAmount
    late_fee_fen: FenAmount
    interest_fen: FenAmount
    set_off_fen: FenAmount
    to_account_fen: FenAmount
    account: str
    next_step: Texts


class Refunds(Wire):
    """``refund.list``: the newest first."""

    rows: list[RefundRow]
    as_of: AwareDatetime
