"""All files of one electronic invoice; touches no records."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bureau.certificates.data import Issuer
from bureau.certificates.ports import DocumentSealer
from bureau.einvoices import ofd, words
from bureau.einvoices.form import page_of
from bureau.einvoices.pdf import InvoicePrinter
from bureau.einvoices.xml import invoice_xml
from bureau.ports.einvoices import InvoiceFiles, IssuedInvoice


class InvoiceFileMaker:
    """Makes the files of an invoice; from any thread."""

    def __init__(self, sealer: DocumentSealer, issuer: Issuer, public_url: str) -> None:
        self._issuer = issuer
        self._printer = InvoicePrinter(sealer, issuer, public_url)

    def files(self, invoice: IssuedInvoice, at: datetime) -> InvoiceFiles:
        """XML, OFD with the XML in it, and the PDF, sealed ``at``.

        Raises:
            bureau.certificates.errors.CertificateError: nothing was made; the message says why.
        """
        bureau = self._issuer.name
        xml = invoice_xml(invoice, {"zh-CN": bureau.zh, "en-US": bureau.en})
        pdf, pages = self._printer.draw(invoice, at)
        page = page_of(invoice, words.qr(invoice), bureau.zh)
        doc_id = hashlib.sha256(xml).hexdigest()[:32]
        attachment = ofd.Attachment(f"{invoice.number}.xml", xml)
        package = ofd.write(page, doc_id, words.kind(invoice), invoice.issued_on, attachment)
        return InvoiceFiles(xml=xml, ofd=package, pdf=pdf, pages=pages)
