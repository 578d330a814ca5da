"""What a PDF file is worth: is it one of ours, and is it as it was sealed."""

from __future__ import annotations

import enum
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from bureau import pki


class PdfState(enum.StrEnum):
    """What can be said of a file."""

    INTACT = "intact"
    """Sealed by this bureau, and nothing in it changed since."""
    ALTERED = "altered"
    """Sealed once, changed afterwards, whoever sealed it."""
    FOREIGN = "foreign"
    """Sealed, but by nobody this bureau vouches for."""
    UNSEALED = "unsealed"
    """A PDF without any seal: a scan, a photo, a print to file."""
    UNREADABLE = "unreadable"
    """Not a PDF, or damaged."""


@dataclass(frozen=True, slots=True)
class PdfVerdict:
    """The state; for an intact file also its certificate number, who sealed it and when."""

    state: PdfState
    number: str = ""
    sealed_by: str = ""
    sealed_at: datetime | None = None


def inspect(pdf: bytes, authorities: Sequence[x509.Certificate]) -> PdfVerdict:
    """Look at a file from anywhere. Never raises: what cannot be read is ``UNREADABLE``.

    A hostile file may cost time and memory; ``inspect_apart`` bounds both.
    """
    if not pdf.lstrip()[:5] == b"%PDF-":
        return PdfVerdict(PdfState.UNREADABLE)
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        signatures = reader.embedded_regular_signatures
        return _verdict(reader, signatures, authorities) if signatures else PdfVerdict(PdfState.UNSEALED)
    except Exception:  # the parsers raise whatever a broken file leads them to
        return PdfVerdict(PdfState.ALTERED if b"/ByteRange" in pdf else PdfState.UNREADABLE)


def _verdict(
    reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature], authorities: Sequence[x509.Certificate]
) -> PdfVerdict:
    roots = [next(iter(load_certs_from_pemder_data(pki.certificate_pem(root)))) for root in authorities]
    first = signatures[0]
    status: Any = validate_pdf_signature(
        first, ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
    )
    untouched = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and status.modification_level in (
        None,
        ModificationLevel.NONE,
    )
    if not (status.intact and status.valid and untouched):
        return PdfVerdict(PdfState.ALTERED)
    if not status.trusted:
        return PdfVerdict(PdfState.FOREIGN)
    return PdfVerdict(
        PdfState.INTACT,
        number=_number(reader),
        sealed_by=str(first.signer_cert.subject.native.get("common_name", "")),
        sealed_at=first.self_reported_timestamp,
    )


def _number(reader: PdfFileReader) -> str:
    """The certificate number, which the renderer leaves as the document's subject."""
    subject = reader.trailer_view["/Info"].get("/Subject", "")
    return str(subject) if isinstance(subject, TextStringObject | str) else ""
