"""Frames and fields of the POS line as the terminal sends and takes them.

``STX LEN(2 BCD) DATA ETX LRC``, DATA ``letter kind(2) seq(3)`` and fields ``tag(2) length(3) value``. Written from
docs/pos-ecr.md, apart from the driver's codec.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

STX, ETX, ACK, NAK = 0x02, 0x03, 0x06, 0x15
LONGEST: Final = 1024
TAGS: Final = {
    "reference": "01", "original": "02", "amount": "03", "channel": "04", "code": "10", "text": "11",
    "state": "12", "result": "13", "operation": "14", "card": "15", "entry": "16", "issuer": "17",
    "trace": "18", "batch": "19", "rrn": "1A", "auth": "1B", "terminal": "1C", "merchant": "1D", "at": "1E",
    "stage": "20", "model": "30", "serial": "31", "firmware": "32", "host": "33", "open": "34", "paper": "35",
    "busy": "36", "saleCount": "40", "saleAmount": "41", "voidCount": "42", "voidAmount": "43",
    "refundCount": "44", "refundAmount": "45",
}  # fmt: skip
_NAMES: Final = {tag: name for name, tag in TAGS.items()}


@dataclass(frozen=True, slots=True)
class Question:
    """A good frame from the host."""

    kind: str
    seq: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A frame with a wrong check or shape; the answer is NAK."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A lone ACK (``good``) or NAK from the host."""

    good: bool


Heard = Question | Broken | Acknowledged


def check(data: bytes) -> int:
    """The XOR of all bytes."""
    value = 0
    for byte in data:
        value ^= byte
    return value


def build(letter: str, kind: str, seq: str, values: Mapping[str, object]) -> bytes:
    """One frame of the terminal; fields that are None are left out."""
    data = f"{letter}{kind}{seq}".encode("ascii")
    for name, value in values.items():
        if value is not None:
            raw = str(value).encode("gb18030")
            data += f"{TAGS[name]}{len(raw):03d}".encode("ascii") + raw
    checked = bytes.fromhex(f"{len(data):04d}") + data + bytes([ETX])
    return bytes([STX]) + checked + bytes([check(checked)])


class FrameReader:
    """Collects bytes; noise between frames is skipped."""

    def __init__(self) -> None:
        self._kept = bytearray()

    @property
    def waiting(self) -> bool:
        """Whether half a frame is there."""
        return bool(self._kept)

    def reset(self) -> None:
        """Forget half a frame."""
        self._kept.clear()

    def feed(self, data: bytes) -> Iterator[Heard]:
        """All that is complete with ``data``."""
        self._kept += data
        while self._kept:
            first = self._kept[0]
            if first in (ACK, NAK):
                del self._kept[0]
                yield Acknowledged(first == ACK)
            elif first != STX:
                del self._kept[0]
            elif len(self._kept) < 3:
                return
            else:
                found = self._frame()
                if found is None:
                    return
                yield found

    def _frame(self) -> Heard | None:
        length = bytes(self._kept[1:3]).hex()
        if not length.isdigit() or not 0 < int(length) <= LONGEST:
            del self._kept[0]
            return Broken()
        end = 3 + int(length)
        if len(self._kept) < end + 2:
            return None
        data, tail = bytes(self._kept[3:end]), bytes(self._kept[end : end + 2])
        if tail != bytes([ETX, check(bytes(self._kept[1 : end + 1]))]):
            del self._kept[0]
            return Broken()
        del self._kept[: end + 2]
        return _question(data)


def _question(data: bytes) -> Heard:
    values, place = {}, 6
    try:
        letter, kind, seq = chr(data[0]), data[1:3].decode("ascii"), data[3:6].decode("ascii")
        while place < len(data):
            tag, length = data[place : place + 2].decode("ascii"), int(data[place + 2 : place + 5])
            values[_NAMES[tag]] = data[place + 5 : place + 5 + length].decode("gb18030")
            place += 5 + length
    except (IndexError, KeyError, ValueError):
        return Broken()
    return Question(kind, seq, values) if letter == "Q" and place == len(data) else Broken()
