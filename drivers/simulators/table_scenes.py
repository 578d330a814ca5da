"""What the simulated overhead camera sees: a table, a document on it, how it lies, and what spoils the picture."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.simulators.documents import DPI, SIZES, Kind, Side, sheet_of
from drivers.simulators.face_brush import Image
from drivers.simulators.scenes import Scene

SIZE: Final = (1944, 2592)
"""Columns and rows of a five-megapixel sensor that stands upright."""
PIXELS_PER_MM: Final = 7.2
"""270 × 360 mm of table are seen: A4 with a margin of 30 mm."""
_QUALITY: Final = 92
_FRAMES: Final = 6
_HEIGHT_MM: Final = 380.0
"""Of the lens above the table."""

Table = Literal["wood", "dark", "light", "pattern"]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lie:
    """How a document lies and how it is lit.

    ``angle`` degrees clockwise; ``dx`` and ``dy`` millimetres from the middle; ``tilt`` degrees by which the
    camera leans; ``shadow`` and ``lamp`` 0 to 1; ``blur`` pixels; ``glare`` 0 to 1; ``curl`` is not drawn.
    """

    kind: Kind | None = "taxForm"
    seed: int = 1
    side: Side = "front"
    angle: float = 0.0
    dx: float = 0.0
    dy: float = 0.0
    tilt: float = 0.0
    table: Table = "wood"
    shadow: float = 0.0
    blur: float = 0.0
    glare: float = 0.0
    hand: bool = False
    lamp: float = 0.2
    file: str = ""
    """A picture of what is printed on the document, in place of what its kind and seed draw."""


def homography(lie: Lie) -> Matrix:
    """From millimetres on the document (from its top left) to the picture's pixels."""
    assert lie.kind is not None
    width, height = SIZES[lie.kind]
    turn = math.radians(lie.angle)
    cos, sin = math.cos(turn), math.sin(turn)
    centre = np.asarray([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    on_table = np.asarray([[cos, -sin, lie.dx], [sin, cos, lie.dy], [0, 0, 1]])
    # The camera leans about the picture's horizontal axis: what is farther away looks smaller.
    lean = math.radians(lie.tilt)
    seen = np.asarray([[1, 0, 0], [0, math.cos(lean), 0], [0, math.sin(lean) / _HEIGHT_MM, 1]])
    lens = np.asarray([[PIXELS_PER_MM, 0, SIZE[0] / 2], [0, PIXELS_PER_MM, SIZE[1] / 2], [0, 0, 1]])
    return np.asarray(lens @ seen @ on_table @ centre, np.float64)


def corners(lie: Lie) -> NDArray[np.float32]:
    """The document's corners in the picture, clockwise from its own top left."""
    assert lie.kind is not None
    width, height = SIZES[lie.kind]
    flat = np.asarray([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)
    return np.asarray(cv2.perspectiveTransform(flat, homography(lie))[0], np.float32)


class TableScene(Scene):
    """A table with or without a document, as a short loop of frames that differ by the sensor's noise."""

    def __init__(self, lie: Lie, shrink: int = 1) -> None:
        super().__init__("empty" if lie.kind is None else lie.kind, _FRAMES)
        self._lie = lie
        self._shrink = shrink
        self._still: Image | None = None

    def frame(self, index: int) -> bytes:
        """The JPEG of frame ``index``."""
        place = index % self._length
        with self._lock:
            if place not in self._frames:
                self._frames[place] = self._developed(place)
            return self._frames[place]

    def picture(self, index: int) -> Image:
        """What the lens sees, without noise."""
        if self._still is None:
            size = (SIZE[0] // self._shrink, SIZE[1] // self._shrink)
            self._still = np.asarray(
                cv2.resize(shot(self._lie), size, interpolation=cv2.INTER_AREA), np.uint8
            )
        return self._still

    def _developed(self, place: int) -> bytes:
        """With the sensor's noise, another in each frame."""
        picture = self.picture(place)
        grain = np.roll(_grain(), 131 * place, axis=0)[: picture.shape[0], : picture.shape[1]]
        exposed = cv2.add(picture, grain, dtype=cv2.CV_8U)
        _, coded = cv2.imencode(".jpg", exposed, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        return coded.tobytes()


def shot(lie: Lie) -> Image:
    """One picture of the table in blue, green, red."""
    picture = _table(lie.table).astype(np.float32)
    if lie.kind is not None:
        picture = _laid(picture, lie)
    picture *= _light(lie)
    if lie.hand:
        picture = _with_hand(picture, lie)
    if lie.glare:
        picture = _with_glare(picture, lie)
    seen = cv2.GaussianBlur(picture, (0, 0), max(0.55, lie.blur))
    return np.asarray(np.clip(seen, 0, 255), np.uint8)


def _laid(picture: NDArray[np.float32], lie: Lie) -> NDArray[np.float32]:
    """The document on the table, with the narrow dark line that its edge throws."""
    assert lie.kind is not None
    sheet = sheet_of(lie.kind, lie.seed, lie.side, lie.file)[:, :, ::-1]
    to_mm = np.diag([25.4 / DPI, 25.4 / DPI, 1.0])
    move = homography(lie) @ to_mm
    # As fine as the picture first: a lens does not skip lines.
    source = cv2.GaussianBlur(sheet, (0, 0), 0.45 * DPI / 25.4 / PIXELS_PER_MM)
    laid = cv2.warpPerspective(source, move, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpPerspective(np.full(sheet.shape[:2], 255, np.uint8), move, SIZE, flags=cv2.INTER_LINEAR)
    part = (mask.astype(np.float32) / 255)[..., None]
    edge = cv2.GaussianBlur(np.roll(mask, (3, 3), axis=(0, 1)), (0, 0), 4).astype(np.float32)[..., None] / 255
    shaded = picture * (1 - 0.22 * edge)
    return np.asarray(shaded * (1 - part) + laid.astype(np.float32) * part, np.float32)


@lru_cache(maxsize=4)
def _table(kind: Table) -> Image:
    rng = np.random.default_rng(5)
    columns, rows = SIZE
    if kind in ("dark", "light"):
        level = 46 if kind == "dark" else 226
        speck = rng.normal(0, 2.0, (rows, columns, 1))
        return np.clip(np.asarray((level, level + 2, level + 4)) + speck, 0, 255).astype(np.uint8)
    if kind == "pattern":
        y, x = np.mgrid[0:rows, 0:columns]
        tiles = ((x // 160 + y // 160) % 2 * 40 + 90).astype(np.float32)
        return np.asarray(np.repeat(tiles[..., None], 3, axis=2), np.uint8)
    veins = cv2.resize(rng.normal(0, 1, (60, 9)).astype(np.float32), SIZE, interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(rng.normal(0, 1, (900, 6)).astype(np.float32), SIZE, interpolation=cv2.INTER_CUBIC)
    wood = np.asarray((72, 110, 158)) * (1 + 0.07 * veins + 0.05 * fine)[..., None]
    return np.asarray(np.clip(wood, 0, 255), np.uint8)


@lru_cache(maxsize=1)
def _grain() -> NDArray[np.int8]:
    return np.random.default_rng(3).normal(0, 2.4, (SIZE[1], SIZE[0], 3)).astype(np.int8)


def _light(lie: Lie) -> NDArray[np.float32]:
    """Brighter on the lamp's side; a soft shadow, as of a head, from the other."""
    columns, rows = SIZE
    x = np.linspace(-1, 1, columns // 8, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, rows // 8, dtype=np.float32)[:, None]
    light = 0.93 - lie.lamp * 0.22 * (x + 0.5 * y) - lie.lamp * 0.2 * (x**2 + y**2)
    if lie.shadow:
        blob = 1 / (1 + np.exp(-9 * (0.55 - np.hypot(x - 0.55, y - 0.5))))
        light *= 1 - 0.62 * lie.shadow * blob
    wide = cv2.resize(np.asarray(light, np.float32), SIZE, interpolation=cv2.INTER_CUBIC)
    return np.asarray(wide[..., None], np.float32)


def _with_hand(picture: NDArray[np.float32], lie: Lie) -> NDArray[np.float32]:
    """Fingers over the document's right edge."""
    chance = random.Random(lie.seed)
    mask = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    edge = corners(lie)[1] if lie.kind is not None else np.asarray((SIZE[0] * 0.8, SIZE[1] * 0.3))
    x, y = int(edge[0]), int(edge[1]) + 700
    for finger in range(4):
        top = y + finger * 130 + chance.randrange(-12, 12)
        cv2.line(mask, (SIZE[0] + 200, top + 160), (x - 220 - 40 * (finger in (1, 2)), top), 255, 118)
    cv2.ellipse(mask, (SIZE[0] + 60, y + 320), (360, 420), 0, 0, 360, 255, -1)
    part = cv2.GaussianBlur(mask, (0, 0), 3).astype(np.float32)[..., None] / 255
    skin = np.asarray((128, 158, 212), np.float32) * (
        0.85 + 0.15 * cv2.GaussianBlur(mask, (0, 0), 40)[..., None] / 255
    )
    return np.asarray(picture * (1 - part) + skin * part, np.float32)


def _with_glare(picture: NDArray[np.float32], lie: Lie) -> NDArray[np.float32]:
    """The lamp's reflection on a glossy sheet."""
    columns, rows = SIZE
    centre = corners(lie).mean(axis=0) if lie.kind is not None else np.asarray((columns / 2, rows / 2))
    y, x = np.mgrid[0:rows:4, 0:columns:4].astype(np.float32)
    size = 120 + 260 * lie.glare
    spot = np.exp(-(((x - centre[0] - 90) / size) ** 2 + ((y - centre[1] + 60) / (size * 0.7)) ** 2))
    wide = cv2.resize(np.asarray(spot, np.float32), SIZE, interpolation=cv2.INTER_LINEAR)[..., None]
    return np.asarray(picture + 420 * lie.glare * wide, np.float32)
