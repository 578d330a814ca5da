"""Hair of a drawn face: what falls behind the head and what covers the skull."""

from __future__ import annotations

import math

from drivers.simulators.face_brush import Brush, Points, ellipse, shade, smooth
from drivers.simulators.face_traits import Traits

_FULL = ("long", "fringe", "bob", "wavy")

# The hair line from the right temple over the forehead to the left one, by style. A point is
# (a, b, c, d): x = a * face width + b, y = c * height of the forehead + d, in head units.
_HAIR_LINE: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "parted": (
        *((1, 0.02, 0, 0), (0.9, 0, 0, -0.28), (0.72, 0, -1, -0.02), (-0.3, 0, -1, -0.2)),
        *((-0.74, 0, -1, 0.06), (-0.9, 0, 0, -0.24), (-1, -0.02, 0, 0)),
    ),
    "swept": (
        *((1, 0.02, 0, -0.06), (0.88, 0, 0, -0.34), (0.66, 0, -1, -0.2), (0, 0.05, -1, -0.05)),
        *((-0.6, 0, -1, -0.06), (-0.88, 0, 0, -0.26), (-1, -0.02, 0, -0.04)),
    ),
    "crop": (
        *((1, 0.01, 0, -0.12), (0.88, 0, 0, -0.36), (0.72, 0, -1, -0.14), (0, 0, -1, -0.17)),
        *((-0.72, 0, -1, -0.14), (-0.88, 0, 0, -0.36), (-1, -0.01, 0, -0.12)),
    ),
    "receding": (
        *(
            (1, 0.01, 0, -0.06),
            (0.86, 0, 0, -0.4),
            (0.66, 0, 0, -0.68),
            (0.36, 0, 0, -0.84),
            (0, 0, 0, -0.74),
        ),
        *((-0.36, 0, 0, -0.84), (-0.66, 0, 0, -0.68), (-0.86, 0, 0, -0.4), (-1, -0.01, 0, -0.06)),
    ),
    "fringe": (
        *((1, 0.14, 0, 0.5), (0.92, 0, 0, 0.2), (0.82, 0, 0, -0.3), (0.4, 0, -1, 0.2), (0, 0, -1, 0.17)),
        *((-0.4, 0, -1, 0.2), (-0.82, 0, 0, -0.3), (-0.92, 0, 0, 0.2), (-1, -0.14, 0, 0.5)),
    ),
    "long": (
        *((1, 0.16, 0, 0.7), (0.94, 0, 0, 0.4), (0.86, 0, 0, -0.3), (0.45, 0, 0, -0.72), (0, 0, 0, -0.96)),
        *((-0.45, 0, 0, -0.72), (-0.86, 0, 0, -0.3), (-0.94, 0, 0, 0.4), (-1, -0.16, 0, 0.7)),
    ),
    "bob": (
        *((1, 0.18, 0, 0.6), (0.9, 0, 0, 0.36), (0.84, 0, 0, -0.24), (0.3, 0, -1, -0.05)),
        *((-0.4, 0, -1, -0.24), (-0.86, 0, 0, -0.2), (-0.92, 0, 0, 0.36), (-1, -0.18, 0, 0.6)),
    ),
    "bun": (
        *((1, 0, 0, -0.1), (0.9, 0, 0, -0.36), (0.7, 0, -1, -0.16), (0, 0, -1, -0.28)),
        *((-0.7, 0, -1, -0.16), (-0.9, 0, 0, -0.36), (-1, 0, 0, -0.1)),
    ),
    "wavy": (
        *((1, 0.16, 0, 0.4), (0.96, 0, 0, 0.1), (0.84, 0, 0, -0.3), (0.5, 0, -1, -0.1), (0, 0.1, -1, -0.3)),
        *((-0.5, 0, -1, 0), (-0.86, 0, 0, -0.3), (-0.96, 0, 0, 0.1), (-1, -0.16, 0, 0.4)),
    ),
}
_CURLS = ((1.12, -0.5, 0.3), (1.25, 0.0, 0.3), (1.19, 0.5, 0.32), (1.1, 0.95, 0.32), (1.0, 1.3, 0.28))


def draw_back_hair(brush: Brush, traits: Traits) -> None:
    """Long hair behind neck and shoulders; nothing for short styles."""
    w, dark = traits.width, shade(traits.hair, 0.82)
    crown = [(-w - 0.22, -0.3), (-w * 0.86, -0.94), (-w * 0.42, -1.17), (0.0, -1.24)]
    crown += [(-x, y) for x, y in reversed(crown[:-1])]
    if traits.style in ("long", "fringe"):
        fall = [
            (w + 0.3, 0.7),
            (w + 0.16, 1.75),
            (0.2, 1.85),
            (-0.2, 1.85),
            (-w - 0.16, 1.75),
            (-w - 0.3, 0.7),
        ]
        brush.fill(smooth([*crown, *fall]), dark)
    elif traits.style == "bob":
        ends = [(w + 0.24, 0.72), (w * 0.7, 0.92), (-w * 0.7, 0.92), (-w - 0.24, 0.72)]
        brush.fill(smooth([*crown, *ends]), dark)
    elif traits.style == "wavy":
        for x, y, radius in _CURLS:
            for side in (-1, 1):
                brush.fill(ellipse(side * x * w, y, radius, radius), dark)
        brush.fill(ellipse(0, -0.3, w + 0.2, 0.98), dark)
    elif traits.style == "bun":
        brush.fill(ellipse(0, -1.2, 0.34, 0.27), dark)
        brush.fill(ellipse(0, -0.22, w + 0.07, 0.94), dark)


def draw_front_hair(brush: Brush, traits: Traits) -> None:
    """The hair on top, with a few strands and a soft shine."""
    shape = _top(traits)
    brush.soft(shape + (0, 0.03), shade(traits.skin, 0.55), 0.35, 0.035)
    brush.fill(shape, traits.hair)
    shine = ellipse(-traits.parting * 0.28, -0.86, 0.3, 0.07, 0.25 * traits.parting)
    brush.soft(shine, (200, 196, 192), 0.22, 0.06)
    if traits.style in ("crop", "receding", "bun"):
        return
    for i in range(5):
        x = (i - 2) * traits.width * 0.34
        strand = [(x * 0.75 + traits.parting * 0.1, -1.08), (x, -0.86), (x * 1.08, -0.7)]
        brush.line(smooth(strand, closed=False), shade(traits.hair, 0.78 if i % 2 else 1.28), 0.012)


def _top(traits: Traits) -> Points:
    """The closed shape of the hair on top; ``parting`` mirrors it."""
    w, p = traits.width, traits.parting
    wide, high = (1.14, 1.03) if traits.style in _FULL else (1.0, 1.0)
    angles = (-0.05, 0.4, 0.8, 1.2, 1.57, 1.94, 2.34, 2.74, 3.19)
    crown = [(-(w + 0.06) * math.cos(t) * wide, (-0.36 - 0.84 * math.sin(t)) * high) for t in angles]
    line = [(a * w + b, c * traits.forehead + d) for a, b, c, d in _HAIR_LINE[traits.style]]
    return smooth([(x * p, y) for x, y in [*crown, *line]])
