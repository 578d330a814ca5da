"""One door to invoices: codes, numbers, ranges, and the QR code printed on them."""

from __future__ import annotations

from kiosk.domain.invoice_codes import InvoiceCode, InvoiceKind, check_code, check_invoice_number
from kiosk.domain.invoice_qr import InvoiceQr, parse_invoice_qr
from kiosk.domain.invoice_ranges import (
    InvoiceRange,
    Ranges,
    add,
    count,
    intersect,
    normal,
    of_numbers,
    subtract,
    union,
)

__all__ = [
    "InvoiceCode",
    "InvoiceKind",
    "InvoiceQr",
    "InvoiceRange",
    "Ranges",
    "add",
    "check_code",
    "check_invoice_number",
    "count",
    "intersect",
    "normal",
    "of_numbers",
    "parse_invoice_qr",
    "subtract",
    "union",
]
