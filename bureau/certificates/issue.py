"""Issuing one certificate: frozen data in, a sealed PDF with number, code and address out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from bureau.certificates import codes, shortsig
from bureau.certificates.data import CertificateData, content_sha256, freeze, thaw
from bureau.certificates.errors import CopyLimitError
from bureau.certificates.ports import CertificateSigner, SealPlace
from bureau.certificates.proof import prove
from bureau.certificates.renderer import Renderer, shared_renderer
from bureau.certificates.sheet import FOOTER_PX, FOOTER_PX_BILINGUAL, Imprint, bilingual, expected

_PX = 0.72
"""Points to a pixel of the visual target, drawn at 100 dpi."""


@dataclass(frozen=True, slots=True)
class IssuedPdf:
    """One sealed copy, and what the bureau keeps about it.

    ``frozen`` and ``content_sha256`` are the same for every copy; ``sha256`` names the bytes of this one.
    """

    pdf: bytes
    pages: int
    sha256: str
    number: str
    code: str
    url: str
    short_signature: str
    frozen: bytes
    content_sha256: str
    copy: int


def issue(
    data: CertificateData,
    signer: CertificateSigner,
    *,
    number: str,
    public_url: str,
    code: str | None = None,
    renderer: Renderer | None = None,
) -> IssuedPdf:
    """Render, prove and seal the first copy.

    ``number`` comes from ``make_number``; ``public_url`` is the address of the public pages without a slash
    at its end. All but the seal and the code depends on the arguments alone. About 0.1 s.

    Raises:
        RenderingError: a character has no glyph. Nothing was issued.
        TextLostError: what is readable on the pages is not what was to be certified. Nothing was issued.
        SealingError: the sealing key is not at hand. Nothing was issued.
    """
    code = codes.new_code() if code is None else code
    return _print(freeze(data), signer, _Paper(number, code, public_url, 1, data.issued_at), renderer)


def reprint(
    frozen: bytes,
    signer: CertificateSigner,
    *,
    number: str,
    code: str,
    public_url: str,
    copy: int,
    at: datetime,
    renderer: Renderer | None = None,
) -> IssuedPdf:
    """The ``copy``-th print of what was issued, with the same number, code and figures, marked 第n次打印.

    ``copy`` is the bureau's counter (see ``next_copy``). Raises as ``issue``, and ``FrozenFormError`` when
    the stored bytes cannot be read.
    """
    return _print(frozen, signer, _Paper(number, code, public_url, copy, at), renderer)


def next_copy(number: str, printed: int, limit: int | None) -> int:
    """The number of the next copy after ``printed`` ones; ``limit`` is the kind's (configuration).

    Raises:
        CopyLimitError: there were ``limit`` copies already.
    """
    if limit is not None and printed >= limit:
        raise CopyLimitError(number, limit)
    return printed + 1


def verify_url(public_url: str, number: str, code: str, short_signature: str) -> str:
    """The address in the QR code (domain note, section 5 c)."""
    return f"{public_url.rstrip('/')}/v?" + urlencode({"n": number, "c": code, "s": short_signature})


@dataclass(frozen=True, slots=True)
class _Paper:
    number: str
    code: str
    public_url: str
    copy: int
    at: datetime


def _print(frozen: bytes, signer: CertificateSigner, paper: _Paper, renderer: Renderer | None) -> IssuedPdf:
    data = thaw(frozen)
    digest = content_sha256(frozen)
    signature = shortsig.make(
        paper.number, paper.code, data.issued_at.date(), data.amount_fen, digest, signer.code
    )
    url = verify_url(paper.public_url, paper.number, paper.code, signature)
    page = paper.public_url.rstrip("/").removeprefix("https://") + "/v"
    imprint = Imprint(paper.number, paper.code, url, page, paper.copy, paper.at if paper.copy > 1 else None)
    drawn = (renderer or shared_renderer()).draw(data, imprint)
    pages = prove(drawn, expected(data, imprint))
    pdf = signer.document.seal(drawn, _seal_place(data, pages), paper.at)
    return IssuedPdf(
        pdf=pdf,
        pages=pages,
        sha256=hashlib.sha256(pdf).hexdigest(),
        number=paper.number,
        code=paper.code,
        url=url,
        short_signature=signature,
        frozen=frozen,
        content_sha256=digest,
        copy=paper.copy,
    )


def _seal_place(data: CertificateData, pages: int) -> SealPlace:
    """The box of the drawn seal, as ``certificate.typ`` places it at the foot of the last page."""
    foot = 48 + (FOOTER_PX_BILINGUAL if bilingual(data) else FOOTER_PX)
    left, bottom, size = 827 - 64 - 190, foot + 22, 190
    box = (left, bottom, left + size, bottom + size)
    return SealPlace(pages - 1, (_pt(box[0]), _pt(box[1]), _pt(box[2]), _pt(box[3])))


def _pt(px: int) -> int:
    return round(px * _PX)
