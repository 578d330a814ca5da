"""Pictures as the bytes that clients get, within a bound."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Rows × columns, or rows × columns × blue, green, red: OpenCV's order."""

MOST_BYTES: Final = 8 << 20
"""Of one page for a client: base64 of it stays below the 16 MiB that a client takes as one message."""
_QUALITIES: Final = (88, 75, 60, 40)
"""Of JPEG, the best first; below the last print of a form can no longer be read."""


class TooLarge(ValueError):
    """The page does not fit into what is allowed even at the lowest quality that can be read."""


def to_jpeg(picture: Picture, most_bytes: int = MOST_BYTES) -> bytes:
    """The page as JPEG, at the best quality that fits; raise ``TooLarge``."""
    for quality in _QUALITIES:
        data = _coded(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if len(data) <= most_bytes:
            return data
    raise TooLarge("the page is too large; lower the resolution")


def to_bilevel_png(picture: Picture, most_bytes: int = MOST_BYTES) -> bytes:
    """The page in black and white, one bit a pixel; raise ``TooLarge``."""
    parted = black_and_white(picture)
    try:
        data = _coded(".png", parted, [cv2.IMWRITE_PNG_BILEVEL, 1])
    finally:
        wipe(parted)
    if len(data) > most_bytes:
        raise TooLarge("the page is too large; lower the resolution")
    return data


def gray(picture: Picture) -> Picture:
    """The picture without colour."""
    if picture.ndim == 2:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def black_and_white(picture: Picture) -> Picture:
    """Only 0 and 255, at the threshold that parts ink from paper best (Otsu)."""
    plain = gray(picture)
    _, parted = cv2.threshold(plain, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if plain is not picture:
        wipe(plain)
    return np.asarray(parted, np.uint8)


def wipe(picture: Picture) -> None:
    """Overwrite a picture of somebody's document that nobody needs any more."""
    if picture.flags.writeable:
        picture.fill(0)


def _coded(suffix: str, picture: Picture, options: list[int]) -> bytes:
    done, coded = cv2.imencode(suffix, picture, options)
    if not done:
        raise ValueError("OpenCV could not encode the page")
    data = coded.tobytes()
    wipe(np.asarray(coded, np.uint8))
    return data
