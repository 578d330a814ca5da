"""A picture of the same kind, size and length on which nothing is to be seen, for recordings."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

_KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "JPEG": {"quality": 50, "optimize": True},
    "PNG": {"optimize": True},
}
_MOST_PIXELS: Final = 60_000_000
"""Two sides of A4 at 600 dpi have 70 million between them; more is no sheet."""


def blank_picture(data: bytes) -> bytes:
    """White, filled up with zeros behind its end; zeros alone for what is no JPEG or PNG that can be blanked."""
    nothing = bytes(len(data))
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_KINDS)) as real:
            kind, size = str(real.format), real.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return nothing
    if size[0] * size[1] > _MOST_PIXELS:
        return nothing
    file = io.BytesIO()
    Image.new("L", size, "white").save(file, kind, **_KINDS[kind])
    white = file.getvalue()
    return white.ljust(len(data), b"\0") if len(white) <= len(data) else nothing
