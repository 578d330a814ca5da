"""``python -m ui.gallery --out DIR``: draws every page in both shells, languages and modes, to look at."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from config.clock import CHINA, SystemClock
from kiosk.flow.events import Intent
from kiosk.flow.pages import Screen as FlowScreen
from kiosk.staff.desk import Desk
from kiosk.staff.views import StaffView
from ui.samples import samples
from ui.samples.staff import staff

if TYPE_CHECKING:
    from PySide6.QtQml import QQmlError

    from ui.bridge.start import Screen

ORIENTATIONS = ("portrait", "landscape")
LANGUAGES = ("zh-CN", "en-US")
MODES = ("standard", "elder")
MOMENT = datetime(2026, 10, 12, 9, 42, tzinfo=CHINA)
OVERLAYS = ("leave", "help", "staff")
SPELLED = {
    "write-pinyin": ("pinyin", "yunchuanshi"),
    "write-stroke": ("stroke", "pnhhs"),
    "write-signs": ("signs", ""),
}
"""Pictures of the text keypad: a method, and the keys that were pressed."""
WARNING_AFTER_S, WARNING_S = 60, 30


@dataclass
class Hours:
    """A monotonic clock that moves when told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        """The seconds it shows."""
        return self.now


@dataclass
class ScriptedCore:
    """A core that shows what it is told and remembers what was sent to it."""

    sent: list[Intent] = field(default_factory=list)
    desk: Desk = field(default_factory=Desk)
    _screen: Callable[[FlowScreen], None] = lambda screen: None
    _preview: Callable[[bytes], None] = lambda frame: None
    _serial: int = 0

    def send(self, intent: Intent) -> None:
        """Remember it."""
        self.sent.append(intent)

    def on_screen(self, callback: Callable[[FlowScreen], None]) -> None:
        """Whom ``show`` tells."""
        self._screen = callback

    def on_preview(self, callback: Callable[[bytes], None]) -> None:
        """Whom ``frame`` tells."""
        self._preview = callback

    def show(self, screen: FlowScreen) -> int:
        """Show it as another page; returns its serial."""
        self._serial += 1
        self._screen(replace(screen, serial=self._serial))
        return self._serial

    def update(self, screen: FlowScreen) -> None:
        """Show it as the same page with other figures."""
        self._screen(replace(screen, serial=self._serial))

    def frame(self, jpeg: bytes) -> None:
        """A camera frame."""
        self._preview(jpeg)


class _Voice:
    """So that the gallery shows the key that reads aloud."""

    def speaks(self, lang: str) -> bool:
        """Every language."""
        return True

    def say(self, text: str, lang: str) -> None:
        """Nothing is heard in a picture."""

    def stop(self) -> None:
        """Nothing is heard in a picture."""


def pictures(orientation: str, lang: str, mode: str, only: str = "") -> Iterator[tuple[str, FlowScreen]]:
    """Names and screens of one set."""
    for name, screen in samples(lang, mode).items():
        if only in name:
            yield f"{name}.{orientation}.{lang}.{mode}", screen


def draw(out: Path, only: str, looks: list[tuple[str, str, str]], contrast: bool = False) -> list[str]:
    """Write one PNG a page; returns what Qt and the audit complained about."""
    from ui.bridge.start import start

    problems: list[str] = []
    for orientation in {look[0]: None for look in looks}:
        core, hours = ScriptedCore(), Hours()
        clock = SystemClock.as_of(MOMENT)
        screen = start(core, orientation=orientation, clock=clock, voice=_Voice(), monotonic=hours)
        artist = Artist(screen, core, hours, out, contrast)
        screen.engine.warnings.connect(artist.warned)
        for _, lang, mode in (look for look in looks if look[0] == orientation):
            for name, page in pictures(orientation, lang, mode, only):
                artist.page(name, page)
            for name, (method, keys) in SPELLED.items():
                if only in name:
                    artist.spelling(
                        f"{name}.{orientation}.{lang}.{mode}", samples(lang, mode)["write"], method, keys
                    )
            for name in OVERLAYS if not only else ():
                artist.asking(f"overlay-{name}.{orientation}.{lang}.{mode}", name)
            for name, view in staff(lang).items() if mode == "standard" else ():
                if only in f"staff-{name}":
                    artist.bench(f"staff-{name}.{orientation}.{lang}", view)
            if not only:
                artist.idle(f"overlay-idle.{orientation}.{lang}.{mode}", samples(lang, mode)["form"])
        problems += artist.problems
        screen.close()
    return problems


