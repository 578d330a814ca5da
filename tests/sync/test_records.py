"""The record format: frozen vectors, and nothing that is not exactly a record is taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sync import audit
from sync.cbor import decode, encode
from sync.chain import ChainWalk
from sync.crypto import Ed25519Signer, SealingKey, verifier
from sync.effects import open_effect
from sync.errors import ChainBroken, RecordError, SealBroken, SignatureInvalid, UnknownAlgorithm
from sync.models import AuditReceipt, NumberRange, TakenRange
from sync.records import MAX_ENVELOPE, Entry, Phase, Record, SignedRecord, genesis
from tests.depth import examples

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "vectors" / "records-v1.json").read_text(encoding="utf-8")
)
RECORDS: list[dict[str, Any]] = VECTORS["records"]
TERMINAL = Ed25519Signer.from_seed(bytes.fromhex(VECTORS["terminal_seed"]))
KEY = verifier("ed25519", bytes.fromhex(VECTORS["terminal_public"]))
BUREAU = SealingKey(bytes.fromhex(VECTORS["bureau_private"]))


def envelope(number: int) -> bytes:
    return bytes.fromhex(RECORDS[number]["envelope"])


def from_fields(fields: dict[str, Any]) -> bytes:
    """The payload as docs/record-format.md describes it, built from the vector's plain fields."""
    hexed = {17: lambda v: [v[0], bytes.fromhex(v[1])], 18: sealed}
    return encode({int(n): hexed.get(int(n), lambda v: v)(v) for n, v in fields.items()})


def sealed(value: list[Any]) -> list[Any]:
    algorithm, key_id, nonce, ciphertext, (wrap, recipient, data) = value
    parts = [bytes.fromhex(x) for x in (key_id, nonce, ciphertext)]
    return [algorithm, *parts, [wrap, recipient, bytes.fromhex(data)]]


@pytest.mark.parametrize("vector", RECORDS, ids=lambda v: f"seq-{v['fields']['4']}")
def test_a_frozen_record_is_read_checked_opened_and_written_again_byte_for_byte(
    vector: dict[str, Any],
) -> None:
    signed = SignedRecord.parse(bytes.fromhex(vector["envelope"]))
    record = signed.verify(KEY)
    assert signed.payload.hex() == vector["payload"] == from_fields(vector["fields"]).hex()
    assert record.to_bytes() == signed.payload
    assert signed.envelope.hex() == vector["envelope"]
    assert str(signed.hash()) == vector["hash"]
    assert record.aad.hex() == vector["aad"]
    assert record.seq == vector["fields"]["4"]
    assert encode(record.open(BUREAU)).hex() == vector["plain_body"]
    assert BUREAU.visit_key(record.terminal, record.visit, record.body).hex() == VECTORS["visit_key"]
    assert SignedRecord.make(record, TERMINAL).envelope == signed.envelope


def test_the_frozen_chain_begins_at_its_genesis_and_holds_together() -> None:
    assert str(genesis("T-0007", "e1f00000000000a1")) == VECTORS["genesis"]
    walk = ChainWalk("T-0007", "e1f00000000000a1", KEY)
    for number in range(len(RECORDS)):
        walk.follow(SignedRecord.parse(envelope(number)))
    assert (walk.seq, str(walk.head)) == (3, RECORDS[-1]["hash"])


def test_the_frozen_audit_batch_and_receipt_are_read_and_checked() -> None:
    raw = bytes.fromhex(VECTORS["audit_batch"])
    batch = audit.AuditBatch.from_bytes(raw)
    assert [r.envelope for r in batch.records] == [envelope(n) for n in range(3)]
    assert batch.to_bytes() == raw
    receipt = AuditReceipt.model_validate(VECTORS["audit_receipt"])
    audit.verify_receipt(receipt, KEY)
    for change in (
        {"seq": 4},
        {"head": "sha256:00"},
        {"incarnation": "inc-2"},
        {"signature": "ed25519:AAAA"},
    ):
        with pytest.raises(SignatureInvalid):
            audit.verify_receipt(receipt.model_copy(update=change), KEY)


def test_the_frozen_effect_opens_for_the_bureau() -> None:
    opened = open_effect(envelope(0), lambda terminal, epoch: KEY, BUREAU)
    assert opened.body.subject.person is not None
    assert opened.body.subject.person.name == "李秀兰"
    assert opened.fingerprint == RECORDS[0]["hash"]


def test_the_documentation_shows_the_frozen_bytes() -> None:
    text = (Path(__file__).parents[2] / "docs" / "record-format.md").read_text(encoding="utf-8")
    shown = "".join(text.split())
    for name in ("plain_body", "aad", "payload", "hash", "signature"):
        assert RECORDS[1][name] in shown, name


