"""What a person signs by hand: the text, letter by letter, and the ink that is sealed to its digest.

Both sides make the text by this one function, so that the centre can tell whether what was signed is what the
published service says (电子签名法第五条, 第十三条: complete, unchanged, the signer's own).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from config.catalogue.basics import Format
from kiosk.domain.errors import DomainError
from kiosk.domain.formatting import format_value

MOST_INK = 64_000
"""Bytes of a signature: eight thousand places of the pen, which is 40 s of writing at 200 samples a second. With its
text it fits into one record (``sync.records.MAX_ENVELOPE``) many times over."""
_HEAD = struct.Struct(">4s32sHHHH")
_POINT = struct.Struct(">HhhH")
_MAGIC = b"KSG1"
"""The compact form of ``docs/signature-pad.md``."""
_FIRST_OF_STROKE = 0x8000
_EVEN = 1
"""The pressure of a finger on glass, which tells none."""


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """A statement with its facts, in one language, on one day."""

    heading: str
    statement: str
    facts: Sequence[tuple[str, str]]
    day: date
    lang: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The statement's paragraphs."""
        return tuple(line.strip() for line in self.statement.splitlines() if line.strip())

    @property
    def day_in_words(self) -> str:
        """The day of the signature as its language writes days."""
        return format_value(Format.DATE, self.day, None, self.lang)

    @property
    def text(self) -> str:
        """What is signed: heading, paragraphs, one line a fact, the day in words; line feeds between them."""
        return self._ending(self.day_in_words)

    def is_text(self, text: str) -> bool:
        """Whether ``text`` is this paper letter by letter; terminals of older releases end it with ``2026-10-12``."""
        return text in (self.text, self._ending(self.day.isoformat()))

    def _ending(self, day: str) -> str:
        facts = (f"{label}: {value}" for label, value in self.facts)
        return "\n".join((self.heading, *self.paragraphs, *facts, day))

    @property
    def digest(self) -> bytes:
        """SHA-256 over the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).digest()


@dataclass(frozen=True, slots=True)
class Ink:
    """What a compact signature says of itself; ``document`` is the digest it was sealed to."""

    document: bytes
    points: int
    strokes: int = field(default=0)


def read_ink(compact: bytes) -> Ink:
    """What the bytes of a signature hold; raises ``DomainError`` when they are none, or hold no ink."""
    if len(compact) < _HEAD.size or len(compact) > MOST_INK:
        raise DomainError("these bytes are no signature")
    magic, document, width, height, pressure, points = _HEAD.unpack_from(compact)
    body = compact[_HEAD.size :]
    whole = magic == _MAGIC and len(body) == points * _POINT.size and width and height and pressure
    if not whole or not points:
        raise DomainError("these bytes are no whole signature")
    forces = [force for _, _, _, force in _POINT.iter_unpack(body)]
    return Ink(document, points, 1 + sum(bool(force & _FIRST_OF_STROKE) for force in forces[1:]))


@dataclass(frozen=True, slots=True)
class Stroke:
    """Where the pen went between two touches: hundredths of a millimetre, and milliseconds since the first touch."""

    points: tuple[tuple[int, int, int], ...]


def write_ink(document: bytes, size: tuple[int, int], strokes: Sequence[Stroke]) -> bytes:
    """The compact form of what was drawn on a surface that tells no pressure; ``size`` in hundredths of a millimetre.

    Raises ``DomainError`` for what has no points, leaves the surface, goes back in time, or is too much.
    """
    places = [(*point, number) for number, stroke in enumerate(strokes) for point in stroke.points]
    if not places or _HEAD.size + len(places) * _POINT.size > MOST_INK:
        raise DomainError("there is no ink, or too much of it")
    width, height = size
    body, before, last = b"", 0, 0
    for x, y, at, number in places:
        if not (0 <= x <= width <= 0x7FFF and 0 <= y <= height <= 0x7FFF and before <= at):
            raise DomainError("the ink leaves its surface, or goes back in time")
        force = _EVEN | (_FIRST_OF_STROKE if number != last else 0)
        body += _POINT.pack(min(at - before, 0xFFFF), x, y, force)
        before, last = at, number
    return _HEAD.pack(_MAGIC, document, width, height, _EVEN, len(places)) + body


def strokes_of(compact: bytes) -> tuple[tuple[int, int], list[Stroke]]:
    """Size and strokes of a compact signature; raises ``DomainError`` as ``read_ink``."""
    read_ink(compact)
    _, _, width, height, _, _ = _HEAD.unpack_from(compact)
    strokes: list[list[tuple[int, int, int]]] = []
    at = 0
    for after, x, y, force in _POINT.iter_unpack(compact[_HEAD.size :]):
        if force & _FIRST_OF_STROKE or not strokes:
            strokes.append([])
        at += after
        strokes[-1].append((x, y, at))
    return (width, height), [Stroke(tuple(points)) for points in strokes]
