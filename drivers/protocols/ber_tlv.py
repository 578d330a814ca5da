"""Data objects of ISO/IEC 7816-4 (BER-TLV): tag, length, value, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from drivers.errors import ProtocolError

LONGEST_TAG: Final = 3
"""Bytes of a tag (7816-4:2020, 6.3: cards use one, two or three)."""
LONGEST_VALUE: Final = 65535
_MORE_TAG: Final = 0x1F
_FILLERS: Final = (0x00,)
"""Bytes between objects that are none (7816-4:2020, 6.3); FF is one in the older edition, and is refused."""


@dataclass(frozen=True, slots=True)
class Item:
    """One data object. What it holds may be anybody's data, so ``repr`` does not show it."""

    tag: bytes
    value: bytes = field(repr=False)

    def encode(self) -> bytes:
        """The bytes, with the shortest length there is."""
        size = len(self.value)
        if size < 0x80:
            return self.tag + bytes((size,)) + self.value
        width = 1 if size < 0x100 else 2
        return self.tag + bytes((0x80 | width,)) + size.to_bytes(width, "big") + self.value


def items(data: bytes) -> Iterator[Item]:
    """The objects that ``data`` is made of, and nothing else; raise ``ProtocolError`` where it is not."""
    at = 0
    while at < len(data):
        if data[at] in _FILLERS:
            at += 1
            continue
        tag, at = _tag(data, at)
        size, at = _length(data, at)
        if at + size > len(data):
            raise ProtocolError("a data object of the card is longer than the card's answer")
        yield Item(tag, data[at : at + size])
        at += size


def by_tag(data: bytes) -> dict[bytes, bytes]:
    """The values by their tags; raise ``ProtocolError`` when two have the same, for nobody knows which is meant."""
    found: dict[bytes, bytes] = {}
    for item in items(data):
        if item.tag in found:
            raise ProtocolError(f"the card gave the data object {item.tag.hex().upper()} twice")
        found[item.tag] = item.value
    return found


def _tag(data: bytes, at: int) -> tuple[bytes, int]:
    end = at + 1
    if data[at] & _MORE_TAG == _MORE_TAG:
        while end < len(data) and data[end] & 0x80:
            end += 1
        end += 1
    if end > len(data) or end - at > LONGEST_TAG:
        raise ProtocolError("a data object of the card has no tag")
    return data[at:end], end


def _length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise ProtocolError("a data object of the card has no length")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    width = first & 0x7F
    if width not in (1, 2) or at + 1 + width > len(data):
        raise ProtocolError("a data object of the card has no usable length")
    return int.from_bytes(data[at + 1 : at + 1 + width], "big"), at + 1 + width
