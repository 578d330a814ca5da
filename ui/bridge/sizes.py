"""Type sizes, targets and zones as QML sees them, in reference pixels, for the mode that is on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement, QmlSingleton

from ui.theme import load

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


def _of(table: str, key: str) -> Callable[[Sizes], int]:
    """A size of the mode's own table, such as ``type.elder``."""
    return lambda sizes: sizes.at(f"{table}.{sizes.mode}", key)


def _fixed(table: str, key: str) -> Callable[[Sizes], int]:
    """A size that is the same in every mode."""
    return lambda sizes: sizes.at(table, key)


@QmlElement
@QmlSingleton
class Sizes(QObject):
    """One for each engine; lives in the Qt thread."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = load()
        self.mode = "standard"

    def at(self, table: str, key: str) -> int:
        """One token as whole pixels."""
        return round(self._tokens.number(table, key))

    def set_mode(self, mode: str) -> None:
        """``standard`` or ``elder``."""
        if mode != self.mode:
            self.mode = mode
            self.changed.emit()

    attract = Property(int, _of("type", "attract"), notify=changed)
    title = Property(int, _of("type", "title"), notify=changed)
    titleLong = Property(int, _of("type", "title_long"), notify=changed)
    titleOrder = Property(int, _of("type", "title_order"), notify=changed)
    titleDone = Property(int, _of("type", "title_done"), notify=changed)
    amountPay = Property(int, _of("type", "amount_pay"), notify=changed)
    amountTotal = Property(int, _of("type", "amount_total"), notify=changed)
    reference = Property(int, _of("type", "reference"), notify=changed)
    tileLarge = Property(int, _of("type", "tile_large"), notify=changed)
    section = Property(int, _of("type", "section"), notify=changed)
    tile = Property(int, _of("type", "tile"), notify=changed)
    buttonMain = Property(int, _of("type", "button_main"), notify=changed)
    rowValue = Property(int, _of("type", "row_value"), notify=changed)
    rowLabel = Property(int, _of("type", "row_label"), notify=changed)
    body = Property(int, _of("type", "body"), notify=changed)
    lead = Property(int, _of("type", "lead"), notify=changed)
    button = Property(int, _of("type", "button"), notify=changed)
    note = Property(int, _of("type", "note"), notify=changed)
    smallest = Property(int, _of("type", "smallest"), notify=changed)

    targetMain = Property(int, _of("target", "main"), notify=changed)
    targetButton = Property(int, _of("target", "button"), notify=changed)
    targetMinimum = Property(int, _of("target", "minimum"), notify=changed)
    targetKey = Property(int, _of("target", "key"), notify=changed)
    tileLargeHeight = Property(int, _of("target", "tile_large"), notify=changed)
    tileHeight = Property(int, _of("target", "tile"), notify=changed)
    optionHeight = Property(int, _of("target", "option"), notify=changed)

    header = Property(int, _of("zone", "header"), notify=changed)
    steps = Property(int, _of("zone", "steps"), notify=changed)
    accessBar = Property(int, _of("zone", "access_bar"), notify=changed)
    status = Property(int, _of("zone", "status"), notify=changed)
    railWidth = Property(int, _fixed("zone.landscape", "rail"), notify=changed)
    bodyX = Property(int, _fixed("zone.landscape", "body_x"), notify=changed)

    margin = Property(int, _fixed("space", "margin_portrait"), notify=changed)
    marginLandscape = Property(int, _fixed("space", "margin_landscape"), notify=changed)
    gap = Property(int, _fixed("space", "gap"), notify=changed)
    gapSmall = Property(int, _fixed("space", "gap_small"), notify=changed)
    cardPadding = Property(int, _fixed("space", "card_padding"), notify=changed)

    radiusCard = Property(int, _fixed("radius", "card"), notify=changed)
    radiusMain = Property(int, _fixed("radius", "button_main"), notify=changed)
    radiusButton = Property(int, _fixed("radius", "button"), notify=changed)
    radiusSmall = Property(int, _fixed("radius", "small"), notify=changed)
    radiusTag = Property(int, _fixed("radius", "tag"), notify=changed)

    pageMs = Property(int, _fixed("motion_ms", "page"), notify=changed)
    stampMs = Property(int, _fixed("motion_ms", "stamp"), notify=changed)
    lightMs = Property(int, _fixed("motion_ms", "light_period"), notify=changed)
    cardMs = Property(int, _fixed("motion_ms", "card_drop"), notify=changed)
    sheetMs = Property(int, _fixed("motion_ms", "sheet_out"), notify=changed)
    mistMs = Property(int, _fixed("motion_ms", "mist_period"), notify=changed)
    staffHoldMs = Property(int, _fixed("guard_ms", "staff_hold"), notify=changed)
    spinnerMs = Property(int, _fixed("motion_ms", "spinner_after"), notify=changed)
