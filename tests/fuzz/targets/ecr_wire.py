"""The bank-card terminal's traffic as it may be written down."""

from __future__ import annotations

from drivers.devices.ecr_profile import load_dialect
from drivers.protocols.ecr import encode
from drivers.protocols.ecr_wire import EcrWire
from tests.fuzz.wires import check_wire, seeds_of

PARSES = ("drivers.protocols.ecr_wire",)
LONGEST = 256
_DIALECT = load_dialect("ecr")


def _framed(body: bytes) -> bytes:
    data = bytes(byte | 0x20 if byte < 0x20 else byte for byte in body)
    return encode(data) if data else b""


def check(data: bytes) -> None:
    """No byte lost, no secret kept."""
    check_wire(lambda: EcrWire(_DIALECT), _framed, data)


def seeds() -> list[bytes]:
    """Bodies of known form, and some that are none."""
    return seeds_of(
        [
            b"R0201710002000101" + b"0" * 9,
            b"R0201715019",
            b"R0001731010YP-0042173",
            b"N0201720002" + b"07",
            b"R02017110136222 0212",
            b"R0201731007",
            b"R0001731019",
        ]
    )
