"""Reads what stands on a printed slip off its dots: no journal, no receipt, no text layer.

A slip is one bit deep and its letters are always the same dots, so reading is exact: each group of black columns is
looked up among the characters of the slip's own type (``drivers.receipt_glyphs``, the one thing shared with the
printing side). Digits, Latin letters and the marks of figures are read; whatever else stands there is ``□``.
"""

from __future__ import annotations

import io
import math
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from drivers.receipt_glyphs import Bits, Face, Glyph, Weight, face

LETTERS = string.digits + string.ascii_letters + ",.¥-–:/*()&"
OTHER = "□"
CUTS = (
    (Weight.REGULAR, 26), (Weight.REGULAR, 24), (Weight.BOLD, 44), (Weight.BOLD, 36), (Weight.BOLD, 32),
    (Weight.BOLD, 30), (Weight.BOLD, 28), (Weight.BOLD, 26), (Weight.BOLD, 24), (Weight.BOLD, 54),
)  # fmt: skip
"""The cuts a slip is set in, rows first."""
FIELD_GAP = 14
"""White columns between a name and its value; a space between words is narrower."""
WIDEST = 160
"""Columns of ink without a gap beyond which nothing is looked for: rules, codes, the seal."""
Key = tuple[int, int, bytes]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of print, its fields from left to right; ``bar``: white on black, the sum."""

    fields: tuple[str, ...]
    bar: bool = False


def read_slip(path: Path) -> list[Line]:
    """The lines of a slip, top to bottom."""
    return list(_read(path.read_bytes()))


@lru_cache(maxsize=64)
def _read(picture: bytes) -> tuple[Line, ...]:
    with Image.open(io.BytesIO(picture)) as opened:
        return tuple(_lines(np.asarray(opened.convert("L")) < 128))


def _lines(black: Bits) -> Iterator[Line]:
    for top, bottom in _runs(black.any(axis=1)):
        band = black[top:bottom]
        columns = np.flatnonzero(band.any(axis=0))
        inner = band[:, columns[0] : columns[-1] + 1]
        if _is_bar(inner):
            yield from (Line(line.fields, bar=True) for line in _lines(~inner))
        elif fields := tuple(_fields(inner)):
            yield Line(fields)


def _is_bar(band: Bits) -> bool:
    """Black all along its edges, as the sum's bar is; a rule is too thin to hold text."""
    edges = (band[0], band[-1], band[:, 0], band[:, -1])
    return len(band) > 20 and all(bool(edge.all()) for edge in edges)


def _fields(band: Bits) -> Iterator[str]:
    runs = list(_runs(band.any(axis=0)))
    first = 0
    for i in range(1, len(runs) + 1):
        if i == len(runs) or runs[i][0] - runs[i - 1][1] >= FIELD_GAP:
            yield _field([band[:, left:right] for left, right in runs[first:i]])
            first = i


def _field(groups: list[Bits]) -> str:
    """In the cut in which most of it can be read: the same dots may be another character in another one."""
    keys = [_key(group) for group in groups]
    readings = {cut: [_known(cut).get(key, OTHER) for key in keys] for cut in CUTS}
    cut, letters = min(readings.items(), key=lambda item: item[1].count(OTHER))
    if 0 < letters.count(OTHER) < len(letters):
        pairs = zip(letters, groups, strict=True)
        letters = [_touching(group, cut) if letter == OTHER else letter for letter, group in pairs]
    text = "".join(letters)
    while OTHER * 2 in text:
        text = text.replace(OTHER * 2, OTHER)
    return text


def _touching(group: Bits, cut: tuple[Weight, int]) -> str:
    """Several characters without a white column between them."""
    known = _known(cut)
    if (whole := known.get(_key(group))) is not None:
        return whole
    for width in sorted({width for _, width, _ in known if width < group.shape[1] <= WIDEST}):
        left = known.get(_key(group[:, :width]))
        if left is not None and OTHER not in (rest := _touching(group[:, width:], cut)):
            return left + rest
    return OTHER


@lru_cache(maxsize=len(CUTS))
def _known(cut: tuple[Weight, int]) -> dict[Key, str]:
    drawn: Face = face(*cut)
    pairs = {_key(bits): first + second for first, second, bits in _overhanging(drawn)}
    return {**pairs, **{_key(drawn.glyph(letter).bits): letter for letter in LETTERS}}


def _overhanging(drawn: Face) -> Iterator[tuple[str, str, Bits]]:
    """Two letters of which the first hangs over the second (``fv``): no column parts them."""
    for first, second in product(LETTERS, repeat=2):
        one, other = drawn.glyph(first), drawn.glyph(second)
        for pen in {
            math.floor(one.advance),
            math.ceil(one.advance),
        }:  # where the second stands, in whole dots
            left = pen + other.left - one.left
            if 0 < left < one.bits.shape[1]:
                yield first, second, _together(one, other, left)


def _together(one: Glyph, other: Glyph, left: int) -> Bits:
    top = max(one.top, other.top)
    rows = max(top - glyph.top + glyph.bits.shape[0] for glyph in (one, other))
    canvas = np.zeros((rows, max(one.bits.shape[1], left + other.bits.shape[1])), dtype=np.bool_)
    for glyph, column in ((one, 0), (other, left)):
        height, width = glyph.bits.shape
        canvas[top - glyph.top : top - glyph.top + height, column : column + width] |= glyph.bits
    return canvas


def _key(bits: Bits) -> Key:
    """The dots without the white around them."""
    rows = np.flatnonzero(bits.any(axis=1))
    cut = bits[rows[0] : rows[-1] + 1] if rows.size else bits[:0]
    return cut.shape[0], cut.shape[1], cut.tobytes()


def _runs(inked: Any) -> Iterator[tuple[int, int]]:
    """Beginning and end of each stretch with ink, of one row or column of dots."""
    padded = np.concatenate(([False], inked, [False])).astype(np.int8)
    steps = np.flatnonzero(np.diff(padded))
    for i in range(0, len(steps), 2):
        yield int(steps[i]), int(steps[i + 1])