@dataclass
class Artist:
    """Draws what the window shows, and asks the audit about it."""

    screen: Screen
    core: ScriptedCore
    hours: Hours
    out: Path | None
    contrast: bool = False
    problems: list[str] = field(default_factory=list)

    def warned(self, warnings: list[QQmlError]) -> None:
        """Qt complains about a QML file."""
        self.problems += [warning.toString() for warning in warnings]

    def page(self, name: str, page: FlowScreen) -> None:
        """One page."""
        self.core.show(page)
        settle()
        self.screen.session.theme.setContrast(self.contrast)
        self._draw(name)

    def spelling(self, name: str, page: FlowScreen, method: str, keys: str) -> None:
        """The text keypad while a word is being spelled."""
        ime = self.screen.session.ime
        self.core.show(page)
        settle()
        while not ime.property("ready"):
            settle(0.05)
        ime.use(method)
        for key in keys:
            ime.press(key)
        self._draw(name)

    def asking(self, name: str, overlay: str) -> None:
        """One of the questions that a touch opens, over the last page."""
        self.screen.window.setProperty("asking", overlay)
        self._draw(name)
        self.screen.window.setProperty("asking", "")

    def bench(self, name: str, view: StaffView) -> None:
        """One page of the staff's, over the last page."""
        self.core.desk.show(view)
        settle()
        self._draw(name)
        self.core.desk.show(None)
        settle()

    def idle(self, name: str, page: FlowScreen) -> None:
        """The question that nobody's touch opens."""
        self.core.show(replace(page, idle_after_s=WARNING_AFTER_S, idle_warning_s=WARNING_S))
        settle()
        self.hours.now += WARNING_AFTER_S + 6
        settle(0.25)
        self._draw(name)

    def _draw(self, name: str) -> None:
        from ui.audit import audit
        from ui.pictures import save

        settle()
        picture = self.screen.window.grabWindow()
        if self.out is not None:
            save(picture, self.out / f"{name}.png")
        self.problems += [f"{name}: {found}" for found in audit(self.screen.window, picture)]


def settle(seconds: float = 0.0) -> None:
    """Let everything that was told arrive and be laid out, and ``seconds`` pass for timers."""
    from PySide6.QtGui import QGuiApplication

    end = time.monotonic() + seconds
    for _ in range(6):
        QGuiApplication.processEvents()
        QGuiApplication.sendPostedEvents()
    _draw_frames()
    while time.monotonic() < end:
        time.sleep(0.01)
        QGuiApplication.processEvents()


def _draw_frames() -> None:
    """A frame of every window at once: Qt Quick lays out when it draws, till then an item is where it was made."""
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtQuick import QQuickWindow

    for window in QGuiApplication.topLevelWindows():
        if isinstance(window, QQuickWindow) and window.isExposed():
            QGuiApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))


def main(argv: list[str] | None = None) -> int:
    """Draw, and report what is wrong; exit status 1 when something is."""
    parser = argparse.ArgumentParser(prog="python -m ui.gallery", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--only", default="", help="part of a page's name")
    parser.add_argument("--orientation", choices=ORIENTATIONS)
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.add_argument("--mode", choices=MODES)
    parser.add_argument("--contrast", action="store_true", help="in the high-contrast colours")
    args = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("KIOSK_REDUCED_MOTION", "1")
    args.out.mkdir(parents=True, exist_ok=True)
    looks = list(
        product(
            [args.orientation] if args.orientation else ORIENTATIONS,
            [args.lang] if args.lang else LANGUAGES,
            [args.mode] if args.mode else MODES,
        )
    )
    problems = draw(args.out, args.only, looks, args.contrast)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
