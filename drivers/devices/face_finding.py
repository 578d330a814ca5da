"""Finds a face in a picture and brings it to one size and place, with OpenCV's classical tools alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.transports.video import Picture

Gray = NDArray[np.float32]
Matrix = NDArray[np.float64]

WIDTH, HEIGHT = 96, 120
"""Size of an aligned face."""
_WIDE, _HIGH = 144, 180
"""Size of what is searched for it: half as large again."""
_LEFT, _TOP, _RIGHT, _BOTTOM = 20, 32, 76, 106
"""Brows to mouth inside the aligned face: no hair, no background."""
_SEARCHED: Final = 320
"""Longer side of the picture that is searched: faces near enough to compare are large, and time is short."""
_SMALLEST: Final = 20
"""What the cascade was trained on, in pixels."""
_NEIGHBOURS: Final = 2
"""Votes that make a face: an old person's with spectacles gets as few as three."""
_GROW: Final = 1.2
_SCALES: Final = tuple(0.8 * 1.05**step for step in range(10))
"""How far the cascade's idea of a face's size differs from picture to picture."""
_WAYS: Final = 3
"""Scales that are followed up: spectacles lie well on spectacles at a wrong one, too."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a face is, in pixels."""

    left: int
    top: int
    size: int


@lru_cache(maxsize=1)
def _cascade() -> cv2.CascadeClassifier:
    # Of OpenCV's frontal cascades this one missed none of the drawn faces and saw none where none was.
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_alt.xml"))


def find_faces(picture: Picture) -> list[Box]:
    """All faces at least a tenth of the picture's shorter side, the largest first; none within another."""
    shrink = max(1.0, max(picture.shape[:2]) / _SEARCHED)
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if shrink > 1:
        gray = cv2.resize(gray, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
    least = max(_SMALLEST, min(gray.shape) // 10)
    found = _cascade().detectMultiScale(gray, 1.1, _NEIGHBOURS, 0, (least, least))
    boxes = [Box(*(round(float(v) * shrink) for v in (x, y, w))) for x, y, w, _ in found]
    faces: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.size, reverse=True):
        if not any(_within(box, larger) for larger in faces):
            faces.append(box)
    return faces


def _within(box: Box, larger: Box) -> bool:
    """Whether its middle lies in the other: a mouth with a collar is no second person."""
    x, y = box.left + box.size / 2 - larger.left, box.top + box.size / 2 - larger.top
    return 0 <= x <= larger.size and 0 <= y <= larger.size


def cut(picture: Picture, box: Box, *, wide: bool = False) -> Picture:
    """The face in ``box`` scaled to the aligned size, or with half as much again around it."""
    columns, rows = (_WIDE, _HIGH) if wide else (WIDTH, HEIGHT)
    scale = WIDTH / (box.size * _GROW)
    x, y = box.left + box.size / 2, box.top + box.size * 0.52
    move = np.array([[scale, 0, columns / 2 - x * scale], [0, scale, rows / 2 - y * scale]])
    if scale < 1:  # no finer than the aligned face can show
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), max(0.1, 0.6 / scale)), np.uint8)
    moved = cv2.warpAffine(picture, move, (columns, rows), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def gray(picture: Picture) -> Gray:
    """Brightness as floating point."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float32)


def detail(brightness: Gray) -> Gray:
    """Only the shape of things: light and contrast taken out."""
    rest = brightness - cv2.GaussianBlur(brightness, (0, 0), 7)
    spread = np.sqrt(cv2.GaussianBlur(rest * rest, (0, 0), 9) + 16)
    return np.asarray(cv2.GaussianBlur(rest / spread, (0, 0), 1.2), np.float32)


def alignments(reference: Picture, around: Picture) -> list[Picture]:
    """``around`` (a wide cut) moved and scaled so that its inner face lies on that of ``reference``.

    People before a kiosk stand upright: a small turn is left to the last correction.
    Several ways, the likeliest first: which one is right is only known once the faces are compared.
    """
    wanted = detail(gray(reference))
    pattern = np.ascontiguousarray(wanted[_TOP:_BOTTOM, _LEFT:_RIGHT])
    seen = detail(gray(around))
    ways = sorted((_try(seen, pattern, scale) for scale in _SCALES), key=lambda way: way[0], reverse=True)
    found = []
    for _, move in ways[:_WAYS]:
        moved = cv2.warpAffine(
            around, _refine(wanted, around, move), (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE
        )
        found.append(np.asarray(moved, np.uint8))
    return found


def _try(seen: Gray, pattern: Gray, scale: float) -> tuple[float, Matrix]:
    """How well the pattern is found at one scale, and the move that brings it home."""
    move = np.asarray(cv2.getRotationMatrix2D((_WIDE / 2, _HIGH / 2), 0, scale), np.float64)
    scaled = cv2.warpAffine(seen, move, (_WIDE, _HIGH), borderMode=cv2.BORDER_REPLICATE)
    left, top = (_WIDE - WIDTH) // 2 + _LEFT - 16, (_HIGH - HEIGHT) // 2 + _TOP - 20
    area = scaled[top : top + _BOTTOM - _TOP + 40, left : left + _RIGHT - _LEFT + 32]
    _, value, _, place = cv2.minMaxLoc(cv2.matchTemplate(area, pattern, cv2.TM_CCOEFF_NORMED))
    move[0, 2] -= place[0] + left - _LEFT
    move[1, 2] -= place[1] + top - _TOP
    return float(value), move


def _refine(wanted: Gray, around: Picture, move: Matrix) -> Matrix:
    """A last small correction, dropped when it is not small: then it has run after something else."""
    moved = np.asarray(
        cv2.warpAffine(around, move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
    inner = np.zeros((HEIGHT, WIDTH), np.uint8)
    inner[_TOP:_BOTTOM, _LEFT:_RIGHT] = 255
    step = np.eye(2, 3, dtype=np.float32)
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 25, 1e-3)
    try:
        _, found = cv2.findTransformECC(wanted, detail(gray(moved)), step, cv2.MOTION_AFFINE, until, inner, 3)
    except cv2.error:
        return move
    change = np.abs(np.asarray(found, np.float64) - np.eye(2, 3))
    if change[:, :2].max() > 0.1 or change[:, 2].max() > 8:
        return move
    back = np.linalg.inv(np.vstack([np.asarray(found, np.float64), [0, 0, 1]]))
    return np.asarray((back @ np.vstack([move, [0, 0, 1]]))[:2], np.float64)
