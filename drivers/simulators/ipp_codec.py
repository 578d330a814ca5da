"""IPP messages as bytes (RFC 8010): what the simulated printer reads and writes."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

OPERATION, JOB, END, PRINTER, UNSUPPORTED = 0x01, 0x02, 0x03, 0x04, 0x05

INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23
DATE_TIME, RESOLUTION, RANGE = 0x31, 0x32, 0x33
TEXT_LANG, NAME_LANG = 0x35, 0x36
TEXT, NAME, KEYWORD, URI, SCHEME, CHARSET, LANGUAGE, MIME = 0x41, 0x42, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49
NO_VALUE = 0x13


class BadMessage(Exception):
    """The bytes are no IPP message."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value with its syntax tag; ``data`` is int, bool, str, datetime, tuple or bytes by the tag."""

    tag: int
    data: object


Attributes = dict[str, list[Value]]


@dataclass(slots=True)
class Message:
    """A request or response: ``code`` is the operation or the status."""

    version: tuple[int, int]
    code: int
    request_id: int
    groups: list[tuple[int, Attributes]] = field(default_factory=list)
    document: bytes = b""

    def group(self, tag: int) -> Attributes:
        """The first group of that tag; empty when there is none."""
        return next((attributes for found, attributes in self.groups if found == tag), {})

    def text(self, name: str, group: int = OPERATION) -> str | None:
        """The first value of an attribute as text, None when absent."""
        values = self.group(group).get(name)
        return str(values[0].data) if values else None

    def number(self, name: str, group: int = OPERATION) -> int | None:
        """The first value of an attribute as a number, None when absent or none."""
        values = self.group(group).get(name)
        return values[0].data if values and isinstance(values[0].data, int) else None


def decode(raw: bytes) -> Message:
    """The message in ``raw``; raise ``BadMessage``."""
    if len(raw) < 9:
        raise BadMessage("shorter than a header")
    major, minor, code, request_id = struct.unpack_from(">BBHI", raw)
    message = Message((major, minor), code, request_id)
    at, current, last = 8, Attributes(), ""
    while True:
        if at >= len(raw):
            raise BadMessage("no end of attributes")
        tag = raw[at]
        at += 1
        if tag == END:
            break
        if tag < 0x10:
            current, last = Attributes(), ""
            message.groups.append((tag, current))
            continue
        name, at = _counted(raw, at)
        data, at = _counted(raw, at)
        if name:
            last = name.decode("ascii", "replace")
        if not last or not message.groups:
            raise BadMessage("a value without a name or group")
        current.setdefault(last, []).append(Value(tag, _read(tag, data)))
    message.document = raw[at:]
    return message


def _counted(raw: bytes, at: int) -> tuple[bytes, int]:
    if at + 2 > len(raw):
        raise BadMessage("cut in a length")
    length = int.from_bytes(raw[at : at + 2], "big")
    if at + 2 + length > len(raw):
        raise BadMessage("cut in a value")
    return raw[at + 2 : at + 2 + length], at + 2 + length


def _read(tag: int, data: bytes) -> object:
    if tag in (INTEGER, ENUM) and len(data) == 4:
        return int.from_bytes(data, "big", signed=True)
    if tag == BOOLEAN and len(data) == 1:
        return data != b"\0"
    if tag == RANGE and len(data) == 8:
        return struct.unpack(">ii", data)
    if tag in (TEXT_LANG, NAME_LANG):
        _, at = _counted(data, 0)
        return _counted(data, at)[0].decode("utf-8", "replace")
    if 0x40 <= tag < 0x60:
        return data.decode("utf-8", "replace")
    return data


def encode(message: Message) -> bytes:
    """The bytes of ``message``."""
    out = bytearray(struct.pack(">BBHI", *message.version, message.code, message.request_id))
    for tag, attributes in message.groups:
        out.append(tag)
        for name, values in attributes.items():
            for place, value in enumerate(values):
                label = name.encode("ascii") if place == 0 else b""
                data = _write(value)
                out += (
                    bytes([value.tag])
                    + struct.pack(">H", len(label))
                    + label
                    + struct.pack(">H", len(data))
                    + data
                )
    return bytes(out) + bytes([END]) + message.document


def _write(value: Value) -> bytes:
    data = value.data
    if isinstance(data, bool):
        return b"\1" if data else b"\0"
    if isinstance(data, int):
        return struct.pack(">i", data)
    if isinstance(data, datetime):
        zone = data.utcoffset()
        minutes = int(zone.total_seconds() // 60) if zone else 0
        sign = b"+" if minutes >= 0 else b"-"
        day = struct.pack(">HBBBBBB", data.year, data.month, data.day, data.hour, data.minute, data.second, 0)
        return day + sign + bytes(divmod(abs(minutes), 60))
    if isinstance(data, tuple):
        return struct.pack(">ii" + "b" * (len(data) - 2), *data)
    return data if isinstance(data, bytes) else str(data).encode("utf-8")


def values(tag: int, *data: object) -> list[Value]:
    """Values of one syntax."""
    return [Value(tag, one) for one in data]


def pick(attributes: Mapping[str, list[Value]], wanted: Iterable[str] | None) -> Attributes:
    """The attributes named in ``wanted``; all when None."""
    if wanted is None:
        return dict(attributes)
    names = set(wanted)
    return {name: list(found) for name, found in attributes.items() if name in names}
