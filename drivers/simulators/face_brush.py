"""A brush that draws smooth shapes given in head units onto an image, so that a pose moves the whole face."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.simulators.face_traits import Colour

Image = NDArray[np.uint8]
Points = NDArray[np.float64]
_SHIFT = 4  # sub-pixel bits of OpenCV's drawing calls
_LEAST_SPREAD = 2.0  # pixels of blur below which an edge, enlarged, would show its steps


def smooth(points: Sequence[tuple[float, float]], *, closed: bool = True, steps: int = 7) -> Points:
    """A Catmull-Rom curve through ``points``."""
    raw = np.asarray(points, dtype=np.float64)
    if closed:
        knots = np.vstack([raw[-1], raw, raw[0], raw[1]])
    else:
        knots = np.vstack([2 * raw[0] - raw[1], raw, 2 * raw[-1] - raw[-2]])
    t = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None]
    a, b, c, d = (knots[i : len(knots) - 3 + i, None] for i in range(4))  # all pieces at once
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    pieces: Points = curve.reshape(-1, 2)
    return pieces if closed else np.vstack([pieces, raw[-1:]])


def ellipse(x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> Points:
    """An ellipse as points; ``turn`` in radians."""
    t = np.linspace(0.0, 2 * math.pi, 36, endpoint=False)
    px, py = rx * np.cos(t), ry * np.sin(t)
    cos, sin = math.cos(turn), math.sin(turn)
    return np.stack([x + px * cos - py * sin, y + px * sin + py * cos], axis=1)


def shade(colour: Colour, by: float) -> Colour:
    """The colour times ``by``, kept in range."""
    blue, green, red = (int(min(255, max(0, c * by))) for c in colour)
    return blue, green, red


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """``one`` with ``share`` (0..1) of ``other``."""
    blue, green, red = (int(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return blue, green, red


class Brush:
    """Draws on ``canvas`` in place; a head unit is ``scale`` pixels; ``degrees`` turns it."""

    def __init__(self, canvas: Image, centre: tuple[float, float], scale: float, degrees: float) -> None:
        self.canvas = canvas
        self.scale = scale
        self._centre = np.asarray(centre, dtype=np.float64)
        angle = math.radians(degrees)
        self._turn = np.asarray([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])

    def _pixels(self, points: Points) -> NDArray[np.int32]:
        moved: Points = points @ self._turn * self.scale + self._centre
        return np.round(moved * (1 << _SHIFT)).astype(np.int32)

    def fill(self, points: Points, colour: Colour) -> None:
        """A filled shape."""
        cv2.fillPoly(self.canvas, [self._pixels(points)], colour, cv2.LINE_AA, _SHIFT)

    def line(self, points: Points, colour: Colour, width: float, *, closed: bool = False) -> None:
        """A line of ``width`` head units, never thinner than a pixel."""
        pixels = max(1, round(width * self.scale))
        cv2.polylines(self.canvas, [self._pixels(points)], closed, colour, pixels, cv2.LINE_AA, _SHIFT)

    def soft(self, points: Points, colour: Colour, strength: float, blur: float) -> None:
        """A shape with a soft edge of ``blur`` head units, laid on with ``strength`` (0..1)."""
        pixels = self._pixels(points)
        spread = max(1.0, blur * self.scale)
        margin = int(spread * 3) + 2
        height, width = self.canvas.shape[:2]
        low = np.maximum((pixels.min(axis=0) >> _SHIFT) - margin, 0)
        high = np.minimum((pixels.max(axis=0) >> _SHIFT) + margin, (width, height))
        if (high <= low).any():
            return
        part = self.canvas[low[1] : high[1], low[0] : high[0]]
        veil = _veil(pixels - (low << _SHIFT).astype(np.int32), part.shape[:2], spread) * strength
        laid_on = np.empty_like(part)
        cv2.rectangle(laid_on, (0, 0), part.shape[1::-1], colour, cv2.FILLED)
        part[:] = cv2.blendLinear(part, laid_on, 1.0 - veil, veil)


def _veil(pixels: NDArray[np.int32], size: tuple[int, ...], spread: float) -> NDArray[np.float32]:
    """A soft shape of ``size`` (height, width), 0..1. A wide edge has no detail: it is blurred small, then enlarged."""
    less = max(1, int(spread / _LEAST_SPREAD))
    small = np.zeros([-(-side // less) for side in size], dtype=np.uint8)
    cv2.fillPoly(small, [pixels // less], 255, cv2.LINE_AA, _SHIFT)
    blurred = cv2.GaussianBlur(small, (0, 0), spread / less).astype(np.float32) / 255.0
    return np.asarray(cv2.resize(blurred, size[::-1]), np.float32)
