"""A 1-bit picture as paced ESC/POS raster bands, blank dots left out.

``GS v 0`` (``1D 76 30 m xL xH yL yH``) takes a width per band, so a band is only as wide as its last black
dot and blank rows cost one byte each; on a 115200 baud line that is most of a receipt's time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.protocols.realtime_bytes import harmless

Bits = NDArray[np.bool_]
"""Rows × dots, True is black."""

MAX_BAND_ROWS: Final = 256
"""The domain note, section 4.1: bands of at most 24 to 256 lines."""
DOTS_PER_MM: Final = 8
"""203 dpi."""
BAND_HEAD: Final = 8
"""Bytes of a raster command before its dots."""


@dataclass(frozen=True, slots=True)
class Band:
    """One raster command and the rows of paper it moves."""

    data: bytes
    rows: int


def pack(bits: Bits) -> NDArray[np.uint8]:
    """Eight dots to a byte, the leftmost in the highest bit; the width is filled up with white."""
    return np.packbits(bits, axis=1)


def raster(rows: NDArray[np.uint8]) -> bytes:
    """The ``GS v 0`` command for packed rows (at least one row and one byte)."""
    height, width = rows.shape
    head = b"\x1d\x76\x30\x00" + width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return bytes(head + harmless(rows.tobytes()))


def bands(bits: Bits, rows_per_band: int = 48) -> Iterator[Band]:
    """Cut a picture into bands of at most ``rows_per_band`` rows, none larger than its black dots need.

    Raise ``ValueError`` for a band height outside 1..256 or an empty picture.
    """
    if not 1 <= rows_per_band <= MAX_BAND_ROWS:
        raise ValueError(f"a band has 1 to {MAX_BAND_ROWS} rows, not {rows_per_band}")
    if bits.ndim != 2 or 0 in bits.shape:
        raise ValueError("a picture has at least one dot")
    packed = pack(bits)
    inked: NDArray[np.bool_] = np.any(packed, axis=1)
    start = 0
    for end in _cuts(inked, rows_per_band):
        part = packed[start:end]
        columns = np.flatnonzero(np.any(part, axis=0))
        width = int(columns[-1]) + 1 if columns.size else 1
        yield Band(raster(np.ascontiguousarray(part[:, :width])), end - start)
        start = end


def _cuts(inked: NDArray[np.bool_], rows_per_band: int) -> Iterator[int]:
    """Row numbers where a band ends: where ink begins or stops, and after ``rows_per_band`` rows.

    A blank stretch is worth a band of its own from 8 rows (its command has 8 bytes); below that it stays
    inside its neighbour.
    """
    total = len(inked)
    start = row = 0
    while row < total:
        run = row
        while run < total and not inked[run]:
            run += 1
        blank = run - row
        if blank >= 8 or run == total:
            if row > start:
                yield row
                start = row
            while start < run:
                start = min(run, start + rows_per_band)
                yield start
            row = run
            continue
        row = run + 1
        if row - start >= rows_per_band:
            start = row = start + rows_per_band
            yield start
    if start < total:
        yield total
