"""The staff's pages as QML sees them, and what staff touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QJSValue, QmlElement, QmlSingleton

from kiosk.staff.desk import StaffAction, StaffIntent
from ui.bridge.script import Scripted

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1

NOBODY: dict[str, Any] = {"kind": ""}
"""While no member of staff is here."""


@QmlElement
@QmlSingleton
class Staff(QObject):
    """One for each engine; lives in the Qt thread. Decides nothing: it shows maps and passes touches on."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._send: Callable[[StaffIntent], None] = lambda intent: None
        self._page = Scripted(self, NOBODY)

    @Property(QJSValue, notify=changed)
    def page(self) -> QJSValue:
        """The page as a map with lowerCamel keys (``kiosk/staff/views.py``)."""
        return self._page.script

    @Property(str, notify=changed)
    def kind(self) -> str:
        """Which page it is; empty while the public screen is shown."""
        return str(self._page.value["kind"])

    @Slot(str, str)
    def act(self, action: str, value: str) -> None:
        """A touch: one of ``StaffAction``, with the role, unit or key that it needs."""
        self._send(StaffIntent(StaffAction(action), value))

    # -- what Python does

    @property
    def open(self) -> bool:
        """Whether a member of staff is here."""
        return self._page.value is not NOBODY

    @property
    def shown(self) -> dict[str, Any]:
        """The page that is drawn."""
        return self._page.value

    def attach(self, send: Callable[[StaffIntent], None]) -> None:
        """Where touches go. ``send`` must not block: it runs in the Qt thread."""
        self._send = send

    def show(self, page: dict[str, Any] | None) -> None:
        """Draw this; None goes back to the public screen."""
        shown = NOBODY if page is None else page
        if shown != self._page.value:
            self._page.value = shown
            self.changed.emit()
