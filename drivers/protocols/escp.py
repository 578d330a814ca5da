"""ESC/P2 and ESC/P-K commands as bytes: what 24-pin invoice printers of the LQ class obey.

Sources: Epson's ESC/P Reference Manual (1997) for ESC commands; domain note, section 4.2, for ESC/P-K (Chinese
mode, ``FS``). All positions here are in units of 1/360 inch, set once for a page by ``ESC ( U``.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from drivers.protocols.escpos_raster import Bits
from drivers.protocols.realtime_bytes import harmless

UNITS_PER_INCH: Final = 360
UNITS_PER_DOT: Final = 2
"""Bit images of mode 39 have 180 dots to the inch."""
PINS: Final = 24
MOST_COLUMNS: Final = 1000
"""Of one bit image. Below 1024, so that its length and its data never read as a real-time command together."""

INITIALISE: Final = b"\x1b@"
ONE_WAY: Final = b"\x1bU\x01"
"""Print from left to right only: the two directions of a worn carriage do not meet."""
CHINESE_ON: Final = b"\x1c&"
CHINESE_OFF: Final = b"\x1c."
CARRIAGE_RETURN: Final = b"\r"
FORM_FEED: Final = b"\x0c"
CANCEL_LINE: Final = b"\x18"


def _word(value: int) -> bytes:
    if not 0 <= value <= 0x7FFF:
        raise ValueError(f"a position is 0 to {0x7FFF} units, not {value}")
    return value.to_bytes(2, "little")


def units(mm: float) -> int:
    """Millimetres as units, to the nearest (0.07 mm)."""
    return round(mm / 25.4 * UNITS_PER_INCH)


def set_units() -> bytes:
    """``ESC ( U``: from now on a unit is 10/3600 inch."""
    return b"\x1b(U\x01\x00" + bytes((3600 // UNITS_PER_INCH,))


def page_length(length: int) -> bytes:
    """``ESC ( C``: where the next page begins."""
    return b"\x1b(C\x02\x00" + _word(length)


def down_to(y: int) -> bytes:
    """``ESC ( V``: the top pin to ``y`` below the page's first line; never upwards."""
    return b"\x1b(V\x02\x00" + _word(y)


def across_to(x: int) -> bytes:
    """``ESC $``: the carriage to ``x`` right of the left margin."""
    return b"\x1b$" + _word(x)


def chinese_pitch(gap: int = 0) -> bytes:
    """``FS S`` and ``FS T``: dots between full characters, half of them between half ones."""
    return b"\x1cS\x00" + bytes((gap,)) + b"\x1cT\x00" + bytes((gap // 2,))


def bit_image(bits: Bits) -> bytes:
    """``ESC *`` mode 39 for up to 24 rows of dots, 180 to the inch both ways; missing rows are white.

    Raise ``ValueError`` for more rows or columns than one image takes.
    """
    rows, columns = int(bits.shape[0]), int(bits.shape[1])
    if not 1 <= rows <= PINS or not 1 <= columns <= MOST_COLUMNS:
        raise ValueError(f"an image has up to {PINS} rows and {MOST_COLUMNS} columns")
    pins = np.zeros((PINS, columns), np.bool_)
    pins[:rows] = bits
    data = bytes(np.packbits(pins.T, axis=1))
    return b"\x1b*\x27" + columns.to_bytes(2, "little") + harmless(data)
