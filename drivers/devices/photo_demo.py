"""Decodes the demonstration's chip photos; a real card's WLT picture needs the licensed library in its place.

Format of the demonstration: ``WPD1``, the length of a WebP as unsigned 16 bit, the WebP, zeros up to 1024.
"""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from drivers.devices.registry import decoder

_MARK: Final = b"WPD1"
_SIZE: Final = (102, 126)
"""Width and height of a resident ID card's photo (domain note, section 3)."""


class DemoPhotoDecoder:
    """Implements ``PhotoDecoder`` for generated cards; anything else is not known here."""

    production_ready = False

    def decode(self, photo: bytes) -> bytes | None:
        """PNG bytes, or None when this decoder does not know the format."""
        if not photo.startswith(_MARK):
            return None
        length = int.from_bytes(photo[4:6], "big")
        webp = photo[6 : 6 + length]
        if len(webp) != length or webp[:4] != b"RIFF" or webp[8:12] != b"WEBP":
            return None
        try:
            with Image.open(io.BytesIO(webp), formats=("WEBP",)) as picture:
                if picture.size != _SIZE:
                    return None
                out = io.BytesIO()
                picture.convert("RGB").save(out, "PNG")
        except (OSError, ValueError, SyntaxError):
            return None
        return out.getvalue()


@decoder("demo")
def _create() -> DemoPhotoDecoder:
    return DemoPhotoDecoder()
