"""How alike two aligned faces are: shape of edges, eyes, nose and the colours of the skin, in one number."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.devices.face_finding import HEIGHT, WIDTH, Gray, alignments, gray
from drivers.transports.video import Picture

_EYES: Final = (slice(36, 66), slice(16, 80))
_NOSE: Final = (slice(58, 84), slice(32, 64))


@dataclass(frozen=True, slots=True)
class Likeness:
    """Measures of one pair of faces; each grows with likeness."""

    gradients: float
    colours: float
    eyes: float
    nose: float
    edges: float


# Both from `python -m benchmarks.face_matcher --fit --people 80`.
_WEIGHTS: Final = Likeness(37.060, 1.029, 7.209, 6.067, 7.817)
_BIAS: Final = -47.423


@lru_cache(maxsize=1)
def _oval() -> NDArray[np.bool_]:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.ellipse(mask, (WIDTH // 2, 62), (38, 54), 0, 0, 360, 1, -1)
    return mask.astype(np.bool_)


@lru_cache(maxsize=1)
def _descriptor() -> cv2.HOGDescriptor:
    return cv2.HOGDescriptor((WIDTH, HEIGHT), (24, 24), (12, 12), (12, 12), 9)


def closest(reference: Picture, around: Picture) -> Likeness:
    """Measure an aligned reference and a wide cut of a live face, laid on it in the way that fits best."""
    return max((compare(reference, aligned) for aligned in alignments(reference, around)), key=score)


def compare(reference: Picture, live: Picture) -> Likeness:
    """Measure two aligned faces; the reference is softer, since a chip photo has few dots."""
    one = np.asarray(cv2.GaussianBlur(reference, (0, 0), 1.0), np.uint8)
    other = np.asarray(cv2.GaussianBlur(live, (0, 0), 1.3), np.uint8)
    a, b = gray(one), gray(other)
    inside = _oval()
    return Likeness(
        gradients=_cosine(_hog(one), _hog(other)),
        colours=-_colour_distance(one, other),
        eyes=_correlation(a[_EYES], b[_EYES]),
        nose=_correlation(a[_NOSE], b[_NOSE]),
        edges=_correlation(_slopes(a)[inside], _slopes(b)[inside]),
    )


def score(likeness: Likeness) -> float:
    """0 to 1; 0.8 is where both kinds of error were rare on the drawn faces (docs/face-matcher.md)."""
    evidence = _BIAS + sum(w * v for w, v in zip(astuple(_WEIGHTS), astuple(likeness), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, evidence))))


def _hog(picture: Picture) -> NDArray[np.float32]:
    histogram = _descriptor().compute(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    return np.sqrt(np.abs(np.asarray(histogram, np.float32).ravel()))


def _cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-6))


def _colour_distance(one: Picture, other: Picture) -> float:
    """Mean distance of the colours without their brightness, over patches inside the oval."""
    size = (16, 20)
    pair = [
        cv2.resize(cv2.cvtColor(p, cv2.COLOR_BGR2LAB), size, interpolation=cv2.INTER_AREA).astype(np.float32)
        for p in (one, other)
    ]
    oval = cv2.resize(_oval().astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.5
    return float(np.abs(pair[0][..., 1:] - pair[1][..., 1:])[oval].mean())


def _slopes(brightness: Gray) -> Gray:
    across = cv2.Sobel(brightness, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(brightness, cv2.CV_32F, 0, 1)
    return np.asarray(np.hypot(across, down), np.float32)


def _correlation(a: Gray, b: Gray) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-6))
