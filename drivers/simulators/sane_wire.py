"""The scanner's side of the SANE network protocol: the SANE standard, version 1.06, chapter 5.

Words are four bytes, the highest first. A string has its length with the null at its end in front, 0 for none.
A pointer has a word in front that is 1 for null. An array has its length in front.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WORD: Final = struct.Struct(">i")
LITTLE_ENDIAN: Final = 0x1234
END: Final = b"\xff\xff\xff\xff"
"""In place of a record's length: the frame is over, one byte says how."""
_MOST: Final = 1 << 16

INIT, GET_DEVICES, OPEN, CLOSE, GET_OPTIONS, CONTROL, GET_PARAMETERS, START, CANCEL, AUTHORIZE, EXIT = range(
    11
)
GET, SET, AUTO = range(3)
BOOL, INT, FIXED, STRING, BUTTON, GROUP = range(6)
NO_UNIT, PIXEL, BIT, MM, DPI = range(5)
NO_LIMIT, RANGE, WORDS, STRINGS = range(4)
SOFT_SELECT, SOFT_DETECT, INACTIVE = 1, 4, 32
FIXED_SCALE: Final = 1 << 16

STATUSES: Final = {
    "GOOD": 0,
    "UNSUPPORTED": 1,
    "CANCELLED": 2,
    "DEVICE_BUSY": 3,
    "INVAL": 4,
    "EOF": 5,
    "JAMMED": 6,
    "NO_DOCS": 7,
    "COVER_OPEN": 8,
    "IO_ERROR": 9,
    "NO_MEM": 10,
    "ACCESS_DENIED": 11,
}
VERSION: Final = 1 << 24 | 3
"""SANE 1, and 3 as the protocol's build: what daemons of the last twenty years say."""

Value = int | float | str | bool | None


class WireError(Exception):
    """The client sent what is not of this protocol."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option's description. ``allowed``: words or strings; ``limits``: least, greatest, step."""

    name: str
    kind: int
    title: str = ""
    unit: int = NO_UNIT
    size: int = 4
    caps: int = SOFT_SELECT | SOFT_DETECT
    allowed: Sequence[str | int] = ()
    limits: tuple[float, float, float] | None = None

    def word(self, value: float) -> int:
        """A number as it travels."""
        return round(value * FIXED_SCALE) if self.kind == FIXED else int(value)

    def packed(self) -> bytes:
        """The description as it travels."""
        head = text(self.name) + text(self.title or self.name) + text("") + word(self.kind)
        head += word(self.unit) + word(self.size) + word(self.caps)
        if self.limits is not None:
            return head + word(RANGE) + word(0) + b"".join(word(self.word(limit)) for limit in self.limits)
        if self.kind == STRING and self.allowed:
            # The array ends with a null string, which is counted.
            strings = b"".join(text(str(one)) for one in self.allowed) + word(0)
            return head + word(STRINGS) + word(len(self.allowed) + 1) + strings
        if self.allowed:
            # The first element of a word list is its length.
            words = b"".join(word(self.word(int(one))) for one in self.allowed)
            return head + word(WORDS) + word(len(self.allowed) + 1) + word(len(self.allowed)) + words
        return head + word(NO_LIMIT)


def word(value: int) -> bytes:
    """A SANE_Word."""
    return _WORD.pack(value)


def text(value: str | None) -> bytes:
    """A string, None for null."""
    if value is None:
        return word(0)
    data = value.encode() + b"\0"
    return word(len(data)) + data


def value_packed(option: Option, value: Value, size: int) -> bytes:
    """Type, size and value of a control reply; a string fills the size it was asked in."""
    head = word(option.kind) + word(size)
    if option.kind in (BUTTON, GROUP):
        return head + word(0)
    if option.kind == STRING:
        data = str(value or "").encode()[: max(0, size - 1)]
        return head + word(size) + data.ljust(size, b"\0")
    words = word(option.word(float(value or 0)))
    return head + word(size // 4) + words.ljust(size, b"\0")


class Requests:
    """Reads what a client asks."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    async def word(self) -> int:
        """A SANE_Word; raise ``IncompleteReadError`` at the end of the stream."""
        found: int = _WORD.unpack(await self._reader.readexactly(4))[0]
        return found

    async def text(self) -> str:
        """A string; empty for null. Raise ``WireError`` for one without end."""
        length = await self.word()
        if not 0 <= length <= _MOST:
            raise WireError(f"a string of {length} bytes")
        data = await self._reader.readexactly(length)
        return data.split(b"\0")[0].decode("utf-8", "replace")

    async def value(self) -> tuple[int, Value, int]:
        """Type, value and size of a control request."""
        kind, size, count = await self.word(), await self.word(), None
        if not 0 <= size <= _MOST:
            raise WireError(f"a value of {size} bytes")
        count = await self.word()
        if not 0 <= count <= _MOST:
            raise WireError(f"a value of {count} parts")
        if kind == STRING:
            data = await self._reader.readexactly(count)
            return kind, data.split(b"\0")[0].decode("utf-8", "replace"), size
        words = [await self.word() for _ in range(count)]
        if not words:
            return kind, None, size
        return kind, words[0] / FIXED_SCALE if kind == FIXED else words[0], size
