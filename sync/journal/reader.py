"""The journal as other programs see it: ciphertext, order tags and phases, never a plain body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from sync.errors import RecordError, StoreCorrupt
from sync.journal.tables import record
from sync.records import MAX_ENVELOPE, Phase, SignedRecord
from sync.store_reader import StoreReader


@dataclass(frozen=True, slots=True)
class Row:
    """What can be told of a record without its key."""

    position: int
    epoch: str
    seq: int
    kind: str
    phase: Phase
    key: str | None
    order_tag: str
    size: int


class JournalReader:
    """Reads ``journal.db`` of another process; safe to use from several threads.

    Every method raises ``StoreMissing`` before the journal exists, ``StoreCorrupt`` when it is damaged.
    """

    def __init__(self, path: Path) -> None:
        """``path`` need not exist yet."""
        self._store = StoreReader(path)

    @property
    def path(self) -> Path:
        """The file."""
        return self._store.path

    def close(self) -> None:
        """Let go of the file; the next reading opens it again."""
        self._store.close()

    def end(self) -> int:
        """The last position; 0 when the journal is empty."""
        with self._store.reading() as connection:
            return int(connection.execute(select(func.coalesce(func.max(record.c.position), 0))).scalar_one())

    def rows(self, after: int, limit: int = 500) -> list[Row]:
        """What was recorded behind position ``after``, oldest first."""
        columns = (
            record.c.position,
            record.c.epoch,
            record.c.seq,
            record.c.kind,
            record.c.phase,
            record.c.key,
            record.c.order_tag,
            func.length(record.c.envelope),
        )
        query = select(*columns).where(record.c.position > after).order_by(record.c.position).limit(limit)
        with self._store.reading() as connection:
            rows = connection.execute(query).all()
        return [Row(r[0], r[1], r[2], r[3], Phase(r[4]), r[5], r[6], r[7]) for r in rows]

    def intent(self, key: str) -> SignedRecord | None:
        """The signed intent of an effect: exactly what is sent to the centre."""
        query = select(record.c.envelope).where(record.c.key == key, record.c.phase == Phase.INTENT)
        with self._store.reading() as connection:
            envelope = connection.execute(query).scalar()
        return None if envelope is None else self._parse(envelope)

    def epochs(self) -> list[str]:
        """Every epoch of the file, oldest first."""
        query = select(record.c.epoch).group_by(record.c.epoch).order_by(func.min(record.c.position))
        with self._store.reading() as connection:
            return [str(epoch) for epoch in connection.execute(query).scalars()]

    def last_seq(self, epoch: str) -> int:
        """The last sequence number of an epoch; 0 when it has none."""
        query = select(func.coalesce(func.max(record.c.seq), 0)).where(record.c.epoch == epoch)
        with self._store.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def at(self, epoch: str, seq: int) -> SignedRecord | None:
        """One record, or None when there is none."""
        found = self.chain(epoch, seq - 1, 1, MAX_ENVELOPE)
        return found[0] if found and found[0].record.seq == seq else None

    def chain(self, epoch: str, after: int, limit: int, max_bytes: int) -> Sequence[SignedRecord]:
        """The records behind ``after``: at most ``limit`` and ``max_bytes``, but one if there is any."""
        query = (
            select(record.c.envelope)
            .where(record.c.epoch == epoch, record.c.seq > after)
            .order_by(record.c.seq)
            .limit(limit)
        )
        with self._store.reading() as connection:
            envelopes = connection.execute(query).scalars().all()
        taken: list[SignedRecord] = []
        size = 0
        for envelope in envelopes:
            size += len(envelope)
            if taken and size > max_bytes:
                break
            taken.append(self._parse(envelope))
        return taken

    def _parse(self, envelope: bytes) -> SignedRecord:
        try:
            return SignedRecord.parse(envelope)
        except RecordError as error:
            raise StoreCorrupt(self.path, str(error)) from error
