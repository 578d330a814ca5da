"""Draws people: every simulated card photo and every face before the simulated camera comes from here.

The drawings are invented persons. They are meant to be found by OpenCV's frontal-face cascade and told
apart by a simple descriptor, and to look like a person to the one who runs a demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from drivers.simulators.face_brush import Brush, Image, ellipse, mix, shade, smooth
from drivers.simulators.face_features import (
    draw_beard,
    draw_brows,
    draw_eyes,
    draw_glasses,
    draw_mouth,
    draw_nose,
)
from drivers.simulators.face_hair import draw_back_hair, draw_front_hair
from drivers.simulators.face_traits import UNKNOWN, Looks, Traits, seed_of, traits_of

__all__ = ["BLINK", "NEUTRAL", "SMILE", "Expression", "Looks", "chip_photo", "draw_face", "seed_of"]

PORTRAIT = (102, 126)
"""Width and height of a resident ID card's chip photo in pixels (domain note, section 3)."""
CHIP_BYTES = 1024
CHIP_MARK = b"WPD1"
"""Marks our own photo format: mark, length as unsigned 16 bit big endian, WebP bytes, zero padding."""


@dataclass(frozen=True, slots=True)
class Expression:
    """How the face is held: ``blink`` and ``mouth`` 0..1, ``smile`` -1..1, ``gaze`` in eye widths."""

    blink: float = 0.0
    mouth: float = 0.0
    smile: float = 0.0
    gaze: float = 0.0


NEUTRAL = Expression()
SMILE = Expression(smile=0.8)
BLINK = Expression(blink=1.0)

_cached_traits = lru_cache(maxsize=64)(traits_of)


def draw_face(
    seed: int,
    *,
    pose: tuple[float, float, float] = (0.0, 0.0, 0.0),
    expression: Expression = NEUTRAL,
    size: tuple[int, int] = (640, 480),
    zoom: float = 1.0,
    background: Image | None = None,
    looks: Looks = UNKNOWN,
) -> Image:
    """Head and shoulders of person ``seed`` as a BGR image of ``size`` (width, height).

    ``pose`` is (dx, dy, rotation): pixels right and down, degrees anticlockwise. ``zoom`` 1.0 makes the
    head about 60 % of the height. ``looks`` suits hair and wrinkles to a known sex and age. The same
    arguments always give the same pixels.
    """
    width, height = size
    if background is None:
        canvas: Image = np.full((height, width, 3), (244, 243, 240), dtype=np.uint8)
    else:
        canvas = np.ascontiguousarray(
            cv2.resize(background, size) if background.shape[1::-1] != size else background
        )
        canvas = canvas.copy()
    traits = _cached_traits(seed, looks)
    centre = (width / 2 + pose[0], height * 0.47 + pose[1])
    brush = Brush(canvas, centre, 0.3 * height * zoom, pose[2])
    draw_back_hair(brush, traits)
    _draw_body(brush, traits)
    _draw_head(brush, traits)
    draw_nose(brush, traits)
    draw_eyes(brush, traits, expression.blink, expression.gaze)
    draw_mouth(brush, traits, expression.mouth, expression.smile)
    draw_beard(brush, traits)
    draw_brows(brush, traits, expression.smile)
    _draw_marks(brush, traits)
    draw_front_hair(brush, traits)
    draw_glasses(brush, traits)
    return canvas


def outline(traits: Traits) -> list[tuple[float, float]]:
    """The edge of the face, clockwise from the right temple down to the chin and up over the skull."""
    points = []
    for degrees in range(0, 180, 12):
        t = np.radians(degrees)
        x = traits.width * np.sign(np.cos(t)) * abs(np.cos(t)) ** traits.jaw
        points.append((float(x), float(traits.chin * np.sin(t) ** 0.92)))
    for degrees in range(180, 360, 15):
        t = np.radians(degrees)
        points.append((float(traits.width * np.cos(t)), float(np.sin(t) * 0.98)))
    return points


