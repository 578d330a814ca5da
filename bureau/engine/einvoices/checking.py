"""发票查验: whether an invoice is genuine, by what stands on it; the same at a terminal and on the public page.

What has to be told, and how often one invoice is checked a day, are the limits that the public verification service
is known for (domain note, 2.3): five times an invoice and day, invoices of the last five years, of those of today some
come a day late.
"""

from __future__ import annotations

import enum
import hmac
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bureau.engine.refusals import Refused, refusal, refuse
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.einvoices import IssuedInvoice, invoice_id
from config.clock import CHINA
from kiosk.domain.errors import FieldError
from kiosk.domain.invoice_codes import InvoiceKind, check_code, check_invoice_number
from sync.models import Refusal

A_DAY = 5
YEARS = 5
CHECK_DIGITS = 6
"""Of the check code (校验码) of ordinary paper the last digits are asked for; a scanned code has all 20."""
WHOLE_CHECK_CODE = 20
BY_AMOUNT = frozenset({InvoiceKind.SPECIAL, InvoiceKind.E_SPECIAL, InvoiceKind.MOTOR_VEHICLE})
"""Kinds with a code whose amount without tax is asked for, because they have no check code."""


class Finding(enum.StrEnum):
    """What is told of an invoice."""

    VALID = "valid"
    VOID = "void"
    RED = "red"
    """It is a red-letter invoice itself."""
    REDDENED = "reddened"
    """All of it was taken back by red-letter invoices."""
    PARTLY_RED = "partlyRed"
    UNKNOWN = "unknown"
    """查无此票."""
    MISMATCH = "mismatch"
    """不一致: there is such a number, and something told of it is otherwise. What, is not told."""


KNOWN = frozenset(Finding) - {Finding.UNKNOWN, Finding.MISMATCH}
"""Findings after which the content is shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was scanned or typed of an invoice, cleaned. ``amount_fen``: with tax for a 数电票, else without."""

    code: str
    number: str
    issued: date
    amount_fen: int | None
    check: str

    @property
    def id(self) -> str:
        """The invoice that is meant."""
        return invoice_id(self.code, self.number)


@dataclass(frozen=True, slots=True)
class Checked:
    """The finding, the invoice where its content may be shown, and which check of the day this was."""

    asked: Asked
    finding: Finding
    invoice: IssuedInvoice | None
    times: int
    today: date


class CheckedOften(Refused):
    """One invoice was asked for as often as it may be today; ``wait_s`` seconds from now begins tomorrow."""

    def __init__(self, said: Refusal, wait_s: float) -> None:
        super().__init__(said)
        self.wait_s = wait_s


def read(code: str, number: str, issued: date | None, amount_fen: int | None, check: str) -> Asked:
    """What was told, cleaned; raises ``Refused`` naming what is missing or cannot be."""
    try:
        number = check_invoice_number(number)
        code = check_code(code).code if code.strip() else ""
    except FieldError as error:
        raise refuse("invoiceMistyped") from error
    if (len(number) == 20) == bool(code):
        raise refuse("invoiceCodeMissing" if not code else "invoiceMistyped")
    if issued is None:
        raise refuse("invoiceDateMissing")
    check = check.strip()
    if not code:
        if amount_fen is None:
            raise refuse("invoiceTotalMissing")
    elif check_code(code).kind in BY_AMOUNT:
        if amount_fen is None:
            raise refuse("invoiceNetMissing")
    elif not (check.isascii() and check.isdigit() and len(check) in (CHECK_DIGITS, WHOLE_CHECK_CODE)):
        raise refuse("invoiceCheckMissing")
    return Asked(code, number, issued, amount_fen, check)


def look(core: Core, asked: Asked) -> Checked:
    """Find it and compare; counts as one check, also of what does not exist.

    Raises ``Refused`` for an invoice of the future or too long ago, ``CheckedOften`` for one checked often today.
    """
    day = today(core)
    if asked.issued > day:
        raise refuse("invoiceOfFuture")
    if asked.issued < _years_before(day):
        raise refuse("invoiceTooOld")
    times = core.einvoices.checked(asked.id)
    if times > A_DAY:
        raise CheckedOften(refusal("invoiceCheckedOften", times=str(A_DAY)), _left_of_today(core))
    found = core.einvoices.find(asked.code, asked.number)
    if found is None:
        return Checked(asked, Finding.UNKNOWN, None, times, day)
    if not _same(asked, found):
        return Checked(asked, Finding.MISMATCH, None, times, day)
    return Checked(asked, finding_of(found), found, times, day)


def finding_of(invoice: IssuedInvoice) -> Finding:
    """How an invoice of the register stands now."""
    if invoice.state != "valid":
        return Finding.VOID if invoice.state == "void" else Finding.RED
    if not invoice.taken_back_fen:
        return Finding.VALID
    return Finding.PARTLY_RED if invoice.left_fen > 0 else Finding.REDDENED


def _same(asked: Asked, invoice: IssuedInvoice) -> bool:
    """Whether all that was told stands on it; the minus of a red-letter one need not be typed."""
    if asked.issued != invoice.issued_on:
        return False
    if asked.code and check_code(asked.code).kind not in BY_AMOUNT:
        known = (
            invoice.check_code if len(asked.check) == WHOLE_CHECK_CODE else invoice.check_code[-CHECK_DIGITS:]
        )
        if not hmac.compare_digest(known, asked.check):
            return False
    if asked.amount_fen is None:
        return True
    amount = invoice.net_fen if asked.code else invoice.total_fen
    return asked.amount_fen in (amount, abs(amount))


def _left_of_today(core: Core) -> float:
    """Seconds until the next business day begins."""
    tomorrow = datetime.combine(today(core) + timedelta(days=1), time(), CHINA)
    return (tomorrow - core.now).total_seconds()


def _years_before(day: date) -> date:
    last = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return last.replace(year=day.year - YEARS)
