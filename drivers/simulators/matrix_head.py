"""The print head of a 24-pin printer: obeys ESC/P operations and says what it strikes, and where.

Places are kept in 1/3600 inch from where the head stands when a page begins. The top pin is at the vertical
place; characters and bit images of 24 pins hang down from it, 180 dots to the inch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from drivers.simulators.escpos_stream import Op
from drivers.simulators.paper_glyphs import Bits, glyph

INCH = 3600
DOT = INCH // 180
_PINS = 24
_DPI = {32: 60, 33: 120, 38: 90, 39: 180, 40: 360}
"""Of the bit images with 24 pins, by mode."""


@dataclass(frozen=True, slots=True)
class Strike:
    """Dots struck in one pass: places of columns (1/3600 inch) and their pins; ``y`` of the top pin."""

    y: int
    columns: tuple[tuple[int, Bits], ...]


class Head:
    """Collects what one pass will strike; knows nothing of paper."""

    def __init__(self) -> None:
        self.unknown = 0
        self.unprintable = 0
        self.text = ""
        self.top = self.y = 0
        """Where on the paper the page begins, and how far below that the head is."""
        self._handlers: dict[str, Callable[[Op], None]] = {
            "ESC $": self._absolute,
            "ESC \\": self._relative,
            "ESC *": self._image,
            "ESC (U": self._units,
            "ESC (C": self._page_units,
            "ESC C": self._page_lines,
            "ESC 3": self._pitch,
            "FS S": self._full_gap,
            "FS T": self._half_gap,
            "text": self._text,
        }
        self.initialise()

    def initialise(self) -> None:
        """Power, or an order that empties all: settings are lost, what was not struck yet, and where the page began."""
        self._line: list[tuple[int, Bits]] = []
        self._x = 0
        self._unit: int | None = None
        self._pitch_units = INCH // 6
        self._chinese = False
        self._gaps = {"full": (0, 3), "half": (0, 2)}
        self._lead = b""
        self.page = 11 * INCH
        self._begin_here()

    def new_page(self) -> None:
        """Other paper lies under the head, at its beginning."""
        self.top = self.y = 0

    def _begin_here(self) -> None:
        self.top, self.y = self.top + self.y, 0

    def obey(self, op: Op) -> Iterator[Strike | int]:
        """Strikes, and paper moves as whole numbers of 1/3600 inch (negative: backwards)."""
        match op.name:
            case "ESC @":
                kept = self.top, self.y
                self.initialise()
                self.top, self.y = kept
            case "CR":
                yield from self._struck()
            case "LF":
                yield from self._moved(self._pitch_units)
            case "ESC J":
                yield from self._moved(op.args[0] * DOT)
            case "ESC (V":
                yield from self._moved(int.from_bytes(op.data, "little") * (self._unit or 10) - self.y)
            case "ESC (v":
                yield from self._moved(int.from_bytes(op.data, "little", signed=True) * (self._unit or 10))
            case "CAN":
                self._line.clear()
            case "FS &" | "FS .":
                self._chinese = op.name == "FS &"
            case "ESC 2":
                self._pitch_units = INCH // 6
            case _ if op.name in self._handlers:
                self._handlers[op.name](op)
            case "unknown" | "ignored":
                self.unknown += 1

    def _struck(self) -> Iterator[Strike]:
        line, self._line, self._x = self._line, [], 0
        if line:
            yield Strike(self.top + self.y, tuple(line))

    def _moved(self, by: int) -> Iterator[Strike | int]:
        yield from self._struck()
        if by:
            self.y += by
            yield by

    # -- settings -----------------------------------------------------------------------------------

    def _units(self, op: Op) -> None:
        self._unit = op.data[0]

    def _page_units(self, op: Op) -> None:
        """Anywhere but at the top of a page this makes the place its top (manuals of the class, ``ESC ( C``)."""
        self.page = int.from_bytes(op.data, "little") * (self._unit or 10)
        self._begin_here()

    def _page_lines(self, op: Op) -> None:
        self.page = op.args[0] * self._pitch_units
        self._begin_here()

    def _pitch(self, op: Op) -> None:
        self._pitch_units = op.args[0] * DOT

    def _full_gap(self, op: Op) -> None:
        self._gaps["full"] = (op.args[0], op.args[1])

    def _half_gap(self, op: Op) -> None:
        self._gaps["half"] = (op.args[0], op.args[1])

    def _absolute(self, op: Op) -> None:
        self._x = op.word * (self._unit or INCH // 60)

    def _relative(self, op: Op) -> None:
        step = op.word - 65536 if op.word > 32767 else op.word
        self._x = max(0, self._x + step * (self._unit or DOT))

    # -- what is struck -----------------------------------------------------------------------------

    def _image(self, op: Op) -> None:
        dpi = _DPI.get(op.args[0])
        if dpi is None:
            self.unknown += 1
            return
        columns = op.args[1] + 256 * op.args[2]
        bits = np.unpackbits(np.frombuffer(op.data, np.uint8).reshape(columns, 3), axis=1).T
        for column in range(columns):
            if bits[:, column].any():
                self._line.append((self._x + column * INCH // dpi, bits[:, column : column + 1]))
        self._x += columns * INCH // dpi

    def _text(self, op: Op) -> None:
        data, self._lead = self._lead + op.data, b""
        at = 0
        while at < len(data):
            if self._chinese and data[at] >= 0x81:
                if at + 1 == len(data):
                    self._lead = data[at:]
                    return
                at += self._full(data[at : at + 2])
            else:
                self._put(chr(data[at]) if data[at] < 0x7F else "□", "half")
                at += 1

    def _full(self, pair: bytes) -> int:
        """One Chinese character; a code that is none drops its lead byte, and stray Latin follows."""
        if not 0x40 <= pair[1] <= 0xFE or pair[1] == 0x7F:
            self.unprintable += 1
            return 1
        found = pair.decode("gbk", "replace")
        if len(found) != 1 or found == "\ufffd":
            self.unprintable += 1
            found = "□"
        self._put(found, "full")
        return 2

    def _put(self, character: str, kind: str) -> None:
        self.text += character
        width = 24 if kind == "full" else 12
        before, after = self._gaps[kind] if self._chinese else (0, 6)
        cell = np.zeros((_PINS, width), np.uint8)
        drawn = glyph(character, "A", False)
        cell[:, : drawn.shape[1]] = drawn[:, :width]
        if cell.any():
            self._line.append((self._x + before * DOT, cell))
        self._x += (before + width + after) * DOT
