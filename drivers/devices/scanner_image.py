"""From a scanner's picture to what a client gets; blocking, for a worker thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import cv2
import numpy as np

from drivers.errors import UnsupportedData
from drivers.imaging.codes import codes_on
from drivers.imaging.coding import Picture, TooLarge, to_bilevel_png, to_jpeg, wipe
from drivers.imaging.facts import whiteness
from drivers.imaging.mrz_lines import find_mrz
from drivers.imaging.quality import ink, light, sharpness
from drivers.ports_documents import Legibility, PageColour, PageImage, PageOrder, PageSide
from drivers.protocols.sane import Frame, assembled


def page_image(
    frames: Sequence[Frame], side: PageSide, order: PageOrder, today: date
) -> tuple[PageImage, float]:
    """One side with its codes, and how bright its paper is (0 to 255).

    The raw bytes of ``frames`` are overwritten. Raise ``ReadFailed`` for a page that broke off, and
    ``UnsupportedData`` for one that is too large to hand out.
    """
    try:
        picture = _picture(frames)
    finally:
        for frame in frames:
            if isinstance(frame.data, bytearray):
                frame.data[:] = bytes(len(frame.data))
    return page_of(picture, side, order, today, order.dpi)


def page_of(
    picture: Picture, side: PageSide, order: PageOrder, today: date, dpi: int
) -> tuple[PageImage, float]:
    """The same of a picture that is there already; it is overwritten. Raise ``UnsupportedData``."""
    try:
        return _encoded(picture, side, order, today, dpi), whiteness(picture)
    except TooLarge as error:
        raise UnsupportedData(str(error)) from error
    finally:
        wipe(picture)


def _picture(frames: Sequence[Frame]) -> Picture:
    """In OpenCV's order of colours, and in memory of its own."""
    picture = assembled(frames)
    try:
        if picture.ndim == 3:
            return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), np.uint8)
        return picture.copy()
    finally:
        wipe(picture)


def _encoded(picture: Picture, side: PageSide, order: PageOrder, today: date, dpi: int) -> PageImage:
    height, width = picture.shape[:2]
    zone = find_mrz(picture, today) if order.mrz else None
    binary = order.colour is PageColour.BINARY
    return PageImage(
        side,
        "png" if binary else "jpg",
        (to_bilevel_png if binary else to_jpeg)(picture, order.most_bytes),
        width,
        height,
        dpi,
        tuple(found.code for found in codes_on(picture)),
        None if zone is None else zone[0],
        Legibility(round(sharpness(picture), 3), round(light(picture), 3), round(ink(picture), 5)),
    )
