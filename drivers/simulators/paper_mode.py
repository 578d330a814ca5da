"""The settings of a receipt printer that ``ESC @`` puts back."""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.simulators.escpos_stream import Op

HEAD_DOTS = 576
"""80 mm paper at 203 dpi prints 72 mm."""
_DEFAULT_PITCH = 30
_LATIN_DOTS = 12


def _three(value: int) -> int:
    """A choice of three given as a number or as its ASCII digit; others mean the first."""
    return value % 48 if value % 48 <= 2 else 0


@dataclass(slots=True)
class Mode:
    """Character style and place of the line. Lengths in dots."""

    chinese: bool = False
    face: str = "A"
    bold: bool = False
    underline: int = 0
    reverse: bool = False
    across: int = 1
    down: int = 1
    align: int = 0
    pitch: int = _DEFAULT_PITCH
    left: int = 0
    area: int = HEAD_DOTS
    spacing: int = 0
    chinese_spacing: tuple[int, int] = (0, 0)
    code_height: int = 162
    code_width: int = 3
    tabs: list[int] = field(default_factory=lambda: [8 * n * _LATIN_DOTS for n in range(1, 9)])

    def apply(self, op: Op) -> bool:
        """Take over a setting; False when ``op`` is none."""
        return self._style(op) or self._place(op)

    def shift(self, width: int) -> int:
        """Where something of ``width`` dots begins under the present alignment."""
        spare = max(0, self.area - width)
        return self.left + (0, spare // 2, spare)[self.align]

    def _style(self, op: Op) -> bool:
        value = op.args[0] if op.args else 0
        match op.name:
            case "FS &":
                self.chinese = True
            case "FS .":
                self.chinese = False
            case "ESC !":
                self.face, self.bold = "B" if value & 1 else "A", bool(value & 8)
                self.down, self.across = (2 if value & 16 else 1), (2 if value & 32 else 1)
                self.underline = 1 if value & 128 else 0
            case "FS !":
                self.across, self.down = (2 if value & 4 else 1), (2 if value & 8 else 1)
                self.underline = 1 if value & 128 else 0
            case "ESC M":
                self.face = "B" if value in (1, 49) else "A"
            case "ESC E" | "ESC G":
                self.bold = bool(value & 1)
            case "ESC -" | "FS -":
                self.underline = _three(value)
            case "GS B":
                self.reverse = bool(value & 1)
            case "GS !":
                self.across, self.down = (value >> 4 & 7) + 1, (value & 7) + 1
            case _:
                return False
        return True

    def _place(self, op: Op) -> bool:
        value = op.args[0] if op.args else 0
        match op.name:
            case "ESC a":
                self.align = _three(value)
            case "ESC 2":
                self.pitch = _DEFAULT_PITCH
            case "ESC 3":
                self.pitch = value
            case "ESC  ":
                self.spacing = value
            case "FS S":
                self.chinese_spacing = (op.args[0], op.args[1])
            case "GS L":
                self.left = min(op.word, HEAD_DOTS - 24)
                self.area = min(self.area, HEAD_DOTS - self.left)
            case "GS W":
                self.area = max(24, min(op.word, HEAD_DOTS - self.left))
            case "ESC D":
                self.tabs = [_LATIN_DOTS * column for column in op.data]
            case "GS h":
                self.code_height = max(1, value)
            case "GS w":
                self.code_width = max(1, min(6, value))
            case _:
                return False
        return True
