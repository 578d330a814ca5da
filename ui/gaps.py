"""How long the Qt thread stood still: the gaps between the beats of a timer in it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 10
"""A picture lasts 16.7 ms at 60 Hz."""


class Gaps(QObject):
    """Measures from ``start`` to ``stop``, in the Qt thread. Beats come late when anything holds the thread."""

    def __init__(self, monotonic: Callable[[], float] = time.perf_counter) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._last = 0.0
        self.seconds: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin anew."""
        self.seconds.clear()
        self._last = self._monotonic()
        self._timer.start(BEAT_MS)

    def stop(self) -> list[float]:
        """End; the gaps in seconds, in their order."""
        self._timer.stop()
        return self.seconds

    def _beat(self) -> None:
        now = self._monotonic()
        self.seconds.append(now - self._last)
        self._last = now
