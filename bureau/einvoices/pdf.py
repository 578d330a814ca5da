"""The PDF of an electronic invoice: set, read back, and sealed with the bureau's own sealing key (PAdES)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bureau.certificates.data import Issuer
from bureau.certificates.ports import DocumentSealer, SealPlace
from bureau.certificates.proof import Expected, prove
from bureau.certificates.renderer import Typesetter, qr_svg
from bureau.einvoices import words
from bureau.einvoices.seal import oval_seal
from bureau.ports.einvoices import IssuedInvoice

TEMPLATE = Path(__file__).parent / "assets" / "invoice.typ"
_SEAL = SealPlace(0, (262, 745, 348, 804))
"""The drawn seal in the heading, so that a click on it shows the signature; in points from the lower left corner."""


class InvoicePrinter:
    """Sets and seals invoices; from any thread."""

    def __init__(self, sealer: DocumentSealer, issuer: Issuer, public_url: str) -> None:
        self._sealer, self._issuer = sealer, issuer
        self._page = public_url.rstrip("/").removeprefix("https://") + "/i"
        self._typesetter = Typesetter(TEMPLATE)

    def draw(self, invoice: IssuedInvoice, at: datetime) -> tuple[bytes, int]:
        """The sealed PDF and its pages.

        Raises:
            bureau.certificates.errors.CertificateError: nothing was drawn; the message says why.
        """
        model = self._model(invoice)
        bureau = self._issuer.name.zh
        pictures = {
            "seal": oval_seal(bureau, self._issuer.seal_serial),
            "qr": qr_svg(words.qr(invoice)),
        }
        drawn = self._typesetter.set(model, pictures, at)
        pages = prove(drawn, _expected(invoice, model))
        return self._sealer.seal(drawn, _SEAL, at), pages

    def _model(self, invoice: IssuedInvoice) -> Mapping[str, object]:
        return {
            "document_title": f"{words.kind(invoice)} {invoice.number}",
            "kind": words.kind(invoice),
            "number": invoice.number,
            "issued": words.day(invoice.issued_on),
            "qr": words.qr(invoice),
            "bureau": self._issuer.name.zh,
            "seal_alt": f"{self._issuer.name.zh}电子发票监制章",
            "buyer": invoice.buyer,
            "buyer_number": invoice.buyer_number,
            "seller": invoice.seller_name,
            "seller_number": invoice.seller,
            "lines": [
                [
                    line.name,
                    "",  # 规格型号: nobody who issues here tells one
                    line.unit,
                    line.quantity,
                    words.unit_price(line),
                    words.yuan(line.net_fen),
                    words.percent(line.rate),
                    words.yuan(line.tax_fen),
                ]
                for line in invoice.lines
            ],
            "net": f"¥{words.yuan(invoice.net_fen)}",
            "tax": f"¥{words.yuan(invoice.tax_fen)}",
            "total": f"¥{words.yuan(invoice.total_fen)}",
            "words": words.total_words(invoice),
            "remark": words.remark(invoice),
            "specimen": "样票，不作凭证" if self._issuer.specimen else "",
            "how": f"查验真伪：在自助终端选“发票查验”扫左上角的码，或打开 {self._page} 输入发票内容。",
        }


def _expected(invoice: IssuedInvoice, model: Mapping[str, object]) -> Expected:
    """What a reader must find on the finished page."""
    rows = tuple(
        "".join((line.name, line.unit, line.quantity, words.unit_price(line), words.yuan(line.net_fen)))
        for line in invoice.lines
    )
    names = ("kind", "number", "issued", "buyer", "buyer_number", "seller", "seller_number", "net", "tax")
    once = tuple(str(model[name]) for name in (*names, "total", "words", "remark") if model[name])
    return Expected(rows, once, (invoice.number,))
