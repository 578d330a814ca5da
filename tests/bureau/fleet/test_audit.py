from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from bureau.errors import ChainForked, ChainUnreadable
from bureau.store import tables
from sync.audit import AuditBatch, verify_receipt
from sync.crypto import Ed25519Signer
from sync.models import AuditReceipt
from sync.records import SignedRecord, genesis
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal


def batch(terminal: Terminal, records: list[SignedRecord]) -> AuditBatch:
    sent = AuditBatch(terminal.name, terminal.identity.epoch, records)
    return AuditBatch.from_bytes(sent.to_bytes())


def upload(centre: Centre, terminal: Terminal, records: list[SignedRecord]) -> AuditReceipt:
    receipt = centre.container.audit.take(batch(terminal, records))
    verify_receipt(receipt, terminal.identity.bureau_verifier)
    return receipt


def state_of(centre: Centre) -> str:
    (seen,) = centre.container.terminals.listed()
    return seen.state


def held(centre: Centre) -> int:
    with centre.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(tables.audit_record)).scalar_one())


def test_an_empty_batch_asks_how_far_the_chain_is_held(terminal: Terminal, centre: Centre) -> None:
    receipt = upload(centre, terminal, [])
    assert (receipt.seq, receipt.head) == (0, str(genesis("A-07", terminal.identity.epoch)))
    assert receipt.incarnation == centre.container.incarnation


def test_records_are_held_in_order_with_a_signed_receipt(terminal: Terminal, centre: Centre) -> None:
    records = [terminal.note(str(n)) for n in range(5)]
    receipt = upload(centre, terminal, records[:3])
    assert (receipt.seq, receipt.head) == (3, str(records[2].hash()))
    receipt = upload(centre, terminal, records[3:])
    assert (receipt.seq, receipt.head) == (5, str(records[4].hash()))
    with centre.database.read() as connection:
        t = tables.audit_record
        stored = connection.execute(select(t.c.envelope).order_by(t.c.seq)).scalars().all()
    assert stored == [record.envelope for record in records]


def test_a_chain_of_sm2_and_sm3_is_held_beside_the_others(terminal: Terminal, centre: Centre) -> None:
    other = Terminal.enrol(centre.container, terminal.clock, "A-08", signature="sm2-sm3")
    records = [other.note(str(n)) for n in range(3)]
    for sent in (records[:2], records[:2], records):  # a batch sent again as well
        receipt = upload(centre, other, sent)
    assert (receipt.seq, receipt.head) == (3, str(records[2].hash("sm3")))
    forged = SignedRecord.make(other.note("3").record, terminal.keys.signing)
    with pytest.raises(ChainUnreadable):
        upload(centre, other, [forged])


def test_a_batch_sent_again_is_taken_again(terminal: Terminal, centre: Centre) -> None:
    records = [terminal.note(str(n)) for n in range(4)]
    first = upload(centre, terminal, records[:3])
    assert upload(centre, terminal, records[:3]).seq == first.seq
    assert upload(centre, terminal, records).seq == 4
    assert held(centre) == 4


def test_a_gap_is_not_taken_and_the_receipt_says_where_to_begin(terminal: Terminal, centre: Centre) -> None:
    records = [terminal.note(str(n)) for n in range(5)]
    upload(centre, terminal, records[:2])
    assert upload(centre, terminal, records[3:]).seq == 2
    assert held(centre) == 2
    assert state_of(centre) == "active"


def test_a_second_chain_quarantines_the_terminal_and_nothing_is_merged(
    terminal: Terminal, centre: Centre
) -> None:
    """A disk image was put back: the same terminal writes other records under numbers it used before."""
    records = [terminal.note(str(n)) for n in range(3)]
    upload(centre, terminal, records)
    del terminal.chain[1:]
    other = [terminal.note("another life") for _ in range(3)]
    with pytest.raises(ChainForked):
        upload(centre, terminal, other)
    assert state_of(centre) == "quarantined"
    assert held(centre) == 3


def test_a_record_that_follows_another_head_is_a_fork_too(terminal: Terminal, centre: Centre) -> None:
    upload(centre, terminal, [terminal.note(str(n)) for n in range(3)])
    del terminal.chain[1:]
    other = [terminal.note("another life") for _ in range(3)]
    with pytest.raises(ChainForked):
        upload(centre, terminal, other[2:])
    assert state_of(centre) == "quarantined"


def test_a_record_signed_by_somebody_else_is_no_fork(terminal: Terminal, centre: Centre) -> None:
    records = [terminal.note("1"), terminal.note("2")]
    upload(centre, terminal, records[:1])
    stranger = Ed25519Signer.generate()
    for record in records:
        forged = SignedRecord(record.payload + b"", record.algorithm, stranger.sign(record.payload))
        with pytest.raises(ChainUnreadable):
            del terminal.chain[:]
            upload(
                centre, terminal, [forged] if record is records[1] else [_forged_first(terminal, stranger)]
            )
    assert state_of(centre) == "active"
    assert held(centre) == 1


def _forged_first(terminal: Terminal, stranger: Ed25519Signer) -> SignedRecord:
    other = terminal.note("never said")
    return SignedRecord(other.payload, other.algorithm, stranger.sign(other.payload))


def test_records_of_an_unknown_epoch_are_refused(terminal: Terminal, centre: Centre) -> None:
    unknown = AuditBatch(terminal.name, "0" * 16, [])
    with pytest.raises(ChainUnreadable):
        centre.container.audit.take(unknown)


def test_two_uploads_at_once_hold_each_record_once(terminal: Terminal, centre: Centre) -> None:
    records = [terminal.note(str(n)) for n in range(20)]
    barrier = threading.Barrier(2)

    def send(part: list[SignedRecord]) -> int:
        barrier.wait(20)
        return upload(centre, terminal, part).seq

    with ThreadPoolExecutor(2) as pool:
        marks = list(pool.map(send, [records, records[:15]]))
    assert max(marks) == 20
    assert held(centre) == 20


def test_the_past_cannot_be_rewritten(terminal: Terminal, centre: Centre) -> None:
    upload(centre, terminal, [terminal.note()])
    with pytest.raises(DBAPIError, match="append only"), centre.database.write() as connection:
        connection.execute(update(tables.audit_record).values(hash="sha256:00"))
