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

from kiosk.domain.errors import DomainError

MOST_INK = 64_000
"""Bytes of a signature: eight thousand places of the pen, which is 40 s of writing at 200 samples a second. With its
text it fits into one record (``sync.records.MAX_ENVELOPE``) many times over."""
_HEAD = struct.Struct(">4s32sHHHH")
_POINT = struct.Struct(">HhhH")
_MAGIC = b"KSG1"
"""The compact form of ``docs/signature-pad.md``."""
_FIRST_OF_STROKE = 0x8000


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """A statement with its facts, in one language, on one day."""

    heading: str
    statement: str
    facts: Sequence[tuple[str, str]]
    day: date

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The statement's paragraphs."""
        return tuple(line.strip() for line in self.statement.splitlines() if line.strip())

    @property
    def text(self) -> str:
        """What is signed: heading, paragraphs, one line a fact, the day; line feeds between them."""
        facts = (f"{label}: {value}" for label, value in self.facts)
        return "\n".join((self.heading, *self.paragraphs, *facts, self.day.isoformat()))

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
