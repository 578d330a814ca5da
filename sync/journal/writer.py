"""The journal: what the terminal did and is about to do, durable before it happens, never changed after."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Row, bindparam, select

from config import crashpoints
from config.clock import Clock
from sync.crypto import KeyStore
from sync.errors import KeyShredded, StoreError, StoreFull, VisitStillOpen
from sync.identity import TerminalIdentity
from sync.journal.ballast import BALLAST_BYTES, Ballast
from sync.journal.checks import check_file
from sync.journal.effects import EffectHistory, OpenedRecord, OpenEffect
from sync.journal.file import JournalFile, check_order
from sync.journal.keys import VisitKeys, order_of
from sync.journal.moments import MomentSource
from sync.journal.tables import record, visit_key
from sync.records import Entry, Moment, Phase, Place, SignedRecord, genesis, make_record
from sync.software import software_version

_ROWS = select(record.c.position, record.c.envelope)
_ORDER_TAG = select(record.c.order_tag).where(record.c.key == bindparam("wanted")).order_by(record.c.position)
_TAIL = 64
"""Records at the end whose chain and signatures are checked at each start; ``verify()`` checks them all."""


class Journal:
    """The only writer of ``journal.db``; usable from several threads; each append is one flushed commit."""

    def __init__(
        self,
        file: JournalFile,
        identity: TerminalIdentity,
        keystore: KeyStore,
        moments: MomentSource,
        ballast: Ballast,
    ) -> None:
        """Used by ``open``."""
        self._file, self._identity, self._moments, self._ballast = file, identity, moments, ballast
        self._lock = threading.RLock()
        with file.transaction():
            self._keys = VisitKeys(file.connection, identity, keystore)
        self._position = 0
        self._place = Place(identity.terminal, identity.epoch, 1, genesis("", ""), software_version())
        self._find_end()

    @classmethod
    def open(
        cls,
        path: Path,
        identity: TerminalIdentity,
        keystore: KeyStore,
        clock: Clock,
        *,
        clock_error_ms: Callable[[], int | None] = lambda: None,
        ballast_bytes: int = BALLAST_BYTES,
    ) -> Journal:
        """Open or create the journal and check it.

        ``clock_error_ms`` tells the present bound of the wall clock's error (``Receipts.clock_error_ms``).
        Raises ``StoreLocked`` when another process writes it, ``StoreCorrupt`` when the file is damaged,
        ``ChainBroken`` when its last records do not hold together, other ``StoreError`` for the rest.
        """
        file = JournalFile(path)
        try:
            check_file(file, identity, _TAIL)
            ballast = Ballast(path, ballast_bytes)
            ballast.hold()
            return cls(file, identity, keystore, MomentSource(clock, clock_error_ms), ballast)
        except BaseException:
            file.close()
            raise

    @property
    def path(self) -> Path:
        """The file."""
        return self._file.path

    @property
    def head(self) -> Place:
        """Where the next record goes."""
        return self._place

    def append(self, entry: Entry) -> OpenedRecord:
        """Record one entry in one flushed commit; raises as ``append_all``."""
        return self.append_all([entry])[0]

    def append_all(self, entries: Sequence[Entry]) -> list[OpenedRecord]:
        """Record all entries in one flushed commit, or none of them.

        Raises ``StoreFull`` (then an effect must not start), ``EffectOrder`` for a phase that cannot follow,
        ``RecordError`` for a body that cannot be encoded, other ``StoreError`` when the medium fails. When no
        entry is an intent, the ballast makes way for what has begun already.
        """
        with self._lock:
            try:
                return self._append(entries)
            except StoreFull:
                if any(e.phase is Phase.INTENT for e in entries) or not self._ballast.release():
                    raise
                return self._append(entries)

    def read(self, transaction: str | None = None) -> Iterator[OpenedRecord]:
        """All records, or those of one transaction, oldest first, opened where the key is still there."""
        query = _ROWS if transaction is None else _ROWS.where(record.c.transaction_id == transaction)
        for rows in self._file.pages(query):
            yield from self._open(rows)

    def effect(self, key: str) -> EffectHistory | None:
        """Everything recorded under one key, or None when there is nothing."""
        pages = self._file.pages(_ROWS.where(record.c.key == key))
        records = tuple(opened for rows in pages for opened in self._open(rows))
        return EffectHistory(key, records) if records else None

    def open_effects(self, visit: str | None = None) -> list[OpenEffect]:
        """Effects that are not settled, oldest first, of one visit or of all.

        ``undecided`` ones must be looked into by their probe; handed over ones are under way by sync.
        """
        settled = record.alias()
        done = select(settled.c.key).where(settled.c.key == record.c.key, settled.c.phase == Phase.SETTLED)
        query = select(record.c.position, record.c.key).where(record.c.phase == Phase.INTENT, ~done.exists())
        if visit is not None:
            query = query.where(record.c.visit == visit)
        histories = [self.effect(row.key) for rows in self._file.pages(query) for row in rows]
        return [history for history in histories if history is not None]

    def visits_with_key(self) -> set[str]:
        """Visits whose records can still be opened here: those that were not shredded yet."""
        with self._lock, self._file.transaction() as connection:
            return set(connection.execute(select(visit_key.c.visit)).scalars())

    def shred(self, visit: str) -> None:
        """Drop the terminal's wrap of the visit's key, from the file and its WAL.

        From then on only the bureau can open the visit's records; what was handed over is delivered all the
        same. Raises ``VisitStillOpen`` while an effect of the visit is undecided.
        """
        with self._lock:
            if undecided := [e.key for e in self.open_effects(visit) if e.undecided]:
                raise VisitStillOpen(visit, undecided)
            with self._file.transaction():
                self._keys.shred(visit)
            self._file.flush_wal()

    def verify(self) -> None:
        """Check the file, every link of every epoch and every signature of this one.

        Raises ``StoreCorrupt`` or ``ChainBroken``.
        """
        self._file.check()
        check_file(self._file, self._identity)

    def close(self) -> None:
        """Release file and lock; may be called twice."""
        with self._lock:
            self._keys.forget()
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _append(self, entries: Sequence[Entry]) -> list[OpenedRecord]:
        position, place = self._position, self._place
        moment = self._moments.now()
        made: list[OpenedRecord] = []
        try:
            with self._file.transaction() as connection:
                for entry in entries:
                    check_order(connection, entry)
                    signed = self._sign(entry, place, moment)
                    position += 1
                    self._file.insert(connection, position, signed, self._order_tag(connection, entry))
                    made.append(OpenedRecord(position, signed, dict(entry.body)))
                    place = replace(place, seq=place.seq + 1, prev=signed.hash(place.prev.algorithm))
                for entry in entries:
                    crashpoints.hit("journal", "before", entry.point)
        except BaseException:
            self._keys.forget()  # a key made in the transaction that failed was never stored
            with suppress(StoreError):
                self._find_end()
            raise
        self._position, self._place = position, place
        for entry in entries:
            crashpoints.hit("journal", "after", entry.point)
        return made

    def _sign(self, entry: Entry, place: Place, moment: Moment) -> SignedRecord:
        made = make_record(entry, place, moment, self._keys.for_visit(entry.visit))
        return SignedRecord.make(made, self._identity.signer)

    def _order_tag(self, connection: Connection, entry: Entry) -> str:
        """Of the intent that gave it, for whatever follows under the same key."""
        if entry.key is not None and entry.phase is not Phase.INTENT:
            return str(connection.execute(_ORDER_TAG, {"wanted": entry.key}).scalar())
        return self._keys.order_tag(entry.order or order_of(entry.body, entry.visit))

    def _open(self, rows: Sequence[Row[Any]]) -> list[OpenedRecord]:
        opened = []
        with self._lock, self._file.transaction():
            for row in rows:
                signed = SignedRecord.parse(row.envelope)
                try:
                    body = signed.record.open(self._keys)
                except KeyShredded:
                    body = None
                opened.append(OpenedRecord(row.position, signed, body))
        return opened

    def _find_end(self) -> None:
        identity = self._identity
        self._position = self._file.end().position
        last = self._file.epoch_end(identity.epoch)
        seq, prev = (
            (0, genesis(identity.terminal, identity.epoch, identity.digest))
            if last is None
            else (
                last.record.seq,
                last.hash(last.record.prev.algorithm),
            )
        )
        self._place = replace(self._place, seq=seq + 1, prev=prev)
