"""Where a sheet lies in a picture: its four corners, found on dark and on light tables, to a fraction of a pixel.

Two looks propose outlines: what differs from the table's own colour, and what edges enclose. The best supported
one is then refined: each side is a straight line fitted to the strongest edges near it, robust against a finger
that covers a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.imaging.coding import Picture, gray

Points = NDArray[np.float32]
"""Four corners (x, y), clockwise from the one at the top left of the picture."""

_WIDTH: Final = 640
"""Columns of the small picture in which outlines are looked for."""
_LEAST: Final = 0.03
_MOST: Final = 0.995
"""Share of the picture that a sheet covers; an identity card under an A4 camera covers some 6 %."""
_SAMPLES: Final = 64
_REACH: Final = 0.012
"""How far from the first guess a side's edge is looked for, as a share of the picture's width."""
_NEAR: Final = 0.02
"""And as a share of the side's own length."""
_STRAIGHT: Final = 0.003
"""How far an edge may lie from its straight line, likewise: paper curls a little."""
_BORDER: Final = 0.004
"""A corner nearer to the picture's rim than this is outside of it."""
_A_SHEET: Final = 0.35
"""With less of a side than this it is a shadow or a stain, not a sheet under a hand."""
_CUT: Final = 0.1
"""Share of the picture that a sheet has at least which is cut off."""
_SUPPORTED: Final = 0.8
"""Share of a side that must be seen as an edge; less of it is hidden."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A sheet's corners; ``support`` is the share of its worst side that is seen, ``inside`` whether all of it is."""

    corners: Points
    support: float
    inside: bool

    @property
    def whole(self) -> bool:
        """Whether nothing of the page is cut off or hidden."""
        return self.inside and self.support >= _SUPPORTED

    @property
    def area(self) -> float:
        """In square pixels."""
        return float(abs(cv2.contourArea(self.corners)))

    @property
    def ratio(self) -> float:
        """Longer edge to shorter edge, as they are seen."""
        one, two = self.edges
        return max(one, two) / max(1.0, min(one, two))

    @property
    def edges(self) -> tuple[float, float]:
        """Mean length of the two opposite edges that run across, and of those that run down."""
        sides = [float(np.linalg.norm(self.corners[n] - self.corners[(n + 1) % 4])) for n in range(4)]
        return (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2

    @property
    def tilt(self) -> float:
        """Degrees by which its edges are turned against the picture's, from -45 to 45."""
        (x0, y0), (x1, y1) = self.corners[0], self.corners[1]
        return float((np.degrees(np.arctan2(y1 - y0, x1 - x0)) + 45) % 90 - 45)


def find_sheet(picture: Picture, ratio: float, slack: float = 0.16) -> Outline | None:
    """The sheet whose edges have about ``ratio`` (longer to shorter); the largest of several. None for none.

    ``slack`` is how far the ratio may be off: a sheet seen from the side looks shorter.
    """
    scale = _WIDTH / max(picture.shape[:2])
    small = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    plain = np.asarray(cv2.GaussianBlur(gray(picture), (0, 0), 1.2), np.float32)
    found = [
        outline for quad in _proposals(small) if (outline := _refined(plain, quad / scale, max(plain.shape)))
    ]
    whole = [
        one for one in found if one.inside and one.support >= _A_SHEET and abs(one.ratio / ratio - 1) <= slack
    ]
    if whole:
        return max(whole, key=lambda one: one.area * one.support)
    # Of a sheet that is cut off nobody knows the shape: its sides must be the clearer.
    cut = [
        one for one in found if not one.inside and one.support >= _SUPPORTED and one.area >= _CUT * plain.size
    ]
    return max(cut, key=lambda one: one.area * one.support, default=None)


def ordered(quad: NDArray[np.float32]) -> Points:
    """The corners clockwise, beginning with the one nearest to the picture's top left."""
    centre = quad.mean(axis=0)
    angles = np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0])
    quad = quad[np.argsort(angles)]
    first = int(np.argmin(quad.sum(axis=1)))
    return np.ascontiguousarray(np.roll(quad, -first, axis=0), np.float32)


def _proposals(small: Picture) -> Iterator[Points]:
    for mask in (*_unlike_table(small), *_enclosed(small)):
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
            quad = _quad(np.asarray(contour), small.shape[0] * small.shape[1])
            if quad is not None:
                yield quad


