"""A DER object without what it says: its tags and lengths, its object identifiers and times, and nothing else.

It is taken byte by byte, as a card gives a certificate piece by piece, and stays one that can be parsed (X.690).
"""

from __future__ import annotations

from typing import Final

_CONSTRUCTED: Final = 0x20
_KEPT: Final = frozenset({0x01, 0x05, 0x06, 0x17, 0x18})
"""BOOLEAN, NULL, OBJECT IDENTIFIER and the two kinds of time."""
_INTEGER: Final = 0x02
_TEXTS: Final = frozenset({0x0C, 0x13, 0x14, 0x16})
"""UTF8String, PrintableString, T61String, IA5String."""


class DerBlank:
    """One object; bytes behind its end become zeros."""

    def __init__(self) -> None:
        self._tag = -1
        self._length: list[int] = []
        self._left = 0  # of the value under way
        self._whole = -1  # of the outermost object
        self._size = 0

    def feed(self, data: bytes) -> bytes:
        """As many bytes, blanked."""
        return bytes(map(self._byte, data))

    def _byte(self, byte: int) -> int:
        if self._whole == 0:
            return 0
        self._whole -= self._whole > 0
        if self._left:
            return self._value(byte)
        if self._tag < 0:
            self._tag = byte
            return byte
        self._length.append(byte)
        if self._length[0] < 0x80 or len(self._length) > self._length[0] & 0x7F:
            self._begin()
        return byte

    def _begin(self) -> None:
        """The length is known: a constructed object goes on with the tags inside it."""
        first, *rest = self._length
        size = int.from_bytes(bytes(rest), "big") if rest else first
        self._length = []
        if self._whole < 0:
            self._whole = size
        if self._tag & _CONSTRUCTED or not size:
            self._tag = -1
        else:
            self._left = self._size = size

    def _value(self, byte: int) -> int:
        tag = self._tag
        self._left -= 1
        if not self._left:
            self._tag = -1
        if tag in _KEPT or (tag == _INTEGER and self._size == 1):
            return byte
        return ord("X") if tag in _TEXTS else 1 if tag == _INTEGER else 0
