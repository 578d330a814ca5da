"""A receipt in the printer's own characters: a tenth of the bytes, for a slow line; dots only where they must be.

Lines of text go as codes, each run at its own place, so that columns are exact whatever stands in them. A
character that the font has not (〇, 䶮, 𬭚) is a picture in the same line. Titles, totals, rules, QR codes and
large text are pictures as on every other slip.

Commands are those of the ESC/POS reference: ``GS P`` motion units, ``ESC $`` absolute place, ``FS &`` and ``FS .``
Chinese mode, ``ESC *`` mode 33 (24 dots, 203 to the inch), ``ESC 3`` line pitch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from drivers.printer_cells import drawn
from drivers.printer_font import Coverage, cells, normalised, runs
from drivers.protocols.escpos_raster import DOTS_PER_MM, Band, bands
from drivers.protocols.realtime_bytes import harmless
from drivers.receipt import Block, RowBlock, SpaceBlock, TextBlock
from drivers.receipt_glyphs import Bits
from drivers.receipt_raster import WIDTH, draw
from drivers.receipt_text import tears, wrap

CELL: Final = 24
"""Dots of a Chinese character; a Latin one has half."""
PITCH: Final = 40
"""Dots from line to line: 5 mm."""
_MARGIN: Final = 32
_EDGE: Final = 36
_START: Final = b"\x1dP\xcb\xcb" + b"\x1cS\x00\x00" + b"\x1b \x00" + b"\x1b3" + bytes((PITCH,))
"""Units of 1/203 inch, no gaps between characters, the line pitch."""


class _Cells:
    """Measures text as the printer sets it."""

    def width(self, text: str, spacing: int = 0) -> float:
        return float(cells(text) * CELL // 2 + spacing * len(text))


_CELLS: Final = _Cells()


def pieces(blocks: Sequence[Block], width: int, coverage: Coverage, rows_per_band: int) -> Iterator[Band]:
    """What prints the receipt on paper of ``width`` dots; raise ``InvalidData`` for a code that does not fit."""
    margin = _MARGIN * width // WIDTH
    yield Band(_START + _feed(_EDGE), _EDGE)
    for block in blocks:
        if isinstance(block, SpaceBlock):
            yield from _space(round(block.mm * DOTS_PER_MM))
        elif isinstance(block, RowBlock):
            yield from _row(block, margin, width - 2 * margin, coverage)
        elif isinstance(block, TextBlock) and block.size != "large":
            yield from _text(block, margin, width - 2 * margin, coverage)
        elif (picture := draw(block, width)).size:
            yield from bands(picture, rows_per_band)
    yield Band(_feed(_EDGE), _EDGE)


def longest_line(width: int) -> int:
    """Bytes that no line on paper of ``width`` dots exceeds: all of it drawn, three bytes a column, and its orders."""
    return 3 * width + 64


def _space(dots: int) -> Iterator[Band]:
    for start in range(0, max(1, dots), 240):
        part = min(240, max(1, dots) - start)
        yield Band(_feed(part), part)


def _feed(dots: int) -> bytes:
    return b"\x1bJ" + bytes((dots,))


def _text(block: TextBlock, margin: int, room: int, coverage: Coverage) -> Iterator[Band]:
    for line in _wrapped(block.text, room):
        free = room - round(_CELLS.width(line))
        indent = {"left": 0, "center": free // 2, "right": free}[block.align]
        yield _line([(margin + indent, line)], coverage, bold=block.bold)


def _row(block: RowBlock, margin: int, room: int, coverage: Coverage) -> Iterator[Band]:
    label, right = normalised(block.label), margin + room
    beside = room - round(_CELLS.width(label)) - CELL
    if beside < room * 0.4 or tears(_as_printed(block.value), _CELLS, beside):
        # the name leaves too little, or would tear a number that people type: the value goes below it
        for line in _wrapped(block.label, room):
            yield _line([(margin, line)], coverage)
        label, beside = "", room
    for number, line in enumerate(_wrapped(block.value, beside)):
        value = (right - round(_CELLS.width(line)), line)
        yield _line([value] if number or not label else [(margin, label), value], coverage)


def _wrapped(text: str, room: int) -> list[str]:
    return wrap(_as_printed(text), _CELLS, room)


def _as_printed(text: str) -> str:
    return "\n".join(normalised(part) for part in text.split("\n"))


def _line(parts: Sequence[tuple[int, str]], coverage: Coverage, *, bold: bool = False) -> Band:
    """One line: each run behind an order to its place, then a line feed."""
    data = b"".join(_runs(x, text, coverage) for x, text in parts)
    style = (b"\x1bE\x01", b"\x1bE\x00") if bold else (b"", b"")
    return Band(style[0] + data + b"\n" + style[1], PITCH)


def _runs(x: int, text: str, coverage: Coverage) -> bytes:
    data = b""
    for run in runs(text, coverage):
        # At 1040 its bytes would begin a real-time command: the run stands one dot further right.
        data += b"\x1b$" + harmless(x.to_bytes(2, "little"))
        data += b"\x1c&" + run.code + b"\x1c." if run.code is not None else _picture(drawn(run.text, CELL))
        x += run.cells * CELL // 2
    return data


def _picture(bits: Bits) -> bytes:
    columns = int(bits.shape[1])  # a multiple of 12 below 1296: never the bytes of a real-time command
    return b"\x1b*\x21" + columns.to_bytes(2, "little") + harmless(bytes(np.packbits(bits.T, axis=1)))
