"""``kiosk panel``: opens the window over a running cabinet."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtQml import QQmlApplicationEngine

from config.texts import SOURCE, Texts, languages
from drivers.simulators.cli_common import HOME
from drivers.simulators.control_client import ControlClient
from drivers.simulators.errors import SimulatorError
from ui.bridge.pictures import SvgPictures
from ui.bridge.session import singleton
from ui.bridge.start import QML, ScreenError, application, no_display
from ui.bridge.theme import Theme
from ui.bridge.words import Words
from ui.panel.bridge import Cabinet, Panel


def main(argv: list[str]) -> int:
    """Entry of ``kiosk panel``; the exit status (3: no cabinet there, as with ``kiosk sim``)."""
    options = _options(argv)
    try:
        cabinet = ControlClient(options.dir)
        cabinet.state()
    except SimulatorError as error:
        print(error, file=sys.stderr)
        return 3
    if missing := no_display():
        print(f"{missing}; `kiosk sim` has the same hands without a window", file=sys.stderr)
        return 1
    app = application()
    engine = open_panel(cabinet, options.lang)
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    ticks = QTimer()  # lets Python's signal handlers run beside Qt's loop
    ticks.timeout.connect(lambda: None)
    ticks.start(250)
    status = app.exec()
    panel(engine).stop()
    return int(status)


def open_panel(cabinet: Cabinet, lang: str = SOURCE) -> QQmlApplicationEngine:
    """The window over that cabinet. Raises ``ScreenError`` when a QML file does not load."""
    application()
    engine = QQmlApplicationEngine()
    engine.addImageProvider("svg", SvgPictures())
    singleton(engine, Theme).set_staff(True)
    singleton(engine, Words).set_lang(lang)
    panel(engine).begin(cabinet, Texts(lang, strict=False))
    engine.load(QUrl.fromLocalFile(str(QML / "panel" / "Panel.qml")))
    if not engine.rootObjects():
        raise ScreenError("panel/Panel.qml does not load; run python -m ui.lint")
    return engine


def panel(engine: QQmlApplicationEngine) -> Panel:
    """The engine's panel."""
    return singleton(engine, Panel)


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="kiosk panel", description="The simulated cabinet's hands in a window."
    )
    parser.add_argument(
        "--dir",
        type=Path,
        default=os.environ.get("KIOSK_SIM_DIR") or HOME,
        help=f"the cabinet's directory; default: $KIOSK_SIM_DIR, else {HOME}",
    )
    parser.add_argument("--lang", choices=languages(), default=SOURCE, help="language of the window")
    return parser.parse_args(argv)
