"""The panel as QML sees it; the cabinet is asked from a thread of its own, so that the window never waits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Property, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtQml import QmlElement, QmlSingleton

from config.texts import Texts
from drivers.simulators.cards import read_card
from drivers.simulators.errors import SimulatorError
from ui.bridge.maps import to_map
from ui.bridge.types import LIST, MAP
from ui.panel.model import Deed, Device, devices, parameters

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
LOOK_EVERY_MS = 700
Look = tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]


class Cabinet(Protocol):
    """What the panel asks of a cabinet (``drivers/simulators/control_client.py``)."""

    def actions(self) -> dict[str, Any]:
        """The schema of every action, by device."""
        ...

    def state(self) -> dict[str, Any]:
        """How every device is."""
        ...

    def personas(self) -> list[dict[str, Any]]:
        """Who may step up, each with a card."""
        ...

    def do(self, device: str, action: str, **parameters: object) -> dict[str, Any]:
        """Carry out an action."""
        ...


@QmlElement
@QmlSingleton
class Panel(QObject):
    """One for each engine; lives in the Qt thread."""

    changed = Signal()
    offered = Signal()
    answered = Signal()
    _looked = Signal(object)
    _done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cabinet: Cabinet | None = None
        self._texts = Texts("zh-CN", strict=False)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="panel")
        self._looking: Future[Look] = Future()
        self._looking.cancel()
        self._devices: tuple[Device, ...] = ()
        self._deeds: tuple[Deed, ...] = ()
        self._look: Look = ({}, {}, [])
        self._own_cards: list[dict[str, Any]] = []
        self._selected = ""
        self._away = False
        self._answer, self._answer_tone = "", "ok"
        self._looked.connect(self._show)
        self._done.connect(self._say)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    @Property(LIST, notify=changed)
    def devices(self) -> list[dict[str, Any]]:
        """Every device with its title and its tone."""
        return [{"name": d.name, "title": d.title, "tone": d.tone} for d in self._devices]

    @Property(MAP, notify=changed)
    def device(self) -> dict[str, Any]:
        """The one that is looked at, and how it is (``ui/panel/model.py``)."""
        found = self._found()
        return (
            {"name": found.name, "title": found.title, "tone": found.tone, "facts": to_map(found.facts)}
            if found
            else {"name": "", "title": "", "tone": "ok", "facts": []}
        )

    @Property(LIST, notify=offered)
    def deeds(self) -> list[dict[str, Any]]:
        """What can be done to it; apart from how it is, which changes while somebody fills a field in."""
        return [to_map(deed) for deed in self._deeds]

    @Property(str, notify=answered)
    def answer(self) -> str:
        """What the last deed came to."""
        return self._answer

    @Property(str, notify=answered)
    def answerTone(self) -> str:
        """``ok`` or ``bad``."""
        return self._answer_tone

    @Slot(str)
    def select(self, name: str) -> None:
        """Look at that device."""
        self._selected = name
        self._tell()

    @Slot(str, str, MAP)
    def act(self, device: str, action: str, typed: dict[str, Any]) -> None:
        """Do it, with what was typed into the fields of the deed."""
        deed = next(
            (d for one in self._devices if one.name == device for d in one.deeds if d.name == action), None
        )
        if deed is None or self._cabinet is None:
            return
        try:
            values = parameters(deed, {key: str(value) for key, value in typed.items()})
        except ValueError as wrong:
            self._say((self._texts.get("panel.noNumber", field=str(wrong)), "bad"))
            return
        cabinet, title = self._cabinet, deed.title
        self._ask(lambda: cabinet.do(device, action, **values), lambda _: (title, "ok"))

    @Slot(QUrl)
    def takeCard(self, file: QUrl) -> None:
        """A card of one's own, a JSON file as for ``kiosk sim card --file``: it lies ready among the cards."""
        try:
            card = read_card(Path(file.toLocalFile()))
        except SimulatorError as error:
            self._say((str(error), "bad"))
            return
        self._own_cards = [*(one for one in self._own_cards if one != card), card]
        self._draw()
        self._say((self._texts.get("panel.cardTaken"), "ok"))

    # -- what Python does

    def begin(self, cabinet: Cabinet, texts: Texts) -> None:
        """Look at that cabinet from now on."""
        self._cabinet, self._texts = cabinet, texts
        self.look()
        self._timer.start()

    def look(self) -> None:
        """Ask how everything is, unless the last question is still under way."""
        cabinet = self._cabinet
        if cabinet is None or not self._looking.done():
            return
        self._looking = self._worker.submit(lambda: (cabinet.actions(), cabinet.state(), cabinet.personas()))
        self._looking.add_done_callback(self._looked.emit)

    def stop(self) -> None:
        """No more questions."""
        self._timer.stop()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _ask(self, what: Callable[[], object], told: Callable[[object], tuple[str, str]]) -> None:
        def work() -> tuple[str, str]:
            try:
                return told(what())
            except SimulatorError as error:
                return str(error), "bad"

        def tell(future: Future[tuple[str, str]]) -> None:
            if not future.cancelled():
                self._done.emit(future.result())

        self._worker.submit(work).add_done_callback(tell)
        self.look()

    def _show(self, future: Future[Look]) -> None:
        if future.cancelled():
            return  # the panel was closed meanwhile
        error = future.exception()
        if error is not None:
            self._away = True
            self._say((str(error), "bad"))
            return
        if self._away:
            self._away = False
            self._say(("", "ok"))  # it is back
        self._look = future.result()
        self._draw()

    def _draw(self) -> None:
        """What was seen last, and the cards from files."""
        actions, state, people = self._look
        found = devices(actions, state, self._texts, people, self._own_cards)
        if found != self._devices:
            self._devices = found
            if self._found() is None:
                self._selected = found[0].name if found else ""
            self._tell()

    def _tell(self) -> None:
        found = self._found()
        deeds = found.deeds if found else ()
        if deeds != self._deeds:
            self._deeds = deeds
            self.offered.emit()
        self.changed.emit()

    def _found(self) -> Device | None:
        return next((device for device in self._devices if device.name == self._selected), None)

    def _say(self, said: tuple[str, str]) -> None:
        self._answer, self._answer_tone = said
        self.answered.emit()
