"""Modbus RTU as the master speaks it: requests as bytes, and the one reply found in a noisy stream.

Source: MODBUS Application Protocol Specification V1.1b3 (function codes, clause 6; exceptions, clause 7) and
MODBUS over Serial Line V1.02 (RTU frame and CRC, clause 2.5.1), modbus.org.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_BITS: Final = 2000
"""A read of coils or discrete inputs has at most so many (V1.1b3, 6.1)."""
MOST_REGISTERS: Final = 125
"""A read of registers has at most so many (V1.1b3, 6.3)."""
MOST_WRITTEN_BITS: Final = 1968
MOST_WRITTEN_REGISTERS: Final = 123
_KEPT: Final = 1024
"""Bytes of noise looked through: four times the longest frame (256, serial line V1.02, 2.5.1)."""
_REFUSED: Final = 0x80
_ON: Final = 0xFF00
"""A single coil is switched on by this word and off by 0 (V1.1b3, 6.5)."""


class Function(enum.IntEnum):
    """The function codes used here."""

    READ_COILS = 1
    READ_DISCRETE_INPUTS = 2
    READ_HOLDING_REGISTERS = 3
    READ_INPUT_REGISTERS = 4
    WRITE_COIL = 5
    WRITE_REGISTER = 6
    WRITE_COILS = 15
    WRITE_REGISTERS = 16


class ExceptionCode(enum.IntEnum):
    """Why a slave refuses (V1.1b3, clause 7)."""

    ILLEGAL_FUNCTION = 1
    ILLEGAL_ADDRESS = 2
    ILLEGAL_VALUE = 3
    DEVICE_FAILURE = 4
    ACKNOWLEDGE = 5
    BUSY = 6
    PARITY_ERROR = 8
    NO_GATEWAY_PATH = 10
    NO_GATEWAY_TARGET = 11


_BITS: Final = frozenset({Function.READ_COILS, Function.READ_DISCRETE_INPUTS})
_READS: Final = _BITS | {Function.READ_HOLDING_REGISTERS, Function.READ_INPUT_REGISTERS}
_LIMITS: Final = {
    Function.READ_COILS: MOST_BITS,
    Function.READ_DISCRETE_INPUTS: MOST_BITS,
    Function.READ_HOLDING_REGISTERS: MOST_REGISTERS,
    Function.READ_INPUT_REGISTERS: MOST_REGISTERS,
    Function.WRITE_COIL: 1,
    Function.WRITE_REGISTER: 1,
    Function.WRITE_COILS: MOST_WRITTEN_BITS,
    Function.WRITE_REGISTERS: MOST_WRITTEN_REGISTERS,
}


def _table() -> tuple[int, ...]:
    rows = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
        rows.append(value)
    return tuple(rows)


_CRC: Final = _table()


def crc16(data: bytes) -> int:
    """CRC-16/MODBUS: polynomial 0x8005 reflected, start 0xFFFF; ``123456789`` gives 0x4B37."""
    value = 0xFFFF
    for byte in data:
        value = value >> 8 ^ _CRC[(value ^ byte) & 0xFF]
    return value


def sealed(body: bytes) -> bytes:
    """``body`` with its CRC behind it, low byte first."""
    return body + crc16(body).to_bytes(2, "little")


@dataclass(frozen=True, slots=True)
class Request:
    """One question or order to the slave ``unit``; ``values`` are what is written. Raise ``ValueError``.

    Addresses count from 0, as on the wire; a manual that counts from 1 or 40001 names one more.
    """

    unit: int
    function: Function
    address: int
    count: int = 1
    values: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.unit <= 247:
            raise ValueError(f"a slave's address is 1 to 247, not {self.unit}")
        if not 1 <= self.count <= _LIMITS[self.function]:
            raise ValueError(f"{self.function.name} takes 1 to {_LIMITS[self.function]}, not {self.count}")
        if self.address < 0 or self.address + self.count > 0x10000:
            raise ValueError("addresses are 0 to 65535")
        if len(self.values) != (0 if self.reads else self.count):
            raise ValueError("what is written has as many values as it says")
        most = 1 if self.function in (Function.WRITE_COIL, Function.WRITE_COILS) else 0xFFFF
        if not all(0 <= value <= most for value in self.values):
            raise ValueError(f"values are 0 to {most}")

    @classmethod
    def writing(cls, unit: int, function: Function, address: int, values: Sequence[int]) -> Request:
        """The order to write ``values`` from ``address`` on."""
        return cls(unit, function, address, len(values), tuple(values))

    @property
    def reads(self) -> bool:
        """Whether it asks for values."""
        return self.function in _READS

    def encode(self) -> bytes:
        """The frame."""
        return sealed(bytes((self.unit, self.function)) + self._body())

    def _body(self) -> bytes:
        place = self.address.to_bytes(2, "big")
        if self.function is Function.WRITE_COIL:
            return place + (_ON if self.values[0] else 0).to_bytes(2, "big")
        if self.function is Function.WRITE_REGISTER:
            return place + self.values[0].to_bytes(2, "big")
        head = place + self.count.to_bytes(2, "big")
        if self.reads:
            return head
        data = _packed(self.values) if self.function is Function.WRITE_COILS else _words(self.values)
        return head + bytes((len(data),)) + data

    @property
    def reply_bytes(self) -> int:
        """How many bytes of data the reply to a read has."""
        return (self.count + 7) // 8 if self.function in _BITS else 2 * self.count


@dataclass(frozen=True, slots=True)
class Answered:
    """The slave did it; the values of a read."""

    values: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The slave refuses; ``code`` is one of ``ExceptionCode`` or a maker's own."""

    code: int


