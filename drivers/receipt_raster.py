"""Draws a receipt's blocks as the 1-bit picture the printer burns: the look of the slip, dot by dot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from drivers.errors import InvalidData
from drivers.receipt import (
    Block,
    QrBlock,
    RowBlock,
    RuleBlock,
    SpaceBlock,
    TextBlock,
    TitleBlock,
    TotalBlock,
)
from drivers.receipt_glyphs import Bits, Face, Weight, face
from drivers.receipt_text import tears, wrap

WIDTH: Final = 576
"""Dots of an 80 mm printer: 72 mm at 203 dpi (domain note, section 4.1)."""
_DOTS_PER_MM: Final = 8
_QR_SIDE: Final = 200
_MIN_MODULE: Final = 3
"""Dots to a module (0.375 mm): telephones read it, thermal paper holds it."""


def render(blocks: Sequence[Block], width: int = WIDTH) -> Bits:
    """The receipt as rows × ``width`` dots; raise ``InvalidData`` for a code that does not fit the paper."""
    sheet = _Sheet(width)
    sheet.feed(36)
    for block in blocks:
        sheet.draw(block)
    sheet.feed(36)
    return sheet.finished()


def draw(block: Block, width: int = WIDTH) -> Bits:
    """One block alone, without the paper's edges."""
    sheet = _Sheet(width)
    sheet.draw(block)
    return sheet.finished()


def to_png(bits: Bits) -> bytes:
    """The picture as a PNG, black on white."""
    out = io.BytesIO()
    Image.fromarray(np.where(bits, 0, 255).astype(np.uint8)).convert("1").save(out, "PNG")
    return out.getvalue()


