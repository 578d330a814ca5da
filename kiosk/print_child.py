"""Reads the figures off a picture of an invoice, in a process of its own: ``python -m kiosk.print_child PARENT``.

One line of JSON (``today``) and a JPEG come at standard input; one line of JSON goes out: ``figures``, each with its
value and whether it is sure, or ``flaw``, why there are none. Recognising a page takes seconds of a processor and half
a gigabyte: the screen's process has neither to spare, and this one ends with its page, and all that it knew with it;
or with ``PARENT``, the process id of who asks, however that ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from config import lifeline
from kiosk.domain.errors import FieldError
from kiosk.domain.invoice_print import Figure, InvoicePrint, Piece, parse_invoice_print

CPU_SECONDS: Final = 60
MEMORY_BYTES: Final = 3 << 30
"""Of addresses; what is really used stays below a fifth (benchmarks/invoice_print.py)."""
THREADS: Final = 1
NICER: Final = 2
"""The screen and the device program go first."""
FIRST_TO_GO: Final = b"500"
"""Where the machine runs out of memory this is ended, and no part of the terminal."""
MOST_PIXELS: Final = 24_000_000
"""A4 at 400 dpi has 15 million."""
MARGIN: Final = 24
"""Pixels left around what is printed: letters at the very edge are not found."""
LETTERS: Final = 2
"""A single character is as wide as it is high, and says nothing of how the page lies."""

Picture = NDArray[np.uint8]


class Engine:
    """PP-OCRv4 by RapidOCR: where text stands, and what it says."""

    def __init__(self, threads: int = THREADS) -> None:
        from rapidocr_onnxruntime import RapidOCR  # a second to load: only where a page is read

        # No line is turned by itself: read line by line, a page upside down would seem to stand upright.
        self._engine = RapidOCR(use_cls=False, intra_op_num_threads=threads, inter_op_num_threads=1)

    def pieces(self, page: Picture) -> list[Piece]:
        """What stands on a page, however much it is: its reader bounds it."""
        found, _ = self._engine(page)
        return [_piece(corners, text, float(sure)) for corners, text, sure in found or ()]


def _piece(corners: Sequence[Sequence[float]], text: str, sure: float) -> Piece:
    across, down = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    return Piece(str(text), min(across), min(down), max(across), max(down), sure)


def read(picture: Picture, today: date, engine: Engine) -> InvoicePrint:
    """The figures on a page, however it was laid down.

    Raises ``FieldError`` as ``parse_invoice_print`` does; ``not-an-invoice`` when no way up it is one.
    """
    page = printed_part(picture)
    pieces = engine.pieces(page)
    refused = FieldError("not-an-invoice", "field.invoice-print.not-an-invoice")
    for turn in (1, 3) if sideways(pieces) else (0, 2):
        seen = pieces if turn == 0 else engine.pieces(np.ascontiguousarray(np.rot90(page, turn)))
        try:
            return parse_invoice_print(seen, today)
        except FieldError as error:
            if error.code != "not-an-invoice":
                raise
            refused = error
    raise refused


def sideways(pieces: Sequence[Piece]) -> bool:
    """Whether most lines run up or down: such a line is read too, but what stands beside it is not what it seems."""
    words = [piece for piece in pieces if len(piece.text) >= LETTERS]
    return 2 * sum(piece.high > piece.right - piece.left for piece in words) > len(words)


def printed_part(picture: Picture) -> Picture:
    """The page without the empty paper around: half of an A4 sheet, as most invoices are printed."""
    level = int(np.median(picture)) - 40
    ink = np.asarray(cv2.medianBlur(picture, 3) < level)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return picture
    top, left = max(0, int(rows[0]) - MARGIN), max(0, int(columns[0]) - MARGIN)
    return picture[top : int(rows[-1]) + MARGIN, left : int(columns[-1]) + MARGIN]


def told(found: InvoicePrint) -> Mapping[str, object]:
    """What was read as it crosses to the other process; None where nothing was."""
    figures: Mapping[str, Figure[Any] | None] = {
        "number": found.number,
        "code": found.code,
        "issued": found.issued,
        "net_fen": found.net,
        "total_fen": found.total,
        "check_code": found.check_code,
    }
    return {"digital": found.digital, "figures": {name: _told(one) for name, one in figures.items()}}


def _told(figure: Figure[Any] | None) -> tuple[object, bool] | None:
    if figure is None:
        return None
    value = figure.value.isoformat() if isinstance(figure.value, date) else figure.value
    return value, figure.sure


def decoded(jpeg: bytes) -> Picture:
    """The picture; raises ``FieldError`` with code ``picture`` for what is none, or larger than any page."""
    found = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE) if jpeg else None
    if found is None or found.size > MOST_PIXELS:
        raise FieldError("picture", "field.invoice-print.picture")
    return np.asarray(found, np.uint8)


def answer(header: bytes, jpeg: bytes) -> Mapping[str, object]:
    """What goes out for what came in."""
    today = date.fromisoformat(json.loads(header)["today"])
    try:
        picture = decoded(jpeg)
        try:
            return told(read(picture, today, Engine()))
        finally:
            picture.fill(0)
    except FieldError as error:
        return {"flaw": error.code}


def main() -> None:
    """Bound this process, read the page, tell."""
    lifeline.die_with(int(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(NICER)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_bytes(FIRST_TO_GO)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    header, _, jpeg = sys.stdin.buffer.read().partition(b"\n")
    json.dump(answer(header, jpeg), out)
    out.flush()


if __name__ == "__main__":
    main()