Reply = Answered | Refused


class Receiver:
    """Finds the reply to one request, wherever it begins in what comes in.

    RTU marks a frame's end by silence only, which no USB adapter keeps. So the frame is known by what it must be:
    slave, function, length and, for a write, the very address and value, with a good CRC behind them.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._buffer = bytearray()

    @property
    def heard(self) -> bool:
        """Whether anything came that is no reply."""
        return bool(self._buffer)

    def feed(self, chunk: bytes) -> Reply | None:
        """Take ``chunk``; the reply once it is whole."""
        self._buffer += chunk
        del self._buffer[:-_KEPT]
        unit, end = bytes((self._request.unit,)), len(self._buffer) - 4
        start = -1
        while (start := self._buffer.find(unit, start + 1, max(0, end))) >= 0:
            found = self._at(start)
            if found is not None:
                return found
        return None

    def _at(self, start: int) -> Reply | None:
        """The reply that begins with the slave at ``start``, if there is a whole one."""
        request, buffer = self._request, self._buffer
        if buffer[start + 1] == request.function | _REFUSED:
            frame = self._whole(start, 5)
            return Refused(frame[2]) if frame else None
        if buffer[start + 1] != request.function:
            return None
        if request.reads:
            size = request.reply_bytes
            frame = self._whole(start, 5 + size) if buffer[start + 2] == size else None
            return Answered(self._values(frame[3:-2])) if frame else None
        frame = self._whole(start, 8)
        return Answered() if frame and frame[:6] == request.encode()[:6] else None

    def _whole(self, start: int, size: int) -> bytes | None:
        frame = bytes(self._buffer[start : start + size])
        good = len(frame) == size and crc16(frame[:-2]) == int.from_bytes(frame[-2:], "little")
        return frame if good else None

    def _values(self, data: bytes) -> tuple[int, ...]:
        count = self._request.count
        if self._request.function in _BITS:
            return tuple(data[place // 8] >> place % 8 & 1 for place in range(count))
        return tuple(int.from_bytes(data[2 * place : 2 * place + 2], "big") for place in range(count))


def _packed(values: Sequence[int]) -> bytes:
    """Bits, the first in the lowest place of the first byte."""
    data = bytearray((len(values) + 7) // 8)
    for place, value in enumerate(values):
        data[place // 8] |= (value & 1) << place % 8
    return bytes(data)


def _words(values: Sequence[int]) -> bytes:
    return b"".join(value.to_bytes(2, "big") for value in values)
