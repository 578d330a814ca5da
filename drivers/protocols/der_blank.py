"""A DER object without what it says: its tags and lengths, its object identifiers and times, and nothing else.

It is taken byte by byte, as a card gives a certificate piece by piece, and stays one that can be parsed (X.690).
Whatever is no such object, or falls out of step, is zeros from there on: a text is full of bytes that look like tags.
"""

from __future__ import annotations

from typing import Final

_SEQUENCE: Final = 0x30
_KEPT: Final = frozenset({0x01, 0x05, 0x06, 0x17, 0x18})
"""BOOLEAN, NULL, OBJECT IDENTIFIER and the two kinds of time."""
_INTEGER: Final = 0x02
_TEXTS: Final = frozenset({0x0C, 0x13, 0x14, 0x16, 0x1E})
"""UTF8String, PrintableString, T61String, IA5String, BMPString."""
_BITS: Final = frozenset({0x03, 0x04})
_OF_PLACE: Final = frozenset({*range(0x80, 0x89), *range(0xA0, 0xA9)})
"""[0] to [8], as certificates (RFC 5280) have them."""
_INSIDE: Final = frozenset({_SEQUENCE, 0x31, *(tag for tag in _OF_PLACE if tag & 0x20)})
"""Tags with further objects inside."""
_TAGS: Final = _KEPT | _TEXTS | _BITS | _OF_PLACE | _INSIDE | {_INTEGER}
_LONGEST_LENGTH: Final = 4
"""Bytes of a length behind its first."""


class DerBlank:
    """One object; bytes behind its end, and behind whatever is none of a certificate, become zeros."""

    def __init__(self) -> None:
        self.taken = 0
        """Bytes so far."""
        self._tag = -1
        self._length: list[int] = []
        self._left = 0  # of the value under way
        self._size = 0
        self._ends: list[int] = []  # of the objects that are open, the outermost first
        self._over = False

    def feed(self, data: bytes) -> bytes:
        """As many bytes, blanked."""
        return bytes(map(self._byte, data))

    def _byte(self, byte: int) -> int:
        self.taken += 1
        if self._over:
            return 0
        if self._left:
            return self._value(byte)
        if self._tag < 0:
            return self._begin(byte)
        return self._lengthen(byte)

    def _begin(self, tag: int) -> int:
        if tag not in (_TAGS if self._ends else {_SEQUENCE}):
            return self._out_of_step()
        self._tag = tag
        return tag

    def _lengthen(self, byte: int) -> int:
        """The length is known: an object with others inside goes on with their tags."""
        self._length.append(byte)
        first, *rest = self._length
        if first == 0x80 or first & 0x80 and first & 0x7F > _LONGEST_LENGTH:
            return self._out_of_step()
        if first & 0x80 and len(rest) < first & 0x7F:
            return byte
        size = int.from_bytes(bytes(rest), "big") if rest else first
        end = self.taken + size
        if self._ends and end > self._ends[-1]:
            return self._out_of_step()
        self._length = []
        if self._tag in _INSIDE:
            self._tag = -1
            self._ends.append(end)
            self._close()
        elif size:
            self._left = self._size = size
        else:
            self._tag = -1
            self._close()
        return byte

    def _value(self, byte: int) -> int:
        tag = self._tag
        self._left -= 1
        if not self._left:
            self._tag = -1
            self._close()
        if tag in _KEPT or (tag == _INTEGER and self._size == 1):
            return byte
        return ord("X") if tag in _TEXTS else 1 if tag == _INTEGER else 0

    def _close(self) -> None:
        """Leave every object that ends here."""
        while self._ends and self._ends[-1] == self.taken:
            self._ends.pop()
        self._over = not self._ends

    def _out_of_step(self) -> int:
        self._over = True
        return 0
