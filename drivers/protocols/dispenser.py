"""Frames of the paper-invoice dispenser: whole and right, or not there at all.

``STX · SEQ · LEN(2 hex) · BODY · ETX · CRC(4 hex)``, the CRC-16/CCITT-FALSE over SEQ to ETX; ACK and NAK
stand alone. The protocol is described in docs/dispenser-protocol.md.
"""

from __future__ import annotations

import contextlib
import enum
import re
from binascii import crc_hqx
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from drivers.errors import ProtocolError

_T = TypeVar("_T")

STX: Final = 0x02
ETX: Final = 0x03
ACK: Final = 0x06
NAK: Final = 0x15
UNSOLICITED: Final = 0x1F
"""The SEQ of what the unit says of itself."""
FIRST_SEQ: Final = 0x20
LAST_SEQ: Final = 0x7F
MAX_BODY: Final = 0xFF
_HEAD: Final = 4  # STX, SEQ, LEN
_TAIL: Final = 5  # ETX, CRC
_FIRST: Final = re.compile(b"[%c%c%c]" % (STX, ACK, NAK))
"""What a frame or a signal begins with; all else outside a frame is noise."""
_HEX: Final = frozenset(b"0123456789ABCDEF")


class Signal(enum.Enum):
    """The single-byte answers to a frame."""

    ACK = ACK
    NAK = NAK


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose check was right."""

    seq: int
    body: str

    @property
    def unsolicited(self) -> bool:
        """Whether the unit sent it by itself."""
        return self.seq == UNSOLICITED


@dataclass(frozen=True, slots=True)
class BadFrame:
    """Something that began like a frame and was not one: answer NAK."""

    reason: str


Heard = Frame | BadFrame | Signal


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, no reflection; ``123456789`` gives 0x29B1."""
    return crc_hqx(data, 0xFFFF)


def encode(seq: int, body: str) -> bytes:
    """The frame of ``body``; raise ``ValueError`` for a SEQ or a body the protocol does not have."""
    raw = body.encode("ascii")
    if not UNSOLICITED <= seq <= LAST_SEQ:
        raise ValueError(f"SEQ is 0x1F to 0x7F, not {seq:#x}")
    if not raw or len(raw) > MAX_BODY or not all(0x20 <= byte <= 0x7E for byte in raw):
        raise ValueError("a body has 1 to 255 printable ASCII characters")
    checked = bytes((seq,)) + b"%02X" % len(raw) + raw + bytes((ETX,))
    return bytes((STX,)) + checked + b"%04X" % crc16(checked)


def first_body(stream: bytes, read: Callable[[str], _T]) -> _T | None:
    """What ``read`` makes of the first body that it takes; one that raises ``ProtocolError`` is passed over."""
    for heard in Deframer().feed(stream):
        if isinstance(heard, Frame):
            with contextlib.suppress(ProtocolError):
                return read(heard.body)
    return None


def next_seq(seq: int) -> int:
    """The host counter behind ``seq``."""
    return FIRST_SEQ if seq >= LAST_SEQ or seq < FIRST_SEQ else seq + 1


class Deframer:
    """Finds frames and signals in a stream cut anywhere.

    No byte of a good frame but its first is STX, so an STX always begins anew; after a bad frame the search
    goes on behind its STX.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def pending(self) -> int:
        """Bytes of a frame that is not complete."""
        return len(self._buffer)

    def reset(self) -> None:
        """Forget a half frame, after the line has been silent for longer than a frame takes."""
        self._buffer.clear()

    def feed(self, chunk: bytes) -> list[Heard]:
        """Take ``chunk`` and give all that is complete with it, in order."""
        self._buffer += chunk
        return list(self._all())

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
        again = buffer.find(STX, 1, _HEAD + MAX_BODY + _TAIL)
        if 0 < again < _HEAD or len(buffer) < _HEAD:
            return self._cut(again)
        if not UNSOLICITED <= buffer[1] <= LAST_SEQ or not _HEX.issuperset(buffer[2:4]):
            return self._bad("head")
        size = int(bytes(buffer[2:4]), 16)
        whole = _HEAD + size + _TAIL
        if size == 0:
            return self._bad("length")
        if 0 < again < whole or len(buffer) < whole:
            return self._cut(again)
        body, etx = bytes(buffer[_HEAD : _HEAD + size]), buffer[_HEAD + size]
        crc = bytes(buffer[_HEAD + size + 1 : whole])
        if etx != ETX or not _HEX.issuperset(crc) or not all(0x20 <= byte <= 0x7E for byte in body):
            return self._bad("form")
        if int(crc, 16) != crc16(bytes(buffer[1 : _HEAD + size + 1])):
            return self._bad("check")
        frame = Frame(buffer[1], body.decode("ascii"))
        del buffer[:whole]
        return frame

    def _cut(self, again: int) -> BadFrame | None:
        """A frame without its end: bad when another STX follows, else not complete yet."""
        return None if again < 0 else self._bad("cut")

    def _bad(self, reason: str) -> BadFrame:
        del self._buffer[0]
        return BadFrame(reason)
