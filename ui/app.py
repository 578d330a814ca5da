"""``kiosk run``: the touchscreen over the core. The composition root of the screen program."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QTimer

from config import notify
from config.clock import SystemClock
from config.errors import ConfigError
from config.settings import TerminalSettings, load_terminal
from kiosk.session import Session
from ui.bridge.speech import system_voice
from ui.bridge.start import Screen, keep_loaded, no_display, start
from ui.core_thread import TOLD, CoreThread
from ui.waits import Waits

log = logging.getLogger("kiosk.run")
READY_WITHIN_S = 60.0
SILENT_TOO_LONG_S = 10.0
LOOK_EVERY_MS = 250
"""How often Python's signal handlers get a chance beside Qt's loop, and the core is looked at."""


def main(argv: list[str]) -> int:
    """Entry of ``kiosk run``; the exit status."""
    options = _options(argv)
    try:
        settings = load_terminal(options.config, os.environ)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    if missing := no_display():
        print(f"kiosk run: {missing}", file=sys.stderr)
        return 1
    logging.basicConfig(level=settings.log.level.upper(), format="%(levelname)s %(name)s %(message)s")
    return run(settings, fullscreen=not options.window)


def run(settings: TerminalSettings, *, fullscreen: bool) -> int:
    """Show the screen until told to stop."""
    session = Session(settings.display.lang)
    core = CoreThread(settings, session)
    core.start()
    try:
        if not core.wait_ready(READY_WITHIN_S):
            print("the core did not come up; see the log", file=sys.stderr)
            return 1
    except TOLD as error:
        print(f"kiosk run: {error}", file=sys.stderr)
        return 1
    screen = start(
        session,
        orientation=settings.display.orientation,
        clock=SystemClock(timedelta(seconds=settings.clock.offset_s)),
        fullscreen=fullscreen,
        voice=system_voice(),
    )
    screen.session.ime.load()
    keep_loaded()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: screen.app.quit())
    waits = Waits()
    timer = QTimer()
    timer.timeout.connect(lambda: _look(core, session, screen, waits))
    timer.start(LOOK_EVERY_MS)
    notify.ready()
    with waits.armed():
        status = screen.app.exec()
    if waits.count:
        log.error("%d calls waited in the Qt thread: %s", waits.count, waits.places)
    core.stop()
    return int(status)


def _look(core: CoreThread, session: Session, screen: Screen, waits: Waits) -> None:
    """In the Qt thread: only when this and the core's loop both live is any watchdog fed."""
    session.seen()
    if not core.alive:
        screen.app.exit(1)
    elif session.silent_s < SILENT_TOO_LONG_S:
        with waits.allowed():  # a datagram to systemd on this machine
            notify.watchdog()


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kiosk run", description="The touchscreen.")
    parser.add_argument("--config", type=Path, help="kiosk.toml (default: $KIOSK_CONFIG)")
    parser.add_argument("--window", action="store_true", help="in a window instead of the whole screen")
    return parser.parse_args(argv)
