"""Key events of a code scanner that pretends to be a keyboard."""

from __future__ import annotations

from drivers.protocols.keyboard_wedge import RECORD, WedgeCutter
from tests.fuzz.oracles import cut_anywhere
from tests.fuzz.script import Script

LONGEST = 40
PARSES = ("drivers.protocols.keyboard_wedge",)
LIMIT = 24
MOST = RECORD.size + LIMIT + 4
KINDS = (1, 1, 1, 0)


def _stream(script: Script) -> bytes:
    """Presses and releases, other events, raw bytes in any order."""
    stream = bytearray()
    while script.more:
        kind = script.byte()
        if kind < 8:
            stream += script.take(kind)
        elif kind < 0x80:
            code = script.byte()
            stream += RECORD.pack(0, kind, 1, code, 1) + RECORD.pack(0, kind, 1, code, 0)
        else:
            stream += RECORD.pack(1, 0, KINDS[kind & 3], script.byte(), kind >> 2 & 3)
    return bytes(stream)


def check(data: bytes) -> None:
    """Any events, cut anywhere, in both meanings of ALT; silence ends a code and leaves nothing behind."""
    script = Script(data)
    switches, places = script.byte(), script.take(3)
    stream = _stream(script)
    suffix = None if switches & 1 else b"\r"

    def make() -> WedgeCutter:
        return WedgeCutter(suffix, LIMIT, "unicode" if switches & 2 else "gb18030")

    codes = cut_anywhere(make, stream, places, _held, MOST)
    assert all(0 < len(code) <= LIMIT for code in codes)
    if switches & 4:
        quiet = make()
        quiet.feed(stream)
        assert all(0 < len(code) <= LIMIT for code in quiet.idle())
        assert not _held(quiet) and not quiet._spoilt


def _held(cutter: WedgeCutter) -> int:
    return len(cutter._records) + len(cutter._splitter._buffer)


def seeds() -> list[bytes]:
    """Digits and Enter, a shifted letter, ALT and a number, lost keys, a torn record."""
    digits = bytes((0x10, 2, 0x10, 3, 0x10, 28))
    shifted = bytes((0x84, 42, 0x10, 30, 0x80, 42, 0x10, 28))
    alt = bytes((0x84, 56, 0x10, 79, 0x10, 80, 0x10, 81, 0x80, 56, 0x10, 28))
    lost = bytes((0x83, 3)) + digits
    torn = b"\x05abcde" + digits
    return [
        bytes((n, 0x30, 0x60, 0x90)) + part for part in (digits, shifted, alt, lost, torn) for n in (0, 7)
    ]
