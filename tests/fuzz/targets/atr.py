"""A smart card's answer to reset."""

from __future__ import annotations

from functools import reduce
from operator import xor

from drivers.errors import ReadFailed
from drivers.protocols.atr import parse
from tests.fuzz.oracles import refused_by

PARSES = ("drivers.protocols.atr",)
LONGEST = 40


def check(data: bytes) -> None:
    """Any bytes; with an odd first one the check byte is made right."""
    repair, raw = data[:1], data[1:]
    if repair and repair[0] & 1 and len(raw) > 2:
        raw = raw[:-1] + bytes((reduce(xor, raw[1:-1]),))
    found = refused_by(ReadFailed, lambda: parse(raw))
    if found is None:
        return
    assert found.protocols and all(0 <= protocol < 15 for protocol in found.protocols)
    assert len(found.historical) == raw[1] & 0xF
    assert raw.endswith(found.historical + (raw[-1:] if found.checked else b""))
    assert found.takes_extended in (True, False)
    assert len(found.interfaces) <= len(raw)


def seeds() -> list[bytes]:
    """T=0, T=1 with check byte, historical bytes with capabilities, inverse convention."""
    texts = (
        "3B00",
        "3B6500000102030405",
        "3B8001018000",
        "3B88018073C840000090000062",
        "3F6525002209699000",
        "3BF81300008131FE454A434F507632343101",
    )
    return [bytes((repair,)) + bytes.fromhex(text) for text in texts for repair in (0, 1)]
