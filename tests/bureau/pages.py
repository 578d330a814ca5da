"""Scanned pages as a terminal sends them: a grey sheet, so small that nobody waits for it."""

from __future__ import annotations

import base64
import hashlib
from io import BytesIO
from typing import Any

from PIL import Image


def picture(shade: int = 200, size: tuple[int, int] = (124, 175)) -> bytes:
    file = BytesIO()
    Image.new("L", size, shade).save(file, "JPEG", optimize=True)
    return file.getvalue()


def page(jpeg: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(jpeg).hexdigest(), "jpeg": base64.b64encode(jpeg).decode()}
