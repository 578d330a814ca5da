"""Frames of the invoice dispenser."""

from __future__ import annotations

from drivers.protocols.dispenser import ETX, MAX_BODY, STX, Deframer, Frame, crc16, encode, next_seq
from tests.fuzz.oracles import cut_anywhere
from tests.fuzz.script import Script

LONGEST = 112
PARSES = ("drivers.protocols.dispenser",)
MOST = 4 + MAX_BODY + 5


def _stream(script: Script) -> bytes:
    """Raw bytes and frames with a right check in any order."""
    stream = bytearray()
    while script.more:
        kind = script.byte()
        if kind < 0xA0:
            stream += script.take(kind)
        else:
            body = script.stretched()
            checked = bytes((script.byte(),)) + b"%02X" % len(body) + body + bytes((ETX,))
            stream += bytes((STX,)) + checked + b"%04X" % crc16(checked)
    return bytes(stream)


def check(data: bytes) -> None:
    """Any stream, cut anywhere; every frame is exactly what its words would be sent as."""
    script = Script(data)
    places = script.take(3)
    stream = _stream(script)
    for heard in cut_anywhere(Deframer, stream, places, lambda parser: parser.pending, MOST):
        if isinstance(heard, Frame):
            assert encode(heard.seq, heard.body) in stream, "a frame that nobody sent"
            assert 0x20 <= next_seq(heard.seq) <= 0x7F


def seeds() -> list[bytes]:
    """Each kind of frame, signals, torn and nested ones."""
    bodies = (
        b"I|KD-100|A1|1.0",
        b"S|idle|empty|closed|1|1|0|0",
        b"E|taken",
        b"U1|ok|50|044001900211|00000001",
    )
    framed = [b"\x10\x80\xf0\xa0\0" + bytes((len(body),)) + body + b"\x20" for body in bodies]
    raw = encode(0x21, "F1|ok|00000001|110")
    torn = b"\x40\x80\xc0" + bytes((len(raw) + 5,)) + raw[:5] + raw
    signals = b"\0\0\0\x04\x06\x15\x06\x02"
    return [*framed, torn, signals, b"\xff\x10\x20" + framed[0][3:] + b"\x01\x15" + framed[1][3:]]
