"""Made-up handwriting: strokes of a pen that somebody seems to have signed with, the same for the same seed."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

_STEP_MS = 5
"""200 samples a second."""
_SPEED = 0.09
"""Millimetres a millisecond: a brisk hand."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Milliseconds since the moment before, place in hundredths of a millimetre, pressure 0 to 1."""

    after_ms: int
    x: int
    y: int
    pressure: float


def sign(seed: int, width: int, height: int, characters: int = 3) -> list[Moment]:
    """The moments of a signature of some characters in an area of ``width`` by ``height``; pen up between strokes."""
    rng = random.Random(seed)
    cell = width * 0.8 / characters
    moments: list[Moment] = []
    for number in range(characters):
        left, top = width * 0.1 + number * cell, height * 0.2
        for _ in range(rng.randint(2, 5)):
            path = _stroke(rng, left, top, cell * 0.85, height * 0.6)
            pause = rng.randint(60, 180) if moments else 0
            moments += _written(rng, path, pause)
    return moments


def dot(width: int, height: int) -> list[Moment]:
    """A tap of the pen: no signature."""
    x, y = width // 2, height // 2
    return [Moment(0, x, y, 0.5), Moment(_STEP_MS, x + 3, y + 2, 0.4), Moment(_STEP_MS, x, y, 0.0)]


def beyond(seed: int, width: int, height: int) -> list[Moment]:
    """A signature that runs out of the frame on the right."""
    return [Moment(m.after_ms, m.x + width // 2, m.y, m.pressure) for m in sign(seed, width, height)]


def _stroke(
    rng: random.Random, left: float, top: float, width: float, height: float
) -> list[tuple[float, float]]:
    """A cubic curve through four places of a cell, in even steps of the pen."""
    p = [(left + rng.random() * width, top + rng.random() * height) for _ in range(4)]
    rough = [_on_curve(p, n / 60) for n in range(61)]
    length = sum(math.dist(a, b) for a, b in zip(rough, rough[1:], strict=False)) / 100
    steps = max(3, round(length / (_SPEED * _STEP_MS)))
    return [_on_curve(p, n / steps) for n in range(steps + 1)]


def _on_curve(p: list[tuple[float, float]], t: float) -> tuple[float, float]:
    u = 1 - t
    weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
    return (
        sum(w * place[0] for w, place in zip(weights, p, strict=True)),
        sum(w * place[1] for w, place in zip(weights, p, strict=True)),
    )


def _written(rng: random.Random, path: list[tuple[float, float]], pause: int) -> Iterator[Moment]:
    """Pressure grows and falls along a stroke; the pen leaves where it ended."""
    last = len(path) - 1
    hard = rng.uniform(0.6, 0.95)
    for number, (x, y) in enumerate(path):
        pressure = hard * (0.25 + 0.75 * math.sin(math.pi * (0.1 + 0.8 * number / last)))
        yield Moment(pause if number == 0 else _STEP_MS, round(x), round(y), pressure)
    yield Moment(_STEP_MS, round(path[-1][0]), round(path[-1][1]), 0.0)
