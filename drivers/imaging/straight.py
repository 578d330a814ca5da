"""A page set straight: taken out of the picture, evenly lit, turned upright."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from drivers.imaging.codes import Found
from drivers.imaging.coding import Picture, gray
from drivers.imaging.corners import Outline
from drivers.ports_documents import PageSize

_MM_PER_INCH: Final = 25.4
_PAPER: Final = 246.0
"""How bright an evenly lit page's paper is made."""
_GAIN: Final = 3.2
"""A shadow deeper than this hides print, and lighting it up would only show noise."""
_SMALL: Final = 240
_CLEARLY: Final = 1.5
"""How much stronger one direction of lines must be before the page is turned."""


def straightened(picture: Picture, outline: Outline, size: PageSize, dpi: int) -> tuple[Picture, float]:
    """The page at ``dpi``, as wide as it lay; and the picture's pixels for each of the page's.

    Lying across, its longer edge stays across: ``upright`` turns it.
    """
    shorter, longer = (round(edge * dpi / _MM_PER_INCH) for edge in size.millimetres)
    across, down = outline.edges
    width, height = (longer, shorter) if across > down else (shorter, longer)
    goal = np.asarray([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - 0.5
    scale = float(np.sqrt(outline.area / (width * height)))
    source = picture if scale <= 1.3 else np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.4 * scale), np.uint8)
    move = cv2.getPerspectiveTransform(outline.corners, goal)
    page = cv2.warpPerspective(
        source, move, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(page, np.uint8), scale


def evenly_lit(page: Picture, size: PageSize) -> Picture:
    """Shadows and the lamp's fall-off taken out: each place is divided by the paper's brightness there.

    On a card, where a portrait is wide and dark, only slow changes of light are evened out.
    """
    plain = gray(page)
    scale = _SMALL / max(plain.shape)
    small = np.asarray(cv2.resize(plain, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    reach = (13 if size is PageSize.A4 else 85) | 1
    paper = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, 9), (0, 0), reach / 3)
    wide = np.asarray(
        cv2.resize(paper, (plain.shape[1], plain.shape[0]), interpolation=cv2.INTER_CUBIC), np.float32
    )
    goal = _PAPER if size is PageSize.A4 else float(np.percentile(paper, 90))
    gain = np.clip(goal / np.maximum(wide, 1.0), 0.85, _GAIN)
    lit = page.astype(np.float32) * (gain[..., None] if page.ndim == 3 else gain)
    return np.clip(lit, 0, 255).astype(np.uint8)


def upright(page: Picture, codes: Sequence[Found]) -> tuple[Picture, int]:
    """The page with its print upright, and by how many degrees clockwise it was turned: 0, 90, 180 or 270.

    A two-dimensional code tells for certain. Without one, lines of print tell lying from standing, and their
    ragged ends which way they run; where nothing tells, the page stays as it lies.
    """
    turns = [(-code.angle) % 360 for code in codes if code.angle is not None]
    turn = max(set(turns), key=turns.count) if turns else _turn_by_lines(page)
    return np.ascontiguousarray(np.rot90(page, -(turn // 90))), turn


def _turn_by_lines(page: Picture) -> int:
    ink = _ink(page)
    across, down = _print_along(ink)
    if down > across * _CLEARLY:
        return 270 if _upside_down(np.ascontiguousarray(np.rot90(ink, -1))) else 90
    return 180 if _upside_down(ink) else 0


def _print_along(ink: Picture) -> tuple[int, int]:
    """How much print stands in rows that run across, and in rows that run down.

    Letters of a word lie nearer together than lines: a little smeared, words become bars.
    """
    words = np.asarray(cv2.dilate(ink, np.ones((7, 7), np.uint8)), np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(words)
    across = down = 0
    for place in range(1, count):
        _, _, width, height, area = (int(value) for value in stats[place])
        if width > 2.5 * height:
            across += area
        elif height > 2.5 * width:
            down += area
    return across, down


def _ink(page: Picture) -> Picture:
    """1 where there is print: darker than the paper around, small enough for a letter; the rim left out."""
    plain = gray(page)
    scale = 900 / max(plain.shape)
    small = cv2.resize(plain, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    hat = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, np.ones((15, 15), np.uint8))
    ink = np.asarray(hat > max(24, float(np.percentile(hat, 90))), np.uint8)
    rim = 30
    ink[:rim], ink[-rim:], ink[:, :rim], ink[:, -rim:] = 0, 0, 0, 0
    # Rules of a form are no print: what runs straight for long is taken out in both directions.
    for kernel in (np.ones((1, 60), np.uint8), np.ones((60, 1), np.uint8)):
        ink = np.asarray(cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)), np.uint8)
    return ink


def _upside_down(ink: Picture) -> bool:
    """Lines begin together at the left and end where they end: clearly more even beginnings at the right mean 180."""
    rows = np.asarray(cv2.dilate(ink, np.ones((3, 25), np.uint8)), np.uint8)
    begins, ends = [], []
    count, _, stats, _ = cv2.connectedComponentsWithStats(rows)
    for place in range(1, count):
        x, _, width, height, area = (int(value) for value in stats[place])
        if width > 4 * height and area > 200:
            begins.append(x)
            ends.append(x + width)
    if len(begins) < 5:
        return False
    return _evenness(ends) > 1.6 * _evenness(begins) and _evenness(ends) >= 3


def _evenness(places: Sequence[int]) -> float:
    """How many lines share the commonest place, within a little."""
    return float(max(sum(abs(one - other) <= 6 for other in places) for one in places))
