"""The PIN pad's traffic as it may be written down."""

from __future__ import annotations

from drivers.protocols.dispenser import encode
from drivers.protocols.pin_pad_wire import PinPadWire
from tests.fuzz.wires import check_wire, seeds_of

PARSES = ("drivers.protocols.pin_pad_wire", "drivers.protocols.framed_wire", "drivers.protocols.frame_blank")
LONGEST = 256


def _framed(body: bytes) -> bytes:
    printable = bytes(32 + byte % 95 if not 32 <= byte < 127 else byte for byte in body[:255])
    return encode(0x21, printable.decode("ascii")) if printable else b""


def check(data: bytes) -> None:
    """No byte lost, no secret kept."""
    check_wire(PinPadWire, _framed, data)


def seeds() -> list[bytes]:
    """Bodies of known form, and some that are none."""
    return seeds_of(
        [
            b"S|pin|ok|ready|3",
            b"E|1|7|1",
            b"P|ok|" + b"9F" * 16,
            b"L|0|KBPK|K0|A|D|0A1B2C|128",
            b"I|YC|A1|1.0|9",
        ]
    )
