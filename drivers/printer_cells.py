"""Characters as dots in the cells that a printer's own font has: for the run that its font cannot print."""

from __future__ import annotations

import numpy as np

from drivers.printer_font import cells, is_half
from drivers.receipt_glyphs import Bits, Face, Weight, face
from drivers.receipt_raster import write


def drawn(text: str, size: int) -> Bits:
    """``text`` in the cells it would have in the printer's font, ``size`` dots high."""
    half = size // 2
    picture = np.zeros((size, cells(text) * half), np.bool_)
    cut = face(Weight.REGULAR, size)
    pen = 0
    for character in text:
        width = half if is_half(character) else size
        _in_cell(picture[:, pen : pen + width], character, cut)
        pen += width
    return picture


def _in_cell(cell: Bits, character: str, cut: Face) -> None:
    """In the middle of the cell; what is wider than the cell is narrowed to it, never cut."""
    height, width = cell.shape
    need = max(width, round(cut.width(character)))
    wide = np.zeros((height, need), np.bool_)
    write(wide, character, cut, (need - cut.width(character)) / 2, height // 2)
    edges = np.arange(width) * need // width
    cell |= np.logical_or.reduceat(wide, edges, axis=1)
