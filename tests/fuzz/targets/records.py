"""Journal records and their deterministic CBOR."""

from __future__ import annotations

import json
from pathlib import Path

from sync.cbor import decode, encode
from sync.errors import RecordError
from sync.records import Record, SignedRecord
from tests.fuzz.oracles import refused_by

PARSES = ("sync.cbor", "sync.records", "sync.crypto.sealing")
VECTORS = Path(__file__).parents[2] / "sync" / "vectors" / "records-v1.json"


def check(data: bytes) -> None:
    """Any bytes: exactly one spelling of one value, or ``RecordError``; a record is written as it was read."""
    value = refused_by(RecordError, lambda: [decode(data)])
    if value is not None:
        assert encode(value[0]) == data
    signed = refused_by(RecordError, lambda: SignedRecord.parse(data))
    if signed is not None:
        assert signed.envelope == data, "an envelope with two spellings"
    payload = data if signed is None else signed.payload
    record = refused_by(RecordError, lambda: Record.from_bytes(payload))
    if record is not None:
        assert record.to_bytes() == payload, "a record with two spellings"


def seeds() -> list[bytes]:
    """The frozen vectors and values of each kind."""
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))["records"]
    values: list[object] = [
        None,
        True,
        0,
        -1,
        2**64 - 1,
        1.5,
        "税",
        b"\0",
        [1, [2]],
        {"a": 1},
        {1: "a", 2: b""},
    ]
    whole = [bytes.fromhex(vector[key]) for vector in vectors for key in ("envelope", "payload")]
    return whole + [encode(value) for value in values]
