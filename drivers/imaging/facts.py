"""What is told of a picture that nobody may keep, and a picture of which the same is true.

A recording holds the facts. Played back, they become a picture in two tones: as bright and as full of contrast as the
one that was seen, equal where two were equal, and of nobody.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
_SMALL: Final = (64, 48)
_WHITE: Final = 255.0
_LARGEST: Final = 16384
"""Rows and columns of a picture that is made; no camera has more."""
_FLAT: Final = 0.5
"""Less is no tone: pictures are of whole numbers."""


class NoFacts(ValueError):
    """What stands in a recording describes no picture."""


@dataclass(frozen=True, slots=True)
class Tones:
    """A picture of two tones, and which share of it has the brighter one."""

    low: int
    high: int
    share: float

    @classmethod
    def of(cls, mean: float, deviation: float) -> Tones:
        """Two tones with this mean and standard deviation: half of each where both fit between black and white."""
        low, high = mean - deviation, mean + deviation
        if low < 0 < mean:
            low, high = 0.0, (deviation**2 + mean**2) / mean
        elif high > _WHITE > mean:
            left = _WHITE - mean
            low, high = _WHITE - (deviation**2 + left**2) / left, _WHITE
        return cls._whole(low, high, mean)

    @classmethod
    def on_paper(cls, paper: float, mean: float, deviation: float) -> Tones:
        """Paper of this tone, with as much ink as makes this mean and deviation."""
        lacking = paper - mean
        if lacking < _FLAT:
            return cls._whole(paper, paper, paper)
        depth = min((deviation**2 + lacking**2) / lacking, paper)
        return cls._whole(paper - depth, paper, mean)

    @classmethod
    def _whole(cls, low: float, high: float, mean: float) -> Tones:
        dark, bright = (round(min(max(tone, 0.0), _WHITE)) for tone in (low, high))
        share = 1.0 if bright <= dark else min(max((mean - dark) / (bright - dark), 0.0), 1.0)
        return cls(dark, bright, share)

    def row(self, width: int) -> Picture:
        """One row of a picture; all rows are alike."""
        row = np.full(width, self.low, np.uint8)
        row[: round(width * self.share)] = self.high
        return row


def thumbnail(picture: Picture) -> Picture:
    """The picture in grey and so small that a sensor's noise is gone."""
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, _SMALL, interpolation=cv2.INTER_AREA), np.uint8)


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """Of one picture of a film: size in pixels, mean and standard deviation of its ``thumbnail``, and a digest.

    The digest tells equal pictures from different ones; it leads back to none.
    """

    columns: int
    rows: int
    brightness: float
    contrast: float
    sha256: str

    @classmethod
    def of(cls, picture: Picture) -> FrameFacts:
        """The facts of a picture of a camera."""
        rows, columns = picture.shape[:2]
        small = thumbnail(picture)
        mean, deviation = round(float(small.mean()), 2), round(float(small.std()), 2)
        return cls(columns, rows, mean, deviation, hashlib.sha256(picture.tobytes()).hexdigest())

    def dump(self) -> bytes:
        """As written down."""
        told = {
            "size": f"{self.columns}x{self.rows}",
            "brightness": self.brightness,
            "contrast": self.contrast,
            "sha256": self.sha256,
        }
        return json.dumps(told).encode()

    @classmethod
    def load(cls, data: bytes) -> FrameFacts:
        """From what was written down; raise ``NoFacts``."""
        try:
            told = json.loads(data)
            columns, _, rows = str(told["size"]).partition("x")
            size = int(columns), int(rows)
            digest = bytes.fromhex(told["sha256"]).hex()
            mean, deviation = float(told["brightness"]), float(told["contrast"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise NoFacts("these are no facts of a picture") from error
        if not all(0 < side <= _LARGEST for side in size) or not _possible(mean, deviation):
            raise NoFacts("no picture is like that")
        return cls(*size, mean, deviation, digest)

    def picture(self) -> Picture:
        """A picture of which this is true. Its first pixels differ with the digest, and so does its own."""
        row = Tones.of(self.brightness, self.contrast).row(self.columns)
        picture = np.repeat(np.tile(row, (self.rows, 1))[:, :, np.newaxis], 3, axis=2)
        mark = np.frombuffer(bytes.fromhex(self.sha256), np.uint8)[: self.columns]
        picture[0, : len(mark), 0] = mark
        return picture


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Of the bytes of one scanned side: how many, how bright its paper and the whole are (0 to 255), and a digest.

    ``paper`` is the tone of the brightest tenth; it and the others are None where the bytes made no picture.
    """

    size: int
    sha256: str
    paper: float | None = None
    brightness: float = 0.0
    contrast: float = 0.0

    def dump(self) -> Mapping[str, Any]:
        """As written down."""
        told: dict[str, Any] = {"bytes": self.size, "sha256": self.sha256}
        if self.paper is not None:
            told |= {"paper": self.paper, "brightness": self.brightness, "contrast": self.contrast}
        return told

    @classmethod
    def load(cls, told: Mapping[str, Any]) -> PageFacts:
        """From what was written down; raise ``NoFacts``."""
        try:
            size, digest = int(told["bytes"]), str(told["sha256"])
            paper = float(told["paper"]) if "paper" in told else None
            tones = ("brightness", "contrast")
            mean, deviation = (0.0 if paper is None else float(told[name]) for name in tones)
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise NoFacts("these are no facts of a page") from error
        if not 0 <= size <= _LARGEST**2 or not _possible(mean, deviation) or not _possible(paper or 0.0, 0.0):
            raise NoFacts("no page is like that")
        return cls(size, digest, paper, mean, deviation)

    def tones(self) -> Tones:
        """Two tones of which this is true; white paper where nothing is known."""
        if self.paper is None:
            return Tones.of(_WHITE, 0.0)
        return Tones.on_paper(self.paper, self.brightness, self.contrast)


def whiteness(picture: Picture) -> float:
    """The tone of a page's brightest tenth: its paper."""
    return float(np.percentile(picture[::8, ::8], 90))


def page_facts(data: bytes | bytearray, picture: Picture | None) -> PageFacts:
    """The facts of a side: its bytes, and the picture that they make if they make one."""
    digest = hashlib.sha256(data).hexdigest()
    if picture is None:
        return PageFacts(len(data), digest)
    mean, deviation = round(float(picture.mean()), 2), round(float(picture.std()), 2)
    return PageFacts(len(data), digest, round(whiteness(picture), 2), mean, deviation)


def _possible(mean: float, deviation: float) -> bool:
    """Whether a picture can have these; NaN has none."""
    return 0 <= mean <= _WHITE and 0 <= deviation <= _WHITE and math.isfinite(mean + deviation)
