"""Reads a machine readable zone from a page: OCR-B in fixed steps, each letter compared with the font's own.

The zone's type is fixed (ICAO Doc 9303, part 3, 4.1: OCR-B size 1, ten characters an inch), so a comparison with
37 pictures beats a general text reader; what is doubtful the check digits decide (``drivers.protocols.mrz``).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from drivers.imaging.coding import Picture, gray
from drivers.protocols.mrz import Mrz, MrzError, parse

_log = logging.getLogger("kiosk.devices.mrz")

FONT: Final = Path("/usr/share/fonts/opentype/ocr-b/OCRB.otf")
"""Of Debian's ``fonts-ocr-b``."""
LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
_LENGTHS: Final = (30, 36, 44)
_CELL: Final = (30, 40)
"""Columns and rows of one letter's cell when letters are compared."""
_ROOM: Final = 4
"""Pixels by which a letter may lie beside its cell's middle."""
_LIKE: Final = 0.45
"""Below this likeness a cell holds no letter of the font."""
_WIDE: Final = 0.4
"""A line of a zone is at least so wide, as a share of the picture's longer edge (a passport on an A4 page: 0.37
of its height, and of its width 0.53)."""


def find_mrz(page: Picture, today: date) -> tuple[Mrz, int] | None:
    """The zone on a page, and by how many degrees clockwise the page must be turned to read it; None for none.

    Only a zone whose check digits agree counts.
    """
    if not FONT.exists():
        _log.error("the font %s is missing; install fonts-ocr-b to read machine readable zones", FONT)
        return None
    plain = gray(page)
    for turn in (0, 180, 90, 270):
        turned = np.ascontiguousarray(np.rot90(plain, -(turn // 90)))
        for lines in _zones(turned):
            try:
                return parse(lines, today), turn
            except MrzError:
                continue
    return None


def _zones(plain: Picture) -> Iterator[Sequence[str]]:
    """The texts of lines that lie one below the other and are of one length."""
    read = [text for band in _bands(plain) if (text := _read(band)) is not None]
    for first in range(len(read)):
        for count in (3, 2):
            group = read[first : first + count]
            if len(group) == count and len({len(line) for line in group}) == 1:
                yield group


def _bands(plain: Picture) -> Iterator[Picture]:
    """Cuts of the page that hold one long, low line of print each, from above."""
    height, width = plain.shape
    scale = 1000 / max(height, width)
    small = cv2.resize(plain, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    hat = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, np.ones((15, 15), np.uint8))
    _, ink = cv2.threshold(hat, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 31), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 41), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(joined, np.uint8))
    boxes = [tuple(int(value) for value in stats[place][:4]) for place in range(1, count)]
    least = _WIDE * small.shape[1]
    for x, y, w, h in sorted(boxes, key=lambda box: box[1]):
        if w < least or not 12 <= w / h <= 60:
            continue
        pad = h * 0.35
        top, bottom = max(0, int((y - pad) / scale)), min(height, int((y + h + pad) / scale) + 1)
        left, right = max(0, int((x - 2 * h) / scale)), min(width, int((x + w + 2 * h) / scale) + 1)
        yield np.ascontiguousarray(plain[top:bottom, left:right])


def _read(band: Picture) -> str | None:
    """The letters of one line; None when it is no line of a zone."""
    ink = _ink(band)
    boxes = _letters(ink)
    if len(boxes) < 20:
        return None
    steps = _steps(boxes)
    if steps is None:
        return None
    start, pitch, count, (middle, slope) = steps
    found = []
    for place in range(count):
        x = start + place * pitch
        found.append(_letter(band, x, middle + slope * x, pitch))
    return None if found.count("") > 2 or _doubtful(found) else "".join(one or "<" for one in found)


def _doubtful(found: Sequence[str]) -> bool:
    """Whether a letter that was not made out stands beside one that was.

    Among fillers it is one. Beside a letter it may be part of a name, which no check digit covers.
    """
    beside = zip(["<", *found[:-1]], found, [*found[1:], "<"], strict=True)
    return any(not one and bool({before, after} - {"", "<"}) for before, one, after in beside)


def _ink(band: Picture) -> Picture:
    smooth = cv2.GaussianBlur(band, (3, 3), 0)
    _, ink = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    return np.asarray(ink, np.uint8)


_Box = tuple[float, float, float, float]


def _letters(ink: Picture) -> list[_Box]:
    """Boxes (x, y, width, height) of what may be letters: of the commonest height."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    boxes = [tuple(float(value) for value in stats[place][:4]) for place in range(1, count)]
    tall = [box for box in boxes if box[3] >= 0.25 * ink.shape[0]]
    if not tall:
        return []
    usual = float(np.median([box[3] for box in tall]))
    good = [(x, y, w, h) for x, y, w, h in tall if 0.6 * usual <= h <= 1.4 * usual and w <= 1.3 * usual]
    return sorted(good)


def _steps(boxes: Sequence[_Box]) -> tuple[float, float, int, tuple[float, float]] | None:
    """Middle of the first letter, distance to the next, how many; and the line's height as (offset, slope)."""
    middles = np.asarray([x + w / 2 for x, _, w, _ in boxes])
    gaps = np.diff(middles)
    pitch = float(np.median(gaps))
    if pitch <= 2:
        return None
    # Letters that touch are one box and leave a gap of two: each gap counts as a whole number of steps.
    places = np.concatenate(([0], np.cumsum(np.maximum(1, np.round(gaps / pitch)))))
    pitch, start = (float(value) for value in np.polyfit(places, middles, 1))
    if np.abs(middles - (start + places * pitch)).max() > 0.45 * pitch:
        return None
    count = int(places[-1]) + 1
    heights = np.asarray([y + h / 2 for _, y, _, h in boxes])
    slope, offset = (float(value) for value in np.polyfit(middles, heights, 1))
    return (start, pitch, count, (offset, slope)) if count in _LENGTHS else None


def _letter(band: Picture, x: float, y: float, pitch: float) -> str:
    """The letter around a point; empty when none of the font's is like it."""
    scale = _CELL[0] / pitch
    size = (_CELL[0] + 2 * _ROOM, _CELL[1] + 2 * _ROOM)
    move = np.asarray([[scale, 0, size[0] / 2 - scale * x], [0, scale, size[1] / 2 - scale * y]], np.float32)
    cell = cv2.warpAffine(band, move, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    best, likeness = "", _LIKE
    for letter, shape in _font():
        found = float(cv2.matchTemplate(np.asarray(cell, np.uint8), shape, cv2.TM_CCOEFF_NORMED).max())
        if found > likeness:
            best, likeness = letter, found
    return best


@lru_cache(maxsize=1)
def _font() -> tuple[tuple[str, NDArray[np.uint8]], ...]:
    """Each letter in its cell, dark on light, its step as wide as the cell, a little out of focus as cameras are."""
    size = 200
    font = ImageFont.truetype(str(FONT), size)
    step = font.getlength("0")
    heights = [font.getbbox(letter, anchor="ls") for letter in "0EH"]
    middle = (heights[0][1] + heights[0][3]) / 2
    made = []
    for letter in LETTERS:
        canvas = Image.new("L", (round(step), round(step * _CELL[1] / _CELL[0])), 255)
        left, _, right, _ = font.getbbox(letter, anchor="ls")
        # By its own middle, as the letters of a line are found.
        where = (canvas.width / 2 - (left + right) / 2, canvas.height / 2 - middle)
        ImageDraw.Draw(canvas).text(where, letter, fill=0, font=font, anchor="ls")
        shape = cv2.resize(np.asarray(canvas, np.uint8), _CELL, interpolation=cv2.INTER_AREA)
        made.append((letter, np.asarray(cv2.GaussianBlur(shape, (0, 0), 1.0), np.uint8)))
    return tuple(made)
