"""What a careful eye would find wrong with a page: cut or overlapping text, small targets, weak contrast, lost keys.

The walk asks after every page, the tests ask for every picture of the gallery.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow

from ui.items import is_target, is_text, place, stage, touchable

MINIMUM = {"standard": 72.0, "elder": 88.0}
"""Touch targets in reference pixels: 18 and 22 mm (tokens; far above WCAG 2.5.8)."""
CONTRAST = 4.5
"""WCAG 1.4.3, without its exception for large text."""
SLACK = 1.5
"""Pixels that rounding may take."""
WHOLE_PAGE = "anywhere"
NUMBER = re.compile(r"[0-9A-Z*]{8,}")
"""What people compare with their papers, or type, sign by sign."""
WORD = re.compile(r"[A-Za-zÀ-ÿ]{3,}")
_COARSE = np.uint32(0xF8F8F8)
"""The upper five bits of each channel of 0xffRRGGBB: colours that a gradient has moved a little are one."""
UNTRANSLATED = re.compile(r"⟦|⟧|undefined|\[object|\bNaN\b|^[a-z][\w-]*(\.[\w-]+)+$|\{\w+\}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    ``kind``: clipped, torn, overlap, target, nameless, contrast, untranslated, outside.
    """

    kind: str
    item: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.item}: {self.detail}"


@dataclass(frozen=True, slots=True)
class _Seen:
    """An item with its place on the stage."""

    item: QQuickItem
    box: QRectF
    opacity: float
    name: str


def audit(window: QQuickWindow, picture: QImage | None = None) -> list[Finding]:
    """Everything wrong with what ``window`` shows now. ``picture`` saves grabbing it again. Qt thread only."""
    ground = stage(window)
    items = touchable(window)
    texts = [_Seen(i, _ink(i, ground), o, _excerpt(i)) for i, o in items if is_text(i) and i.property("text")]
    targets = [_Seen(i, place(i, ground), o, i.objectName()) for i, o in items if is_target(i)]
    shown = (picture or window.grabWindow()).convertToFormat(QImage.Format.Format_RGB32)
    pixels = _pixels(shown)
    scale = pixels.shape[1] / ground.width()
    room = QRectF(0, 0, ground.width(), ground.height())
    return [
        *_texts(texts, room, ground),
        *_targets(targets, room, MINIMUM["elder" if ground.property("elder") else "standard"]),
        *_overlaps(texts, targets),
        *_contrasts(texts, pixels, scale),
    ]


def _texts(texts: list[_Seen], room: QRectF, ground: QQuickItem) -> Iterator[Finding]:
    for seen in texts:
        item, text = seen.item, str(seen.item.property("text"))
        if UNTRANSLATED.search(text):
            yield Finding("untranslated", seen.name, "shows a key or a value that is not there")
        if item.property("truncated"):
            yield Finding("clipped", seen.name, "is cut off with dots")
        wide, given = float(item.property("contentWidth")), item.width()
        if given > 0 and wide > given + SLACK:
            yield Finding("clipped", seen.name, f"needs {wide:.0f} px and has {given:.0f}")
        if item.property("lineCount") > 1:
            if NUMBER.fullmatch(text):
                yield Finding("torn", seen.name, "a number is broken over two lines")
            if word := _too_long(item, text):
                yield Finding("torn", seen.name, f"{word!r} is broken within")
        if not _within(room, seen.box):
            yield Finding("outside", seen.name, f"leaves the screen at {_where(seen.box)}")
        for holder in _holders(item):
            if not _within(place(holder, ground), seen.box):
                yield Finding("clipped", seen.name, f"leaves {holder.objectName() or 'its frame'}")


def _too_long(item: QQuickItem, text: str) -> str:
    """A word that no line of it holds, so that Qt breaks it between two letters; empty when there is none."""
    font = QFont(item.property("font"))
    font.setPixelSize(
        int(item.property("drawn") or font.pixelSize())
    )  # one that is set smaller to fit says so
    metrics = QFontMetricsF(font)
    words = (w for w in WORD.findall(text) if metrics.horizontalAdvance(w) > item.width() + SLACK)
    return next(words, "")


def _holders(item: QQuickItem) -> Iterator[QQuickItem]:
    """Ancestors the text has to stay in: whatever clips, and the button it is on."""
    parent = item.parentItem()
    while parent is not None:
        if parent.clip() or is_target(parent):
            yield parent
        parent = parent.parentItem()


def _targets(targets: list[_Seen], room: QRectF, minimum: float) -> Iterator[Finding]:
    for seen in targets:
        if not seen.item.objectName():
            yield Finding("nameless", _where(seen.box), "a touch target without objectName")
        elif seen.name != WHOLE_PAGE and not str(seen.item.property("text") or ""):
            yield Finding("nameless", seen.name, "a touch target without words for assistive technology")
        if seen.item.isEnabled() and min(seen.box.width(), seen.box.height()) < minimum - 0.5:
            size = f"{seen.box.width():.0f} x {seen.box.height():.0f}"
            yield Finding("target", seen.name, f"{size}, less than {minimum:.0f}")
        if not _within(room, seen.box):
            yield Finding("outside", seen.name, f"leaves the screen at {_where(seen.box)}")


