"""Pictures from a phone: decoded and encoded anew, so that nothing comes along but what can be seen."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from bureau.engine.inspecting.rules import rules
from bureau.errors import InspectionRefused

FORMATS: Final = ["JPEG", "PNG", "WEBP"]
QUALITY: Final = 82


def encoded_anew(raw: bytes) -> bytes:
    """The picture as a JPEG without place, time and device (EXIF), upright, scaled to what the rules allow.

    Looks at its size before anything is decoded. Raises ``InspectionRefused``.
    """
    limit = rules().pictures
    if len(raw) > limit.megabytes * 1024 * 1024:
        raise InspectionRefused(
            "picture-large", f"a picture has at most {limit.megabytes} MB", most=limit.megabytes
        )
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > limit.megapixels * 1_000_000:
                raise _wide(limit.megapixels)
            side = limit.longest_side
            opened.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
            upright.thumbnail((side, side), Image.Resampling.LANCZOS)
            bare = Image.frombytes("RGB", upright.size, upright.tobytes())
            out = io.BytesIO()
            bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    except Image.DecompressionBombError as error:
        raise _wide(limit.megapixels) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise InspectionRefused(
            "picture-unread", "that is no picture that can be read; take another"
        ) from error
    return out.getvalue()


def _wide(most: int) -> InspectionRefused:
    return InspectionRefused("picture-wide", f"a picture has at most {most} million pixels", most=most)
