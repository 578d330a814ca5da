"""Frames of the invoice dispenser as the unit sends and takes them.

``STX SEQ LEN(2 hex) BODY ETX CRC(4 hex)``; the check is CRC-16/CCITT-FALSE over SEQ to ETX. Written from
the protocol's text, apart from the driver's codec.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

STX, ETX, ACK, NAK = 0x02, 0x03, 0x06, 0x15
EVENT_SEQ = 0x1F
_HEX = b"0123456789ABCDEF"


@dataclass(frozen=True, slots=True)
class Frame:
    """A good frame from the host."""

    seq: int
    body: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A frame with a wrong check or shape; the answer is NAK."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A lone ACK (``good``) or NAK from the host."""

    good: bool


Heard = Frame | Broken | Acknowledged


def crc(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: start FFFF, polynomial 1021, not reflected."""
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def build(seq: int, body: str) -> bytes:
    """One frame of the unit."""
    checked = bytes([seq]) + f"{len(body):02X}{body}".encode("ascii") + bytes([ETX])
    return bytes([STX]) + checked + f"{crc(checked):04X}".encode("ascii")


class FrameReader:
    """Collects bytes; noise between frames is skipped."""

    def __init__(self) -> None:
        self._kept = bytearray()

    @property
    def waiting(self) -> bool:
        """True while a frame has begun and not ended."""
        return bool(self._kept)

    def reset(self) -> None:
        """Forget a frame that never ended."""
        self._kept.clear()

    def feed(self, data: bytes) -> Iterator[Heard]:
        """What ``data`` completes, in order."""
        for byte in data:
            if not self._kept:
                if byte == STX:
                    self._kept.append(byte)
                elif byte in (ACK, NAK):
                    yield Acknowledged(byte == ACK)
                continue
            if byte == STX:  # only ever the first byte of a frame: the one before was cut
                self._kept[:] = [STX]
                yield Broken()
                continue
            self._kept.append(byte)
            heard = self._examine()
            if heard is not None:
                self._kept.clear()
                yield heard

    def _examine(self) -> Heard | None:
        """The frame in hand, once it is whole or known to be broken."""
        kept = self._kept
        if len(kept) < 4:
            return None
        if kept[2] not in _HEX or kept[3] not in _HEX:
            return Broken()
        length = int(kept[2:4], 16)
        if len(kept) < length + 9:
            return None
        checked, given = bytes(kept[1 : length + 5]), bytes(kept[length + 5 :])
        body = bytes(kept[4 : length + 4])
        good = (
            checked[-1] == ETX and given == f"{crc(checked):04X}".encode("ascii") and 0x20 <= kept[1] <= 0x7F
        )
        if not good or not body.isascii():
            return Broken()
        return Frame(kept[1], body.decode("ascii"))
