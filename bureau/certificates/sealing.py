"""Sealing a certificate: PAdES B-B (ETSI EN 319 142-1) by pyHanko with a P-256 key held by this process."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import CertificateStore, SimpleCertificateStore

from bureau import pki
from bureau.certificates.errors import SealingError
from bureau.certificates.keys import IssuingKeys, open_keys
from bureau.certificates.ports import CertificateSigner, SealPlace
from sync.paper_signature import key_id

FIELD = "Seal"
_INVISIBLE = StaticStampStyle(border_width=0)
"""The seal is drawn on the page already; the field over it only makes it answer to a click."""


class _AsMade(IncrementalPdfFileWriter):
    """Leaves the metadata as the compiler made it: its dates are business dates, pyHanko's are not."""

    def _update_meta(self) -> None:
        return None


class _DatedSigner(signers.PdfSigner):
    """Signs with the business clock's moment instead of the machine's."""

    def __init__(
        self, meta: signers.PdfSignatureMetadata, signer: signers.Signer, place: SealPlace, at: datetime
    ):
        spec = fields.SigFieldSpec(FIELD, on_page=place.page, box=place.box, empty_field_appearance=True)
        super().__init__(meta, signer, stamp_style=_INVISIBLE, new_field_spec=spec)
        self._at = at

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        """Declare PAdES on PDF 1.7; pyHanko would go to PDF 2.0, which PDF/A-2 knows nothing of."""
        pdf_out.register_extension(ESIC_EXTENSION_1)

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        """The session, dated."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


class SoftwareSealer:
    """A ``DocumentSealer`` whose key lies in a file: for demonstrations and tests."""

    def __init__(self, keys: IssuingKeys, bureau_name: str, reason: str = "电子印章") -> None:
        self._reason, self._name = reason, bureau_name
        store = cast("Callable[[], CertificateStore]", SimpleCertificateStore)()  # it lacks annotations
        store.register(_pyhanko_certificate(keys.authority))
        self._signer = signers.SimpleSigner(
            signing_cert=_pyhanko_certificate(keys.seal_certificate),
            signing_key=load_private_key_from_pemder_data(pki.private_pem(keys.seal_key), None),
            cert_registry=store,
        )

    @property
    def algorithm(self) -> str:
        """Algorithm id of the signature."""
        return "ecdsa-p256-sha256"

    def seal(self, pdf: bytes, place: SealPlace, at: datetime) -> bytes:
        """``pdf`` with a certification signature that allows no change.

        Raises:
            SealingError: the document is not one pyHanko can sign.
        """
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=self._reason,
            name=self._name,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        out = io.BytesIO()
        try:
            writer = _AsMade(io.BytesIO(pdf))
            _DatedSigner(meta, self._signer, place, at).sign_pdf(writer, output=out)
        except (PdfError, SigningError) as fault:
            raise SealingError(str(fault)) from fault
        return out.getvalue()


class SoftwareCodeSigner:
    """A ``CodeSigner`` whose key lies in a file."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._id = key_id(key.public_key())

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key."""
        return self._id

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519."""
        return self._key.sign(message)


def software_signer(keys: IssuingKeys, bureau_name: str) -> CertificateSigner:
    """Both signers over keys in memory."""
    return CertificateSigner(SoftwareSealer(keys, bureau_name), SoftwareCodeSigner(keys.code_key))


def open_signer(state_dir: Path, bureau_name: str) -> tuple[CertificateSigner, IssuingKeys]:
    """The demonstration signer of a state directory (``<state_dir>/issuing``), made at the first use.

    Raises:
        KeyMaterialError: as ``open_keys``.
    """
    keys = open_keys(state_dir / "issuing", bureau_name)
    return software_signer(keys, bureau_name), keys


def _pyhanko_certificate(certificate: x509.Certificate) -> Any:
    return next(iter(load_certs_from_pemder_data(pki.certificate_pem(certificate))))
