"""Nobody has touched the screen for a while: ask, count down, and end the visit when no answer comes.

WCAG 2.2.1: the person is warned, has at least 20 s, and extends by a touch as often as they like.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement, QmlSingleton

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1

TICK_MS = 100


@QmlElement
@QmlSingleton
class Idle(QObject):
    """One for each engine; lives in the Qt thread. Stands still while the page says so (``after`` 0)."""

    changed = Signal()
    expired = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._monotonic: Callable[[], float] = time.monotonic
        self._after_s = self._warning_s = 0
        self._since = 0.0
        self._warning = False
        self._remaining = 0
        self._reason = ""
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)

    @Property(bool, notify=changed)
    def warning(self) -> bool:
        """Whether the question "are you still here?" stands."""
        return self._warning

    @Property(int, notify=changed)
    def remaining(self) -> int:
        """Seconds until the visit ends, while the question stands."""
        return self._remaining

    @Property(int, notify=changed)
    def total(self) -> int:
        """Seconds the question stands altogether."""
        return self._warning_s

    @Property(str, notify=changed)
    def reason(self) -> str:
        """What made us ask, when it was not the time alone: ``card`` for an ID card taken away."""
        return self._reason

    def ask(self, reason: str) -> None:
        """Put the question now; nothing while the clock stands still."""
        if self._after_s and not self._warning:
            self._since = self._monotonic() - self._after_s
            self._reason = reason
            self._tick()

    def follow(self, after_s: int, warning_s: int) -> None:
        """A new page: its limits count from now. ``after_s`` 0 stops the clock."""
        self._after_s, self._warning_s = after_s, warning_s
        self.touch()
        if after_s:
            self._timer.start()
        else:
            self._timer.stop()

    def use_clock(self, monotonic: Callable[[], float]) -> None:
        """Measure with another monotonic clock (tests)."""
        self._monotonic = monotonic
        self._since = monotonic()

    @Slot()
    def touch(self) -> None:
        """Somebody is here: begin anew and take the question away."""
        self._since = self._monotonic()
        self._reason = ""
        self._show(False, 0)

    def _tick(self) -> None:
        left = self._since + self._after_s + self._warning_s - self._monotonic()
        if left <= 0:
            self._timer.stop()
            self._show(False, 0)
            self.expired.emit()
        elif left <= self._warning_s:
            self._show(True, math.ceil(left))

    def _show(self, warning: bool, remaining: int) -> None:
        if (warning, remaining) != (self._warning, self._remaining):
            self._warning, self._remaining = warning, remaining
            self.changed.emit()
