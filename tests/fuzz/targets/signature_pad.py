"""The words inside the signature pad's frames, pen samples among them."""

from __future__ import annotations

from drivers.errors import ProtocolError
from drivers.protocols import signature_pad as pad
from tests.fuzz.oracles import refused_by

LONGEST = 240
PARSES = ("drivers.protocols.signature_pad",)
READERS = (
    pad.identity,
    pad.state,
    lambda body: pad.done(body, "B"),
    pad.sealed,
    pad.block,
    pad.notice,
)


def check(data: bytes) -> None:
    """Any body, read as the answer to any command: a value within its bounds, or ``ProtocolError``."""
    body = data.decode("latin-1")
    for read in READERS:
        found = refused_by(ProtocolError, lambda read=read: read(body))  # type: ignore[misc]
        if isinstance(found, pad.Block):
            assert 0 <= found.number < pad.MOST_BLOCKS and 1 <= len(found.samples) <= pad.BLOCK
            packed = b"".join(sample.packed() for sample in found.samples)
            assert packed.hex().upper() == body.split("|")[2], "samples that nobody sent"
        elif isinstance(found, pad.Sealed):
            assert len(found.digest) == pad.DIGEST and found.samples <= found.blocks * pad.BLOCK
        elif isinstance(found, pad.PadIdentity):
            assert min(found.width, found.height, found.pressure, found.rate) > 0


def seeds() -> list[bytes]:
    """One good answer to each command, notices, a torn block."""
    sample = b"000A03E8FFFF0200"
    return [
        b"I|SP-1|S1|1.0|10000|5000|1023|200",
        b"S|signing|1|clear",
        b"S|idle|0|none",
        b"B|ok",
        b"B|none",
        b"E|none",
        b"E|ok|2|20|" + b"0F" * 32,
        b"R|3|" + sample * 2,
        b"P|4|" + sample * 13,
        b"P|4|" + sample[:-1],
        b"K|2|ok",
    ]
