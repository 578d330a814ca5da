"""Eyes, brows, nose, mouth, beard and glasses of a drawn face."""

from __future__ import annotations

import math

import numpy as np

from drivers.simulators.face_brush import Brush, ellipse, mix, shade, smooth
from drivers.simulators.face_traits import Traits

_DARK = (24, 22, 26)


def draw_eyes(brush: Brush, traits: Traits, blink: float, gaze: float) -> None:
    """Both eyes; ``blink`` 1 closes them, ``gaze`` turns the pupils in eye widths."""
    for side in (-1, 1):
        _draw_eye(brush, traits, side, max(0.0, 1.0 - blink), gaze)


def _draw_eye(brush: Brush, traits: Traits, side: int, openness: float, gaze: float) -> None:
    x, y, half, height = side * traits.eye_gap, traits.eye_y, traits.eye_width, traits.eye_open * openness
    rise = side * traits.eye_tilt
    upper = [
        (x - half, y - rise),
        (x - half * 0.45, y - height - rise * 0.3),
        (x + half * 0.2, y - height * 1.08),
        (x + half, y + rise),
    ]
    lower = [(x + half * 0.4, y + height * 0.62), (x - half * 0.4, y + height * 0.66)]
    lid = smooth(upper, closed=False)
    if openness < 0.18:
        brush.soft(ellipse(x, y - 0.01, half, 0.05), shade(traits.skin, 0.82), 0.7, 0.03)
        closed = smooth([(x - half, y - rise), (x, y + 0.035), (x + half, y + rise)], closed=False)
        brush.line(closed, _DARK, 0.028)
        return
    brush.fill(smooth([*upper, *lower]), (226, 230, 232))
    radius = min(traits.eye_open * 0.95, half * 0.56)
    iris_x = x + gaze * half
    iris = ellipse(iris_x, y - height * 0.14, radius, min(radius, height))
    brush.fill(iris, traits.iris)
    brush.fill(ellipse(iris_x, y - height * 0.14, radius * 0.5, min(radius * 0.5, height)), (8, 8, 10))
    brush.fill(ellipse(iris_x - radius * 0.3, y - height * 0.4, radius * 0.2, radius * 0.2), (250, 250, 250))
    brush.line(lid, _DARK, 0.034)
    brush.line(smooth([upper[-1], *lower, upper[0]], closed=False), shade(traits.skin, 0.58), 0.011)
    if traits.fold:
        crease = [(px, py - 0.045) for px, py in upper]
        brush.line(smooth(crease, closed=False), shade(traits.skin, 0.62), 0.012)
    if traits.lines:
        bag = smooth([(x - half * 0.8, y + 0.09), (x, y + 0.125), (x + half * 0.8, y + 0.09)], closed=False)
        brush.line(bag, shade(traits.skin, 0.76), 0.012)


def draw_brows(brush: Brush, traits: Traits, smile: float) -> None:
    """Both brows, raised a little by a smile."""
    colour = mix(traits.hair, _DARK, 0.35) if traits.hair[0] < 120 else shade(traits.hair, 0.62)
    y = traits.eye_y - traits.brow_y - 0.02 * smile
    for side in (-1, 1):
        x, half, thick = side * traits.eye_gap, traits.brow_length, traits.brow_thick
        inner, outer = x - side * half * 0.95, x + side * half
        tilt = traits.brow_tilt
        brow = [
            (inner, y - tilt + thick * 0.3),
            (x, y - 0.035 - thick * 0.5),
            (outer, y + tilt + 0.03),
            (x, y - 0.025 + thick * 0.5),
            (inner, y - tilt + thick),
        ]
        brush.soft(smooth(brow), colour, 0.92, 0.008)


def draw_nose(brush: Brush, traits: Traits) -> None:
    """Bridge lit, one flank in shadow, tip and nostrils."""
    skin, top = traits.skin, traits.eye_y + 0.02
    bottom = top + traits.nose_length
    half = traits.nose_width
    brush.soft(
        np.asarray([(0.05, top), (half * 0.72, bottom - 0.05), (half, bottom), (0.02, bottom)]),
        shade(skin, 0.72),
        0.45,
        0.04,
    )
    brush.soft(
        np.asarray(
            [(-0.045, top - 0.1), (0.035, top - 0.1), (0.045, bottom - 0.04), (-0.055, bottom - 0.04)]
        ),
        shade(skin, 1.16),
        0.75,
        0.03,
    )
    wing = [
        (-half, bottom - 0.03),
        (-half * 0.75, bottom + 0.035),
        (0, bottom + 0.06),
        (half * 0.75, bottom + 0.035),
        (half, bottom - 0.03),
    ]
    brush.line(smooth(wing, closed=False), shade(skin, 0.6), 0.016)
    for side in (-1, 1):
        brush.fill(ellipse(side * half * 0.48, bottom + 0.022, half * 0.27, 0.02), shade(skin, 0.4))
    brush.soft(ellipse(-0.015, bottom - 0.05, half * 0.42, 0.05), shade(skin, 1.2), 0.6, 0.03)


