"""Noto CJK glyphs as 1-bit pictures, drawn once and kept: no character is ever dropped or guessed.

Noto Sans and Serif have a tenth of the Han characters beyond the basic plane. Names have others: GB 18030-2022 asks
of public services level 3, the extensions up to F. They are drawn from BabelStone Han, which has the mainland's shapes
and half of extensions G and H, and else from Hanazono Mincho, which has all up to F in Japan's shapes.
"""

from __future__ import annotations

import enum
import os
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from drivers.errors import DriverConfigError

Bits = NDArray[np.bool_]
"""Rows × dots, True is black."""

_THRESHOLD: Final = 112
"""Of 255. Slightly below half, since a thermal head thins strokes."""
_KEPT: Final = 4096
"""Glyphs kept for one face: all that a hall's slips use, some megabytes at most."""
_RARE: Final = ("BabelStoneHan.ttf", "HanaMinB.ttf", "HanaMinA.ttf")
_UNASSIGNED: Final = "\U0010fffd"
"""A code point that no font has: what is drawn for it is the font's mark for "missing"."""


class Weight(enum.Enum):
    """The three cuts of the slip: file names, and the family wanted inside a collection."""

    REGULAR = ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf")
    BOLD = ("NotoSansCJK-Bold.ttc", "NotoSansCJKsc-Bold.otf", "NotoSansSC-Bold.otf")
    SERIF = ("NotoSerifCJK-Bold.ttc", "NotoSerifCJKsc-Bold.otf", "NotoSerifSC-Bold.otf")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character's black dots, and where they lie from the pen: ``left``, ``top`` above the base line."""

    bits: Bits
    left: int
    top: int
    advance: float


class Face:
    """A cut at a size in dots, with the glyphs drawn so far; get one from ``face``."""

    __slots__ = ("_kept", "size", "weight")

    def __init__(self, weight: Weight, size: int) -> None:
        self.weight = weight
        self.size = size
        self._kept: dict[str, Glyph] = {}

    @property
    def ascent(self) -> int:
        """Dots from the middle of a line to its base line, so that Han characters stand in the middle."""
        return round(self.size * 0.38)

    def glyph(self, character: str) -> Glyph:
        """The character's picture; a box with its code when no font has it."""
        kept = self._kept.get(character)
        if kept is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            kept = self._kept[character] = _glyph(self.weight, self.size, character)
        return kept

    def width(self, text: str, spacing: int = 0) -> float:
        """Dots that ``text`` takes on one line."""
        glyph = self.glyph
        return sum([glyph(c).advance for c in text]) + spacing * len(text)


@lru_cache(maxsize=64)
def face(weight: Weight, size: int) -> Face:
    """The one face of that cut and size."""
    return Face(weight, size)


def _font_dirs() -> list[Path]:
    roots = os.environ.get("XDG_DATA_DIRS", "/usr/local/share:/usr/share").split(":")
    return [Path(root) / "fonts" for root in roots if root]


@lru_cache(maxsize=8)
def _font_file(weight: Weight) -> Path:
    for root in _font_dirs():
        for name in weight.value:
            for found in sorted(root.rglob(name)):
                return found
    raise DriverConfigError(f"font {weight.value[0]} is missing; install the package fonts-noto-cjk")


@lru_cache(maxsize=64)
def font_of(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """The simplified-Chinese member of the family: other members draw some characters differently.

    Raise ``DriverConfigError`` when it is not installed.
    """
    path = str(_font_file(weight))
    font = ImageFont.truetype(path, size)
    index = 0
    while not (font.getname()[0] or "").endswith(" SC"):
        index += 1
        try:
            font = ImageFont.truetype(path, size, index=index)
        except OSError:
            raise DriverConfigError(f"{path} has no simplified Chinese; install fonts-noto-cjk") from None
    return font


@lru_cache(maxsize=1)
def _rare_files() -> tuple[str, ...]:
    return tuple(str(path) for name in _RARE for root in _font_dirs() for path in root.rglob(name))


@lru_cache(maxsize=64)
def _fonts(weight: Weight, size: int) -> tuple[ImageFont.FreeTypeFont, ...]:
    """The cut itself, then what has the characters that it lacks."""
    return (font_of(weight, size), *(ImageFont.truetype(path, size) for path in _rare_files()))


def _glyph(weight: Weight, size: int, character: str) -> Glyph:
    # A font's own sign at a code point of private use is another than was meant.
    private = unicodedata.category(character) == "Co"
    for font in () if private else _fonts(weight, size):
        bits, left, top = _drawn(font, character, size)
        if not bits.size or character.isspace() or not _is_missing(font, size, bits):
            return Glyph(bits, left, top, font.getlength(character))
    return _code_box(weight, size, character)


def _drawn(font: ImageFont.FreeTypeFont, character: str, size: int) -> tuple[Bits, int, int]:
    """Black dots and their place: dots right of the pen, dots above the base line."""
    side, base = 3 * size, 2 * size
    image = Image.new("L", (side, side))
    ImageDraw.Draw(image).text((size, base), character, font=font, fill=255, anchor="ls")
    black = np.asarray(image) >= _THRESHOLD
    rows, columns = np.flatnonzero(black.any(axis=1)), np.flatnonzero(black.any(axis=0))
    if not rows.size:
        return np.zeros((0, 0), np.bool_), 0, 0
    cut = black[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.ascontiguousarray(cut), int(columns[0]) - size, base - int(rows[0])


@lru_cache(maxsize=64)
def _missing_mark(font: ImageFont.FreeTypeFont, size: int) -> Bits:
    return _drawn(font, _UNASSIGNED, size)[0]


def _is_missing(font: ImageFont.FreeTypeFont, size: int, bits: Bits) -> bool:
    mark = _missing_mark(font, size)
    return bits.shape == mark.shape and bool((bits == mark).all())


def _code_box(weight: Weight, size: int, character: str) -> Glyph:
    """A box with the code point inside: a person at the counter can still tell which character it is."""
    code = f"{ord(character):04X}"
    half = (len(code) + 1) // 2
    image = Image.new("L", (size, size))
    pen = ImageDraw.Draw(image)
    pen.rectangle((1, 1, size - 2, size - 2), outline=255)
    small = font_of(weight, max(8, round(size * 0.42)))
    for row, digits in enumerate((code[:half], code[half:])):
        pen.text((size // 2, round(size * (0.3 + 0.42 * row))), digits, font=small, fill=255, anchor="mm")
    return Glyph(np.asarray(image) >= _THRESHOLD, 0, round(size * 0.88), float(size))
