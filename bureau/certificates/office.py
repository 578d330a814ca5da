"""The certificate office: the ``CertificateOffice`` port of the centre over this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bureau.certificates import codes, issue, kinds
from bureau.certificates.data import CertificateData, Issuer, Words, thaw
from bureau.certificates.errors import FiguresError
from bureau.certificates.ports import CertificateSigner
from bureau.certificates.renderer import Renderer
from bureau.certificates.sealing import open_signer
from bureau.certificates.telling import told
from bureau.einvoices.files import InvoiceFileMaker
from bureau.ports.einvoices import InvoiceFiles, IssuedInvoice
from bureau.ports.office import IitCertificate, IssuedDocument, SheetCertificate
from kiosk.domain.people import DocumentKind
from sync.models import SheetShown, Texts

SEAL_PURPOSE = "自助业务专用章"
SPECIMEN_SERIAL = "样章 07"


@dataclass(frozen=True, slots=True)
class Trust:
    """What verification needs to know: who may sign QR codes, and who vouches for seals."""

    code_keys: dict[bytes, Ed25519PublicKey]
    authorities: tuple[x509.Certificate, ...]


class Office:
    """Issues certificates; safe from any thread, one page at a time. Keeps no records."""

    def __init__(self, signer: CertificateSigner, trust: Trust, issuer: Issuer, public_url: str) -> None:
        self.trust = trust
        self.issuer = issuer
        self._signer = signer
        self._public_url = public_url
        self._renderer = Renderer()
        self._invoices = InvoiceFileMaker(signer.document, issuer, public_url)

    def new_code(self) -> str:
        """A fresh verification code."""
        return codes.new_code()

    def issue_iit_record(self, certificate: IitCertificate) -> IssuedDocument:
        """The signed first copy of an income tax record.

        Raises:
            CertificateError: nothing was issued; the message says why.
        """
        rows = certificate.rows
        totals = (sum(row.income_fen for row in rows), sum(row.tax_fen for row in rows))
        if totals != (certificate.total_income_fen, certificate.total_tax_fen):
            raise FiguresError("the totals shown are not the sums of the rows")
        data = kinds.iit_record(
            kinds.Holder(
                certificate.name, DocumentKind(certificate.document_kind), certificate.document_number
            ),
            rows,
            certificate.first,
            certificate.last,
            self._occasion(certificate),
            certificate.more,
        )
        return self._issue(data, certificate)

    def issue_sheet(self, certificate: SheetCertificate) -> IssuedDocument:
        """The signed first copy of a sheet.

        Raises:
            CertificateError: nothing was issued; the message says why.
        """
        return self._issue(kinds.of_sheet(certificate.sheet, self._occasion(certificate)), certificate)

    def invoice_files(self, invoice: IssuedInvoice, at: datetime) -> InvoiceFiles:
        """An electronic invoice as files, the PDF sealed with the same key as certificates.

        Raises:
            CertificateError: nothing was made; the message says why.
        """
        return self._invoices.files(invoice, at)

    def _occasion(self, certificate: IitCertificate | SheetCertificate) -> kinds.Occasion:
        place = Words(certificate.place.get("zh-CN", ""), certificate.place.get("en-US", ""))
        return kinds.Occasion(self.issuer, place, certificate.issued_at, certificate.lang)

    def _issue(self, data: CertificateData, certificate: IitCertificate | SheetCertificate) -> IssuedDocument:
        return _document(
            issue.issue(
                data,
                self._signer,
                number=certificate.number,
                code=certificate.code,
                public_url=self._public_url,
                renderer=self._renderer,
            )
        )

    def reprint(self, frozen: bytes, number: str, code: str, copy: int, at: datetime) -> IssuedDocument:
        """The ``copy``-th print of an issued certificate, marked 第n次打印; figures and code stay.

        Raises:
            CertificateError: nothing was printed; the message says why.
        """
        return _document(
            issue.reprint(
                frozen,
                self._signer,
                number=number,
                code=code,
                public_url=self._public_url,
                copy=copy,
                at=at,
                renderer=self._renderer,
            )
        )

    def shown(self, frozen: bytes) -> SheetShown:
        """What was issued, as it may be read over somebody's shoulder: heading, total and sentences.

        Raises:
            FrozenFormError: the stored bytes cannot be read.
        """
        return told(thaw(frozen))


def _document(issued: issue.IssuedPdf) -> IssuedDocument:
    return IssuedDocument(issued.pdf, issued.pages, issued.sha256, issued.url, issued.frozen)


def open_office(state_dir: Path, bureau_name: Texts, public_url: str, *, specimen: bool = True) -> Office:
    """The office of a demonstration bureau, its keys in ``<state_dir>/issuing`` (made at the first use).

    ``specimen`` marks every sheet as proving nothing, as an invented bureau must.

    Raises:
        KeyMaterialError: the keys are incomplete or belong to another bureau.
        FontsMissingError: this machine lacks the fonts.
    """
    name = Words(bureau_name["zh-CN"], bureau_name.get("en-US", ""))
    signer, keys = open_signer(state_dir, name.zh)
    issuer = Issuer(name, SEAL_PURPOSE, SPECIMEN_SERIAL if specimen else "", specimen)
    return Office(signer, Trust(keys.code_keys, (keys.authority,)), issuer, public_url)
