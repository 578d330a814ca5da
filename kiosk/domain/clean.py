"""Brings typed or scanned text into the one form that the checks read."""

from __future__ import annotations

import re
import unicodedata

from kiosk.domain.errors import FieldError

LONGEST = 256


def plain(text: str, field: str) -> str:
    """``text`` in half-width capitals without blanks, hyphens or a byte-order mark.

    Raises ``FieldError`` when it is empty, longer than any identifier, or holds anything not printable ASCII.
    """
    if len(text) > LONGEST:
        raise FieldError("length", f"field.{field}.length")
    cleaned = re.sub(r"[\s\u200b\ufeff-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not cleaned:
        raise FieldError("empty", f"field.{field}.empty")
    if not (cleaned.isascii() and cleaned.isprintable()):
        raise FieldError("characters", f"field.{field}.characters")
    return cleaned
