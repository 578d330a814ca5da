"""Colour roles, fonts and motion as QML sees them; a page names a role and never a value."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtQml import QmlElement, QmlSingleton

from ui.theme import Tokens, load

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1

REDUCED_MOTION = "KIOSK_REDUCED_MOTION"
"""Environment: ``1`` shows the last frame of every motion, for tests and people who ask for it."""


def _colour(role: str) -> Callable[[Theme], QColor]:
    return lambda theme: QColor(theme.colours[role])


@QmlElement
@QmlSingleton
class Theme(QObject):
    """One for each engine; lives in the Qt thread. ``mode`` follows the screen, ``contrast`` the visitor."""

    changed = Signal()
    panelChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens: Tokens = load()
        self._contrast = False
        self._elder = False
        self._staff = False
        self._reduced = os.environ.get(REDUCED_MOTION) == "1"
        self._width, self._height, self._diagonal_mm = 1080.0, 1920.0, 0.0
        self.colours: Mapping[str, str] = self._tokens.colours("public")

    paper = Property(QColor, _colour("paper"), notify=changed)
    surface = Property(QColor, _colour("surface"), notify=changed)
    readOnly = Property(QColor, _colour("read_only"), notify=changed)
    writable = Property(QColor, _colour("writable"), notify=changed)
    sunk = Property(QColor, _colour("sunk"), notify=changed)
    rail = Property(QColor, _colour("rail"), notify=changed)
    line = Property(QColor, _colour("line"), notify=changed)
    outline = Property(QColor, _colour("outline"), notify=changed)
    ink = Property(QColor, _colour("ink"), notify=changed)
    inkMuted = Property(QColor, _colour("ink_muted"), notify=changed)
    primary = Property(QColor, _colour("primary"), notify=changed)
    primaryPressed = Property(QColor, _colour("primary_pressed"), notify=changed)
    primaryTint = Property(QColor, _colour("primary_tint"), notify=changed)
    onPrimary = Property(QColor, _colour("on_primary"), notify=changed)
    onPrimaryMuted = Property(QColor, _colour("on_primary_muted"), notify=changed)
    seal = Property(QColor, _colour("seal"), notify=changed)
    onSeal = Property(QColor, _colour("on_seal"), notify=changed)
    success = Property(QColor, _colour("success"), notify=changed)
    successTint = Property(QColor, _colour("success_tint"), notify=changed)
    onSuccess = Property(QColor, _colour("on_success"), notify=changed)
    warning = Property(QColor, _colour("warning"), notify=changed)
    warningTint = Property(QColor, _colour("warning_tint"), notify=changed)
    warningInk = Property(QColor, _colour("warning_ink"), notify=changed)
    onWarning = Property(QColor, _colour("on_warning"), notify=changed)
    danger = Property(QColor, _colour("danger"), notify=changed)
    dangerTint = Property(QColor, _colour("danger_tint"), notify=changed)
    focus = Property(QColor, _colour("focus"), notify=changed)
    scrim = Property(QColor, _colour("scrim"), notify=changed)
    lightDone = Property(QColor, _colour("light_done"), notify=changed)
    codeGround = Property(QColor, _colour("code_ground"), notify=changed)

    @Property(str, constant=True)
    def titleFont(self) -> str:
        """The family of titles; weight 700 only."""
        return self._tokens.text("font", "title")

    @Property(str, constant=True)
    def bodyFont(self) -> str:
        """The family of everything else; weights 400 and 700."""
        return self._tokens.text("font", "body")

    @Property(bool, notify=changed)
    def elder(self) -> bool:
        """Whether the elder mode (长辈版) is on: larger, slower, one column, no motion."""
        return self._elder

    @Property(bool, notify=changed)
    def contrast(self) -> bool:
        """Whether the high-contrast colours are on."""
        return self._contrast

    @Property(bool, notify=changed)
    def motion(self) -> bool:
        """Whether anything may move; false shows the last frame."""
        return not self._elder and not self._reduced

    @Property(float, notify=panelChanged)
    def scale(self) -> float:
        """Panel pixels to a reference pixel; everything in QML is in reference pixels."""
        tokens = self._tokens
        short, long = tokens.number("panel", "width"), tokens.number("panel", "height")
        fit = min(min(self._width, self._height) / short, max(self._width, self._height) / long)
        if not self._diagonal_mm:
            return fit
        density = math.hypot(self._width, self._height) / self._diagonal_mm
        return min(fit, max(density / tokens.number("panel", "px_per_mm"), min(1.0, fit)))

    @Property(bool, notify=panelChanged)
    def landscape(self) -> bool:
        """Whether the panel lies on its long side."""
        return self._width > self._height

    @Slot(bool)
    def setContrast(self, on: bool) -> None:
        """Turn the high-contrast colours on or off; a new visitor begins without."""
        if on != self._contrast:
            self._contrast = on
            self._recolour()

    @Slot(float, float)
    def setPanel(self, width: float, height: float) -> None:
        """The window's size in panel pixels."""
        if width > 0 and height > 0 and (width, height) != (self._width, self._height):
            self._width, self._height = width, height
            self.panelChanged.emit()

    def set_diagonal(self, inches: float) -> None:
        """The panel's real diagonal: a large dense panel then shows more instead of larger things."""
        self._diagonal_mm = inches * 25.4
        self.panelChanged.emit()

    def set_staff(self, on: bool) -> None:
        """The dark colours of the staff's pages, so that nobody takes them for the public screen."""
        if on != self._staff:
            self._staff = on
            self._recolour()

    def _recolour(self) -> None:
        theme = "staff" if self._staff else "contrast" if self._contrast else "public"
        self.colours = self._tokens.colours(theme)
        self.changed.emit()

    def set_mode(self, mode: str) -> None:
        """``standard`` or ``elder``."""
        if (mode == "elder") != self._elder:
            self._elder = mode == "elder"
            self.changed.emit()
