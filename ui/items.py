"""Finding what is on the screen: the visible items of a window, by name, with their place in reference pixels."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtQuick import QQuickItem, QQuickWindow

STAGE = "stage"
OVERLAY = "overlay:"
FAINT = 0.05
"""Below this opacity nothing is seen."""


def stage(window: QQuickWindow) -> QQuickItem:
    """The item all pages lie on; its coordinates are reference pixels. Raises ``LookupError`` without one."""
    for item in window.contentItem().childItems():
        if item.objectName() == STAGE:
            return item
    raise LookupError("the window has no stage; is Main.qml loaded?")


def visible(root: QQuickItem, opacity: float = 1.0) -> Iterator[tuple[QQuickItem, float]]:
    """``root`` and all items below it that can be seen, each with its effective opacity, painted later last."""
    waiting = [(root, opacity)]
    while waiting:
        item, above = waiting.pop()
        shown = above * item.opacity()
        if not item.isVisible() or shown < FAINT:
            continue
        yield item, shown
        children = item.childItems()
        if len(children) > 1:
            children.sort(key=lambda child: child.z())
        waiting += [(child, shown) for child in reversed(children)]


def touchable(window: QQuickWindow) -> list[tuple[QQuickItem, float]]:
    """What can be touched now, as ``visible`` tells it: the question that stands over the page, or the whole stage."""
    all_of_it = list(visible(stage(window)))
    overlays = [item for item, _ in all_of_it if item.objectName().startswith(OVERLAY)]
    return list(visible(overlays[-1])) if overlays else all_of_it


def find(window: QQuickWindow, name: str) -> QQuickItem | None:
    """The visible item of that ``objectName`` that can be touched now, or None."""
    return next((item for item, _ in touchable(window) if item.objectName() == name), None)


def names(window: QQuickWindow) -> list[str]:
    """The names of all visible, enabled touch targets."""
    found = (item for item, _ in touchable(window) if is_target(item) and item.isEnabled())
    return [item.objectName() for item in found]


def is_target(item: QQuickItem) -> bool:
    """Whether it is something to touch."""
    return bool(item.inherits("QQuickAbstractButton"))


def is_text(item: QQuickItem) -> bool:
    """Whether it is something to read."""
    return bool(item.inherits("QQuickText"))


def place(item: QQuickItem, ground: QQuickItem) -> QRectF:
    """The item's rectangle in coordinates of ``ground``."""
    return item.mapRectToItem(ground, QRectF(0, 0, item.width(), item.height()))


def touch_point(window: QQuickWindow, item: QQuickItem) -> QPointF:
    """The item's middle in window pixels, for a touch event."""
    return item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
