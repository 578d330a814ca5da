"""Finds what a visitor can see and touches it with a finger: no slot, no signal, no key is called directly."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from PySide6.QtCore import SLOT, QCoreApplication, QEventLoop, QPoint, QPointF, QTimer
from PySide6.QtGui import QPointingDevice
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QSignalSpy, QTest
from shiboken6 import isValid

PRESS_MS = 40
"""How long the finger rests; a tap of a hurried person."""
QUIT: Any = SLOT("quit()")
"""The slot by its name, which PySide6 takes as text though its description says bytes."""


LOOK_FOR_S = 3.0
"""A page that is just coming in is waited for, as a person would."""


GUARD_MS = 450
"""A page that has just come takes no touch for 400 ms, for it was meant for the page before (``ui/theme.toml``)."""
STAY = "idle:stay"
QUESTION = (STAY, "idle:leave")
"""Whether somebody is still there: asked after a while, or when an ID card was taken off the reader."""


class NotThere(AssertionError):
    """What the visitor looks for is not on the screen, or cannot be touched."""


@cache
def touch_panel() -> QPointingDevice:
    """The one panel of this program: Qt never forgets a device, nor what of each page it has touched."""
    return QTest.createTouchDevice()


class Finger:
    """One finger on one window."""

    def __init__(self, window: QQuickWindow) -> None:
        self._window = window
        self._device = touch_panel()

    def tap(self, name: str) -> None:
        """Touch the visible, enabled item of that name in its middle; raises ``NotThere``."""
        if name not in QUESTION and self.find(STAY) is not None:
            self._stay()
        self.tap_at(self._middle(name))

    def _stay(self) -> None:
        """A question before the page takes every touch, so a person answers it first."""
        self.tap_at(self._middle(STAY))
        wait_until(lambda: self.find(STAY) is None, LOOK_FOR_S, "the page behind the question")

    def hold(self, name: str, until: Callable[[], bool], seconds: float) -> None:
        """Let the finger rest on it ``until`` something has come of it; raises ``NotThere``."""
        point = self._middle(name)
        QTest.touchEvent(self._window, self._device).press(0, point, self._window).commit()
        try:
            wait_until(until, seconds, f"what comes of holding {name!r}")
        finally:
            QTest.touchEvent(self._window, self._device).release(0, point, self._window).commit()

    def _touchable(self, name: str) -> QQuickItem:
        deadline = time.monotonic() + LOOK_FOR_S
        while (item := self.find(name)) is None:
            if time.monotonic() > deadline:
                raise NotThere(f"nothing visible is called {name!r}; visible: {', '.join(self.names())}")
            wait(30)
        if not item.isEnabled():
            raise NotThere(f"{name!r} is there but cannot be touched")
        return item

    def _middle(self, name: str) -> QPoint:
        """Where it is drawn: a page that has just come in lays its items out with its next pictures.

        Keys that are laid out for another row meanwhile are other items of the same names.
        """
        item, before, deadline = self._touchable(name), None, time.monotonic() + LOOK_FOR_S
        while (now := _middle_of(item)) != before and time.monotonic() < deadline:
            before = now
            self._next_picture(deadline)
            if not isValid(item):
                item, before = self._touchable(name), None
        return now

    def _next_picture(self, deadline: float) -> None:
        """Let the window draw what has changed."""
        drawn = QSignalSpy(self._window.frameSwapped)
        self._window.update()
        while not drawn.count() and time.monotonic() < deadline:
            wait(5)

    def tap_at(self, point: QPoint) -> None:
        """Touch a place of the window."""
        QTest.touchEvent(self._window, self._device).press(0, point, self._window).commit()
        wait(PRESS_MS)
        QTest.touchEvent(self._window, self._device).release(0, point, self._window).commit()
        wait(1)

    def find(self, name: str) -> QQuickItem | None:
        """The first visible item of that name."""
        return next((item for item in self.visible() if item.objectName() == name), None)

    def names(self) -> list[str]:
        """The names of everything visible that has one."""
        return sorted({item.objectName() for item in self.visible() if item.objectName()})

    def visible(self) -> Iterator[QQuickItem]:
        """Every item that is drawn now, Repeater delegates included (findChild does not see those)."""
        waiting: list[QQuickItem] = [self._window.contentItem()]
        while waiting:
            item = waiting.pop()
            if not item.isVisible() or item.opacity() == 0:
                continue
            yield item
            waiting.extend(item.childItems())


def _middle_of(item: QQuickItem) -> QPoint:
    return item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()


def wait(milliseconds: int) -> None:
    """Let Qt live for so long, and the other threads: ``QTest.qWait`` keeps Python's lock, an event loop does not.

    The slot is named, not given: PySide6 never lets go of a callable that was connected, some 80 bytes each.
    """
    assert QCoreApplication.instance() is not None, "without an application no timer ends this"
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop, QUIT)
    loop.exec()


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Let Qt live until ``condition``; raises ``NotThere`` saying what was waited for."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise NotThere(f"{what} did not come within {seconds:.0f} s")
        wait(20)


def towards(finger: Finger, name: str) -> str:
    """The one that is wanted, else what a person touches to see it: the end of the keypad, the next page."""
    ways = [way for way in (name, "key:done", "pager:next") if finger.find(way) is not None]
    return ways[0] if ways else name
