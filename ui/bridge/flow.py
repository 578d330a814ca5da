"""The page to draw, and what a person may do: one slot an intent, each with the serial it was made on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QJSValue, QmlElement, QmlSingleton

from kiosk.flow.events import Action, Intent
from ui.bridge.entry import Entry
from ui.bridge.maps import BLANK, BLANK_FRAME
from ui.bridge.script import Scripted
from ui.theme import load

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlSingleton
class Flow(QObject):
    """One for each engine; lives in the Qt thread. Decides nothing: it shows maps and passes intents on."""

    turning = Signal()  # another page comes: the old one must be gone before it is told
    pageChanged = Signal()
    frameChanged = Signal()
    turned = Signal()  # another page, not the same one with other figures
    previewChanged = Signal()
    wiped = Signal()  # nothing of the visit may be left: pages are destroyed, pictures dropped

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._send: Callable[[Intent], None] = _nowhere
        self._monotonic: Callable[[], float] = time.monotonic
        self.guard_s = load().number("guard_ms", "double_press") / 1000
        """How long after a page change a press still counts as meant for the page before."""
        self._turned_at = float("-inf")
        self._page = Scripted(self, BLANK)
        self._frame = Scripted(self, BLANK_FRAME)
        self._serial = 0
        self._preview = 0
        self._entry = Entry()

    # -- what is shown

    @Property(QJSValue, notify=pageChanged)
    def page(self) -> QJSValue:
        """The page as a map with lowerCamel keys (``kiosk/flow/pages.py``)."""
        return self._page.script

    @Property(str, notify=pageChanged)
    def kind(self) -> str:
        """Which page it is; names the QML file."""
        return str(self._page.value["kind"])

    @Property(int, notify=pageChanged)
    def serial(self) -> int:
        """Grows with every page change."""
        return self._serial

    @Property(QJSValue, notify=frameChanged)
    def frame(self) -> QJSValue:
        """What stands around the page: ``service``, ``steps``, ``canBack``, ``online``, ``hall`` and more."""
        return self._frame.script

    @Property(int, notify=previewChanged)
    def preview(self) -> int:
        """Number of the camera frame to draw: ``image://camera/preview?<number>``; 0 when there is none."""
        return self._preview

    # -- what a person does

    @Slot()
    def begin(self) -> None:
        """The attract page was touched."""
        self._pass(Action.BEGIN)

    @Slot(str)
    def open(self, service: str) -> None:
        """A service of the home page."""
        self._pass(Action.OPEN, service)

    @Slot(str)
    def choose(self, option: str) -> None:
        """An option, a month, a level, a reason."""
        self._pass(Action.CHOOSE, option)

    @Slot(int)
    def count(self, number: int) -> None:
        """The stepper's number."""
        self._pass(Action.COUNT, str(number))

    @Slot(str)
    def edit(self, row: str) -> None:
        """Open the keypad of a row; empty closes it."""
        self._entry.forget()
        self._pass(Action.EDIT, row)

    @Slot(str, str)
    def fill(self, row: str, text: str) -> None:
        """The whole text of a row."""
        self._pass(Action.FILL, row, text)

    @Slot(str)
    def press(self, key: str) -> None:
        """A key of the keypad: the focused row is filled with what it makes of the text."""
        row = self._focused()
        if row is not None and not self._too_early():
            row_id, shown, keypad = str(row["id"]), str(row["value"]), str(row["keypad"])
            text = self._entry.press(row_id, shown, key, keypad, int(row["most"]))
            self._pass(Action.FILL, row_id, text)

    @Slot()
    def proceed(self) -> None:
        """The main button."""
        self._pass(Action.PROCEED)

    @Slot(str)
    def second(self, choice: str) -> None:
        """The second button, a link, or another way."""
        self._pass(Action.SECOND, choice)

    @Slot(str)
    def change(self, step: str) -> None:
        """Change a fact on the review page."""
        self._pass(Action.CHANGE, step)

    @Slot(int)
    def turn(self, number: int) -> None:
        """Page ``number`` of a sheet."""
        self._pass(Action.PAGE, str(number))

    @Slot()
    def back(self) -> None:
        """One step back."""
        self._pass(Action.BACK)

    @Slot()
    def leave(self) -> None:
        """Sign out and erase."""
        self._pass(Action.LEAVE)

    @Slot()
    def expire(self) -> None:
        """Nobody answered the idle warning."""
        self._send(Intent(Action.EXPIRE, serial=self._serial))

    @Slot(str)
    def language(self, tag: str) -> None:
        """Another language, same visit."""
        self._pass(Action.LANGUAGE, tag)

    @Slot(str)
    def mode(self, mode: str) -> None:
        """``standard`` or ``elder``, same visit."""
        self._pass(Action.MODE, mode)

    @Slot()
    def callStaff(self) -> None:
        """Somebody please come."""
        self._pass(Action.CALL_STAFF)

    @Slot(str)
    def talk(self, key: str) -> None:
        """A key of the line over the page, while an officer is talked to."""
        self._pass(Action.TALK, key)

    # -- what Python does

    @property
    def shown(self) -> dict[str, Any]:
        """The page that is drawn."""
        return self._page.value

    @property
    def around(self) -> dict[str, Any]:
        """The frame around it."""
        return self._frame.value

    def attach(self, send: Callable[[Intent], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        """Where intents go. ``send`` must not block: it runs in the Qt thread."""
        self._send, self._monotonic = send, monotonic
        self._entry = Entry(monotonic)

    def show(self, page: dict[str, Any], frame: dict[str, Any], serial: int) -> None:
        """Draw this. Same serial and kind: the same page with other figures."""
        turned = serial != self._serial or page["kind"] != self.shown["kind"]
        if turned or _newly_wrong(self.shown, page):
            self._entry.forget()
        if turned:
            self.turning.emit()
        if page != self.shown or turned:
            self._page.value, self._serial = page, serial
            self.pageChanged.emit()
        if frame != self.around:
            self._frame.value = frame
            self.frameChanged.emit()
        if turned:
            self._turned_at = self._monotonic()
            self.turned.emit()

    def previewed(self) -> None:
        """Another camera frame is there."""
        self._preview += 1
        self.previewChanged.emit()

    def preview_over(self) -> None:
        """The camera looks no more."""
        self._preview = 0
        self.previewChanged.emit()

    def wipe(self) -> None:
        """Forget what was typed and tell everybody who holds something of the visit."""
        self._entry.forget()
        self._page.value, self._frame.value, self._preview = BLANK, BLANK_FRAME, 0
        self.wiped.emit()

    def _pass(self, action: Action, value: str = "", text: str = "") -> None:
        if not self._too_early():
            self._send(Intent(action, value, text, self._serial))

    def _too_early(self) -> bool:
        """Whether a press comes so soon that it was meant for the page before."""
        return self._monotonic() - self._turned_at < self.guard_s

    def _focused(self) -> dict[str, Any] | None:
        rows: list[dict[str, Any]] = self.shown.get("rows", [])
        focused = self.shown.get("focused")
        return next((row for row in rows if row["id"] == focused and row["keypad"]), None)


def _nowhere(intent: Intent) -> None:
    """Before anything is attached nothing is listened to."""


def _newly_wrong(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a row has just been found wrong: what was typed there no longer counts."""
    wrong = {row["id"] for row in before.get("rows", []) if isinstance(row, dict) and row.get("error")}
    return any(
        isinstance(row, dict) and row.get("error") and row["id"] not in wrong for row in after.get("rows", [])
    )
