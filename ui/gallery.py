"""``python -m ui.gallery --out DIR``: draws every page in both shells, languages and modes, to look at."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import product
from pathlib import Path

from config.clock import CHINA, SystemClock
from kiosk.flow.events import Intent
from kiosk.flow.pages import Screen as FlowScreen
from ui.samples import samples

ORIENTATIONS = ("portrait", "landscape")
LANGUAGES = ("zh-CN", "en-US")
MODES = ("standard", "elder")
MOMENT = datetime(2026, 10, 12, 9, 42, tzinfo=CHINA)
OVERLAYS = ("idle", "leave", "help", "staff")


@dataclass
class ScriptedCore:
    """A core that shows what it is told and remembers what was sent to it."""

    sent: list[Intent] = field(default_factory=list)
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

    def say(self, text: str, lang: str) -> None:
        """Nothing is heard in a picture."""

    def stop(self) -> None:
        """Nothing is heard in a picture."""


def pictures(orientation: str, lang: str, mode: str, only: str = "") -> Iterator[tuple[str, FlowScreen]]:
    """Names and screens of one set."""
    for name, screen in samples(lang, mode).items():
        if only in name:
            yield f"{name}.{orientation}.{lang}.{mode}", screen


def draw(out: Path, only: str, looks: list[tuple[str, str, str]]) -> list[str]:
    """Write one PNG a page; returns what Qt and the audit complained about."""
    from ui.audit import audit
    from ui.bridge.start import start

    problems: list[str] = []
    for orientation in {look[0]: None for look in looks}:
        core = ScriptedCore()
        screen = start(core, orientation=orientation, clock=SystemClock.as_of(MOMENT), voice=_Voice())
        screen.engine.warnings.connect(lambda found: problems.extend(w.toString() for w in found))
        for _, lang, mode in (look for look in looks if look[0] == orientation):
            for name, page in pictures(orientation, lang, mode, only):
                core.show(page)
                settle(screen.app)
                picture = screen.window.grabWindow()
                picture.save(str(out / f"{name}.png"))
                problems += [f"{name}: {finding}" for finding in audit(screen.window, picture, page.mode)]
        screen.close()
    return problems


def settle(app: object) -> None:
    """Let everything that was told arrive and be laid out."""
    from PySide6.QtGui import QGuiApplication

    for _ in range(6):
        QGuiApplication.processEvents()
        QGuiApplication.sendPostedEvents()


def main(argv: list[str] | None = None) -> int:
    """Draw, and report what is wrong; exit status 1 when something is."""
    parser = argparse.ArgumentParser(prog="python -m ui.gallery", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--only", default="", help="part of a page's name")
    parser.add_argument("--orientation", choices=ORIENTATIONS)
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.add_argument("--mode", choices=MODES)
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
    problems = draw(args.out, args.only, looks)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
