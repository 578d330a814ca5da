"""Frames of the ID card reader's security module."""

from __future__ import annotations

from drivers.protocols.sam_v import (
    MAX_REPLY,
    PREAMBLE,
    Command,
    Deframer,
    Reply,
    card_blocks,
    checksum,
    sam_id_text,
)
from drivers.protocols.sam_v_words import answers
from tests.fuzz.oracles import cut_anywhere, refused_by
from tests.fuzz.script import Script

LONGEST = 112
PARSES = ("drivers.protocols.sam_v", "drivers.protocols.sam_v_words")
MOST = len(PREAMBLE) + 2 + MAX_REPLY


def framed(sw: int, data: bytes) -> bytes:
    """A reply with a right check."""
    counted = (len(data) + 4).to_bytes(2, "big") + bytes((0, 0, sw)) + data
    return PREAMBLE + counted + bytes((checksum(counted),))


def _stream(script: Script) -> bytes:
    """Raw bytes and whole replies in any order; a long one has the lengths of a card's blocks in front."""
    stream = bytearray()
    while script.more:
        kind = script.byte()
        if kind < 0x80:
            stream += script.take(kind)
        elif kind < 0xF0 or len(stream) > 1024:
            stream += framed(script.byte(), script.piece())
        else:
            finger = kind >= 0xF8
            sizes = bytes.fromhex("010004000400" if finger else "01000400")
            stream += framed(0x90, sizes + script.piece().ljust(1280 + 1024 * finger, b"\0"))
    return bytes(stream)


def check(data: bytes) -> None:
    """Any stream, cut anywhere; every reply may be asked what it answers."""
    script = Script(data)
    places = script.take(3)
    stream = _stream(script)
    for heard in set(cut_anywhere(Deframer, stream, places, lambda parser: parser.pending, MOST)):
        if not isinstance(heard, Reply):
            continue
        assert framed(heard.sw, heard.data) in stream, "a reply that nobody sent"
        fits = [command for command in Command if answers(command, heard)]
        assert not heard.data or len(fits) <= 1, "data that answers two commands"
        blocks = card_blocks(heard.data)
        assert blocks is None or (len(blocks.text), len(blocks.photo)) == (256, 1024)
        refused_by(ValueError, lambda reply=heard: sam_id_text(reply.data))  # type: ignore[misc]


def seeds() -> list[bytes]:
    """A status, a found card, a SAM id, a read with and without finger, and torn ones."""
    status = b"\x80\x40\xc0" + b"\x80\x90\x00"
    found = b"\x10\x20\x30" + b"\x80\x9f\x04\0\0\0\0"
    sam = b"\0\0\0" + b"\x80\x90\x10" + bytes(range(16))
    read = b"\x11\x77\xee" + b"\xf0\x08" + b"\x20\0" * 4
    finger = b"\x11\x77\xee" + b"\xf8\x08" + b"\x20\0" * 4
    raw = framed(0x80, b"")
    torn = b"\x70\x90\xa0" + bytes((len(raw) - 2,)) + raw[:-2] + bytes((len(raw),)) + raw
    twice = b"\x30\x60\x90" + b"\x05" + b"\xaa\xaa\xaa\x96\x69" + b"\x80\x41\x00"
    return [status, found, sam, read, finger, torn, twice, found[3:] + status]
