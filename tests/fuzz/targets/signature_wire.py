"""The signature pad's traffic as it may be written down."""

from __future__ import annotations

from drivers.protocols.dispenser import encode
from drivers.protocols.signature_wire import SignatureWire
from tests.fuzz.wires import check_wire, seeds_of

PARSES = ("drivers.protocols.signature_wire",)
LONGEST = 256


def _framed(body: bytes) -> bytes:
    printable = bytes(32 + byte % 95 if not 32 <= byte < 127 else byte for byte in body[:255])
    return encode(0x21, printable.decode("ascii")) if printable else b""


def check(data: bytes) -> None:
    """No byte lost, no secret kept."""
    check_wire(SignatureWire, _framed, data)


def seeds() -> list[bytes]:
    """Bodies of known form, and some that are none."""
    return seeds_of(
        [
            b"P|0|" + b"0005012301230123" * 3,
            b"R|0|" + b"0005012301230123",
            b"E|ok|1|3|" + b"AB" * 32,
            b"K|1|ok",
            b"I|YC|A1|1.0|9600|4000|1023|200",
        ]
    )
