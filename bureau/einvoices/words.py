"""What stands on an electronic invoice, as it is written there (Chinese, whoever reads it)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bureau.ports.einvoices import InvoiceLine, IssuedInvoice
from kiosk.domain import money
from kiosk.domain.ids import Fen

QR_KIND = {"special": "31", "ordinary": "32"}
QR_END = "0000"
"""Eighth field of an invoice's code: its algorithm is not published (domain note, 2.3), nobody checks it."""


def kind(invoice: IssuedInvoice) -> str:
    """Its heading."""
    return f"电子发票（{'增值税专用发票' if invoice.kind == 'special' else '普通发票'}）"


def day(issued: date) -> str:
    """``2026年10月12日``, with leading zeros as on the form."""
    return f"{issued:%Y年%m月%d日}"


def yuan(fen: int) -> str:
    """Yuan with two places, without thousands, as on the form."""
    return str(money.yuan(Fen(fen)))


def total_words(invoice: IssuedInvoice) -> str:
    """价税合计（大写）; that of a red-letter invoice begins with （负数）."""
    total = money.capital(Fen(abs(invoice.total_fen)))
    return f"（负数）{total}" if invoice.total_fen < 0 else total


def percent(rate: str) -> str:
    """``1%``; exempt: 免税."""
    return f"{(Decimal(rate) * 100).normalize():f}%" if rate else "免税"


def unit_price(line: InvoiceLine) -> str:
    """单价, without tax: six places at most, two at least; nothing where no quantity is told."""
    quantity = Decimal(line.quantity or 0)
    if not quantity:
        return ""
    price = (money.yuan(Fen(line.net_fen)) / quantity).quantize(Decimal("0.000001")).normalize()
    return max(f"{price:f}", f"{price:.2f}", key=len)


def remark(invoice: IssuedInvoice) -> str:
    """备注: what a red-letter one takes back, and the bureau's own words on one that it issued for somebody."""
    back = f"被红冲发票号码：{invoice.red_of}" if invoice.red_of else ""
    return "；".join(filter(None, (back, invoice.remark)))


def qr(invoice: IssuedInvoice) -> str:
    """The payload of its QR code: version, kind, no code, number, total with tax, day, no check code, end."""
    issued = f"{invoice.issued_on:%Y%m%d}"
    return f"01,{QR_KIND[invoice.kind]},,{invoice.number},{yuan(invoice.total_fen)},{issued},,{QR_END},"
