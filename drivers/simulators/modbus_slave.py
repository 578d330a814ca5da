"""A Modbus RTU slave's side of the line: requests found in the stream, and answers from four tables.

Written from the Modbus specifications (Application Protocol V1.1b3, Serial Line V1.02), apart from the driver's codec.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

_SHORT = (1, 2, 3, 4, 5, 6)
_LONG = (15, 16)


class Refusal(Exception):
    """An exception answer with its code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exception {code}")
        self.code = code


def check(data: bytes) -> bytes:
    """The two bytes of the CRC, bit by bit: polynomial A001 from the low end, start FFFF, low byte first."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            carry = register & 1
            register >>= 1
            if carry:
                register ^= 0xA001
    return bytes((register & 0xFF, register >> 8))


class RequestReader:
    """Collects bytes; what does not check is skipped byte by byte, as a real slave does after a silence."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self.bad = 0

    def reset(self) -> None:
        """The line was silent: a request that was not whole by then never will be."""
        self.bad += bool(self._kept)
        self._kept.clear()

    @property
    def waiting(self) -> bool:
        """Whether a request has begun."""
        return bool(self._kept)

    def feed(self, data: bytes) -> list[bytes]:
        """Whole requests, without their CRC."""
        self._kept += data
        found: list[bytes] = []
        while len(self._kept) >= 8:
            size = self._size()
            if size == 0:
                break
            frame = bytes(self._kept[:size])
            if size > 0 and frame[-2:] == check(frame[:-2]):
                found.append(frame[:-2])
                del self._kept[:size]
            else:
                del self._kept[0]
        return found

    def _size(self) -> int:
        """Bytes of the request at the head; 0 while it is not whole, -1 when it is none."""
        function = self._kept[1]
        if function in _SHORT:
            return 8
        if function in _LONG:
            size = 9 + self._kept[6]
            return size if len(self._kept) >= size else 0
        return -1


@dataclass
class Tables:
    """What a slave holds."""

    coils: list[int] = field(default_factory=lambda: [0] * 16)
    inputs: list[int] = field(default_factory=lambda: [0] * 16)
    holding: list[int] = field(default_factory=lambda: [0] * 32)
    registers: list[int] = field(default_factory=lambda: [0] * 8)


class Slave:
    """Answers requests to ``unit``; ``written`` is told what was set: ("coil" or "holding", address, value)."""

    def __init__(self, unit: int, tables: Tables, written: Callable[[str, int, int], None]) -> None:
        self._unit = unit
        self.tables = tables
        self._written = written
        self.refuse: list[int] = []

    def answer(self, request: bytes) -> bytes | None:
        """The frame to send back; None for another slave's request, and for a broadcast."""
        unit, function = request[0], request[1]
        if unit not in (0, self._unit):
            return None
        try:
            if self.refuse:
                raise Refusal(self.refuse.pop(0))
            body = self._do(function, request[2:])
        except Refusal as refusal:
            body = bytes((function | 0x80, refusal.code))
        frame = bytes((self._unit,)) + body
        return frame + check(frame) if unit else None

    def _do(self, function: int, rest: bytes) -> bytes:
        place, second = int.from_bytes(rest[:2], "big"), int.from_bytes(rest[2:4], "big")
        if function in (1, 2):
            bits = self._part(self.tables.coils if function == 1 else self.tables.inputs, place, second, 2000)
            packed = [sum(bit << n for n, bit in enumerate(bits[i : i + 8])) for i in range(0, second, 8)]
            return bytes((function, len(packed), *packed))
        if function in (3, 4):
            table = self.tables.holding if function == 3 else self.tables.registers
            words = self._part(table, place, second, 125)
            return bytes((function, 2 * second)) + b"".join(word.to_bytes(2, "big") for word in words)
        if function == 5:
            if second not in (0, 0xFF00):
                raise Refusal(3)
            self._write("coil", place, [second >> 15])
            return bytes((function,)) + rest[:4]
        if function == 6:
            self._write("holding", place, [second])
            return bytes((function,)) + rest[:4]
        data = rest[5:]
        if function == 15:
            if len(data) != (second + 7) // 8:
                raise Refusal(3)
            self._write("coil", place, [data[n // 8] >> n % 8 & 1 for n in range(second)])
        else:
            if len(data) != 2 * second:
                raise Refusal(3)
            values = [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]
            self._write("holding", place, values)
        return bytes((function,)) + rest[:4]

    @staticmethod
    def _part(table: list[int], place: int, count: int, most: int) -> list[int]:
        if not 1 <= count <= most:
            raise Refusal(3)
        if place + count > len(table):
            raise Refusal(2)
        return table[place : place + count]

    def _write(self, kind: str, place: int, values: list[int]) -> None:
        table = self.tables.coils if kind == "coil" else self.tables.holding
        if not values or place + len(values) > len(table):
            raise Refusal(2 if values else 3)
        for address, value in enumerate(values, place):
            self._written(kind, address, value)