def _draw_body(brush: Brush, traits: Traits) -> None:
    shadowed = shade(traits.skin, 0.8)
    neck = [(-0.36, 0.6), (0.36, 0.6), (0.37, 1.25), (0.56, 1.5), (-0.56, 1.5), (-0.37, 1.25)]
    brush.fill(smooth(neck), shadowed)
    brush.soft(ellipse(0, traits.chin + 0.03, 0.2, 0.16), shade(traits.skin, 0.62), 0.6, 0.07)
    half = [(0.42, 1.25), (0.95, 1.42), (1.5, 1.75), (1.64, 2.6), (1.7, 4.5), (1.7, 8.0)]
    brush.fill(smooth([(-x, y) for x, y in reversed(half)] + half), traits.clothes)
    opening = {"shirt": 0.3, "round": 0.16, "vee": 0.46}[traits.collar]
    bottom = 1.24 + opening
    brush.fill(
        smooth([(-0.42, 1.2), (0.42, 1.2), (0.2, bottom - 0.04), (0, bottom), (-0.2, bottom - 0.04)]),
        shadowed,
    )
    if traits.collar == "shirt":
        white = (238, 238, 236)
        for side in (-1, 1):
            flap = [
                (side * 0.44, 1.18),
                (side * 0.04, bottom + 0.02),
                (side * 0.3, bottom + 0.14),
                (side * 0.56, 1.32),
            ]
            brush.fill(np.asarray(flap), white)
            brush.line(np.asarray(flap), shade(white, 0.8), 0.012, closed=True)
    else:
        edge = [(-0.43, 1.22), (-0.2, bottom), (0, bottom + 0.04), (0.2, bottom), (0.43, 1.22)]
        brush.line(smooth(edge, closed=False), shade(traits.clothes, 0.72), 0.035)
    for side in (-1, 1):
        brush.soft(ellipse(side * 1.02, 2.35, 0.1, 0.5), shade(traits.clothes, 0.6), 0.5, 0.09)


def _draw_head(brush: Brush, traits: Traits) -> None:
    skin = traits.skin
    for side in (-1, 1):
        x, y = side * (traits.width + 0.02), 0.08
        brush.fill(ellipse(x, y, traits.ear * 0.72, traits.ear * 1.55), shade(skin, 0.9))
        brush.fill(ellipse(x + side * 0.01, y, traits.ear * 0.36, traits.ear * 0.95), shade(skin, 0.74))
    face = smooth(outline(traits), steps=3)
    brush.fill(face, shade(skin, 0.9))
    # Light from the front: the middle of the face is brighter than its edge, as the cascade expects.
    brush.soft(ellipse(-0.03, -0.02, traits.width * 0.72, traits.chin * 0.72), shade(skin, 1.08), 0.9, 0.13)
    for side in (-1, 1):
        brush.soft(ellipse(side * 0.4, 0.3, 0.15, 0.1), mix(skin, (120, 120, 226), 0.4), 0.3, 0.09)
        brush.soft(ellipse(side * traits.eye_gap, traits.eye_y, 0.2, 0.12), shade(skin, 0.62), 0.5, 0.06)
    brush.soft(ellipse(0, traits.chin - 0.14, 0.17, 0.06), shade(skin, 1.12), 0.35, 0.05)
    brush.soft(ellipse(0, traits.mouth_y + traits.lip + 0.09, 0.15, 0.03), shade(skin, 0.74), 0.5, 0.03)


def _draw_marks(brush: Brush, traits: Traits) -> None:
    dark = shade(traits.skin, 0.72)
    if traits.lines:
        for side in (-1, 1):
            fold = [
                (side * 0.2, 0.3),
                (side * 0.3, 0.42),
                (side * (traits.mouth_width + 0.08), traits.mouth_y),
            ]
            brush.line(smooth(fold, closed=False), dark, 0.014)
            x = side * (traits.eye_gap + traits.eye_width)
            for rise in (-0.05, 0.0, 0.05):
                corner = [
                    (x + side * 0.03, traits.eye_y + rise * 0.4),
                    (x + side * 0.12, traits.eye_y + rise),
                ]
                brush.line(np.asarray(corner), dark, 0.01)
        for rise in (0.0, 0.09):
            y = -traits.forehead - 0.02 + rise
            brush.line(smooth([(-0.3, y + 0.02), (0, y), (0.3, y + 0.02)], closed=False), dark, 0.01)
    if traits.mole is not None:
        brush.fill(ellipse(*traits.mole, 0.024, 0.024), (40, 44, 66))


@lru_cache(maxsize=256)
def chip_photo(seed: int, looks: Looks = UNKNOWN) -> bytes:
    """The chip photo of person ``seed``: 1024 bytes, a WebP of 102 x 126 pixels behind our mark.

    A real chip holds WLT data that only a licensed library opens; this stands in for it.
    """
    large = draw_face(seed, size=(PORTRAIT[0] * 4, PORTRAIT[1] * 4), zoom=0.98, looks=looks)
    small = cv2.resize(large, PORTRAIT, interpolation=cv2.INTER_AREA)
    room = CHIP_BYTES - len(CHIP_MARK) - 2
    for quality in range(60, 0, -4):
        done, coded = cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, quality])
        if done and coded.size <= room:
            body = CHIP_MARK + int(coded.size).to_bytes(2, "big") + coded.tobytes()
            return body.ljust(CHIP_BYTES, b"\0")
    raise AssertionError(f"the portrait of seed {seed} does not fit {room} bytes even at the lowest quality")
