"""What the signature pad says inside our serial frames (docs/signature-pad.md): replies, notices, pen samples."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.errors import ProtocolError

SAMPLE: Final = struct.Struct(">Hhhh")
"""Milliseconds since the sample before (65535 at most), x and y in hundredths of a millimetre, pressure."""
BLOCK: Final = 14
"""Samples of a block at most; 224 characters."""
MOST_BLOCKS: Final = 4096
"""Over four minutes of ink at 200 samples a second: a pad that goes on longer is broken."""
DIGEST: Final = 32
_HEX: Final = re.compile(r"[0-9A-F]*", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PadIdentity:
    """Who answers, and its area: hundredths of a millimetre, greatest pressure, samples a second."""

    model: str
    serial: str
    firmware: str
    width: int
    height: int
    pressure: int
    rate: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment of the pen. ``pressure`` 0: it has left the surface. Places may lie outside the area."""

    after_ms: int
    x: int
    y: int
    pressure: int

    def packed(self) -> bytes:
        """As the pad sends and hashes it."""
        return SAMPLE.pack(self.after_ms, self.x, self.y, self.pressure)


@dataclass(frozen=True, slots=True)
class Block:
    """A numbered run of samples."""

    number: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """The ``number``-th key pressed since the signature began: ``ok``, ``clear``, ``cancel``; ``none`` before any."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the pad holds at the end: numbers of blocks and samples, and the hash over document and samples."""

    blocks: int
    samples: int
    digest: bytes


Notice = Block | Button


def identity(body: str) -> PadIdentity:
    """The reply to ``I``; raise ``ProtocolError`` for what is none."""
    fields = _fields(body, "I", 8)
    area = [_number(field) for field in fields[3:]]
    if 0 in area:
        raise ProtocolError("the signature pad tells no area; check its firmware")
    return PadIdentity(fields[0], fields[1], fields[2], *area)


def state(body: str) -> tuple[str, Button]:
    """The reply to ``S``: idle, signing, ended or error, and the last key: its notice may have been lost.

    Raise ``ProtocolError`` for what is none.
    """
    found, number, name = _fields(body, "S", 4)
    if found not in ("idle", "signing", "ended", "error"):
        raise ProtocolError("the signature pad is in a state this protocol has not")
    return found, _button(number, name)


def done(body: str, command: str) -> str:
    """The reply to a command that only does: ``ok`` or ``none`` (there was nothing to do).

    Raise ``ProtocolError`` for what is neither.
    """
    (found,) = _fields(body, command, 2)
    if found not in ("ok", "none"):
        raise ProtocolError(f"the signature pad answered {command} with what it has not")
    return found


def sealed(body: str) -> Sealed | None:
    """The reply to ``E``; None when nothing is being signed.

    Raise ``ProtocolError`` for what is none.
    """
    if body == "E|none":
        return None
    outcome, blocks, samples, digest = _fields(body, "E", 5)
    if outcome != "ok" or len(digest) != 2 * DIGEST or not _HEX.fullmatch(digest):
        raise ProtocolError("the signature pad's end of a signature is torn")
    found = Sealed(_number(blocks), _number(samples), bytes.fromhex(digest))
    if found.blocks > MOST_BLOCKS or found.samples > found.blocks * BLOCK:
        raise ProtocolError("the signature pad counts more than it can hold")
    return found


def block(body: str, letter: str = "R") -> Block:
    """The reply to ``R``, or the notice ``P``; raise ``ProtocolError`` for what is neither."""
    number, coded = _fields(body, letter, 3)
    if not _HEX.fullmatch(coded) or len(coded) % (2 * SAMPLE.size) or not coded:
        raise ProtocolError("the signature pad's samples are torn")
    data = bytes.fromhex(coded)
    samples = tuple(Sample(*values) for values in SAMPLE.iter_unpack(data))
    found = Block(_number(number), samples)
    if found.number >= MOST_BLOCKS or len(samples) > BLOCK or any(one.pressure < 0 for one in samples):
        raise ProtocolError("the signature pad's samples are none")
    return found


def notice(body: str) -> Notice:
    """What the pad says by itself."""
    if body.startswith("P|"):
        return block(body, "P")
    return _button(*_fields(body, "K", 3))


def _button(number: str, name: str) -> Button:
    if name not in ("ok", "clear", "cancel") and (number, name) != ("0", "none"):
        raise ProtocolError("the signature pad has no such key")
    return Button(_number(number), name)


def begin(document: bytes) -> str:
    """The command that begins a signature of the document with this SHA-256."""
    return f"B|{document.hex().upper()}"


def seal(document: bytes, samples: Iterable[Sample]) -> bytes:
    """The hash that pad and driver must agree on: SHA-256 over the document's digest and all samples."""
    return hashlib.sha256(document + b"".join(one.packed() for one in samples)).digest()


def _fields(body: str, letter: str, count: int) -> Sequence[str]:
    fields = body.split("|")
    if fields[0] != letter or len(fields) != count:
        raise ProtocolError(f"the signature pad's answer to {letter} has another form")
    return fields[1:]


def _number(field: str) -> int:
    if not _NUMBER.fullmatch(field):
        raise ProtocolError("the signature pad sent what is no number")
    return int(field)
