"""The files of an invoice, fetched once by whoever holds the link."""

from __future__ import annotations

import hashlib
import hmac
import io
import zipfile
from datetime import timedelta

from bureau.engine import messages
from bureau.ports.einvoices import InvoiceFiles, InvoiceOffice, IssuedInvoice
from bureau.ports.system import System

LINK_LIFE = timedelta(minutes=30)
SECRET_BYTES = 18
"""144 bits: nobody guesses a link, however many there are."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def secret_hash(secret: str) -> str:
    """What the register keeps of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def linked(system: System, key: str, secret: str) -> IssuedInvoice | None:
    """The invoice of a link that can still be used; None in all other cases, which are not told apart."""
    with system.read() as work:
        link = work.core.einvoices.linked(key)
        if link is None or not hmac.compare_digest(link.secret_sha256, secret_hash(secret)):
            return None
        return work.core.einvoices.find(link.code, link.number)


def fetch(system: System, office: InvoiceOffice, key: str, secret: str) -> tuple[str, bytes] | None:
    """Name and bytes of the files in one package, and the link is used up; None as for ``linked``.

    The files are made before the link is used up: when that fails, it can be tried again.
    """
    invoice = linked(system, key, secret)
    if invoice is None:
        return None
    with system.read() as work:
        now = work.core.now
    package = _packed(invoice, office.invoice_files(invoice, now))
    with system.write() as work:
        if not work.core.einvoices.fetched(key):
            return None
        work.core.notices.mended(messages.to_fetch(key))
    return f"{invoice.number}.zip", package


def _packed(invoice: IssuedInvoice, files: InvoiceFiles) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for ending, content in (("pdf", files.pdf), ("ofd", files.ofd), ("xml", files.xml)):
            name = zipfile.ZipInfo(f"{invoice.number}.{ending}", _EPOCH)
            package.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
