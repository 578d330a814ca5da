"""A signature as strokes: what it must be to count, its compact form, and how it is drawn.

The compact form follows the idea of ISO/IEC 19794-7's compact format (whole numbers, channels X, Y, DT, F); header
and numbers are ours, and the document it belongs to is part of it.
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw

from drivers.errors import InvalidData, UserFault

MAGIC: Final = b"KSG1"
_HEAD: Final = struct.Struct(">4s32sHHHH")
"""Magic, SHA-256 of the document, width and height in hundredths of a millimetre, greatest pressure, points."""
_POINT: Final = struct.Struct(">HhhH")
_PIXELS_PER_MM: Final = 12
_SMOOTH: Final = 3


@dataclass(frozen=True, slots=True)
class Point:
    """A place of the pen: hundredths of a millimetre, pressure above 0, milliseconds since the first touch."""

    x: int
    y: int
    pressure: int
    at_ms: int


Stroke = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Ink on one document. ``document`` is the SHA-256 of what was signed."""

    document: bytes
    width: int
    height: int
    pressure: int
    strokes: tuple[Stroke, ...]

    @property
    def points(self) -> int:
        """How many places were measured."""
        return sum(map(len, self.strokes))

    @property
    def ink_mm(self) -> float:
        """Length of all strokes."""
        return sum(math.dist((a.x, a.y), (b.x, b.y)) for s in self.strokes for a, b in pairwise(s)) / 100

    @property
    def duration_ms(self) -> int:
        """From the first touch to the last."""
        return max((point.at_ms for stroke in self.strokes for point in stroke), default=0)

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the ink."""
        places = [(point.x, point.y) for stroke in self.strokes for point in stroke]
        if not places:
            return 0.0, 0.0
        xs, ys = zip(*places, strict=True)
        return (max(xs) - min(xs)) / 100, (max(ys) - min(ys)) / 100

    def compact(self) -> bytes:
        """The compact form."""
        head = _HEAD.pack(MAGIC, self.document, self.width, self.height, self.pressure, self.points)
        return head + b"".join(self._packed())

    def _packed(self) -> Iterator[bytes]:
        before = 0
        for number, stroke in enumerate(self.strokes):
            for place, point in enumerate(stroke):
                # The highest bit of F marks the first point of a stroke.
                first = 0x8000 if place == 0 and number else 0
                yield _POINT.pack(min(point.at_ms - before, 0xFFFF), point.x, point.y, point.pressure | first)
                before = point.at_ms


@dataclass(frozen=True, slots=True)
class SignatureRules:
    """What counts as a signature. The least of it is house practice: a dot, a tick or one short dash is none."""

    least_ink_mm: float = 20.0
    least_ms: int = 300
    least_size_mm: float = 6.0
    most_outside: float = 0.0

    def check(self, signature: Signature) -> None:
        """Raise ``UserFault`` (``signatureTooShort``, ``penOutOfArea``); its words say what to do."""
        outside = sum(not _inside(signature, point) for stroke in signature.strokes for point in stroke)
        if outside > self.most_outside * signature.points:
            raise UserFault("the signature leaves the frame; sign again inside it", "penOutOfArea")
        short = signature.ink_mm < self.least_ink_mm or signature.duration_ms < self.least_ms
        if short or max(signature.size_mm) < self.least_size_mm:
            raise UserFault("that is too little for a signature; sign the full name", "signatureTooShort")


def _inside(signature: Signature, point: Point) -> bool:
    return 0 <= point.x <= signature.width and 0 <= point.y <= signature.height


def read_compact(data: bytes) -> Signature:
    """A signature from its compact form; raise ``InvalidData``."""
    if len(data) < _HEAD.size or data[:4] != MAGIC:
        raise InvalidData("these bytes are no signature")
    _, document, width, height, pressure, count = _HEAD.unpack_from(data)
    if len(data) != _HEAD.size + count * _POINT.size or not width or not height or not pressure:
        raise InvalidData("the signature's bytes are torn")
    strokes: list[list[Point]] = []
    at = 0
    for after, x, y, force in _POINT.iter_unpack(data[_HEAD.size :]):
        if force & 0x8000 or not strokes:
            strokes.append([])
        at += after
        strokes[-1].append(Point(x, y, force & 0x7FFF, at))
    return Signature(document, width, height, pressure, tuple(map(tuple, strokes)))


def svg(signature: Signature) -> bytes:
    """The ink as SVG in millimetres; thicker where the pen was pressed."""
    width, height = signature.width / 100, signature.height / 100
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}"><g stroke="#000" stroke-linecap="round" fill="none">'
    ]
    for stroke in signature.strokes:
        for a, b in _pieces(stroke):
            lines.append(
                f'<path d="M{a.x / 100:g} {a.y / 100:g}L{b.x / 100:g} {b.y / 100:g}" '
                f'stroke-width="{_thickness(signature, b):.2f}"/>'
            )
    return ("".join(lines) + "</g></svg>").encode("ascii")


def png(signature: Signature) -> bytes:
    """The ink as PNG, black on white, 12 pixels a millimetre."""
    scale = _PIXELS_PER_MM * _SMOOTH / 100
    size = max(1, round(signature.width * scale)), max(1, round(signature.height * scale))
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    for stroke in signature.strokes:
        for a, b in _pieces(stroke):
            thick = max(1, round(_thickness(signature, b) * _PIXELS_PER_MM * _SMOOTH))
            line = (a.x * scale, a.y * scale), (b.x * scale, b.y * scale)
            pen.line(line, fill=0, width=thick)
            pen.ellipse(_round(line[1], thick), fill=0)
    small = image.resize((max(1, size[0] // _SMOOTH), max(1, size[1] // _SMOOTH)), Image.Resampling.BOX)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _pieces(stroke: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """Each line of a stroke; a dot is a line of no length."""
    return iter([(stroke[0], stroke[0])] if len(stroke) == 1 else pairwise(stroke))


def _thickness(signature: Signature, point: Point) -> float:
    """Millimetres: 0.25 for the lightest touch, 0.8 for the hardest."""
    return 0.25 + 0.55 * min(1.0, point.pressure / signature.pressure)


def _round(place: tuple[float, float], thick: int) -> tuple[float, float, float, float]:
    x, y = place
    half = thick / 2
    return x - half, y - half, x + half, y + half
