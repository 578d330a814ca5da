"""Frames of the ID card reader's security module (SDT/SAM_V), so that a torn line never gives a value.

A request is ``AA AA AA 96 69 · LEN(2) · CMD · PARA · data · CHK``, a reply carries three status bytes in
place of CMD and PARA. LEN counts everything behind it with CHK; CHK is the XOR from LEN to the last data
byte. Source: the domain note, section 3 (frames seen in several public readers, checksums recomputed).
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final

PREAMBLE: Final = b"\xaa\xaa\xaa\x96\x69"
MIN_REPLY: Final = 4
"""Three status bytes and the check."""
MAX_REPLY: Final = 0x090A
"""Text, photo and a finger block: the longest reply a module gives."""


class Command(enum.Enum):
    """What is asked of the module, as (CMD, PARA).

    A module can also give the finger block (30 10) and the newest address (30 03). No service needs either, so
    neither is ever read from a card.
    """

    STATUS = (0x11, 0xFF)
    RESET = (0x10, 0xFF)
    SAM_ID = (0x12, 0xFF)
    FIND = (0x20, 0x01)
    SELECT = (0x20, 0x02)
    READ_BASE = (0x30, 0x01)


def checksum(data: bytes) -> int:
    """XOR of all bytes."""
    return reduce(xor, data, 0)


def encode(command: Command, data: bytes = b"") -> bytes:
    """The request frame of ``command``."""
    body = bytes(command.value) + data
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes((checksum(counted),))


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply whose check was right: the third status byte and the data behind it."""

    sw: int
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class BadFrame:
    """Something that began like a reply and was not one: the request may be sent again."""

    reason: str


class Deframer:
    """Finds replies in a stream of bytes cut anywhere; garbage in between is dropped.

    After a bad frame the search goes on one byte behind its preamble, since a good frame may have begun
    inside it.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def pending(self) -> int:
        """Bytes held back because a frame is not complete."""
        return len(self._buffer)

    def reset(self) -> None:
        """Forget a half frame, before a new request is sent."""
        self._buffer.clear()

    def feed(self, chunk: bytes) -> list[Reply | BadFrame]:
        """Take ``chunk`` and give all that is complete with it, in order."""
        self._buffer += chunk
        return list(self._frames())

    def _frames(self) -> Iterator[Reply | BadFrame]:
        buffer = self._buffer
        while True:
            start = buffer.find(PREAMBLE)
            if start < 0:
                # The last four bytes may be the beginning of a preamble.
                del buffer[: max(0, len(buffer) - len(PREAMBLE) + 1)]
                return
            del buffer[:start]
            found = self._first()
            if found is None:
                return
            yield found

    def _first(self) -> Reply | BadFrame | None:
        """The frame at the head of the buffer, or None while bytes are missing."""
        buffer = self._buffer
        if len(buffer) < 7:
            return None
        length = int.from_bytes(buffer[5:7], "big")
        if not MIN_REPLY <= length <= MAX_REPLY:
            del buffer[:1]
            return BadFrame("length")
        if len(buffer) < 7 + length:
            return None
        counted = bytes(buffer[5 : 6 + length])
        if checksum(counted) != buffer[6 + length]:
            del buffer[:1]
            return BadFrame("check")
        if counted[2:4] != b"\x00\x00":
            del buffer[:1]
            return BadFrame("status")
        del buffer[: 7 + length]
        return Reply(counted[4], counted[5:])


def sam_id_text(data: bytes) -> str:
    """The module's number as it is printed, ``05.01-20120101-0000012345-0123456789``, from its 16 bytes."""
    if len(data) != 16:
        raise ValueError(f"a SAM id has 16 bytes, not {len(data)}")
    words = [int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12)]
    return f"{data[0]:02X}.{data[2]:02X}-{words[0]}-{words[1]:010d}-{words[2]:010d}"


TEXT_BYTES: Final = 256
PHOTO_BYTES: Final = 1024
_HEAD: Final = 4
"""The two lengths."""


@dataclass(frozen=True, slots=True)
class CardBlocks:
    """The blocks of a read."""

    text: bytes
    photo: bytes


def card_blocks(data: bytes) -> CardBlocks | None:
    """Take the data of a read-base reply apart; None when its inner lengths do not agree with its size."""
    text, photo = int.from_bytes(data[0:2], "big"), int.from_bytes(data[2:4], "big")
    if (text, photo, len(data)) != (TEXT_BYTES, PHOTO_BYTES, _HEAD + TEXT_BYTES + PHOTO_BYTES):
        return None
    return CardBlocks(data[_HEAD : _HEAD + TEXT_BYTES], data[_HEAD + TEXT_BYTES :])
