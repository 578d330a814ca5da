"""APDUs of ISO/IEC 7816-4: commands of all four cases, short and extended, and the exchange that follows one.

Nothing here writes a command's data anywhere: it may be a PIN. ``repr`` and ``redacted`` give header and lengths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from drivers.errors import InvalidData, ProtocolError

CHAINING: Final = 0x10
"""Bit of CLA that says that more of the same command follows (7816-4:2020, 5.4.1)."""
SHORT_DATA: Final = 255
SHORT_LE: Final = 256
EXTENDED: Final = 65535
MOST_ANSWER: Final = 65536
"""Bytes that one command's whole answer may have, GET RESPONSE included."""
OK: Final = 0x9000
_GET_RESPONSE: Final = 0xC0
_HEADER: Final = 4


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``le`` is how many bytes of answer are expected at most, None for none (cases 1 and 3).

    ``InvalidData`` is raised for what no card could be sent.
    """

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    le: int | None = None

    def __post_init__(self) -> None:
        """Check that every field fits its place."""
        if not all(0 <= value <= 0xFF for value in (self.cla, self.ins, self.p1, self.p2)):
            raise InvalidData("a field of the command's header is no byte")
        if self.cla == 0xFF or self.ins >> 4 in (6, 9):  # 7816-4, 5.4.1 and 5.4.2
            raise InvalidData(f"CLA {self.cla:02X} INS {self.ins:02X} is no command")
        if len(self.data) > EXTENDED or (self.le is not None and not 1 <= self.le <= MOST_ANSWER):
            raise InvalidData("the command's lengths are out of range")

    @property
    def is_short(self) -> bool:
        """Whether one byte is enough for each length."""
        return len(self.data) <= SHORT_DATA and (self.le is None or self.le <= SHORT_LE)

    def encode(self) -> bytes:
        """The bytes sent; extended where the short form is too short (7816-3:2006, 12.1.3)."""
        header = bytes((self.cla, self.ins, self.p1, self.p2))
        if self.is_short:
            lc = bytes((len(self.data),)) if self.data else b""
            le = b"" if self.le is None else bytes((self.le % SHORT_LE,))
            return header + lc + self.data + le
        lc = b"\0" + len(self.data).to_bytes(2, "big") if self.data else b""
        le = b"" if self.le is None else (self.le % MOST_ANSWER).to_bytes(2, "big")
        return header + lc + self.data + (le if self.data or not le else b"\0" + le)

    @classmethod
    def parse(cls, raw: bytes) -> Command:
        """The command again; raise ``InvalidData`` when lengths and bytes disagree."""
        if len(raw) < _HEADER:
            raise InvalidData("a command has four bytes at least")
        body = raw[_HEADER:]
        extended = len(body) >= 3 and body[0] == 0
        data, le = _extended(body) if extended else _short(body)
        return cls(raw[0], raw[1], raw[2], raw[3], data, le)

    def parts(self) -> Iterator[Command]:
        """The command in pieces that the short form can carry, all but the last with the chaining bit.

        Raise ``InvalidData`` for a class that has no such bit left (EF).
        """
        starts = range(0, max(1, len(self.data)), SHORT_DATA)
        for start in starts:
            piece = self.data[start : start + SHORT_DATA]
            if start == starts[-1]:
                yield replace(self, data=piece)
            else:
                yield replace(self, cla=self.cla | CHAINING, data=piece, le=None)


def _short(body: bytes) -> tuple[bytes, int | None]:
    if not body:
        return b"", None
    lc = body[0]
    if len(body) == 1:
        return b"", lc or SHORT_LE
    if lc == 0 or len(body) not in (1 + lc, 2 + lc):
        raise InvalidData("the command's length does not fit its data")
    return body[1 : 1 + lc], (body[-1] or SHORT_LE) if len(body) == 2 + lc else None


def _extended(body: bytes) -> tuple[bytes, int | None]:
    first = int.from_bytes(body[1:3], "big")
    if len(body) == 3:
        return b"", first or MOST_ANSWER
    if first == 0 or len(body) not in (3 + first, 5 + first):
        raise InvalidData("the command's length does not fit its data")
    le = int.from_bytes(body[-2:], "big") or MOST_ANSWER
    return body[3 : 3 + first], le if len(body) == 5 + first else None


def redacted(raw: bytes) -> str:
    """A command for a log: its header and how much data follows."""
    return f"{raw[:_HEADER].hex(' ').upper()} +{max(0, len(raw) - _HEADER)}"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: data and status word."""

    data: bytes = field(repr=False)
    sw: int

    @classmethod
    def parse(cls, raw: bytes) -> Response:
        """Split an answer; raise ``ProtocolError`` when it has no status word (7816-4: 6xxx or 9xxx, not 60xx)."""
        if len(raw) < 2 or raw[-2] >> 4 not in (6, 9) or raw[-2] == 0x60:
            raise ProtocolError("the card answered without a status word; take it out and insert it again")
        return cls(raw[:-2], int.from_bytes(raw[-2:], "big"))

    def encode(self) -> bytes:
        """The bytes again."""
        return self.data + self.sw.to_bytes(2, "big")


class Exchange:
    """From one command to its whole answer: chaining, GET RESPONSE and the corrected length, without any I/O.

    Send ``sending``, give what comes to ``feed``, and again until ``answer`` is there.

    Args:
        command: what is asked.
        t0: the card speaks T=0, where a command with data asks for its answer afterwards (7816-3, 12.2.1).
        extended: the card takes extended lengths; otherwise long data is chained.
    """

    def __init__(self, command: Command, *, t0: bool = False, extended: bool = False) -> None:
        whole = extended and not t0
        self._waiting = [command] if whole else list(command.parts())
        if not whole:
            last = self._waiting[-1]
            short = min(last.le, SHORT_LE) if last.le is not None else None
            self._waiting[-1] = replace(last, le=None if t0 and last.data else short)
        self._now = self._waiting.pop(0)
        self._channel = command.cla & ~CHAINING
        self._data = bytearray()
        self._corrected = False
        self.answer: Response | None = None

    @property
    def sending(self) -> bytes:
        """What to send now."""
        return self._now.encode()

    def feed(self, raw: bytes) -> None:
        """Take the card's answer to ``sending``; raise ``ProtocolError`` for one that leads nowhere."""
        response = Response.parse(raw)
        high, low = response.sw >> 8, response.sw & 0xFF
        if high == 0x6C and not self._corrected and self._now.le != (low or SHORT_LE):
            self._corrected = True
            self._now = replace(self._now, le=low or SHORT_LE)
            return
        self._corrected = False
        self._data += response.data
        if len(self._data) > MOST_ANSWER:
            raise ProtocolError("the card's answer has no end; take it out")
        if high == 0x61:
            if self._now.ins == _GET_RESPONSE and not response.data:
                raise ProtocolError("the card promises an answer and gives none; take it out")
            self._now = Command(self._channel, _GET_RESPONSE, 0, 0, le=low or SHORT_LE)
        elif response.sw == OK and self._waiting:
            self._now = self._waiting.pop(0)
        else:
            self.answer = Response(bytes(self._data), response.sw)
