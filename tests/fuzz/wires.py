"""What every wire owes, whatever a device sends: as many bytes, the same however they are cut, and no secret."""

from __future__ import annotations

from collections.abc import Callable

from drivers.protocols.wire import Wire
from tests.fuzz.oracles import cut_at
from tests.fuzz.script import Script

SECRET = b"6222021234567894321"
_LONGEST_PIECE = 8
"""So many characters of the secret in a row are a leak."""
_LONGEST_STREAM = 600
"""Bytes of one input: a few messages. Longer streams made the fuzzer try fewer of them and found no more."""
Framed = Callable[[bytes], bytes]


def check_wire(make: Callable[[], Wire], framed: Framed, data: bytes) -> None:
    """A stream of raw bytes, frames with a right check, and the secret among both; cut anywhere."""
    script = Script(data)
    places = script.take(3)
    stream = _stream(script, framed)
    whole, cut = make(), make()
    at_once = whole.incoming(stream) + whole.settle()
    pieces = b"".join(map(cut.incoming, cut_at(stream, places)))
    assert pieces + cut.settle() == at_once, "the result depends on where the stream was cut"
    assert len(at_once) == len(stream), "bytes were lost or made up"
    sent = make().outgoing(stream[:256])
    for start in range(len(SECRET) - _LONGEST_PIECE + 1):
        piece = SECRET[start : start + _LONGEST_PIECE]
        assert piece not in at_once, "a part of the secret came through"
        assert piece not in sent, "a part of the secret went out"


def _stream(script: Script, framed: Framed) -> bytes:
    stream = bytearray()
    while script.more and len(stream) < _LONGEST_STREAM:
        kind = script.byte()
        if kind < 0x80:
            stream += script.take(kind)
        elif kind < 0xA0:
            stream += SECRET
        else:
            body = script.piece()
            stream += framed(body + SECRET if kind >= 0xD0 else body)
    return bytes(stream)


def seeds_of(bodies: list[bytes]) -> list[bytes]:
    """Each body in a frame, alone and with the secret behind it, and raw around them."""
    found = []
    for body in bodies:
        found += [bytes((3, 40, 90, kind, len(body))) + body for kind in (0xA8, 0xE0)]
    return [
        *found,
        b"\1\2\3\x90\x05\2\3\6\x15\0\x90",
        *(bytes((3, 40, 90, len(body))) + body for body in bodies),
    ]
