"""Invoice codes and numbers: what their digits say (domain note, section 2.3)."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from kiosk.domain.clean import plain
from kiosk.domain.errors import FieldError


class InvoiceKind(enum.StrEnum):
    """Kinds of invoice, by their codes in the verification service."""

    SPECIAL = "01"
    """增值税专用发票."""
    FREIGHT = "02"
    """货物运输业增值税专用发票, ended in 2016."""
    MOTOR_VEHICLE = "03"
    """机动车销售统一发票."""
    ORDINARY = "04"
    """增值税普通发票."""
    E_SPECIAL = "08"
    """增值税电子专用发票."""
    E_ORDINARY = "10"
    """增值税电子普通发票."""
    ROLL = "11"
    """增值税普通发票（卷票）."""
    TOLL = "14"
    """通行费电子普通发票."""
    USED_VEHICLE = "15"
    """二手车销售统一发票."""
    DIGITAL_SPECIAL = "31"
    """电子发票（增值税专用发票）, 数电."""
    DIGITAL_ORDINARY = "32"
    """电子发票（普通发票）, 数电."""
    UNKNOWN = ""
    """Cannot be told from the code."""

    @property
    def digital(self) -> bool:
        """数电票: a number of 20 digits and no code."""
        return self in (InvoiceKind.DIGITAL_SPECIAL, InvoiceKind.DIGITAL_ORDINARY)


TEN = {
    "1": InvoiceKind.SPECIAL,
    "5": InvoiceKind.SPECIAL,
    "3": InvoiceKind.ORDINARY,
    "6": InvoiceKind.ORDINARY,
    "2": InvoiceKind.FREIGHT,
    "7": InvoiceKind.FREIGHT,
}
"""8th digit of a 10-digit code."""
TWELVE = {
    "04": InvoiceKind.ORDINARY,
    "05": InvoiceKind.ORDINARY,
    "06": InvoiceKind.ROLL,
    "07": InvoiceKind.ROLL,
    "11": InvoiceKind.E_ORDINARY,
    "12": InvoiceKind.TOLL,
    "13": InvoiceKind.E_SPECIAL,
}
"""Last two digits of a 12-digit code that begins with 0."""
COPIES = {"04": 2, "05": 5}
FACE_LIMITS = {"1": 10**4, "2": 10**5, "3": 10**6, "4": 10**7}
"""Amount version of a 10-digit code, in yuan; 0 is filled by computer and has none."""


@dataclass(frozen=True, slots=True)
class InvoiceCode:
    """A code and what its digits say; None where they say nothing."""

    code: str
    kind: InvoiceKind
    area: str | None = None
    year: int | None = None
    batch: str | None = None
    copies: int | None = None
    face_limit_yuan: int | None = None


def check_code(text: str) -> InvoiceCode:
    """Read a code of 10 or 12 digits; an unknown kind is no mistake.

    Raises ``FieldError`` with code ``length`` or ``characters``.
    """
    code = plain(text, "invoice-code")
    if len(code) not in (10, 12):
        raise FieldError("length", "field.invoice-code.length")
    if not re.fullmatch(r"[0-9]+", code):
        raise FieldError("characters", "field.invoice-code.characters")
    if len(code) == 10:
        return InvoiceCode(
            code,
            TEN.get(code[7], InvoiceKind.UNKNOWN),
            area=code[:4],
            year=2000 + int(code[4:6]),
            batch=code[6],
            copies=int(code[8]) or None,
            face_limit_yuan=FACE_LIMITS.get(code[9]),
        )
    if code[0] != "0":
        return InvoiceCode(code, InvoiceKind.UNKNOWN)
    return InvoiceCode(
        code,
        TWELVE.get(code[10:], InvoiceKind.UNKNOWN),
        area=code[1:5],
        year=2000 + int(code[5:7]),
        batch=code[7:10],
        copies=COPIES.get(code[10:]),
    )


def check_invoice_number(text: str) -> str:
    """A number of 8 digits, or of 20 for a 数电票, leading zeros kept.

    Raises ``FieldError`` with code ``length`` or ``characters``.
    """
    number = plain(text, "invoice-number")
    if len(number) not in (8, 20):
        raise FieldError("length", "field.invoice-number.length")
    if not re.fullmatch(r"[0-9]+", number):
        raise FieldError("characters", "field.invoice-number.characters")
    return number
