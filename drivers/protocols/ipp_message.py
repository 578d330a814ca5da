"""IPP answers taken apart within bounds: a printer that sends nonsense gives an error, never a hang.

pyipp encodes our requests. Its parser reads lengths as signed numbers, and one negative length makes it
loop for ever; answers therefore come through here. Format: RFC 8010, 3.1 to 3.9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from drivers.errors import ProtocolError

JOB_GROUP: Final = 0x02
PRINTER_GROUP: Final = 0x04
_END: Final = 0x03
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_BEGIN_COLLECTION, _END_COLLECTION, _MEMBER = 0x34, 0x37, 0x4A
_TEXTS: Final = frozenset((*range(0x41, 0x4A), 0x30))
"""Strings without a language; RFC 8010, 3.5.2."""
MAX_ANSWER: Final = 1 << 20

Value = int | bool | str | None
Group = dict[str, "Value | list[Value]"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One IPP response: its status code and its groups in order, as (group tag, attributes)."""

    status: int
    request_id: int
    groups: tuple[tuple[int, Group], ...]

    def group(self, tag: int) -> list[Group]:
        """All groups with ``tag``."""
        return [attributes for found, attributes in self.groups if found == tag]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self._data):
            raise ProtocolError("the printer's answer ends in the middle; check its network")
        taken = self._data[self.at : self.at + count]
        self.at += count
        return taken

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "big")

    def sized(self) -> bytes:
        return self.take(self.number(2))


def decode(data: bytes) -> Answer:
    """The answer in ``data``; raise ``ProtocolError`` for anything that is not one."""
    if len(data) > MAX_ANSWER:
        raise ProtocolError("the printer's answer is larger than any answer; check its firmware")
    reader = _Reader(data)
    if reader.number(1) not in (1, 2):
        raise ProtocolError("the printer's answer is no IPP; check its address")
    reader.take(1)
    status, request_id = reader.number(2), reader.number(4)
    groups: list[tuple[int, Group]] = []
    last: str | None = None
    while (tag := reader.number(1)) != _END:
        if tag < 0x10:
            groups.append((tag, {}))
            last = None
        else:
            last = _attribute(reader, tag, groups, last)
    return Answer(status, request_id, tuple(groups))


def _attribute(reader: _Reader, tag: int, groups: list[tuple[int, Group]], last: str | None) -> str:
    name = reader.sized().decode("utf-8", "replace") or last
    raw = reader.sized()
    if name is None or not groups:
        raise ProtocolError("the printer's answer has a value without a name; check its firmware")
    value = _value(tag, raw)
    if tag == _BEGIN_COLLECTION:
        _skip_collection(reader)
    attributes = groups[-1][1]
    before = attributes.get(name)
    if name != last or name not in attributes:
        attributes[name] = value
    elif isinstance(before, list):
        before.append(value)
    else:
        attributes[name] = [before, value]
    return name


def _value(tag: int, raw: bytes) -> Value:
    if tag in (_INTEGER, _ENUM):
        return int.from_bytes(raw, "big", signed=True) if len(raw) == 4 else None
    if tag == _BOOLEAN:
        return raw != b"\x00" if len(raw) == 1 else None
    return raw.decode("utf-8", "replace") if tag in _TEXTS else None


def _skip_collection(reader: _Reader) -> None:
    """Pass over a collection, whose members we never ask for."""
    depth = 1
    while depth:
        tag = reader.number(1)
        if tag < 0x10:
            raise ProtocolError("the printer's answer has an open collection; check its firmware")
        reader.sized()
        reader.sized()
        depth += (tag == _BEGIN_COLLECTION) - (tag == _END_COLLECTION)
