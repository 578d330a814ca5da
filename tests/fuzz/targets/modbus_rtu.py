"""The reply of a Modbus slave, found in a noisy stream."""

from __future__ import annotations

from drivers.protocols.modbus_rtu import Answered, Function, Receiver, Refused, Reply, Request, sealed
from tests.fuzz.oracles import cut_at
from tests.fuzz.script import Script

LONGEST = 48
PARSES = ("drivers.protocols.modbus_rtu",)
MOST_HELD = 1024
REQUESTS = (
    Request(1, Function.READ_COILS, 0, 10),
    Request(1, Function.READ_HOLDING_REGISTERS, 16, 3),
    Request.writing(2, Function.WRITE_COIL, 3, (1,)),
    Request.writing(2, Function.WRITE_REGISTERS, 3, (1, 0xFFFF)),
)


def _chunks(script: Script) -> list[bytes]:
    """Raw bytes, and bodies with a right CRC, each its own chunk."""
    chunks = []
    while script.more:
        kind = script.byte()
        chunks.append(script.take(kind & 0x0F) if kind < 0x80 else sealed(script.take(kind & 0x0F)))
    return chunks


def check(data: bytes) -> None:
    """Any chunks: the slave's own answer to this very request, or none."""
    script = Script(data)
    request = REQUESTS[script.byte() % len(REQUESTS)]
    places = script.take(3)
    chunks = _chunks(script)
    whole, stream = _first(Receiver(request), chunks)
    single, _ = _first(Receiver(request), cut_at(stream, places))
    assert (whole is None) == (single is None), "cut elsewhere, the stream says something else"
    if whole is None:
        return
    assert isinstance(whole, Answered | Refused)
    if isinstance(whole, Answered):
        assert len(whole.values) == (request.count if request.reads else 0)
        assert all(0 <= value <= 0xFFFF for value in whole.values)
    head = bytes((request.unit, request.function | (0x80 if isinstance(whole, Refused) else 0)))
    assert head in stream, "an answer that nobody sent"


def _first(receiver: Receiver, chunks: list[bytes]) -> tuple[Reply | None, bytes]:
    """The reply, and what had been fed when it came."""
    fed = b""
    for chunk in chunks:
        fed += chunk
        found = receiver.feed(chunk)
        assert len(receiver._buffer) <= MOST_HELD
        if found is not None:
            return found, fed
    return None, fed


def seeds() -> list[bytes]:
    """A good answer to each request, a refusal, noise in front, a wrong length."""
    answers = (
        b"\x01\x01\x02\xff\x03",
        b"\x01\x03\x06\0\1\0\2\0\3",
        b"\x02\x05\0\3\xff\0",
        b"\x02\x10\0\3\0\2",
    )
    good = [bytes((n, 0x30, 0x60, 0x90, 0x80 + len(body))) + body for n, body in enumerate(answers)]
    refused = [b"\0\0\0\0\x83\x01\x81\x02", b"\2\0\0\0\x83\x02\x85\x06"]
    return [*good, *refused, b"\1\0\x60\x90\x03\x01\x03\x06" + good[1][4:], b"\1\0\0\0\x85\x01\x03\x04\0\1"]
