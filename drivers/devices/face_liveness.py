"""Whether the face before the camera lives: eyes, mouth and mimics move by themselves, a sheet only as a whole.

Corners of the face are followed from frame to frame, the motion of the whole is taken out, and what still
differs is measured. A photograph leaves next to nothing, also when a hand moves it. This is no defence
against a film on a screen or a mask; a certified matcher has its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.devices.face_finding import Box, Gray
from drivers.transports.video import Picture

_COLUMNS, _ROWS = 128, 160
_WINDOW: Final = 4
"""Frames that are compared with one: of later ones a sheet moved fast is followed badly and looks alive."""
STEP: Final = 4
"""Frames from one look for the face to the next."""
LIVELY: Final = 10.0
"""Grey levels that the liveliest fiftieth of the face must differ by; what photographs and living faces gave
stands in docs/face-matcher.md."""


@lru_cache(maxsize=1)
def _oval() -> NDArray[np.uint8]:
    mask = np.zeros((_ROWS, _COLUMNS), np.uint8)
    cv2.ellipse(mask, (64, 82), (44, 60), 0, 0, 360, 255, -1)
    return mask


def liveliness(frames: Sequence[Picture], boxes: Sequence[Box | None]) -> float:
    """How much the face changes besides moving as a whole, in grey levels; 0 when it cannot be followed.

    ``boxes`` says where the face is in every ``STEP``-th frame, None where it was not found. Each of them is
    compared with the frames after it, and the liveliest stretch counts: nobody blinks all the time.
    """
    best = 0.0
    for place, box in enumerate(boxes):
        stretch = frames[place * STEP : place * STEP + 1 + _WINDOW]
        if box is not None and len(stretch) > 2:
            first, *rest = (_cut(frame, box) for frame in stretch)
            best = max(best, _change(first, rest))
    return best


def _cut(picture: Picture, box: Box) -> Gray:
    gray = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (0, 0), 1.2)
    scale = _COLUMNS / (box.size * 1.15)
    x, y = box.left + box.size / 2, box.top + box.size * 0.52
    move = np.array([[scale, 0, _COLUMNS / 2 - x * scale], [0, scale, _ROWS / 2 - y * scale]])
    return np.asarray(cv2.warpAffine(gray, move, (_COLUMNS, _ROWS)), np.float32)


def _change(first: Gray, rest: Sequence[Gray]) -> float:
    start = first.astype(np.uint8)
    found = cv2.goodFeaturesToTrack(start, 160, 0.005, 3, mask=_oval())
    if found is None or len(found) < 12:
        return 0.0
    corners = np.asarray(found, np.float32)
    changes = [_residue(first, start, later, corners) for later in rest]
    # The largest but one: a single frame may be followed badly.
    return sorted(changes)[-2] if len(changes) > 1 else 0.0


def _residue(first: Gray, start: NDArray[np.uint8], later: Gray, corners: NDArray[np.float32]) -> float:
    """What differs between two frames once the motion of the whole face is taken out."""
    moved, status, _ = cv2.calcOpticalFlowPyrLK(
        start, later.astype(np.uint8), corners, np.zeros_like(corners), winSize=(15, 15), maxLevel=3
    )
    kept = np.asarray(status).ravel() > 0
    if kept.sum() < 12:
        return 0.0
    whole: object = cv2.estimateAffine2D(
        corners[kept],
        np.asarray(moved)[kept],
        method=cv2.RANSAC,
        ransacReprojThreshold=0.7,
        maxIters=500,
        confidence=0.99,
    )[0]
    if not isinstance(whole, np.ndarray):  # no common motion was found
        return 0.0
    back = cv2.warpAffine(later, whole, (_COLUMNS, _ROWS), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
    inside = _oval() > 0
    slope, offset = np.polyfit(back[inside][::7], first[inside][::7], 1)
    rest = cv2.GaussianBlur(np.abs(first - (back * slope + offset)), (0, 0), 1.5)[inside]
    return float(np.sort(rest)[-len(rest) // 50 :].mean())
