"""Reports of a code scanner in HID point-of-sale mode."""

from __future__ import annotations

from drivers.protocols.hid_pos import SIZE, ReportCutter
from tests.fuzz.oracles import cut_anywhere
from tests.fuzz.script import Script

LONGEST = 160
PARSES = ("drivers.protocols.hid_pos",)
LIMIT = 100


def _stream(script: Script) -> bytes:
    """Raw bytes and whole reports in any order; the first byte is always a report's."""
    stream = bytearray()
    while script.more:
        kind = script.byte()
        if kind < 0x40 and stream:
            stream += script.take(kind)
        else:
            data = script.piece()
            size = len(data) if kind & 2 else script.byte()
            head = bytes((2, size & 0xFF)) + (b"]Q1" if kind & 4 else b"\0\0\0")
            stream += head + data[:56].ljust(56, b"\0") + bytes((0, 0, kind & 1))
    return bytes(stream)


def check(data: bytes) -> None:
    """Any reports, cut anywhere: every code has bytes, and no more than the limit."""
    script = Script(data)
    places = script.take(3)
    stream = _stream(script)
    codes = cut_anywhere(lambda: ReportCutter(LIMIT), stream, places, _held, SIZE + LIMIT)
    assert all(0 < len(code) <= LIMIT for code in codes)


def _held(cutter: ReportCutter) -> int:
    return len(cutter._reports) + len(cutter._code)


def seeds() -> list[bytes]:
    """A code in one report, one in two, one too long, a torn report between."""
    one = b"\x46\x06ABC123"
    two = b"\x47\x38" + b"x" * 56 + b"\x42\x04tail"
    long = (b"\x43\x38" + b"y" * 56) * 2
    return [b"\x40\x80\xc0" + part for part in (one, two, long, one + b"\x05\x02\x09abc" + one)]
