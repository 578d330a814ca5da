"""What anybody holding a paper may see, as far as the ports alone tell it: alike over every core system."""

from __future__ import annotations

from bureau.engine.einvoices.asking import check
from bureau.engine.einvoices.fetching import fetch, linked
from bureau.engine.matters.verifying import verified
from bureau.ports.certificates import CertificateRecord
from bureau.ports.einvoices import InvoiceOffice, IssuedInvoice
from bureau.ports.system import System
from sync.models import InvoiceCheck, InvoiceVerdict, Verified


class PortRecords:
    """``PublicRecords`` but for slips, whose state each core has in its own way. Thread-safe if ``system`` is."""

    def __init__(self, system: System, office: InvoiceOffice) -> None:
        self._system, self._office = system, office

    def certificate(self, number: str) -> CertificateRecord | None:
        """The certificate of this number."""
        with self._system.read() as work:
            return work.core.certificates.record(number)

    def invoice(self, told: InvoiceCheck) -> InvoiceVerdict:
        """What the register says of an invoice; counts as one check of the day."""
        return check(self._system, told)

    def linked_invoice(self, key: str, secret: str) -> IssuedInvoice | None:
        """The invoice of a link that can still be used."""
        return linked(self._system, key, secret)

    def fetch_invoice(self, key: str, secret: str) -> tuple[str, bytes] | None:
        """Name and bytes of the invoice's files in one package; the link is used up."""
        return fetch(self._system, self._office, key, secret)

    def registration(self, taxpayer: str) -> Verified | None:
        """What anybody may know of an enterprise; None when there is none of this number."""
        with self._system.read() as work:
            return verified(work.core, taxpayer)
