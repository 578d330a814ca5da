"""Takes in the audit chain, strictly in order, and says in writing how far it is held.

The high-water mark and the records are one commit. Another record under a number that is held already, or a
record that does not follow the one held, is a second chain: a cloned or restored disk. That terminal is
quarantined and nothing of it is merged. A gap is not taken: the receipt says where to begin again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bureau.errors import ChainForked, ChainUnreadable
from bureau.fleet.keys import BureauKeys
from bureau.fleet.terminals import Terminals
from bureau.store import tables
from bureau.store.database import Database
from bureau.store.insert import insert_into
from config.clock import Clock
from sync.audit import AuditBatch, make_receipt
from sync.chain import ChainWalk
from sync.crypto import Hash, Verifier
from sync.errors import ChainBroken, RecordError
from sync.models import AuditReceipt
from sync.records import SignedRecord, genesis

log = logging.getLogger("kiosk.bureau")


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a chain is held."""

    seq: int
    head: Hash


class AuditChains:
    """Every terminal's chain, one an epoch. Thread-safe."""

    def __init__(
        self, database: Database, terminals: Terminals, keys: BureauKeys, clock: Clock, incarnation: str
    ) -> None:
        self._database = database
        self._terminals = terminals
        self._keys = keys
        self._clock = clock
        self._incarnation = incarnation

    def take(self, batch: AuditBatch) -> AuditReceipt:
        """Hold what follows; the signed word how far that is now.

        Raises ``ChainForked`` (after quarantining the terminal) or ``ChainUnreadable``.
        """
        key = self._terminals.record_key(batch.terminal, batch.epoch)
        if key is None:
            raise ChainUnreadable(f"no key is known for epoch {batch.epoch}: enrol the terminal again")
        try:
            with self._database.write() as connection:
                mark = self._append(connection, batch, key)
        except ChainForked as fork:
            log.error("terminal %s: %s", batch.terminal, fork)
            self._terminals.set_state(batch.terminal, "quarantined", f"chain fork at {fork.seq}")
            raise
        return make_receipt(
            batch.terminal,
            batch.epoch,
            mark.seq,
            mark.head,
            self._incarnation,
            self._clock.now(),
            self._keys.signer,
        )

    def _append(self, connection: Connection, batch: AuditBatch, key: Verifier) -> Mark:
        mark = self._mark(connection, batch)
        new = self._new(connection, batch, mark, key)
        if not new or new[0].record.seq > mark.seq + 1:
            return mark
        walk = ChainWalk(batch.terminal, batch.epoch, key, mark.seq, mark.head if mark.seq else None)
        for signed in new:
            self._follow(walk, signed, batch, key)
            self._insert(connection, signed)
        assert walk.head is not None
        t = tables.audit_cursor
        connection.execute(
            t.update()
            .where(t.c.terminal == batch.terminal, t.c.epoch == batch.epoch)
            .values(seq=walk.seq, head=str(walk.head))
        )
        return Mark(walk.seq, walk.head)

    def _mark(self, connection: Connection, batch: AuditBatch) -> Mark:
        """The cursor, locked until the transaction ends; made when the epoch is new."""
        t = tables.audit_cursor
        start = genesis(batch.terminal, batch.epoch)
        connection.execute(
            insert_into(connection, t)
            .values(terminal=batch.terminal, epoch=batch.epoch, seq=0, head=str(start))
            .on_conflict_do_nothing()
        )
        query = select(t).where(t.c.terminal == batch.terminal, t.c.epoch == batch.epoch).with_for_update()
        row = connection.execute(query).one()
        return Mark(row.seq, Hash.parse(row.head))

    def _new(
        self, connection: Connection, batch: AuditBatch, mark: Mark, key: Verifier
    ) -> list[SignedRecord]:
        """What is beyond the mark; what is not must be what is held."""
        try:
            known = [signed for signed in batch.records if signed.record.seq <= mark.seq]
            new = [signed for signed in batch.records if signed.record.seq > mark.seq]
        except RecordError as error:
            raise ChainUnreadable(str(error)) from error
        t = tables.audit_record
        numbers = [signed.record.seq for signed in known]
        query = select(t.c.seq, t.c.hash).where(
            t.c.terminal == batch.terminal, t.c.epoch == batch.epoch, t.c.seq.in_(numbers)
        )
        held = {row.seq: row.hash for row in connection.execute(query)}
        for signed in known:
            if held.get(signed.record.seq) == str(signed.hash()):
                continue
            if not _own(signed, batch, key):
                raise ChainUnreadable(f"record {signed.record.seq} is not signed by this terminal")
            raise ChainForked(batch.epoch, signed.record.seq)
        return new

    def _follow(self, walk: ChainWalk, signed: SignedRecord, batch: AuditBatch, key: Verifier) -> None:
        expected = walk.seq + 1
        try:
            walk.follow(signed)
        except ChainBroken as error:
            if _own(signed, batch, key) and signed.record.seq == expected:
                # it is the terminal's own, and follows another record than the one before it here
                raise ChainForked(batch.epoch, walk.seq) from error
            raise ChainUnreadable(str(error)) from error

    def _insert(self, connection: Connection, signed: SignedRecord) -> None:
        record = signed.record
        connection.execute(
            tables.audit_record.insert().values(
                terminal=record.terminal,
                epoch=record.epoch,
                seq=record.seq,
                hash=str(signed.hash()),
                kind=record.kind,
                phase=record.phase.value,
                key=record.key,
                envelope=signed.envelope,
                received_at=self._clock.now(),
            )
        )


def _own(signed: SignedRecord, batch: AuditBatch, key: Verifier) -> bool:
    """Whether the terminal itself signed this as a record of this chain."""
    try:
        record = signed.verify(key)
    except RecordError:
        return False
    return (record.terminal, record.epoch) == (batch.terminal, batch.epoch)
