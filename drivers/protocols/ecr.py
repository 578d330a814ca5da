"""Frames between terminal and bank-card POS: ``STX · LEN(2 BCD) · DATA · ETX · LRC``; ACK and NAK stand alone.

LEN counts DATA, the LRC is the XOR of LEN, DATA and ETX. DATA is printable ASCII and GB18030, in which no byte
is below 0x20: one that is shows at once that a frame is none. Described in docs/pos-ecr.md, section "Frame".
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final

STX: Final = 0x02
ETX: Final = 0x03
ACK: Final = 0x06
NAK: Final = 0x15
MAX_DATA: Final = 1024
"""A longer LEN is noise; two BCD bytes could say 9999."""
_HEAD: Final = 3
_TAIL: Final = 2
_PRINTABLE: Final = 0x20
"""No byte of DATA is below."""
_CONTROL: Final = re.compile(b"[^%c-\\xff]" % _PRINTABLE)
_FIRST: Final = re.compile(b"[%c%c%c]" % (STX, ACK, NAK))
"""What a frame or a signal begins with; all else outside a frame is noise."""


class Signal(enum.Enum):
    """The single-byte answers to a frame."""

    ACK = ACK
    NAK = NAK


@dataclass(frozen=True, slots=True)
class Frame:
    """The DATA of a frame whose check was right. It may hold a card number: its bytes are not shown."""

    data: bytes

    def __repr__(self) -> str:
        return f"Frame({len(self.data)} bytes)"


@dataclass(frozen=True, slots=True)
class BadFrame:
    """Something that began like a frame and was not one: answer NAK."""

    reason: str


Heard = Frame | BadFrame | Signal


def lrc(checked: bytes) -> int:
    """The XOR of all bytes."""
    return reduce(xor, checked, 0)


def encode(data: bytes) -> bytes:
    """One frame; raise ``ValueError`` for DATA that no frame can hold."""
    if not 1 <= len(data) <= MAX_DATA or min(data) < _PRINTABLE:
        raise ValueError(f"a frame holds 1 to {MAX_DATA} bytes without control characters")
    checked = _bcd(len(data)) + data + bytes((ETX,))
    return bytes((STX,)) + checked + bytes((lrc(checked),))


def _bcd(number: int) -> bytes:
    return bytes.fromhex(f"{number:04d}")


class Deframer:
    """Finds frames and signals in a stream cut anywhere.

    STX may also stand in LEN or LRC, so behind a bad frame the search goes on right after its STX; a frame whose
    end does not come is left by ``give_up``.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def pending(self) -> int:
        """Bytes of a frame that is not complete."""
        return len(self._buffer)

    def reset(self) -> None:
        """Forget everything: the line is new."""
        self._buffer.clear()

    def feed(self, chunk: bytes) -> list[Heard]:
        """Take ``chunk`` and give all that is complete with it, in order."""
        self._buffer += chunk
        return list(self._all())

    def give_up(self) -> list[Heard]:
        """The line has been silent for longer than a frame takes: what began is none; what lies behind its STX."""
        heard: list[Heard] = []
        while self._buffer:
            del self._buffer[0]
            heard += [BadFrame("gap"), *self._all()]
        return heard

    def _all(self) -> Iterator[Heard]:
        buffer = self._buffer
        while (first := _FIRST.search(buffer)) is not None:
            del buffer[: first.start()]
            found = self._frame() if buffer[0] == STX else Signal(buffer.pop(0))
            if found is None:
                return
            yield found
        buffer.clear()

    def _frame(self) -> Frame | BadFrame | None:
        """The frame at the head of the buffer, or None while bytes are missing."""
        buffer = self._buffer
        if len(buffer) < _HEAD:
            return None
        digits = bytes(buffer[1:_HEAD]).hex()
        if not digits.isdecimal() or not 1 <= int(digits) <= MAX_DATA:
            return self._bad("length")
        end = _HEAD + int(digits)
        if _CONTROL.search(buffer, _HEAD, end):
            return self._bad("control character")
        if len(buffer) < end + _TAIL:
            return None
        if buffer[end] != ETX or buffer[end + 1] != lrc(bytes(buffer[1 : end + 1])):
            return self._bad("check")
        data = bytes(buffer[_HEAD:end])
        del buffer[: end + _TAIL]
        return Frame(data)

    def _bad(self, reason: str) -> BadFrame:
        del self._buffer[0]
        return BadFrame(reason)
