"""Date and time of day as the status bar shows them, from the business clock all programs share."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Property, QObject, QTimer, Signal
from PySide6.QtQml import QmlElement, QmlSingleton

from config.clock import CHINA, Clock, SystemClock
from ui.bridge.words import Words

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlSingleton
class Moment(QObject):
    """One for each engine; lives in the Qt thread; looks at the clock once a second."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock: Clock = SystemClock()
        self._words: Words | None = None
        self._date = self._time = ""
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._look)

    @Property(str, notify=changed)
    def date(self) -> str:
        """Such as ``10月12日 星期一`` or ``Mon 12 Oct``."""
        return self._date

    @Property(str, notify=changed)
    def time(self) -> str:
        """Such as ``9:42``."""
        return self._time

    def start(self, clock: Clock, words: Words) -> None:
        """Follow ``clock`` in the language of ``words``."""
        self._clock, self._words = clock, words
        words.changed.connect(self._look)
        self._timer.start()
        self._look()

    def stop(self) -> None:
        """No more looking."""
        self._timer.stop()

    def _look(self) -> None:
        now = self._clock.now().astimezone(CHINA)
        written = (self._written(now), f"{now.hour}:{now.minute:02}")
        if written != (self._date, self._time):
            self._date, self._time = written
            self.changed.emit()

    def _written(self, now: datetime) -> str:
        if self._words is None:
            return ""
        weekday = self._words.get(f"moment.weekday.{now.isoweekday()}")
        month = self._words.get(f"moment.month.{now.month}")
        return self._words.get("moment.date", day=now.day, month=month, weekday=weekday)
