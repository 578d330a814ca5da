"""Setting a certificate in type, with one typst compiler kept warm: a cold one scans every font folder."""

from __future__ import annotations

import io
import json
import threading
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import segno
import typst

from bureau.certificates import seal, sheet
from bureau.certificates.data import CertificateData
from bureau.certificates.errors import FontsMissingError, RenderingError

ASSETS = Path(__file__).parent / "assets"
FAMILIES = frozenset({seal.SERIF, seal.SANS})
PDF_STANDARD: Literal["a-2u"] = "a-2u"
"""ISO 19005-2, level U: archival, and all text can be read back; includes level B."""


class Typesetter:
    """Sets one template; one sheet at a time, from any thread.

    Raises:
        FontsMissingError: this machine lacks a font of the template (when it is made).
    """

    def __init__(self, template: Path) -> None:
        fonts = typst.Fonts(include_embedded_fonts=False)
        if absent := FAMILIES - set(fonts.families()):
            raise FontsMissingError(frozenset(absent))
        self._lock = threading.Lock()
        self._compiler = typst.Compiler(input=str(template), root=str(template.parent), font_paths=fonts)

    def set(self, model: Mapping[str, object], pictures: Mapping[str, str], moment: datetime) -> bytes:
        """The unsigned PDF of the template's ``data`` and its drawings by name, dated ``moment``.

        Raises:
            RenderingError: a character has no glyph in any font, or the template refuses the data.
        """
        data = json.dumps(model, ensure_ascii=False)
        _refuse_private_use(data)
        with self._lock:
            return self._compile({"data": data, **pictures}, int(moment.timestamp()))

    def _compile(self, inputs: Mapping[str, str], timestamp: int) -> bytes:
        try:
            pdf = self._compiler.compile(
                format="pdf", sys_inputs=dict(inputs), pdf_standards=PDF_STANDARD, timestamp=timestamp
            )
        except typst.TypstError as fault:
            raise RenderingError(fault.message) from fault
        if not isinstance(pdf, bytes):
            raise RenderingError("the compiler gave no document")
        return pdf


class Renderer:
    """Draws certificates.

    Raises:
        FontsMissingError: as ``Typesetter`` (when it is made).
    """

    def __init__(self) -> None:
        self._typesetter = Typesetter(ASSETS / "certificate.typ")

    def draw(self, data: CertificateData, imprint: sheet.Imprint) -> bytes:
        """The unsigned PDF; the same input always gives the same bytes.

        Raises:
            RenderingError: a character has no glyph in any font, or the template refuses the data.
        """
        pictures = {
            "seal": seal.round_seal(data.issuer.name.zh, data.issuer.seal_purpose, data.issuer.seal_serial),
            "mark": seal.square_mark(),
            "qr": qr_svg(imprint.url),
        }
        moment = imprint.copied_at or data.issued_at
        return self._typesetter.set(sheet.page_model(data, imprint), pictures, moment)


def _refuse_private_use(text: str) -> None:
    """Some font has a glyph for it, but another sign than was meant: no standard says what stands there."""
    for character in text:
        if unicodedata.category(character) == "Co":
            raise RenderingError(f"U+{ord(character):04X} is of private use")


def qr_svg(text: str) -> str:
    """A QR code as one path, without quiet zone (the sheet leaves it)."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False, boost_error=False)
    code.save(out, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None, omitsize=True)
    return out.getvalue().decode()


@lru_cache(maxsize=1)
def shared_renderer() -> Renderer:
    """The renderer of this process, made at the first use."""
    return Renderer()
