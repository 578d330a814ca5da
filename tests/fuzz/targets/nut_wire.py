"""The traffic with upsd as it may be written down."""

from __future__ import annotations

from drivers.protocols.nut_wire import NutWire
from tests.fuzz.wires import check_wire, seeds_of

PARSES = ("drivers.protocols.nut_wire",)
LONGEST = 256


def _framed(body: bytes) -> bytes:
    return body + b"\n"


def check(data: bytes) -> None:
    """No byte lost, no secret kept."""
    check_wire(NutWire, _framed, data)


def seeds() -> list[bytes]:
    """Bodies of known form, and some that are none."""
    return seeds_of(
        [
            b'VAR u ups.status "OL CHRG"',
            b'VAR u battery.charge "100"',
            b'VAR u ups.serial "',
            b"BEGIN LIST VAR u",
            b"ERR ACCESS-DENIED",
        ]
    )