def _overlaps(texts: list[_Seen], targets: list[_Seen]) -> Iterator[Finding]:
    parts = [target for target in targets if target.name != WHOLE_PAGE]
    for one, other in _meeting(texts, texts):
        yield Finding("overlap", one.name, f"lies on {other.name!r} at {_where(one.box)}")
    for one, target in _meeting(texts, parts):
        if not _below(one.item, target.item):
            yield Finding("overlap", one.name, f"lies on the target {target.name}")
    for one, other in _meeting(parts, parts):
        yield Finding("overlap", one.name, f"lies on the target {other.name}")


def _meeting(some: list[_Seen], others: list[_Seen]) -> Iterator[tuple[_Seen, _Seen]]:
    """Pairs that share more than two pixels each way; each pair once where both lists are the same one."""
    if not some or not others:
        return
    one, other = (np.array([seen.box.getCoords() for seen in seens]) for seens in (some, others))
    first = np.maximum(one[:, None, :2], other[None, :, :2])
    last = np.minimum(one[:, None, 2:], other[None, :, 2:])
    meet = (last - first > 2).all(axis=2)
    for i, j in np.argwhere(np.triu(meet, 1) if some is others else meet):
        yield some[i], others[j]


def _contrasts(texts: list[_Seen], pixels: NDArray[np.uint32], scale: float) -> Iterator[Finding]:
    for seen in texts:
        box = seen.box
        top, bottom = max(0, int(box.top() * scale)), int(box.bottom() * scale) + 1
        left, right = max(0, int(box.left() * scale)), int(box.right() * scale) + 1
        region = pixels[top:bottom, left:right].ravel()
        if not len(region):
            continue
        colour: QColor = seen.item.property("color")
        ink = np.array([colour.red(), colour.green(), colour.blue()], dtype=np.float64)
        ground = _ground(region, ink)
        alpha = seen.opacity * colour.alphaF()
        ratio = contrast(ink * alpha + ground * (1 - alpha), ground)
        if ratio < CONTRAST:
            yield Finding("contrast", seen.name, f"{ratio:.1f} : 1 on {_hex(ground)}")


def _ground(region: NDArray[np.uint32], ink: NDArray[np.float64]) -> NDArray[np.float64]:
    """The colour most of the region has, leaving out the text itself."""
    colours, times = np.unique(region, return_counts=True)
    found, which = np.unique(colours & _COARSE, return_inverse=True)
    counts = np.bincount(which, times)
    for code in np.argsort(-counts)[:6]:
        near, often = colours[which == code], times[which == code]
        mean: NDArray[np.float64] = (
            np.array([(near >> shift & 0xFF) @ often for shift in (16, 8, 0)]) / counts[code]
        )
        if np.abs(mean - ink).max() > 24:
            return mean
    return ink


def contrast(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The WCAG 2 contrast ratio of two colours (0..255 a channel)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: NDArray[np.float64]) -> float:
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (colour / 255).tolist()
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def _ink(item: QQuickItem, ground: QQuickItem) -> QRectF:
    """Where the glyphs of a text are: its content, aligned, without the leading around it."""
    wide, high = float(item.property("contentWidth")), float(item.property("contentHeight"))
    align = int(item.property("align") or 0)
    left = 0.0
    if align & Qt.AlignmentFlag.AlignRight.value:
        left = item.width() - wide
    elif align & Qt.AlignmentFlag.AlignHCenter.value:
        left = (item.width() - wide) / 2
    font: Any = item.property("font")
    trim = font.pixelSize() * 0.24
    top = float(item.property("topPadding")) + trim
    box = QRectF(left, top, wide, max(4.0, high - 2 * trim))
    return item.mapRectToItem(ground, box)


def _excerpt(item: QQuickItem) -> str:
    return str(item.property("text")).replace("\n", " ")[:24]


def _within(room: QRectF, box: QRectF) -> bool:
    return room.adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(box)


def _below(item: QQuickItem, ancestor: QQuickItem) -> bool:
    parent: QQuickItem | None = item
    while parent is not None:
        if parent == ancestor:
            return True
        parent = parent.parentItem()
    return False


def _pixels(shown: QImage) -> NDArray[np.uint32]:
    """Rows of 0xffRRGGBB, as ``shown`` (RGB32) holds them: not copied, so it must live for as long."""
    flat = np.frombuffer(shown.constBits(), np.uint32).reshape(shown.height(), shown.bytesPerLine() // 4)
    return flat[:, : shown.width()]


def _where(box: QRectF) -> str:
    return f"({box.x():.0f}, {box.y():.0f}) {box.width():.0f} x {box.height():.0f}"


def _hex(colour: NDArray[np.float64]) -> str:
    return "#" + "".join(f"{round(float(c)):02x}" for c in colour)
