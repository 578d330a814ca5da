"""A screen with a finger: shows sample pages, touches what is visible, and tells what the core was sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPoint
from PySide6.QtQml import QQmlError
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from config.clock import SystemClock
from kiosk.flow.events import Intent
from kiosk.flow.pages import Screen
from ui.bridge.start import start
from ui.gallery import MOMENT, Hours, ScriptedCore, settle
from ui.items import find, names, touch_point
from ui.samples import samples
from ui.walk.touch import touch_panel


@dataclass
class Voice:
    """Remembers what it was asked to say."""

    said: list[tuple[str, str]] = field(default_factory=list)

    def speaks(self, lang: str) -> bool:
        return True

    def say(self, text: str, lang: str) -> None:
        self.said.append((text, lang))

    def stop(self) -> None:
        """Nothing is being said."""


class Cabinet:
    """The window, its core, its clock, its voice, and one finger."""

    def __init__(self, orientation: str) -> None:
        self.core, self.hours, self.voice = ScriptedCore(), Hours(), Voice()
        self.warnings: list[str] = []
        self.screen = start(
            self.core,
            orientation=orientation,
            clock=SystemClock.as_of(MOMENT),
            voice=self.voice,
            monotonic=self.hours,
        )
        self.screen.engine.warnings.connect(self._warned)
        self._device = touch_panel()

    def _warned(self, warnings: list[QQmlError]) -> None:
        self.warnings += [warning.toString() for warning in warnings]

    @property
    def window(self):  # type: ignore[no-untyped-def]
        return self.screen.window

    def rest(self) -> None:
        """As before the first visit: nothing sent, nothing said, no question open."""
        self.show(samples()["attract"])
        self.core.sent.clear()
        self.voice.said.clear()
        self.warnings.clear()

    def show(self, screen: Screen, *, patient: bool = True) -> int:
        """Another page; ``patient`` waits until a press counts."""
        serial = self.core.show(screen)
        settle()
        if patient:
            self.hours.now += 1
        return serial

    def sample(self, name: str, lang: str = "zh-CN", mode: str = "standard") -> int:
        return self.show(samples(lang, mode)[name])

    def spells(self) -> None:
        """Wait until Chinese can be typed, as a terminal that is up always can."""
        self.screen.session.ime.load()
        while not self.screen.session.ime.property("ready"):
            settle(0.05)

    def find(self, name: str) -> QQuickItem | None:
        return find(self.window, name)

    def names(self) -> list[str]:
        return names(self.window)

    def touch(self, name: str) -> None:
        """Put the finger on the middle of the visible item of that name, and lift it."""
        item = self.find(name)
        assert item is not None, f"{name} is not to be seen; there are {self.names()}"
        self.touch_at(touch_point(self.window, item).toPoint())

    def touch_at(self, point: QPoint) -> None:
        QTest.touchEvent(self.window, self._device).press(0, point, self.window).commit()
        settle()
        QTest.touchEvent(self.window, self._device).release(0, point, self.window).commit()
        settle()

    def sent(self) -> list[tuple[str, str, str]]:
        """What the core was sent since last asked: action, value, text."""
        told = [(str(i.action), i.value, i.text) for i in self.core.sent]
        self.core.sent.clear()
        return told

    def intents(self) -> list[Intent]:
        return list(self.core.sent)

    def close(self) -> None:
        self.screen.close()
        settle()
