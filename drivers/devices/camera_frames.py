"""What a frame looks like to a driver: live, frozen, black or covered; and a frame as JPEG."""

from __future__ import annotations

import enum
from typing import Final

import cv2
import numpy as np

from drivers.imaging.facts import thumbnail
from drivers.transports.video import Picture

_BLACK_MEAN: Final = 12.0
COVERED: Final = 70.0
"""Grey level below which a picture without any shape is a covered lens, where people are seen."""
COVERED_TABLE: Final = 30.0
"""The same over a table: the black mat that overhead cameras come with has no shape either, and is brighter."""
_FLAT: Final = 6.0
"""Standard deviation of a picture without any shape, sensor noise included."""
_FROZEN_FRAMES: Final = 12
"""Equal frames in a row. A sensor's noise makes two equal frames all but impossible."""
_LARGEST: Final = 1280


class FrameLook(enum.StrEnum):
    """The state of the picture."""

    LIVE = "live"
    FROZEN = "frozen"
    BLACK = "black"
    COVERED = "covered"
    UNKNOWN = "unknown"


def darkness(picture: Picture, covered: float = COVERED) -> FrameLook:
    """``black``, ``covered`` (without shape, and darker than that grey level) or ``live``."""
    small = thumbnail(picture)
    mean, deviation = float(small.mean()), float(small.std())
    if deviation < _FLAT and mean < _BLACK_MEAN:
        return FrameLook.BLACK
    return FrameLook.COVERED if deviation < _FLAT and mean < covered else FrameLook.LIVE


class FrameWatch:
    """Follows a stream of frames; ``covered`` as of ``darkness``."""

    def __init__(self, covered: float = COVERED) -> None:
        self._covered = covered
        self._last: Picture | None = None
        self._equal = 0

    def look(self, picture: Picture) -> FrameLook:
        """The state after one more frame.

        Behind a shut lens cover all frames are equal: that is no camera that hangs, and asks for another hand.
        """
        same = self._last is not None and np.array_equal(self._last, picture)
        self._equal = self._equal + 1 if same else 0
        self._last = picture
        dark = darkness(picture, self._covered)
        return FrameLook.FROZEN if dark is FrameLook.LIVE and self._equal >= _FROZEN_FRAMES else dark


def to_jpeg(picture: Picture, quality: int = 85) -> bytes:
    """The frame as JPEG, scaled down to at most 1,280 columns."""
    height, width = picture.shape[:2]
    if width > _LARGEST:
        size = (_LARGEST, round(height * _LARGEST / width))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    done, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("OpenCV could not encode the frame")
    return coded.tobytes()
