"""The codes on a page: QR, PDF417, DataMatrix, Code 128 and the other symbologies that zxing-cpp reads.

A code is a stranger's text: here it is only found, named and bounded, never acted upon.
"""

from __future__ import annotations

from typing import Final

import zxingcpp

from drivers.imaging.coding import Picture, gray
from drivers.ports import Barcode
from drivers.protocols.barcode import MAX_CODE, aim_prefix, normalised

MOST_CODES: Final = 16
"""On one page: more is a pattern that only looks like codes."""


def codes_on(picture: Picture) -> tuple[Barcode, ...]:
    """Every code in the order of reading, from above and from the left, each once.

    Text in GB 18030, as older invoices and certificates have it, comes as UTF-8; other bytes as they are.
    """
    found = [one for one in zxingcpp.read_barcodes(gray(picture)) if one.valid and one.bytes]
    found.sort(key=lambda one: (one.position.top_left.y // 32, one.position.top_left.x))
    named = (_named(one) for one in found[:MOST_CODES] if len(one.bytes) <= MAX_CODE)
    return tuple(dict.fromkeys(named))


def _named(one: zxingcpp.Barcode) -> Barcode:
    """With the XFS4IoT name that its symbology identifier (ISO/IEC 15424) has."""
    symbology, _ = aim_prefix(one.symbology_identifier.encode("ascii", "replace"))
    return Barcode(symbology or "symbologyUnknown", normalised(bytes(one.bytes)))