def _unlike_table(small: Picture) -> Iterator[Picture]:
    """What differs from the colour at the picture's rim, at three distances, and what Otsu parts from it."""
    lab = np.asarray(cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 1.5), cv2.COLOR_BGR2LAB), np.float32)
    rim = np.concatenate(
        (
            lab[:6].reshape(-1, 3),
            lab[-6:].reshape(-1, 3),
            lab[:, :6].reshape(-1, 3),
            lab[:, -6:].reshape(-1, 3),
        )
    )
    distance = np.linalg.norm(lab - np.median(rim, axis=0), axis=2)
    kernel = np.ones((5, 5), np.uint8)
    for limit in (14, 26, 42):
        mask = np.asarray(distance > limit, np.uint8) * 255
        closed = cv2.morphologyEx(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), cv2.MORPH_OPEN, kernel)
        yield np.asarray(closed, np.uint8)
    spread = np.asarray(np.clip(distance * 2, 0, 255), np.uint8)
    _, parted = cv2.threshold(spread, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    yield np.asarray(cv2.morphologyEx(parted, cv2.MORPH_OPEN, kernel), np.uint8)


def _enclosed(small: Picture) -> Iterator[Picture]:
    """What edges close in: white paper on a white table has little else."""
    smooth = cv2.bilateralFilter(gray(small), 7, 30, 7)
    for low, high in ((12, 36), (30, 90), (60, 150)):
        edges = cv2.Canny(smooth, low, high)
        yield np.asarray(cv2.dilate(edges, np.ones((3, 3), np.uint8)), np.uint8)


def _quad(contour: NDArray[np.int32], whole: int) -> Points | None:
    """The four-cornered figure nearest to a contour's hull; None when it has none of a fitting size."""
    hull = cv2.convexHull(contour)
    area = cv2.contourArea(hull)
    if not _LEAST * whole <= area <= _MOST * whole:
        return None
    length = cv2.arcLength(hull, True)
    for share in (0.01, 0.02, 0.03, 0.05, 0.08):
        found = cv2.approxPolyDP(hull, share * length, True)
        if len(found) == 4:
            return ordered(np.asarray(found, np.float32).reshape(4, 2))
        if len(found) < 4:
            break
    return ordered(np.asarray(cv2.boxPoints(cv2.minAreaRect(hull)), np.float32))


def _refined(plain: NDArray[np.float32], quad: Points, size: int) -> Outline | None:
    """The outline whose sides lie on the edges near ``quad``; None when they make no figure."""
    lines, shares = [], []
    for place in range(4):
        start, end = quad[place], quad[(place + 1) % 4]
        line, share = _side(plain, start, end, size)
        lines.append(line)
        if not _on_rim(start, end, plain, 3 * _BORDER * size):
            shares.append(share)
    corners = [_crossing(lines[place - 1], lines[place]) for place in range(4)]
    if any(corner is None for corner in corners):
        return None
    found = np.asarray(corners, np.float32)
    if not cv2.isContourConvex(found) or np.abs(found - quad).max() > 0.08 * size:
        return None
    height, width = plain.shape
    margin = _BORDER * size
    low, high = found.min(axis=0), found.max(axis=0)
    inside = bool((low > margin).all() and high[0] < width - margin and high[1] < height - margin)
    inside = inside and len(shares) == 4  # what looks like an edge beside the rim is print
    return Outline(ordered(found), min(shares) if len(shares) > 1 else 0.0, inside)


def _on_rim(start: Points, end: Points, plain: NDArray[np.float32], margin: float) -> bool:
    """Whether a side runs along the picture's own edge, where no sheet ends."""
    limits = np.asarray((plain.shape[1], plain.shape[0]), np.float32)
    near = (np.minimum(start, limits - start) < margin) & (np.minimum(end, limits - end) < margin)
    return bool(near.any())


_Line = tuple[float, float, float, float]


def _side(plain: NDArray[np.float32], start: Points, end: Points, size: int) -> tuple[_Line, float]:
    """The straight line on the strongest edges between two corners, and the share of it that is an edge.

    At each sample the picture is cut across the side, and the steepest place of the cut taken.
    """
    length = max(1e-6, float(np.linalg.norm(end - start)))
    # On a small card print is near to the edge, and stronger than it on a white table.
    reach = max(4, int(min(_REACH * size, _NEAR * length)))
    along = (end - start) / length
    across = np.asarray((-along[1], along[0]), np.float32)
    places = np.linspace(0.04, 0.96, _SAMPLES, dtype=np.float32)[:, None] * (end - start) + start
    offsets = np.arange(-reach, reach + 1, dtype=np.float32)
    grid = places[:, None, :] + offsets[None, :, None] * across
    cut = cv2.remap(plain, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    slope = np.abs(np.gradient(cut, axis=1))
    steepest = slope.argmax(axis=1)
    strength = slope.max(axis=1)
    strong = strength >= max(1.2, 0.3 * float(np.percentile(strength, 75)))
    points = (places + offsets[steepest][:, None] * across).astype(np.float32)
    if strong.sum() < 8:
        return (float(along[0]), float(along[1]), float(start[0]), float(start[1])), 0.0
    line = _fit(points[strong])
    near = strong & (_distance(points, line) <= _STRAIGHT * size)
    if near.sum() >= 8:
        line = _fit(points[near])
        near = strong & (_distance(points, line) <= _STRAIGHT * size)
    return line, float(near.mean())


def _fit(points: Points) -> _Line:
    """A straight line by Huber's estimate: points far off pull little."""
    vx, vy, x, y = (float(value) for value in cv2.fitLine(points, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel())
    return vx, vy, x, y


def _distance(points: Points, line: _Line) -> NDArray[np.float32]:
    vx, vy, x, y = line
    return np.abs((points[:, 0] - x) * vy - (points[:, 1] - y) * vx)


def _crossing(one: _Line, two: _Line) -> tuple[float, float] | None:
    """Where two lines meet; None for parallels."""
    across = one[0] * two[1] - one[1] * two[0]
    if abs(across) < 0.2:
        return None
    share = ((two[2] - one[2]) * two[1] - (two[3] - one[3]) * two[0]) / across
    return one[2] + share * one[0], one[3] + share * one[1]
