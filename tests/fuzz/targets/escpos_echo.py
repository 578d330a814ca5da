"""The filter that takes our own bytes out of an echoing line."""

from __future__ import annotations

from drivers.protocols.escpos_echo import PROBE, EchoFilter, EchoMode
from tests.fuzz.script import Script

LONGEST = 256
PARSES = ("drivers.protocols.escpos_echo",)


def check(data: bytes) -> None:
    """Sent and received bytes in any order: what comes out is what came in, less what was sent."""
    whole, single = EchoFilter(), EchoFilter()
    script = Script(data)
    came = bytearray()
    passed = bytearray()
    while script.more:
        step = script.byte()
        piece = script.take(step & 0x3F)
        if step < 0x40:
            whole.sent(piece)
            single.sent(piece)
        elif step < 0x50:
            whole.quiet()
            single.quiet()
        else:
            came += piece
            kept = whole.feed(piece)
            assert kept == b"".join(single.feed(piece[at : at + 1]) for at in range(len(piece)))
            if whole.mode is EchoMode.CLEAN and came == piece:
                assert kept == piece, "bytes of a clean line are missing"
            passed += kept
    rest = iter(came)
    assert all(byte in rest for byte in passed), "a byte that never came"


def seeds() -> list[bytes]:
    """An echoing line, a clean one, a torn probe, and an echo that never comes."""
    probe = bytes((len(PROBE),)) + PROBE
    echoed = bytes((0x80 + len(PROBE),)) + PROBE
    question = b"\x03\x1d\x72\x01" + b"\x84\x1d\x72\x01\x12"
    return [
        probe + echoed + question,
        probe + b"\x81\x12" + question,
        probe + b"\x81\x10\x82\x04\x01" + question,
        probe + echoed + b"\x03\x1d\x72\x01\x41\x00\x82\x1d\x12",
    ]
