"""How well a page was seen: in focus or not, burnt out or not, written on or not. Numbers from 0 to 1."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from drivers.imaging.coding import Picture, gray
from drivers.imaging.facts import whiteness

_SHARP_EDGE: Final = 0.40
"""Steepness of a printed edge in focus, as a share of its height, on a page at 200 dpi."""
_CONTRAST: Final = 50
"""Grey levels from ink to paper that an edge must have to be judged."""
_JUDGED: Final = 400
"""Fewer edge pixels than this are an empty page, which cannot be out of focus."""
_BURNT: Final = 253
_SPOT: Final = 0.0008
"""Share of the page that a burnt spot must have: single pixels are paper."""
_MARGIN: Final = 0.04
"""Share of each edge that is not looked at for ink: a shadow or the table may show there."""
_INK: Final = 0.7
"""Darker than this share of the paper's own tone is ink: pencil is, the grain of recycled paper is not."""


def sharpness(page: Picture) -> float:
    """1 for print in focus, falling towards 0 the wider its edges are smeared; 1 for an empty page.

    An edge smeared by s pixels rises by 0.4/s of its height in one pixel.
    """
    plain = np.asarray(gray(page), np.float32)
    steep = cv2.magnitude(
        cv2.Scharr(plain, cv2.CV_32F, 1, 0, scale=1 / 32), cv2.Scharr(plain, cv2.CV_32F, 0, 1, scale=1 / 32)
    )
    near = np.ones((9, 9), np.uint8)
    height = cv2.subtract(cv2.dilate(plain, near), cv2.erode(plain, near))
    judged = height > _CONTRAST
    if int(judged.sum()) < _JUDGED:
        return 1.0
    steepest = cv2.dilate(steep, near)
    share = steepest[judged] / height[judged]
    return float(min(1.0, np.percentile(share, 80) / _SHARP_EDGE))


def glare(page: Picture) -> float:
    """The share of the page in which a lamp's reflection has burnt the print out; of the page as it was seen.

    Where the whole sheet is that bright the exposure is wrong, and all of it counts.
    """
    scale = 400 / max(page.shape[:2])
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    least = small.min(axis=2) if small.ndim == 3 else small
    burnt = np.asarray(least >= _BURNT, np.uint8)
    opened = cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(opened, np.uint8))
    areas = [int(stats[place, cv2.CC_STAT_AREA]) for place in range(1, count)]
    return sum(area for area in areas if area >= _SPOT * burnt.size) / burnt.size


def light(page: Picture) -> float:
    """How bright the paper of a page is: 1 is white, 0 black."""
    return whiteness(gray(page)) / 255


def ink(page: Picture) -> float:
    """The share of a page within its margins that is written or printed on; of an empty sheet next to nothing."""
    plain = gray(page)
    rows, columns = (max(1, round(side * _MARGIN)) for side in plain.shape[:2])
    inside = np.asarray(
        cv2.medianBlur(np.ascontiguousarray(plain[rows:-rows, columns:-columns]), 3), np.uint8
    )
    return float((inside < whiteness(inside) * _INK).mean())