def draw_mouth(brush: Brush, traits: Traits, opening: float, smile: float) -> None:
    """Lips; ``opening`` shows the mouth's inside, ``smile`` lifts the corners."""
    half = traits.mouth_width * (1.0 + 0.14 * smile)
    y, lip, gape = traits.mouth_y, traits.lip, 0.13 * opening
    corner = y - traits.curve - 0.06 * smile
    upper = [
        (-half, corner),
        (-half * 0.35, y - lip * 0.8),
        (0, y - lip * 0.55),
        (half * 0.35, y - lip * 0.8),
    ]
    lower = [
        (half, corner),
        (half * 0.45, y + lip + gape),
        (0, y + lip * 1.18 + gape),
        (-half * 0.45, y + lip + gape),
    ]
    brush.fill(smooth([*upper, *lower]), traits.lip_colour)
    seam = [
        (-half, corner),
        (-half * 0.4, y + 0.004),
        (0, y + 0.012),
        (half * 0.4, y + 0.004),
        (half, corner),
    ]
    if gape > 0.02:
        inner = [(-half * 0.8, corner + 0.01), (0, y), (half * 0.8, corner + 0.01), (0, y + gape + lip * 0.3)]
        brush.fill(smooth(inner), (38, 30, 70))
    else:
        brush.line(smooth(seam, closed=False), shade(traits.lip_colour, 0.45), 0.018)
    brush.soft(ellipse(0, y + lip * 0.62 + gape, half * 0.4, lip * 0.22), (235, 232, 245), 0.3, 0.02)


def draw_beard(brush: Brush, traits: Traits) -> None:
    """Moustache, goatee or stubble."""
    colour = mix(traits.hair, traits.skin, 0.15)
    y = traits.mouth_y
    if traits.beard in ("moustache", "goatee"):
        half = traits.mouth_width * 1.02
        top = y - traits.lip - 0.09
        shape = [
            (-half, y - 0.01),
            (-half * 0.6, top + 0.01),
            (0, top + 0.025),
            (half * 0.6, top + 0.01),
            (half, y - 0.01),
        ]
        brush.soft(smooth([*shape, (0, y - traits.lip * 0.75)]), colour, 0.9, 0.012)
    if traits.beard == "goatee":
        chin = traits.chin
        brush.soft(
            smooth([(-0.19, chin - 0.2), (0.19, chin - 0.2), (0.13, chin), (-0.13, chin)]), colour, 0.88, 0.02
        )
    if traits.beard == "stubble":
        ring = [(-traits.width * 0.84, 0.34), (-0.3, 0.42), (0.3, 0.42), (traits.width * 0.84, 0.34)]
        jaw = [
            (traits.width * 0.55, traits.chin * 0.8),
            (0, traits.chin),
            (-traits.width * 0.55, traits.chin * 0.8),
        ]
        brush.soft(smooth([*ring, *jaw]), mix(traits.skin, traits.hair, 0.7), 0.27, 0.06)


def draw_glasses(brush: Brush, traits: Traits) -> None:
    """Frames that leave the eyes visible."""
    if not traits.glasses:
        return
    y, colour = traits.eye_y + 0.04, (74, 66, 66)
    for side in (-1, 1):
        x = side * traits.eye_gap
        if traits.glasses == "round":
            lens = ellipse(x, y, 0.235, 0.225)
        else:
            lens = smooth(
                [(x - 0.24, y - 0.13), (x + 0.24, y - 0.13), (x + 0.22, y + 0.16), (x - 0.22, y + 0.16)]
            )
        brush.soft(lens, (250, 250, 250), 0.06, 0.01)
        if traits.glasses == "half":
            rim = [(x - 0.25, y + 0.02), (x - 0.22, y - 0.14), (x + 0.22, y - 0.14), (x + 0.25, y + 0.02)]
            brush.line(smooth(rim, closed=False), colour, 0.026)
        else:
            brush.line(lens, colour, 0.022, closed=True)
        brush.line(np.asarray([(x + side * 0.24, y - 0.06), (side * traits.width, y - 0.1)]), colour, 0.024)
    half = traits.eye_gap - 0.23
    arch = [(half * math.cos(t) * -1, y - 0.05 - 0.04 * math.sin(t)) for t in np.linspace(0, math.pi, 7)]
    brush.line(np.asarray(arch), colour, 0.024)
