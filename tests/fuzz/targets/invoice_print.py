"""The figures of an invoice among pieces of text that a reader of print found."""

from __future__ import annotations

from datetime import date

from kiosk.domain.errors import FieldError
from kiosk.domain.invoice_print import Piece, parse_invoice_print
from tests.fuzz.oracles import refused_by
from tests.kiosk.domain.test_invoice_print import digital, keeps_its_promises, paper

PARSES = ("kiosk.domain.invoice_print",)
LONGEST = 1200
TODAY = date(2026, 10, 12)
GRID = 10
"""Pixels of a place's unit: a byte then reaches over the page."""


def check(data: bytes) -> None:
    """Any text anywhere on a page: figures in the shape of their kinds, or ``FieldError``."""
    pieces = [_piece(line) for line in data.split(b"\n") if len(line) > 3]
    found = refused_by(FieldError, lambda: parse_invoice_print(pieces, TODAY))
    if found is not None:
        keeps_its_promises(found)


def _piece(line: bytes) -> Piece:
    """Place, doubt and text of a line; letters are as high and wide as a form's at 200 dpi."""
    left, top, text = line[0] * GRID, line[1] * GRID, line[3:].decode("utf-8", "replace")
    return Piece(text, left, top, left + 24 * len(text), top + 40, line[2] / 255)


def seeds() -> list[bytes]:
    """Both generations, whole, and each without its heading or its sums."""
    whole = [digital(), paper()]
    cut = [[p for p in page if p.top > 450] for page in whole] + [
        [p for p in page if p.top < 450] for page in whole
    ]
    return [b"\n".join(_line(piece) for piece in page) for page in (*whole, *cut)]


def _line(piece: Piece) -> bytes:
    where = (round(piece.left / GRID), round(piece.top / GRID), round(piece.sure * 255))
    return bytes(min(255, place + (place == ord("\n"))) for place in where) + piece.text.encode()
