"""Frames of the bank-card terminal's line."""

from __future__ import annotations

from drivers.protocols.ecr import ETX, MAX_DATA, STX, Deframer, Frame, encode, lrc
from tests.fuzz.oracles import cut_anywhere
from tests.fuzz.script import Script

PARSES = ("drivers.protocols.ecr",)
LONGEST = 112
MOST = 3 + MAX_DATA + 2


def _stream(script: Script) -> bytes:
    """Raw bytes and frames with a right check in any order."""
    stream = bytearray()
    while script.more:
        kind = script.byte()
        if kind < 0xA0:
            stream += script.take(kind)
        else:
            data = script.stretched()
            checked = bytes.fromhex(f"{len(data):04d}") + data + bytes((ETX,))
            stream += bytes((STX,)) + checked + bytes((lrc(checked),))
    return bytes(stream)


def check(data: bytes) -> None:
    """Any stream, cut anywhere; every frame is what its DATA would be sent as; giving up leaves nothing."""
    script = Script(data)
    places = script.take(3)
    stream = _stream(script)
    for heard in cut_anywhere(Deframer, stream, places, lambda parser: parser.pending, MOST):
        if isinstance(heard, Frame):
            assert encode(heard.data) in stream, "a frame that nobody sent"
            assert len(heard.data) < 8 or heard.data.hex() not in repr(heard)
    if places[-1:] and places[-1] & 1:
        _give_up(stream)


def _give_up(stream: bytes) -> None:
    late = Deframer()
    late.feed(stream)
    late.give_up()
    assert late.pending == 0, "something is left of a frame that was given up"


def seeds() -> list[bytes]:
    """Whole frames, signals, a torn one, an STX in the length."""
    bodies = (b"Q00017", b"R02017first", "R02018余额".encode("gb18030"), b"x" * 2)
    framed = [b"\x10\x80\xf0\xa0\0" + bytes((len(body),)) + body for body in bodies]
    raw = encode(b"R01003" + b"0" * 20)
    torn = b"\x40\x80\xc0" + bytes((len(raw) + 9,)) + raw[:9] + raw
    return [*framed, torn, b"\0\0\0\x04\x06\x15\x06\x02", b"\x20\x50\x70\xa0\x40\x02" + b"zz" + framed[0][3:]]
