"""The overhead document camera: looks at the table until a page is seen well, and gives it straightened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date
from typing import Final

import cv2
import numpy as np

from config.clock import Clock, Deadline
from drivers.binding.identity import Kind
from drivers.devices.camera_frames import COVERED_TABLE, FrameLook, to_jpeg
from drivers.devices.filming import FilmingCamera, FilmWire, Timings
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Traits
from drivers.errors import DeadlinePassed, DeviceError, MediaInvalid, MediaMissing, UnsupportedData
from drivers.imaging.coding import TooLarge, to_bilevel_png, wipe
from drivers.imaging.coding import to_jpeg as to_page_jpeg
from drivers.imaging.mrz_lines import find_mrz
from drivers.imaging.reading import Page, Unfit, read_page
from drivers.ports_documents import PageColour, PageImage, PageOrder, PageSide, StraightPage
from drivers.transports.video import Picture, VideoLink

_ADVICE: Final = {
    "noDocument": "no document of this size lies under the camera; lay it flat, wholly inside the frame",
    "cutOff": "a part of the document is outside the picture or under a hand; move it to the middle",
    "blurTooHigh": "the document is not seen sharply; keep it still and flat",
    "glare": "the lamp is reflected on the document; turn it a little",
    "tooFar": "the document is too small for this resolution; ask for a lower one, or move the camera nearer",
}
_TURNS: Final = {
    0: None,
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


class OverheadCamera(FilmingCamera[Picture]):
    """Implements ``DocumentCamera``.

    ``rotate`` is how the camera is mounted: degrees clockwise by which its picture is turned. Pages are worked on
    in threads of their own, in memory alone, and overwritten afterwards.
    """

    covered = COVERED_TABLE

    def __init__(
        self, link: VideoLink, clock: Clock, timings: Timings | None = None, rotate: int = 0
    ) -> None:
        super().__init__("documentCamera", link, clock, timings)
        self._turn = _TURNS[rotate]

    async def frames(self) -> AsyncIterator[bytes]:
        """JPEG previews, at most ten a second, until the iterator is closed."""
        self._require()
        with self._using():
            while True:
                yield await asyncio.to_thread(_preview, await self._next())

    async def read(self, order: PageOrder, deadline: Deadline) -> StraightPage:
        """The document on the table; looks again until it is seen well.

        At the deadline raise what was wrong with the last look: ``MediaMissing`` or ``MediaInvalid`` with a code.
        """
        self._require()
        if order.sides != (PageSide.FRONT,):
            raise UnsupportedData("the camera sees one side; turn the document over and read it again")
        last: Unfit | None = None
        with self._using():
            try:
                async with asyncio.timeout(deadline.remaining):
                    while True:
                        picture = await self._next()
                        try:
                            return await asyncio.to_thread(_straight, picture, order, self.clock.now().date())
                        except Unfit as unfit:
                            last = unfit
            except TimeoutError:
                raise _told(last) from None

    def _made(self, picture: Picture) -> Picture:
        """Turned as the camera is mounted; always memory of its own, since the next frame reuses the camera's."""
        if self._turn is None:
            return picture.copy()
        return np.asarray(cv2.rotate(picture, self._turn), np.uint8)

    def _another(self, made: Picture) -> Picture:
        """Whoever has done with a picture overwrites it, while the other still works on theirs."""
        return made.copy()

    def _details(self, lens: str, look: FrameLook) -> Mapping[str, object]:
        return {
            "camera": {"cameras": {"document": lens}, "media": {"document": "ok"}},
            "documentCamera": {"frame": look.value},
        }


def _preview(picture: Picture) -> bytes:
    """A frame for the screen; the picture is overwritten."""
    try:
        return to_jpeg(picture)
    finally:
        wipe(picture)


def _straight(picture: Picture, order: PageOrder, today: date) -> StraightPage:
    """The page as the client gets it; raise ``Unfit``. All pictures are overwritten."""
    try:
        page = read_page(picture, order.size, order.dpi)
    finally:
        wipe(picture)
    try:
        return StraightPage(_image(page, order, today), page.quality)
    except TooLarge as error:
        raise UnsupportedData(str(error)) from error
    finally:
        wipe(page.picture)


def _image(page: Page, order: PageOrder, today: date) -> PageImage:
    encode: Callable[[Picture, int], bytes] = to_page_jpeg
    if order.colour is PageColour.BINARY:
        encode = to_bilevel_png
    zone = find_mrz(page.picture, today) if order.mrz else None
    # A zone that was read proves which way up the page is.
    shown = page.picture if zone is None else np.ascontiguousarray(np.rot90(page.picture, -(zone[1] // 90)))
    if order.colour is PageColour.GRAY:
        shown = np.asarray(cv2.cvtColor(shown, cv2.COLOR_BGR2GRAY), np.uint8)
    height, width = shown.shape[:2]
    kind = "png" if order.colour is PageColour.BINARY else "jpg"
    mrz = None if zone is None else zone[0]
    data = encode(shown, order.most_bytes)
    return PageImage(PageSide.FRONT, kind, data, width, height, order.dpi, page.codes, mrz, page.legible)


def _told(last: Unfit | None) -> DeviceError:
    if last is None:
        return DeadlinePassed("the camera gave too few frames in time")
    if last.reason == "noDocument":
        return MediaMissing(_ADVICE[last.reason], last.reason)
    return MediaInvalid(_ADVICE[last.reason], last.reason)


@driver("document-camera-opencv", Traits(wire=FilmWire, node=Kind.CAMERA))
def _create(options: Options, clock: Clock) -> OverheadCamera:
    width, height = options.integer("width", 2592, 640, 8192), options.integer("height", 1944, 480, 8192)
    timings = Timings(linger=options.number("linger_s", 4, 0, 60))
    rotate = int(options.choice("rotate", tuple(str(turn) for turn in _TURNS), "0"))
    link = VideoLink(options.text("uri"), width, height, timings.wait, options.tap)
    return OverheadCamera(link, clock, timings, rotate)
