"""From a camera's picture to a page: found, judged, set straight; or a reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from drivers.imaging.codes import codes_on
from drivers.imaging.coding import Picture, wipe
from drivers.imaging.corners import Outline, find_sheet
from drivers.imaging.quality import glare, ink, light, sharpness
from drivers.imaging.straight import evenly_lit, straightened, upright
from drivers.ports import Barcode
from drivers.ports_documents import Legibility, PageQuality, PageSize

SHARP_ENOUGH: Final = 0.55
"""At 200 dpi print of 2.5 mm and the modules of common codes are then still told apart."""
GLARE_ALLOWED: Final = 0.004
"""Share of the page: a spot of 16 mm across on A4."""
COARSEST: Final = 0.5
"""Pixels of the picture for each of the answer's; below that the answer would promise what nobody saw."""


class Unfit(Exception):
    """No page can be read from this picture; ``reason`` is noDocument, cutOff, blurTooHigh, glare or tooFar."""

    def __init__(self, reason: str, quality: PageQuality | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.quality = quality


@dataclass(frozen=True, slots=True)
class Page:
    """A page set straight, upright and evenly lit."""

    picture: Picture
    quality: PageQuality
    legible: Legibility
    turned: int
    outline: Outline
    codes: tuple[Barcode, ...]


def read_page(picture: Picture, size: PageSize, dpi: int) -> Page:
    """The document of ``size`` in ``picture``; raise ``Unfit``."""
    shorter, longer = size.millimetres
    outline = find_sheet(picture, longer / shorter)
    if outline is None:
        raise Unfit("noDocument")
    if not outline.whole:
        raise Unfit("cutOff")
    page, scale = straightened(picture, outline, size, dpi)
    quality = PageQuality(
        round(sharpness(page), 3), round(glare(page), 4), round(outline.tilt, 1), round(scale, 2)
    )
    if reason := _reason(quality):
        wipe(page)
        raise Unfit(reason, quality)
    seen = light(page)
    lit = evenly_lit(page, size)
    wipe(page)
    legible = Legibility(quality.sharpness, round(seen, 3), round(ink(lit), 5))
    found = codes_on(lit)
    stood, turned = upright(lit, found)
    return Page(stood, quality, legible, turned, outline, tuple(one.code for one in found))


def _reason(quality: PageQuality) -> str | None:
    if quality.scale < COARSEST:
        return "tooFar"
    if quality.glare > GLARE_ALLOWED:
        return "glare"
    return "blurTooHigh" if quality.sharpness < SHARP_ENOUGH else None
