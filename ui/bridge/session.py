"""Where the core's thread and the Qt thread meet: screens and frames come in, intents go out."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPixmapCache
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from config import heap
from config.clock import Clock
from config.texts import SOURCE
from kiosk.flow.consult_pages import ConsultPage
from kiosk.flow.events import Intent
from kiosk.flow.pages import Page, Screen
from kiosk.staff.desk import Desk
from ui.bridge.flow import Flow
from ui.bridge.idle import Idle
from ui.bridge.ime import Ime
from ui.bridge.maps import frame_map, to_map
from ui.bridge.moment import Moment
from ui.bridge.pictures import CameraPictures, PaperPictures, QrPictures
from ui.bridge.sizes import Sizes
from ui.bridge.speech import Speech
from ui.bridge.staff import Staff
from ui.bridge.theme import Theme
from ui.bridge.words import Words

TOUCHES = (QEvent.Type.TouchBegin, QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress)
PUBLIC = ("attract", "farewell", "outOfService")
"""On these pages nothing of a visit may be left."""
_log = logging.getLogger("kiosk.ui")
_S = TypeVar("_S", bound=QObject)


class Core(Protocol):
    """The flow engine as the screen sees it. Every call may come from, and go to, any thread."""

    def send(self, intent: Intent) -> None:
        """Take an intent; called in the Qt thread, so it must hand over at once and never block."""
        ...

    def on_screen(self, callback: Callable[[Screen], None]) -> None:
        """Call back with every screen, beginning with the present one if there is one."""
        ...

    def on_preview(self, callback: Callable[[bytes], None]) -> None:
        """Call back with every camera frame (JPEG) while the camera looks."""
        ...

    @property
    def desk(self) -> Desk:
        """The staff's touches and pages; the same rules of threads."""
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """A screen as QML takes it; made in the core's thread so that the Qt thread only hands it on."""

    screen: Screen
    page: dict[str, Any]
    frame: dict[str, Any]


class Session(QObject):
    """Joins one core with one engine. Lives in the Qt thread; ``take`` and ``take_frame`` are called from any."""

    _arrived = Signal(object)
    _frame_arrived = Signal()
    _frames_over = Signal()
    _staff_arrived = Signal(object)

    def __init__(
        self,
        core: Core,
        engine: QQmlApplicationEngine,
        qr: QrPictures,
        camera: CameraPictures,
        papers: PaperPictures,
        *,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(engine)
        self._engine, self._qr, self._camera, self._papers = engine, qr, camera, papers
        self.flow = singleton(engine, Flow)
        self.theme = singleton(engine, Theme)
        self.sizes = singleton(engine, Sizes)
        self.words = singleton(engine, Words)
        self.idle = singleton(engine, Idle)
        self.ime = singleton(engine, Ime)
        self.moment = singleton(engine, Moment)
        self.speech = singleton(engine, Speech)
        self.staff = singleton(engine, Staff)
        self._serial = -1
        self._kind = ""
        self._card_taken = False
        self._public_look = ("standard", SOURCE)
        self.flow.attach(core.send, monotonic)
        self.ime.typed.connect(self.flow.press)
        self.idle.use_clock(monotonic)
        self.idle.expired.connect(self.flow.expire)
        self.moment.start(clock, self.words)
        queued = Qt.ConnectionType.QueuedConnection
        self._arrived.connect(self._show, queued)
        self._frame_arrived.connect(self.flow.previewed, queued)
        self._frames_over.connect(self.flow.preview_over, queued)
        self.staff.attach(core.desk.send)
        self._staff_arrived.connect(self._show_staff, queued)
        core.desk.on_view(lambda view: self._staff_arrived.emit(None if view is None else to_map(view)))
        core.on_screen(self.take)
        core.on_preview(self.take_frame)

    def take(self, screen: Screen) -> None:
        """A screen from the core, in the core's thread."""
        qr = getattr(screen.page, "qr", "")
        if qr:
            self._qr.prepare(qr)
        self._papers.take(getattr(screen.page, "papers", {}))
        self._arrived.emit(Prepared(screen, to_map(screen.page), frame_map(screen)))

    def take_frame(self, jpeg: bytes) -> None:
        """A camera frame from the core, in the core's thread; empty: that camera looks no more.

        Its last frame goes at once: the next camera's page must not begin with somebody's face.
        """
        if not jpeg:
            self._camera.wipe()
            self._frames_over.emit()
        elif self._camera.take(jpeg):
            self._frame_arrived.emit()

    def watch(self, window: QQuickWindow) -> None:
        """Count touches of this window as somebody being here."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any touch begins the idle time anew; nothing is swallowed.

        While the question stands its own answers count: it must not go before the finger is lifted from one.
        """
        kind = event.type()
        if kind in TOUCHES and (kind == QEvent.Type.KeyPress or not self.idle.property("warning")):
            self.idle.touch()
        return False

    def _show(self, prepared: Prepared) -> None:
        screen = prepared.screen
        kind = screen.page.kind
        self._public_look = (screen.mode, screen.lang)
        if not self.staff.open:
            self._look(*self._public_look)
        self.speech.follow(_spoken(screen.page), screen.lang)
        turned = screen.serial != self._serial or kind != self._kind
        if kind in PUBLIC and self._kind not in PUBLIC:
            self.wipe()
        self._serial, self._kind = screen.serial, kind
        self.flow.show(prepared.page, prepared.frame, screen.serial)
        if turned:
            self.idle.follow(screen.idle_after_s, screen.idle_warning_s)
        if screen.card_taken and not self._card_taken:
            self.idle.ask("card")
        self._card_taken = screen.card_taken

    def _show_staff(self, page: dict[str, Any] | None) -> None:
        self.theme.set_staff(page is not None)
        self._look(*(self._public_look if page is None else ("standard", page["lang"])))
        self.staff.show(page)

    def _look(self, mode: str, lang: str) -> None:
        self.theme.set_mode(mode)
        self.sizes.set_mode(mode)
        self.words.set_lang(lang)

    def wipe(self) -> None:
        """Nothing of the visit stays: typed text, pictures, clipboard, contrast, garbage."""
        self.flow.wipe()
        self.ime.forget()
        self.theme.setContrast(False)
        self._camera.wipe()
        self._papers.wipe()
        self._qr.wipe()
        QPixmapCache.clear()
        QGuiApplication.clipboard().clear()
        self._engine.collectGarbage()
        gc.collect()
        heap.give_back()
        _log.info("the visit is wiped from the screen")


def _spoken(page: Page) -> tuple[str, ...]:
    """Title, instruction, what the device says, and the main button: generic words only (EN 301 549, 5.1).

    Of the library also what stands on the page: it is public, and there is nothing of the person's in it.
    """
    told = (*page.paragraphs, *map(": ".join, page.facts)) if isinstance(page, ConsultPage) else ()
    return (page.title, page.lead, str(getattr(page, "message", "")), *told, page.action)


def singleton(engine: QQmlApplicationEngine, cls: type[_S]) -> _S:
    """The engine's one object of a bridge class. Raises ``RuntimeError`` when the class was imported too late."""
    found = engine.singletonInstance("Kiosk", cls.__name__)
    if not isinstance(found, cls):
        raise RuntimeError(f"the engine has no {cls.__name__}; import its module before the engine is made")
    return found
