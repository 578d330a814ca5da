"""The codes on a page: QR, PDF417, DataMatrix, Code 128 and the other symbologies that zxing-cpp reads.

A code is a stranger's text: here it is only found, named and bounded, never acted upon.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import zxingcpp

from drivers.imaging.coding import Picture, gray
from drivers.ports import Barcode
from drivers.protocols.barcode import MAX_CODE, aim_prefix, normalised

_WITH_UP: Final = ("Q", "d", "z")
"""QR, DataMatrix and Aztec have an upper side; a bar code reads the same upside down."""
MOST_CODES: Final = 16
"""On one page: more is a pattern that only looks like codes."""


@dataclass(frozen=True, slots=True)
class Found:
    """A code, and by how many degrees clockwise its print is turned (0, 90, 180, 270); None for bar codes."""

    code: Barcode
    angle: int | None


def codes_on(picture: Picture) -> tuple[Found, ...]:
    """Every code in the order of reading, from above and from the left, each once.

    Text in GB 18030, as older invoices and certificates have it, comes as UTF-8; other bytes as they are.
    """
    found = [one for one in zxingcpp.read_barcodes(gray(picture)) if one.valid and one.bytes]
    found.sort(key=lambda one: (one.position.top_left.y // 32, one.position.top_left.x))
    named = (_named(one) for one in found[:MOST_CODES] if len(one.bytes) <= MAX_CODE)
    return tuple({one.code: one for one in named}.values())


def _named(one: zxingcpp.Barcode) -> Found:
    """With the XFS4IoT name that its symbology identifier (ISO/IEC 15424) has."""
    identifier = one.symbology_identifier
    symbology, _ = aim_prefix(identifier.encode("ascii", "replace"))
    code = Barcode(symbology or "symbologyUnknown", normalised(bytes(one.bytes)))
    if identifier[1:2] not in _WITH_UP:
        return Found(code, None)
    left, right = one.position.top_left, one.position.top_right
    angle = math.degrees(math.atan2(right.y - left.y, right.x - left.x))
    return Found(code, round(angle / 90) * 90 % 360)
