"""Reports of a code scanner in HID point-of-sale mode."""

from __future__ import annotations

from drivers.protocols.hid_pos import SIZE, ReportCutter
from tests.fuzz.oracles import cut_anywhere
from tests.fuzz.script import Script

LONGEST = 160
PARSES = ("drivers.protocols.hid_pos",)
LIMIT = 100
MOST_DATA = 56
MOST_HELD = SIZE + LIMIT


def _reports(script: Script) -> tuple[list[bytes], bool]:
    """Raw bytes and reports in any order, and whether all of them are what a scanner sends."""
    chunks, good = [], True
    while script.more:
        kind = script.byte()
        if kind < 0x40:
            chunks.append(script.take(kind))
            good = False
            continue
        data = script.piece()[:MOST_DATA]
        size = len(data) if kind & 6 else script.byte()
        head = bytes((2, size)) + (b"]Q1" if kind & 8 else bytes(3))
        chunks.append(head + data.ljust(MOST_DATA, b"\0") + bytes((0, 0, kind & 1)))
        good = good and size <= MOST_DATA
    return chunks, good


def check(data: bytes) -> None:
    """Any reports: every code has bytes, and no more than the limit; whole reports may be cut anywhere.

    Noise may not: the kernel gives a report of another id as a chunk of its own, and that is how it is told.
    """
    script = Script(data)
    places = script.take(3)
    chunks, good = _reports(script)
    if good:
        codes = cut_anywhere(lambda: ReportCutter(LIMIT), b"".join(chunks), places, _held, MOST_HELD)
    else:
        cutter, codes = ReportCutter(LIMIT), []
        for chunk in chunks:
            codes += cutter.feed(chunk)
            assert _held(cutter) <= MOST_HELD
    assert all(0 < len(code) <= LIMIT for code in codes)


def _held(cutter: ReportCutter) -> int:
    return len(cutter._reports) + len(cutter._code)


def seeds() -> list[bytes]:
    """A code in one report, one in two, one too long, a torn report between."""
    one = b"\x46\x06ABC123"
    two = b"\x47\x38" + b"x" * 56 + b"\x42\x04tail"
    long = (b"\x43\x38" + b"y" * 56) * 2
    return [b"\x40\x80\xc0" + part for part in (one, two, long, one + b"\x05\x02\x09abc" + one)]
