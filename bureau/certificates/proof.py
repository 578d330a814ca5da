"""Reading the finished pages back: a font that drops glyphs without a word must never reach a certificate.

Some fonts silently lack digits or Latin letters; the amounts then vanish from the page. So the text of the
PDF is extracted and compared, row by row in the order of printing, with what was to be certified.
"""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass

from pypdf import PdfReader

from bureau.certificates.errors import TextLostError


@dataclass(frozen=True, slots=True)
class Expected:
    """``rows`` in this order through the document, ``once`` anywhere, ``every_page`` on each page."""

    rows: tuple[str, ...]
    once: tuple[str, ...]
    every_page: tuple[str, ...]


def plain(text: str) -> str:
    """Text without spaces, compatibility forms folded: text out of a PDF loses the one, gains the other."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def page_texts(pdf: bytes) -> list[str]:
    """The plain text of each page."""
    return [plain(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def prove(pdf: bytes, expected: Expected) -> int:
    """Compare and return the number of pages.

    Raises:
        TextLostError: something is missing, or rows are out of order.
    """
    pages = page_texts(pdf)
    whole = "".join(pages)
    missing: list[str] = []
    position = 0
    for row in map(plain, expected.rows):
        found = whole.find(row, position)
        if found < 0:
            missing.append(row)
        else:
            position = found + len(row)
    missing += [text for text in expected.once if plain(text) not in whole]
    missing += [text for text in expected.every_page for page in pages if plain(text) not in page]
    if missing:
        raise TextLostError(tuple(missing))
    return len(pages)
