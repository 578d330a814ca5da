"""The dot-matrix printer's traffic as it may be written down, and the job found in it."""

from __future__ import annotations

from drivers.protocols.escp_wire import EscpWire, page_of
from tests.fuzz.wires import check_wire, seeds_of

PARSES = ("drivers.protocols.escp_wire",)
LONGEST = 256


def _framed(body: bytes) -> bytes:
    return b"\x1b(V\x02\x00\x10\x00" + body + b"\r"


def check(data: bytes) -> None:
    """No byte lost, no secret kept."""
    check_wire(EscpWire, _framed, data)
    page = page_of([data])
    whole = b"".join((page.opening, *page.passes, page.ending))
    assert whole == data or len(whole) < len(data), "a page of what was not sent"


def seeds() -> list[bytes]:
    """Bodies of known form, and some that are none."""
    return seeds_of(
        [
            b"\x1b*\x27\x02\x00" + b"x" * 6,
            b"\x1c&" + b"\xb0\xa1" * 4 + b"\x1c.",
            b"\x1b$\x10\x00\x1bU\x01",
            b"\x1b@\x0c",
        ]
    )