def test_only_an_intent_of_a_known_terminal_is_an_effect() -> None:
    with pytest.raises(RecordError, match="by its intent"):
        open_effect(envelope(1), lambda terminal, epoch: KEY, BUREAU)
    with pytest.raises(RecordError, match="no key is known"):
        open_effect(envelope(0), lambda terminal, epoch: None, BUREAU)
    with pytest.raises(SealBroken, match="sealed for key"):
        open_effect(envelope(0), lambda terminal, epoch: KEY, SealingKey.generate())
    with pytest.raises(SignatureInvalid):
        open_effect(envelope(0), lambda *_: verifier("ed25519", Ed25519Signer.generate().public_key), BUREAU)


@settings(max_examples=examples(200), deadline=None)
@given(st.data())
def test_a_flipped_bit_anywhere_in_an_envelope_never_verifies(data: st.DataObject) -> None:
    raw = bytearray(envelope(data.draw(st.integers(0, 2))))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(RecordError):
        SignedRecord.parse(bytes(raw)).verify(KEY)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (1, 2),
        (1, True),
        (1, 1.0),
        (4, -1),
        (4, "1"),
        (4, True),
        (9, "begun"),
        (10, 5),
        (13, "1"),
        (17, ["sha256"]),
        (18, ["aes-256-gcm", b"", b"", b""]),
        (2, None),
        (19, "more"),
    ],
)
def test_a_record_of_another_shape_is_refused(field: int, value: object) -> None:
    fields = decode(bytes.fromhex(RECORDS[0]["payload"]))
    with pytest.raises(RecordError):
        Record.from_bytes(encode({**fields, field: value}))


def test_a_missing_field_and_a_bare_list_are_refused() -> None:
    fields = decode(bytes.fromhex(RECORDS[0]["payload"]))
    del fields[11]
    with pytest.raises(RecordError, match="exactly the fields"):
        Record.from_bytes(encode(fields))
    with pytest.raises(RecordError, match="version"):
        Record.from_bytes(encode([1, 2]))
    for version in (2, True, 1.0):
        with pytest.raises(RecordError, match="envelope"):
            SignedRecord.parse(encode([version, b"", "ed25519", b""]))
    with pytest.raises(RecordError, match="larger"):
        SignedRecord.parse(b"\x00" * (MAX_ENVELOPE + 1))


def test_a_body_opens_in_its_own_record_only() -> None:
    first, third = (SignedRecord.parse(envelope(n)).record for n in (0, 2))
    moved = Record.from_bytes(encode({**decode(first.to_bytes()), 18: third.body.to_list()}))
    with pytest.raises(SealBroken):
        moved.open(BUREAU)


def test_an_unknown_algorithm_is_named_not_guessed() -> None:
    signed = SignedRecord.parse(envelope(0))
    with pytest.raises(SignatureInvalid, match="sm2-sm3"):
        SignedRecord(signed.payload, "sm2-sm3", signed.signature).verify(KEY)
    fields = decode(signed.payload)
    with pytest.raises(UnknownAlgorithm, match="sm4-gcm"):
        Record.from_bytes(encode({**fields, 18: ["sm4-gcm", *fields[18][1:]]})).open(BUREAU)


def test_a_chain_says_where_it_breaks() -> None:
    walk = ChainWalk("T-0007", "e1f00000000000a1", KEY)
    with pytest.raises(ChainBroken, match="record 2 stands in its place"):
        walk.follow(SignedRecord.parse(envelope(1)))
    walk.follow(SignedRecord.parse(envelope(0)))
    other = Record.from_bytes(
        encode({**decode(bytes.fromhex(RECORDS[1]["payload"])), 17: ["sha256", b"\0" * 32]})
    )
    with pytest.raises(ChainBroken, match="does not follow"):
        walk.follow(SignedRecord.make(other, TERMINAL))
    with pytest.raises(ChainBroken, match="signature"):
        walk.follow(SignedRecord.make(other, Ed25519Signer.generate()))
    assert walk.seq == 1


def test_an_effects_phases_need_its_key() -> None:
    with pytest.raises(RecordError, match="needs the effect's key"):
        Entry(transaction="t", visit="v", step="s", kind="print", phase=Phase.OUTCOME, body={})
    assert (
        Entry(transaction="t", visit="v", step="s", kind="print", phase=Phase.NOTE, body={}).point
        == "print.note"
    )


@pytest.mark.parametrize("number", ["００００４８０１", "٠٠٠٠٤٨٠١", "0000480１"])
def test_a_number_has_one_spelling_so_that_nobody_gets_it_twice(number: str) -> None:
    assert NumberRange(first="00004801", last="00004801")
    with pytest.raises(ValidationError):
        NumberRange(first=number, last="00004801")
    with pytest.raises(ValidationError):
        TakenRange(unit="unit1", code="011002100611", first="00004801", last=number)
