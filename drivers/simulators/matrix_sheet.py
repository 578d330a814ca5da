"""One sheet of paper in a dot-matrix printer: its ink at true position, and its picture over the blank form."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from drivers.simulators import invoice_form
from drivers.simulators.fonts import SANS, font
from drivers.simulators.matrix_head import DOT, INCH, Strike

DPI = 360
PX_PER_MM = DPI / 25.4
_PICTURE = invoice_form.MM
"""Pixels a millimetre of the finished picture."""
_INK = (20, 22, 40)
_WIDE = 3
"""Pixels of a struck dot: 0.21 mm, a wire of 0.2 mm through a ribbon."""


@dataclass(slots=True)
class Sheet:
    """Paper of ``width`` by ``height`` mm. ``x``, ``y``: how far (mm) it lies from where it should.

    ``skew`` in degrees turns the paper under the head; ``wear`` of the ribbon (0 new, 1 dry) loses dots.
    """

    width: float
    height: float
    form: str = "vat-folded"
    code: str = ""
    number: str = ""
    x: float = 0.0
    y: float = 0.0
    skew: float = 0.0
    ink: NDArray[np.uint8] = field(init=False)
    struck: int = 0
    beside: int = 0

    def __post_init__(self) -> None:
        """A blank sheet."""
        self.ink = np.zeros((round(self.height * PX_PER_MM), round(self.width * PX_PER_MM)), np.uint8)

    def strike(self, strike: Strike, origin: tuple[float, float], wear: float, seed: int) -> None:
        """Put the dots of one pass on the paper; ``beside`` counts those that miss it."""
        rng = np.random.default_rng(seed)
        for x, bits in strike.columns:
            rows, columns = np.nonzero(bits)
            if wear:
                kept = rng.random(len(rows)) >= wear
                rows, columns = rows[kept], columns[kept]
            across = (x + columns * DOT) / INCH * 25.4 + origin[0]
            down = (strike.y + rows * DOT) / INCH * 25.4 + origin[1]
            self.beside += self._dots(across, down)
        self.struck += 1

    def _dots(self, across: NDArray[np.float64], down: NDArray[np.float64]) -> int:
        """``across``, ``down``: mm under the head. The paper's own coordinates are turned and shifted."""
        turn = math.radians(self.skew)
        on_x = across * math.cos(turn) + down * math.sin(turn) - self.x
        on_y = down * math.cos(turn) - across * math.sin(turn) - self.y
        px, py = np.rint(on_x * PX_PER_MM).astype(int), np.rint(on_y * PX_PER_MM).astype(int)
        height, width = self.ink.shape
        inside = (px >= 1) & (py >= 1) & (px < width - 1) & (py < height - 1)
        px, py = px[inside], py[inside]
        for dy in range(-(_WIDE // 2), _WIDE // 2 + 1):
            for dx in range(-(_WIDE // 2), _WIDE // 2 + 1):
                self.ink[py + dy, px + dx] = 1
        return int((~inside).sum())

    def picture(self, wear: float = 0.0) -> bytes:
        """A PNG of the form with the ink on it, 6 pixels a millimetre."""
        size = (round(self.width * _PICTURE), round(self.height * _PICTURE))
        page = self._blank(size)
        mask = Image.fromarray(self.ink * np.uint8(255)).resize(size, Image.Resampling.BOX)
        mask = mask.point([min(255, round(level * 1.8 * (1 - 0.6 * wear))) for level in range(256)])
        page.paste(_INK, (0, 0), mask)
        coded = io.BytesIO()
        page.quantize(64).save(coded, "PNG")
        return coded.getvalue()

    def _blank(self, size: tuple[int, int]) -> Image.Image:
        if self.form == "vat-folded" and self.code:
            drawn = Image.open(io.BytesIO(invoice_form.draw_invoice(self.code, self.number))).convert("RGB")
            return drawn.resize(size)
        page = Image.new("RGB", size, (253, 251, 246))
        pen = ImageDraw.Draw(page)
        pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=(206, 198, 186), width=2)
        words = f"样张 SPECIMEN {self.form} {self.code} {self.number}".strip()
        pen.text((size[0] // 2, 10), words, fill=(176, 35, 26), font=font(SANS, 22), anchor="mt")
        return page
