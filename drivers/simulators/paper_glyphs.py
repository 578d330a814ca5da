"""The thermal printer's own characters: 12 x 24 and 9 x 17 Latin cells, 24 x 24 Chinese cells, one bit deep."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from drivers.simulators.fonts import MONO, font

Bits = NDArray[np.uint8]
"""Rows of dots, 1 is black."""

_CELLS = {"A": (12, 24, 21, 24), "B": (9, 17, 15, 17)}
"""Cell width, height, base line and pixel size of the two built-in fonts."""
_THRESHOLD = 110


@lru_cache(maxsize=4096)
def glyph(character: str, face: str, bold: bool) -> Bits:
    """The dots of one character; Chinese ones are as wide as two Latin ones."""
    width, height, base, size = _CELLS[face]
    if is_wide(character):
        width, height, base, size = 24, 24, 21, 24
    cell = Image.new("L", (width, height), 0)
    ImageDraw.Draw(cell).text((0, base), character, fill=255, font=font(MONO, size), anchor="ls")
    bits = (np.asarray(cell) > _THRESHOLD).astype(np.uint8)
    if bold:
        # A thermal head prints bold by striking again one dot to the right.
        bits[:, 1:] |= bits[:, :-1]
    return bits


def is_wide(character: str) -> bool:
    """True for characters of the Chinese set, which fill a square cell."""
    return ord(character) > 0x2E7F or character in "·—…‘’“”×÷±§°①②③④⑤⑥⑦⑧⑨⑩"


def stretch(bits: Bits, across: int, down: int) -> Bits:
    """Each dot ``across`` times as wide and ``down`` times as high."""
    return np.repeat(np.repeat(bits, down, axis=0), across, axis=1)


def unpack(data: bytes, width_bytes: int, rows: int) -> Bits:
    """Raster bytes, most significant bit leftmost, as dots."""
    packed = np.frombuffer(data, np.uint8)[: width_bytes * rows].reshape(rows, width_bytes)
    return np.unpackbits(packed, axis=1)


def unpack_columns(data: bytes, columns: int, rows: int) -> Bits:
    """Column-wise raster bytes (``ESC *``), most significant bit uppermost, as dots."""
    packed = np.frombuffer(data, np.uint8)[: columns * rows // 8].reshape(columns, rows // 8)
    return np.ascontiguousarray(np.unpackbits(packed, axis=1).T)
