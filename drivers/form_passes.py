"""One page of placed text as ESC/P passes: the printer's own characters where it has them, dots where not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from drivers.form_layout import SIZES, Placed
from drivers.printer_cells import drawn
from drivers.printer_font import Coverage, Run, runs
from drivers.protocols import escp

CELL: Final = SIZES[0]
"""Dots of a full character in the printer's own font."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one way of the carriage strikes, after the paper has moved ``feed`` units."""

    data: bytes
    feed: int


def opening(height: int) -> bytes:
    """What begins a page of ``height`` units; nothing of it is struck."""
    return escp.INITIALISE + escp.ONE_WAY + escp.set_units() + escp.page_length(height) + escp.chinese_pitch()


def passes(lines: Iterable[Placed], origin: tuple[float, float], coverage: Coverage) -> Iterator[Pass]:
    """The passes from top to bottom.

    ``origin`` is where on the paper (mm) the head's first column and top pin lie at the page's beginning, a
    terminal's offset taken off. Raise ``ValueError`` for a line that the head cannot reach.
    """
    left, top = origin
    pieces = [
        (escp.units(line.y - top), escp.units(line.x - left) + shift, data)
        for line in lines
        for shift, data in _pieces(line, coverage)
    ]
    at = 0
    for y, row in groupby(sorted(pieces, key=itemgetter(0, 1)), key=itemgetter(0)):
        data = b"".join(escp.across_to(x) + piece for _, x, piece in row)
        yield Pass(escp.down_to(y) + data + escp.CARRIAGE_RETURN, y - at)
        at = y


def _pieces(line: Placed, coverage: Coverage) -> Iterator[tuple[int, bytes]]:
    """Each run of a line: units right of the line's beginning, and what prints it."""
    pitch = line.size // 2 * escp.UNITS_PER_DOT
    own = coverage if line.size == CELL else Coverage.NONE
    at = 0
    for run in runs(line.text, own):
        yield from _run(run, line.size, at)
        at += run.cells * pitch


def _run(run: Run, size: int, at: int) -> Iterator[tuple[int, bytes]]:
    if run.code is not None:
        yield at, escp.CHINESE_ON + run.code + escp.CHINESE_OFF
        return
    picture = drawn(run.text, size)
    for start in range(0, picture.shape[1], escp.MOST_COLUMNS):
        part = picture[:, start : start + escp.MOST_COLUMNS]
        if part.any():
            yield at + start * escp.UNITS_PER_DOT, escp.bit_image(part)
