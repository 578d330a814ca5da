"""Pictures that are made and not loaded: SVG in the colours of the moment, QR codes, the camera's live picture."""

from __future__ import annotations

import base64
import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote

import segno
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).parent.parent / "icons"

LINE, ACCENT, LIGHT, STROKE = "#163B66", "#A4281C", "#F0B03F", 'stroke-width="2.8"'
"""What the SVG files are drawn in, and what ``c``, ``a``, ``l`` and ``w`` of a picture's address replace."""
KEPT_BYTES = 96_000_000
"""Drawn pictures are kept up to this much, so that a page change draws nothing anew. The layers of all illustrations in
one size take some 60 MB: with less, a visit that comes by all of them would find none of the last one's."""
BLURRED, BLUR_SHRINK = "feGaussianBlur", 4
"""A picture with this filter is drawn so much smaller and scaled up: nobody sees it, in a tenth of the time."""
UNKNOWN = "info"
"""What is drawn instead of a picture that is not there; a service file may name one we do not have."""
QR_KEPT = 8
QUIET = 4
"""Light modules around a code (ISO/IEC 18004: four)."""
FRAME_BYTES_MAX = 4_000_000

_log = logging.getLogger("kiosk.ui")


class SvgPictures(QQuickImageProvider):
    """``image://svg/help?c=163b66&a=a4281c&w=3``: a file of ``ui/icons`` in these colours, at the size asked for."""

    def __init__(self, folder: Path = ICONS) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._folder = folder
        self._files: dict[str, str] = {}
        self._drawn: OrderedDict[tuple[str, int, int], QImage] = OrderedDict()
        self._lock = threading.Lock()

    def requestImage(self, address: str, size: QSize, requested: QSize) -> QImage:
        """The picture, drawn once. An unknown name is logged and shown as a plain sign."""
        key = (address, requested.width(), requested.height())
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
                return self._drawn[key]
            image = self._drawn[key] = self._draw(address, requested)
            while (
                sum(kept.sizeInBytes() for kept in self._drawn.values()) > KEPT_BYTES and len(self._drawn) > 1
            ):
                self._drawn.popitem(last=False)
        return image

    def _draw(self, address: str, requested: QSize) -> QImage:
        name, _, query = unquote(address).partition("?")
        text = self._coloured(name, query)
        renderer = QSvgRenderer(QByteArray(text.encode()))
        natural = renderer.defaultSize()
        wanted = requested if requested.isValid() and not requested.isEmpty() else natural
        if requested.width() > 0 >= requested.height():
            wanted = QSize(requested.width(), round(requested.width() * natural.height() / natural.width()))
        if BLURRED not in text:
            return _rendered(renderer, wanted)
        return _rendered(renderer, wanted / BLUR_SHRINK).scaled(
            wanted, mode=Qt.TransformationMode.SmoothTransformation
        )

    def _coloured(self, name: str, query: str) -> str:
        if name not in self._files:
            path = self._folder / f"{name}.svg"
            if not path.is_file():
                _log.error("there is no picture %s; add %s.svg to ui/icons", name, name)
                path = self._folder / f"{UNKNOWN}.svg"
            self._files[name] = path.read_text(encoding="utf-8")
        text, wanted = self._files[name], parse_qs(query)
        for key, drawn in (("c", LINE), ("a", ACCENT), ("l", LIGHT)):
            if key in wanted:
                text = text.replace(drawn, f"#\x00{wanted[key][0]}")
        if "w" in wanted:
            text = text.replace(STROKE, f'stroke-width="{float(wanted["w"][0])}"')
        return text.replace("\x00", "")


def _rendered(renderer: QSvgRenderer, size: QSize) -> QImage:
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    return image


class QrPictures(QQuickImageProvider):
    """``image://qr/H/<text>``: modules of whole pixels, so that a phone reads them at once. Wiped with the visit."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[str, str], QImage] = OrderedDict()

    def prepare(self, text: str, error: str = "H") -> QImage:
        """One pixel a module, with its quiet zone. Called ahead, in the core's thread."""
        with self._lock:
            if (error, text) in self._made:
                return self._made[error, text]
        image = _modules(text, error)
        with self._lock:
            self._made[error, text] = image
            while len(self._made) > QR_KEPT:
                self._made.popitem(last=False)
        return image

    def wipe(self) -> None:
        """Forget all codes."""
        with self._lock:
            self._made.clear()

    def requestImage(self, address: str, size: QSize, requested: QSize) -> QImage:
        """The code centred in the size asked for, scaled by a whole number."""
        error, _, text = address.partition("/")
        made = self.prepare(unquote(text), error)
        side = max(requested.width(), made.width())
        factor = side // made.width()
        image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        margin = (side - factor * made.width()) // 2
        painter.drawImage(margin, margin, made.scaled(made.size() * factor))
        painter.end()
        return image

    @property
    def kept(self) -> int:
        """How many codes are remembered."""
        return len(self._made)


def _modules(text: str, error: str) -> QImage:
    code = segno.make(text, error=error.lower(), micro=False, boost_error=False)
    rows = [bytes(row) for row in code.matrix]
    side = len(rows) + 2 * QUIET
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    ink = QColor("#17202C")
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                image.setPixelColor(x + QUIET, y + QUIET, ink)
    return image


class PaperPictures(QQuickImageProvider):
    """``image://paper/<name>``: the scanned pages of this moment's screen, dropped with the visit."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._lock = threading.Lock()
        self._papers: dict[str, QImage] = {}

    def take(self, papers: Mapping[str, str]) -> None:
        """Keep these, base64 of JPEG by name, and no others. Called in the core's thread, which decodes them."""
        with self._lock:
            known = self._papers
        made = {n: known.get(n) or QImage.fromData(base64.b64decode(jpeg)) for n, jpeg in papers.items()}
        with self._lock:
            self._papers = made

    def wipe(self) -> None:
        """Drop them."""
        self.take({})

    @property
    def empty(self) -> bool:
        """Whether there is none."""
        with self._lock:
            return not self._papers

    def requestImage(self, address: str, size: QSize, requested: QSize) -> QImage:
        """The page no larger than asked for, or one transparent pixel when it is not there."""
        with self._lock:
            page = self._papers.get(unquote(address), QImage())
        if page.isNull():
            page = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
            page.fill(Qt.GlobalColor.transparent)
            return page
        if requested.width() <= 0 or requested.height() <= 0:
            return page
        ratio, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        return page.scaled(requested, ratio, smooth)


class CameraPictures(QQuickImageProvider):
    """``image://camera/preview?n``: the last frame, kept in memory only and dropped with the visit."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._lock = threading.Lock()
        self._frame = QImage()

    def take(self, jpeg: bytes) -> bool:
        """Keep this frame; false when it is no picture. Called in the core's thread."""
        if len(jpeg) > FRAME_BYTES_MAX:
            return False
        frame = QImage.fromData(jpeg)
        if frame.isNull():
            return False
        with self._lock:
            self._frame = frame
        return True

    def wipe(self) -> None:
        """Drop the frame."""
        with self._lock:
            self._frame = QImage()

    @property
    def empty(self) -> bool:
        """Whether there is no frame."""
        with self._lock:
            return self._frame.isNull()

    def requestImage(self, address: str, size: QSize, requested: QSize) -> QImage:
        """The frame as it came, or one transparent pixel when there is none."""
        with self._lock:
            frame = QImage(self._frame)
        if frame.isNull():
            frame = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
            frame.fill(Qt.GlobalColor.transparent)
        return frame
