"""How many pages a PDF has, for whoever must know before the printer tells."""

from __future__ import annotations

import io
import logging

from pypdf import PdfReader

log = logging.getLogger("kiosk.devices.pdf")


def page_count(pdf: bytes) -> int | None:
    """The pages of ``pdf``; None when it cannot be read, so that nothing may be concluded from it."""
    try:
        return PdfReader(io.BytesIO(pdf)).get_num_pages()
    except Exception as error:  # a broken file fails anywhere inside the reader
        log.warning("the pages of a PDF cannot be counted: %s", type(error).__name__)
        return None
