"""The journal's file under one connection: rows in and out, one transaction at a time, errors with a name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select
from sqlalchemy.exc import DBAPIError

from sync.errors import EffectOrder
from sync.journal.tables import APPLICATION_ID, DDL, LAYOUT, record
from sync.records import Entry, Phase, SignedRecord
from sync.sqlite import WriterLock, open_writer, prepare_layout, quick_check, store_error

PAGE = 200
"""Records read at a time, so that a long reading does not keep a writer waiting."""

# made once: building a statement costs more than running it
_INSERT = insert(record)
_PHASES = select(record.c.phase).where(record.c.key == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class End:
    """The last row: its position in the file, and its record; position 0 and None when there is none."""

    position: int
    signed: SignedRecord | None


class JournalFile:
    """``journal.db`` open for writing: file lock, connection, and a lock among threads."""

    def __init__(self, path: Path) -> None:
        """Open or create and check the file; raises ``StoreError``."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file_lock = WriterLock(path)
        try:
            self._engine = open_writer(path)
            try:
                quick_check(path, self._engine)
                self.connection: Connection = self._engine.connect()
                prepare_layout(path, self.connection, DDL, APPLICATION_ID, LAYOUT)
            except BaseException:
                self._engine.dispose()
                raise
        except BaseException:
            self._file_lock.release()
            raise
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction, committed at the end or rolled back; raises ``StoreError`` when the file fails."""
        with self._lock:
            try:
                with self.connection.begin():
                    yield self.connection
            except DBAPIError as error:
                raise store_error(self.path, error) from error

    def end(self) -> End:
        """The last row of the file."""
        query = select(record.c.position, record.c.envelope).order_by(record.c.position.desc()).limit(1)
        with self.transaction() as connection:
            row = connection.execute(query).first()
        return End(0, None) if row is None else End(row.position, SignedRecord.parse(row.envelope))

    def epoch_end(self, epoch: str) -> SignedRecord | None:
        """The last record of an epoch."""
        query = (
            select(record.c.envelope).where(record.c.epoch == epoch).order_by(record.c.seq.desc()).limit(1)
        )
        with self.transaction() as connection:
            envelope = connection.execute(query).scalar()
        return None if envelope is None else SignedRecord.parse(envelope)

    def insert(self, connection: Connection, position: int, signed: SignedRecord, order_tag: str) -> None:
        """Add one row in the transaction of ``connection``."""
        made = signed.record
        row = {
            "position": position,
            "epoch": made.epoch,
            "seq": made.seq,
            "transaction_id": made.transaction,
            "visit": made.visit,
            "kind": made.kind,
            "phase": made.phase.value,
            "key": made.key,
            "order_tag": order_tag,
            "envelope": signed.envelope,
        }
        connection.execute(_INSERT, row)

    def pages(self, query: Select[Any], after: int = 0) -> Iterator[list[Row[Any]]]:
        """The rows of a query over ``record`` by position, a page at a time, each in its own transaction."""
        ordered = query.order_by(record.c.position).limit(PAGE)
        position = after
        while True:
            with self.transaction() as connection:
                rows = list(connection.execute(ordered.where(record.c.position > position)))
            if rows:
                yield rows
                position = rows[-1].position
            if len(rows) < PAGE:
                return

    def count(self) -> int:
        """How many records there are."""
        with self.transaction() as connection:
            return connection.execute(select(func.count()).select_from(record)).scalar_one()

    def check(self) -> None:
        """Look over the file's structure; raises ``StoreCorrupt``."""
        with self._lock:
            quick_check(self.path, self._engine)

    def flush_wal(self) -> None:
        """Move the WAL into the file and empty it, so that what was erased is nowhere any more."""
        with self._lock:
            raw = self.connection.connection.driver_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Release file and lock; may be called twice."""
        with self._lock:
            if not self.connection.closed:
                self.connection.close()
                self._engine.dispose()
                self._file_lock.release()


def check_order(connection: Connection, entry: Entry) -> None:
    """An effect begins with its intent and ends when settled; raises ``EffectOrder``."""
    if entry.key is None:
        return
    rows = connection.execute(_PHASES, {"wanted": entry.key}).scalars()
    reached = {Phase(phase) for phase in rows}
    if entry.phase is Phase.INTENT:
        if reached:
            raise EffectOrder(entry.key, "there is an intent under this key already; make a new key")
    elif Phase.INTENT not in reached:
        raise EffectOrder(entry.key, f"{entry.phase} without an intent; record the intent first")
    elif entry.phase is not Phase.NOTE and Phase.SETTLED in reached:
        raise EffectOrder(entry.key, f"{entry.phase} after it was settled")
    elif entry.phase is Phase.HANDOVER and Phase.HANDOVER in reached:
        raise EffectOrder(entry.key, "it was handed over already")
