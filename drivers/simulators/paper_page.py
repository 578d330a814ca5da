"""Turns ESC/POS operations into rows of dots, 576 across, as the head burns them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drivers.simulators.escpos_stream import Op
from drivers.simulators.paper_codes import CodeMaker
from drivers.simulators.paper_glyphs import Bits, glyph, stretch, unpack, unpack_columns
from drivers.simulators.paper_mode import HEAD_DOTS, Mode

_BIT_IMAGE_ROWS = {0: 8, 1: 8, 32: 24, 33: 24}


def _two_byte(pair: bytes) -> str:
    """The character of a two-byte code; the replacement character where the printer has none."""
    found = pair.decode("gb18030", "replace")
    return found if len(found) == 1 and not "\ue000" <= found <= "\uf8ff" else "\ufffd"


class Page:
    """Collects a line of characters and gives out rows when it is fed; keeps no paper itself."""

    def __init__(self) -> None:
        self.initialise()
        self.unknown = 0
        self.unprintable = 0
        self._handlers: dict[str, Callable[[Op], list[Bits]]] = {
            "text": self._text,
            "ESC @": self._reset,
            "LF": self._line_feed,
            "FF": self._line_feed,
            "HT": self._tab,
            "CAN": self._cancel,
            "ESC d": self._feed_lines,
            "ESC J": self._feed_dots,
            "ESC *": self._bit_image,
            "ESC $": self._to_place,
            "ESC \\": self._to_place,
            "GS v0": self._raster,
            "GS (L": self._graphics,
            "GS (k": self._two_dimensional,
            "GS k": self._linear,
        }

    def initialise(self) -> None:
        """``ESC @``: settings and the unprinted line are lost."""
        self._mode = Mode()
        self._codes = CodeMaker()
        self._line: list[tuple[int, Bits]] = []
        self._x = 0
        self._lead = b""
        self._graphic: Bits | None = None

    def run(self, op: Op) -> list[Bits]:
        """Obey one operation; the rows of dots that it moves past the head."""
        handler = self._handlers.get(op.name)
        if handler is not None:
            return handler(op)
        if not self._mode.apply(op) and op.name not in _IGNORED:
            self.unknown += 1
        return []

    def finish(self) -> list[Bits]:
        """The rows of a line that was not ended."""
        return self._feed_line() if self._line else []

    # -- characters ---------------------------------------------------------------------------------

    def _text(self, op: Op) -> list[Bits]:
        rows: list[Bits] = []
        data, self._lead = self._lead + op.data, b""
        at = 0
        while at < len(data):
            byte = data[at]
            if self._mode.chinese and byte >= 0x81:
                if at + 1 == len(data):
                    self._lead = data[at:]
                    break
                pair = data[at : at + 2]
                if 0x40 <= pair[1] <= 0xFE and pair[1] != 0x7F:
                    rows += self._put(_two_byte(pair))
                    at += 2
                else:
                    # A four-byte code: the printer has only two-byte characters, drops the lead and
                    # prints what follows as Latin, which shows up on paper as stray digits.
                    self.unprintable += 1
                    at += 1
                continue
            rows += self._put(chr(byte) if byte < 0x80 else bytes([byte]).decode("cp437"))
            at += 1
        return rows

    def _put(self, character: str) -> list[Bits]:
        mode = self._mode
        if character == "\ufffd":
            self.unprintable += 1
            character = "□"
        bits = stretch(glyph(character, mode.face, mode.bold), mode.across, mode.down)
        if mode.underline:
            bits = bits.copy()
            bits[-mode.underline :, :] = 1
        if mode.reverse:
            bits = 1 - bits
        rows: list[Bits] = []
        before, after = mode.chinese_spacing if bits.shape[1] // mode.across == 24 else (0, mode.spacing)
        if self._x + before + bits.shape[1] > mode.area:
            rows = self._feed_line()
        self._line.append((self._x + before, bits))
        self._x += before + bits.shape[1] + after * mode.across
        return rows

    def _feed_line(self, at_least: int | None = None) -> list[Bits]:
        """Print the collected line on a common base line and feed the line pitch."""
        mode = self._mode
        pitch = mode.pitch if at_least is None else at_least
        height = max((bits.shape[0] for _, bits in self._line), default=0)
        rows = np.zeros((max(pitch, height), HEAD_DOTS), np.uint8)
        shift = self._mode.shift(self._x)
        for x, bits in self._line:
            self._place(rows[height - bits.shape[0] : height], bits, x + shift)
        self._line, self._x = [], 0
        return [rows] if len(rows) else []

    @staticmethod
    def _place(rows: Bits, bits: Bits, x: int) -> None:
        wide = min(bits.shape[1], HEAD_DOTS - x)
        if wide > 0:
            rows[: bits.shape[0], x : x + wide] |= bits[:, :wide]

    def _advance(self, dots: int) -> list[Bits]:
        return self._feed_line(at_least=dots) if self._line or dots else []

    # -- graphics -----------------------------------------------------------------------------------

    def _picture(self, bits: Bits) -> list[Bits]:
        rows = self._feed_line() if self._line else []
        block = np.zeros((bits.shape[0], HEAD_DOTS), np.uint8)
        self._place(block, bits[:, : self._mode.area], self._mode.shift(min(bits.shape[1], self._mode.area)))
        return [*rows, block]

    def _raster(self, op: Op) -> list[Bits]:
        wide, high = op.args[1] + 256 * op.args[2], op.args[3] + 256 * op.args[4]
        if not wide or not high:
            return []
        scale = op.args[0] % 48
        bits = unpack(op.data, wide, high)
        return self._picture(stretch(bits, 2 if scale & 1 else 1, 2 if scale & 2 else 1))

    def _graphics(self, op: Op) -> list[Bits]:
        data = op.data
        if len(data) < 2 or data[0] != 48:
            return []
        if data[1] == 112 and len(data) >= 10:
            across, down = data[3], data[4]
            dots, high = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
            wide = (dots + 7) // 8
            if dots and high and len(data) >= 10 + wide * high:
                self._graphic = stretch(unpack(data[10:], wide, high)[:, :dots], across, down)
        elif data[1] in (2, 50) and self._graphic is not None:
            picture, self._graphic = self._graphic, None
            return self._picture(picture)
        return []

    def _bit_image(self, op: Op) -> list[Bits]:
        kind, columns = op.args[0], op.args[1] + 256 * op.args[2]
        rows = _BIT_IMAGE_ROWS.get(kind)
        if rows is None or not columns:
            self.unknown += 1
            return []
        bits = unpack_columns(op.data, columns, rows)
        bits = stretch(bits, 1 if kind in (1, 33) else 2, 1 if rows == 24 else 3)
        self._line.append((self._x, bits))
        self._x += bits.shape[1]
        return []

    def _two_dimensional(self, op: Op) -> list[Bits]:
        picture = self._codes.two_dimensional(op.data)
        return self._picture(picture) if picture is not None else []

    def _linear(self, op: Op) -> list[Bits]:
        picture = self._codes.linear(op.args[0], op.data, self._mode.code_width, self._mode.code_height)
        if picture is None:
            self.unknown += 1
            return []
        return self._picture(picture)

    # -- movement -----------------------------------------------------------------------------------

    def _to_place(self, op: Op) -> list[Bits]:
        step = op.word - 65536 if op.name == "ESC \\" and op.word > 32767 else op.word
        place = self._x + step if op.name == "ESC \\" else step
        self._x = max(0, min(place, self._mode.area))
        return []

    def _tab(self, _: Op) -> list[Bits]:
        self._x = next((stop for stop in self._mode.tabs if stop > self._x), self._x)
        return []

    def _reset(self, _: Op) -> list[Bits]:
        self.initialise()
        return []

    def _line_feed(self, _: Op) -> list[Bits]:
        return self._feed_line()

    def _feed_dots(self, op: Op) -> list[Bits]:
        return self._advance(op.args[0])

    def _feed_lines(self, op: Op) -> list[Bits]:
        rows = self._feed_line() if self._line else []
        return rows + self._advance(op.args[0] * self._mode.pitch)

    def _cancel(self, _: Op) -> list[Bits]:
        self._line, self._x = [], 0
        return []


_IGNORED = frozenset(
    {"CR", "ESC t", "ESC R", "ESC =", "ESC p", "ESC u", "ESC U", "ESC c", "ESC {", "ESC V", "ESC S", "ESC T"}
    | {"GS b", "GS H", "GS f", "GS P", "GS (A", "GS (E", "GS (H", "GS (K", "GS (N", "FS C", "FS (A", "FS (E"}
)
"""Settings without effect on this paper: code pages, panel, drawer, density."""
