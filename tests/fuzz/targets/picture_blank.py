"""Pictures that scanners send, before a recording keeps them: whatever comes, nothing of it stays."""

from __future__ import annotations

import io

from PIL import Image

from drivers.protocols.picture_blank import blank_picture

PARSES = ("drivers.protocols.picture_blank",)
LONGEST = 400


def check(data: bytes) -> None:
    """As long as what came, and all white, or nothing but zeros."""
    blank = blank_picture(data)
    assert len(blank) == len(data)
    if blank.strip(b"\0"):
        with Image.open(io.BytesIO(blank)) as picture:
            assert picture.getextrema() == (255, 255)


def seeds() -> list[bytes]:
    """Both kinds, grey and coloured, cut and with something behind the end."""
    whole = []
    for kind in ("JPEG", "PNG"):
        for mode, ink in (("L", 90), ("RGB", (10, 200, 30))):
            file = io.BytesIO()
            Image.new(mode, (16, 8), ink).save(file, kind)
            whole.append(file.getvalue())
    return [*whole, whole[0][:60], whole[2][:40], whole[3] + b"behind", b"GIF89a"]
