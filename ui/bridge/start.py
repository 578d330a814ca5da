"""Builds application, engine, pictures and window around a core; ``ui/app.py`` calls ``start`` and runs the loop."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication, QRawFont
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from config.clock import Clock, SystemClock
from ui import theme
from ui.bridge.fonts import default_font, held_open
from ui.bridge.pictures import CameraPictures, PaperPictures, QrPictures, SvgPictures
from ui.bridge.session import Core, Session
from ui.bridge.speech import Voice

QML = Path(__file__).parent.parent / "qml"
PANELS = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
SWITCH_INTERVAL_S = 0.0005
"""Other Python threads give the interpreter back this often, so that a busy one costs no frame (measured)."""


class ScreenError(Exception):
    """The screen could not be built; the message says which file and why."""


@dataclass(slots=True)
class Screen:
    """A running screen. Keep it as long as the window is wanted."""

    app: QGuiApplication
    engine: QQmlApplicationEngine
    window: QQuickWindow
    session: Session
    qr: QrPictures
    camera: CameraPictures
    papers: PaperPictures
    faces: tuple[QRawFont, ...]

    def close(self) -> None:
        """Take the window away and everything with it. The application stays."""
        self.session.moment.stop()
        self.session.idle.follow(0, 0)
        self.window.close()
        self.engine.deleteLater()


def no_display() -> str:
    """What to do where there is no display, else nothing: Qt itself would end the process with a core dump."""
    if any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        return ""
    return "there is no display here: let DISPLAY name one (that of `make run` is DISPLAY=:40)"


def application() -> QGuiApplication:
    """The one Qt application; made on first use."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    os.environ.setdefault("QT_QUICK_CONTROLS_STYLE", "Basic")
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    app = QGuiApplication(sys.argv[:1])
    app.setApplicationName("kiosk")
    app.setFont(default_font(theme.load()))
    return app


def keep_loaded() -> None:
    """What is there by now stays for good: later collections, one after each visit, look at the rest only.

    Without it a wipe holds the Qt thread for some 50 ms. Called once, when everything is up.
    """
    gc.collect()
    gc.freeze()


def start(
    core: Core,
    *,
    orientation: str = "portrait",
    clock: Clock | None = None,
    fullscreen: bool = False,
    diagonal_inches: float = 0.0,
    voice: Voice | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Screen:
    """Show the window driven by ``core``. Raises ``ScreenError`` when a QML file does not load.

    ``fullscreen`` for the cabinet; otherwise a window of the panel's size. ``diagonal_inches`` 0: the panel
    shows as much as the reference panel, larger. ``voice``: see ``ui.bridge.speech.system_voice``.
    """
    app = application()
    engine = QQmlApplicationEngine()
    qr, camera, papers = QrPictures(), CameraPictures(), PaperPictures()
    engine.addImageProvider("svg", SvgPictures())
    engine.addImageProvider("qr", qr)
    engine.addImageProvider("camera", camera)
    engine.addImageProvider("paper", papers)
    problems: list[str] = []
    engine.warnings.connect(lambda found: problems.extend(warning.toString() for warning in found))
    session = Session(core, engine, qr, camera, papers, clock=clock or SystemClock(), monotonic=monotonic)
    session.speech.use(voice)
    if diagonal_inches:
        session.theme.set_diagonal(diagonal_inches)
    width, height = PANELS[orientation]
    session.theme.setPanel(width, height)
    engine.setInitialProperties({"width": width, "height": height})
    engine.load(QUrl.fromLocalFile(str(QML / "Main.qml")))
    windows = engine.rootObjects()
    if not windows or not isinstance(windows[0], QQuickWindow):
        raise ScreenError("Main.qml does not load: " + ("; ".join(problems) or "no window in it"))
    window = windows[0]
    session.watch(window)
    window.showFullScreen() if fullscreen else window.show()
    window.requestActivate()
    return Screen(app, engine, window, session, qr, camera, papers, held_open(theme.load()))
