"""Pictures from a phone: decoded and encoded anew, so that nothing comes along but what can be seen."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from typing import Final

from PIL import ExifTags, Image, UnidentifiedImageError

from bureau.engine.inspecting.rules import rules
from bureau.errors import InspectionRefused

FORMATS: Final = ["JPEG", "PNG", "WEBP"]
QUALITY: Final = 82
UPRIGHT: Final[Mapping[object, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned that was taken with the camera so (EXIF 2.32, 4.6.4, ``Orientation``)."""
UNREAD: Final = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, EOFError,
    struct.error,
)  # fmt: skip
"""What the decoder raises for bytes that are no whole picture."""


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
            turned = _orientation(opened)
            seen = opened.convert("RGB")
            seen.thumbnail((side, side), Image.Resampling.LANCZOS)
            upright = seen.transpose(turned) if turned is not None else seen
            bare = Image.frombytes("RGB", upright.size, upright.tobytes())
            out = io.BytesIO()
            bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    except Image.DecompressionBombError as error:
        raise _wide(limit.megapixels) from error
    except UNREAD as error:
        raise InspectionRefused(
            "picture-unread", "that is no picture that can be read; take another"
        ) from error
    return out.getvalue()


def _orientation(picture: Image.Image) -> Image.Transpose | None:
    """How it has to be turned; not at all where what the camera wrote cannot be read, as the picture can."""
    try:
        return UPRIGHT.get(picture.getexif().get(ExifTags.Base.Orientation))
    except UNREAD:
        return None


def _wide(most: int) -> InspectionRefused:
    return InspectionRefused("picture-wide", f"a picture has at most {most} million pixels", most=most)