class _Sheet:
    """Paper that grows downwards; all lengths are given for 576 dots and scaled to the paper's width."""

    def __init__(self, width: int) -> None:
        self._scale = width / WIDTH
        self._width = width
        self._margin = self.dots(32)
        self._inner = width - 2 * self._margin
        self._parts: list[Bits] = []

    def dots(self, length: float) -> int:
        return max(1, round(length * self._scale))

    def face(self, weight: Weight, size: float) -> Face:
        return face(weight, self.dots(size))

    def finished(self) -> Bits:
        return np.concatenate(self._parts) if self._parts else np.zeros((0, self._width), np.bool_)

    def feed(self, length: float) -> None:
        self._strip(self.dots(length))

    def _strip(self, height: int) -> Bits:
        strip = np.zeros((height, self._width), np.bool_)
        self._parts.append(strip)
        return strip

    def draw(self, block: Block) -> None:
        match block:
            case TitleBlock():
                self._title(block)
            case TextBlock():
                self._text(block)
            case RowBlock():
                self._row(block)
            case RuleBlock():
                self._rule(block)
            case TotalBlock():
                self._total(block)
            case QrBlock():
                self._qr(block)
            case SpaceBlock():
                self._strip(max(1, round(block.mm * _DOTS_PER_MM)))

    def _title(self, block: TitleBlock) -> None:
        seal, gap = self.dots(60), self.dots(16)
        faces = [self.face(Weight.SERIF, size) for size in (42, 36, 30)]
        spacing = self.dots(2)
        room = self._inner - seal - gap
        face = next((f for f in faces if f.width(block.text, spacing) <= room), faces[-1])
        lines = wrap(block.text, face, room, spacing)
        height = max(seal + self.dots(8), len(lines) * round(face.size * 1.3))
        strip = self._strip(height)
        left = (self._width - seal - gap - round(max(face.width(line, spacing) for line in lines))) // 2
        _paste(strip, _seal(seal), left, (height - seal) // 2)
        pitch = height // len(lines)
        for i, line in enumerate(lines):
            write(strip, line, face, left + seal + gap, i * pitch + pitch // 2, spacing)
        self.feed(6)

    def _text(self, block: TextBlock) -> None:
        if block.size == "large":
            face, leading, spacing = self.face(Weight.BOLD, 54), 1.2, self.dots(1)
        else:
            weight = Weight.BOLD if block.bold else Weight.REGULAR
            size = {("small", False): 24, ("small", True): 28, ("normal", False): 26, ("normal", True): 30}
            face, leading, spacing = self.face(weight, size[block.size, block.bold]), 1.57, 0
        self._lines(wrap(block.text, face, self._inner, spacing), face, leading, block.align, spacing)

    def _lines(self, lines: list[str], face: Face, leading: float, align: str, spacing: int = 0) -> None:
        pitch = round(face.size * leading)
        strip = self._strip(pitch * len(lines))
        for i, line in enumerate(lines):
            free = self._inner - face.width(line, spacing)
            indent = {"left": 0.0, "center": free / 2, "right": free}[align]
            write(strip, line, face, self._margin + indent, i * pitch + pitch // 2, spacing)

    def _row(self, block: RowBlock) -> None:
        face = self.face(Weight.REGULAR, 26)
        gap = self.dots(24)
        label = face.width(block.label)
        room = self._inner - label - gap
        if room < self._inner * 0.4 or tears(block.value, face, room):
            # The name leaves too little, or would tear a number that people type: the value goes below it.
            self._lines(wrap(block.label, face, self._inner), face, 1.6, "left")
            self._lines(wrap(block.value, face, self._inner), face, 1.6, "right")
            return
        lines = wrap(block.value, face, room)
        pitch = round(face.size * 1.6)
        strip = self._strip(pitch * len(lines))
        write(strip, block.label, face, self._margin, pitch // 2)
        for i, line in enumerate(lines):
            right = self._margin + self._inner - face.width(line)
            write(strip, line, face, right, i * pitch + pitch // 2)

    def _rule(self, block: RuleBlock) -> None:
        around, thick = self.dots(18), self.dots(3)
        line = self._strip(around * 2 + thick)[around : around + thick, self._margin : -self._margin]
        if block.style == "line":
            line[:] = True
        else:
            dash = self.dots(6)
            line[:] = np.arange(line.shape[1]) % (dash + self.dots(4)) < dash

    def _total(self, block: TotalBlock) -> None:
        self.feed(14)
        pad = self.dots(16)
        label, room = self.face(Weight.BOLD, 32), self._inner - 2 * pad
        sizes = (44, 36, 30, 24)
        free = room - label.width(block.label) - pad
        values = [self.face(Weight.BOLD, size) for size in sizes]
        value = next((f for f in values if f.width(block.value) <= free), None)
        lines = [block.value]
        if value is None:
            value = values[-1]
            lines = wrap(block.value, value, room)
        labels = wrap(block.label, label, room)
        beside = len(labels) == 1 and len(lines) == 1 and value.width(lines[0]) <= free
        pitch = self.dots(57)
        above = 0 if beside else pitch * len(labels)
        bar = np.zeros((above + pitch * len(lines) + self.dots(20), self._inner), np.bool_)
        middle = self.dots(10) + pitch // 2
        for i, line in enumerate(labels):
            write(bar, line, label, pad, middle + i * pitch)
        for i, line in enumerate(lines):
            right = self._inner - pad - value.width(line)
            write(bar, line, value, right, middle + above + i * pitch)
        self._strip(len(bar))[:, self._margin : self._margin + self._inner] = ~bar
        self.feed(8)

    def _qr(self, block: QrBlock) -> None:
        code = _qr_bits(block.data, self.dots(_QR_SIDE), self._inner)
        side, quiet = len(code.bits), 4 * code.module
        # Whatever stands above and below keeps some white of its own.
        around = max(self.dots(4), quiet - self.dots(14))
        face = self.face(Weight.REGULAR, 26)
        left = max(self._margin, quiet)
        beside = left + side + max(self.dots(24), quiet)
        room = self._width - self._margin - beside
        if block.caption and room >= self._inner * 0.35:
            lines = self._caption(block.caption, room)
            height = max(side, len(lines) * round(face.size * 1.5))
            strip = self._strip(height + 2 * around)[around:-around]
            _paste(strip, code.bits, left, (height - side) // 2)
            self._write_caption(strip, lines, beside)
            return
        strip = self._strip(side + 2 * around)
        _paste(strip, code.bits, (self._width - side) // 2, around)
        if block.caption:
            lines = self._caption(block.caption, self._inner)
            strip = self._strip(len(lines) * round(face.size * 1.5))
            self._write_caption(strip, lines, self._margin)

    def _caption(self, caption: str, room: float) -> list[tuple[str, Face]]:
        lines: list[tuple[str, Face]] = []
        for i, paragraph in enumerate(caption.split("\n\n")):
            face = self.face(Weight.REGULAR if i else Weight.BOLD, 26)
            lines += [(line, face) for line in wrap(paragraph, face, room)]
        return lines

    def _write_caption(self, strip: Bits, lines: list[tuple[str, Face]], left: int) -> None:
        pitch = round(self.dots(26) * 1.5)
        top = (len(strip) - pitch * len(lines)) // 2
        for i, (line, cut) in enumerate(lines):
            write(strip, line, cut, left, top + i * pitch + pitch // 2)


def write(canvas: Bits, text: str, face: Face, left: float, middle: int, spacing: int = 0) -> None:
    """Put ``text`` on ``canvas`` with its line's middle at row ``middle``; what lies outside is cut off."""
    pen = float(left)
    base = middle + face.ascent
    for character in text:
        glyph = face.glyph(character)
        if glyph.bits.size:
            _paste(canvas, glyph.bits, round(pen) + glyph.left, base - glyph.top)
        pen += glyph.advance + spacing


def _paste(canvas: Bits, bits: Bits, left: int, top: int) -> None:
    height, width = bits.shape
    row, column = max(0, top), max(0, left)
    area = canvas[row : max(0, top + height), column : max(0, left + width)]
    area |= bits[row - top : row - top + area.shape[0], column - left : column - left + area.shape[1]]


def _seal(side: int) -> Bits:
    """The bureau's mark: 税 in white on a black square with rounded corners."""
    image = Image.new("1", (side, side))
    ImageDraw.Draw(image).rounded_rectangle((0, 0, side - 1, side - 1), radius=side // 9, fill=1)
    mark = np.zeros((side, side), np.bool_)
    serif = face(Weight.SERIF, round(side * 0.7))
    write(mark, "税", serif, (side - serif.width("税")) / 2, side // 2)
    return np.asarray(image, np.bool_) & ~mark


class _Code:
    """A QR code's dots and the dots of one module."""

    __slots__ = ("bits", "module")

    def __init__(self, bits: Bits, module: int) -> None:
        self.bits = bits
        self.module = module


def _qr_bits(data: str, side: int, room: int) -> _Code:
    try:
        code = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    except (ValueError, RuntimeError):
        raise InvalidData("the QR code holds too much; shorten its content") from None
    # 0 is black. The encoder is native: choosing a mask in Python takes longer than all other drawing.
    modules = np.asarray(code.to_image(scale=1, add_quiet_zones=False)) == 0
    dots = max(_MIN_MODULE, round(side / len(modules)))
    if len(modules) * dots > room:
        raise InvalidData("the QR code is too large for the paper; shorten its content")
    return _Code(modules.repeat(dots, axis=0).repeat(dots, axis=1), dots)
