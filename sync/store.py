"""``sync.db``: receipts, refusals and marks, written by the sync program alone."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from sync.crypto import KeyStore
from sync.models import AuditReceipt, EffectAnswer
from sync.sqlite import WriterLock, open_writer, prepare_layout, quick_check, store_error
from sync.store_tables import APPLICATION_ID, DDL, LAYOUT, floor, mark, receipt, state, trouble


@dataclass(frozen=True, slots=True)
class Trouble:
    """An effect the centre refused to read: how often, why, and whether it is set aside."""

    key: str
    refusals: int
    parked: bool
    reason: str


def receipt_context(key: str) -> bytes:
    """What a sealed answer is bound to."""
    return b"receipt:" + key.encode()


class SyncStore:
    """The only writer of ``sync.db``; usable from several threads; every change is one flushed commit.

    Methods raise ``StoreError``.
    """

    def __init__(self, path: Path, keystore: KeyStore) -> None:
        """Open or create and check the file; raises ``StoreLocked``, ``StoreCorrupt``, other ``StoreError``."""
        self.path = path
        self._keystore = keystore
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file_lock = WriterLock(path)
        try:
            self._engine = open_writer(path)
            try:
                quick_check(path, self._engine)
                self._connection: Connection = self._engine.connect()
                prepare_layout(path, self._connection, DDL, APPLICATION_ID, LAYOUT)
            except BaseException:
                self._engine.dispose()
                raise
        except BaseException:
            self._file_lock.release()
            raise
        self._lock = threading.RLock()

    def close(self) -> None:
        """Release file and lock; may be called twice."""
        with self._lock:
            if not self._connection.closed:
                self._connection.close()
                self._engine.dispose()
                self._file_lock.release()

    # --- effects -------------------------------------------------------------------------------------------

    def answered(self, kind: str, answer: EffectAnswer, life: str) -> None:
        """Keep the answer, and in which of its lives the centre gave it; the effect's trouble is over."""
        sealed = self._keystore.wrap(answer.model_dump_json().encode(), receipt_context(answer.key))
        row = {
            "key": answer.key,
            "kind": kind,
            "state": str(answer.state),
            "incarnation": life,
            "received_us": _now_us(),
            "answer": sealed,
        }
        with self._transaction() as connection:
            connection.execute(
                insert(receipt).values(row).on_conflict_do_update(index_elements=["key"], set_=row)
            )
            connection.execute(delete(trouble).where(trouble.c.key == answer.key))

    def receipts(self) -> dict[str, str]:
        """The life of the centre in which it answered, by key."""
        with self._transaction() as connection:
            rows = connection.execute(select(receipt.c.key, receipt.c.incarnation)).all()
        return {row.key: row.incarnation for row in rows}

    def full_answers(self) -> set[str]:
        """Keys whose answer was not emptied yet."""
        with self._transaction() as connection:
            return set(
                connection.execute(select(receipt.c.key).where(receipt.c.answer.is_not(None))).scalars()
            )

    def forget_answers(self, keys: Iterable[str]) -> None:
        """Empty the answers of effects whose settlement the journal holds; that they were answered stays."""
        wanted = list(keys)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            with self._transaction() as connection:
                connection.execute(update(receipt).where(receipt.c.key.in_(part)).values(answer=None))

    def refused(self, key: str, reason: str, park_after: int) -> Trouble:
        """Count a deterministic refusal; the effect is parked at the ``park_after``-th."""
        with self._transaction() as connection:
            before = connection.execute(select(trouble.c.refusals).where(trouble.c.key == key)).scalar() or 0
            row = {
                "key": key,
                "refusals": before + 1,
                "parked": int(before + 1 >= park_after),
                "reason": reason[:500],
                "changed_us": _now_us(),
            }
            connection.execute(
                insert(trouble).values(row).on_conflict_do_update(index_elements=["key"], set_=row)
            )
        return Trouble(key, before + 1, bool(row["parked"]), reason[:500])

    def release(self, key: str) -> bool:
        """Let a parked effect be tried again; False when none is parked under that key."""
        with self._transaction() as connection:
            gone = connection.execute(delete(trouble).where(trouble.c.key == key, trouble.c.parked == 1))
            return gone.rowcount > 0

    def troubles(self) -> list[Trouble]:
        """All effects with refusals, parked or not."""
        with self._transaction() as connection:
            rows = connection.execute(select(trouble).order_by(trouble.c.changed_us)).all()
        return [Trouble(row.key, row.refusals, bool(row.parked), row.reason) for row in rows]

    # --- the audit chain -----------------------------------------------------------------------------------

    def mark(self, epoch: str) -> AuditReceipt | None:
        """The centre's last signed word about an epoch."""
        with self._transaction() as connection:
            text = connection.execute(select(mark.c.receipt).where(mark.c.epoch == epoch)).scalar()
        return None if text is None else AuditReceipt.told(text)

    def life(self, incarnation: str) -> str:
        """The centre's life under that incarnation: another one after each time its chain went back."""
        setbacks = (self.get("setbacks") or {}).get(incarnation, 0)
        return f"{incarnation}~{setbacks}" if setbacks else incarnation

    def set_mark(self, word: AuditReceipt, floor_seq: int) -> None:
        """Keep the centre's word; the first of a life also says what it held before (``floor_seq``).

        A centre that holds less than it said before was restored, also when its incarnation does not tell.
        """
        before = self.mark(word.epoch)
        if before is not None and before.incarnation == word.incarnation and word.seq < before.seq:
            setbacks = self.get("setbacks") or {}
            self.put({"setbacks": {**setbacks, word.incarnation: setbacks.get(word.incarnation, 0) + 1}})
        life = self.life(word.incarnation)
        row = {
            "epoch": word.epoch,
            "seq": word.seq,
            "head": word.head,
            "incarnation": word.incarnation,
            "receipt": word.model_dump_json(),
        }
        first = {"incarnation": life, "epoch": word.epoch, "seq": floor_seq}
        with self._transaction() as connection:
            connection.execute(
                insert(mark).values(row).on_conflict_do_update(index_elements=["epoch"], set_=row)
            )
            connection.execute(insert(floor).values(first).on_conflict_do_nothing())

    def floors(self, life: str) -> dict[str, int]:
        """How far the centre held each epoch when that life of it began."""
        with self._transaction() as connection:
            rows = connection.execute(select(floor.c.epoch, floor.c.seq).where(floor.c.incarnation == life))
            return {row.epoch: row.seq for row in rows}

    # --- single facts --------------------------------------------------------------------------------------

    def get(self, name: str) -> Any:
        """A fact, or None."""
        with self._transaction() as connection:
            text = connection.execute(select(state.c.value).where(state.c.name == name)).scalar()
        return None if text is None else json.loads(text)

    def put(self, facts: Mapping[str, object]) -> None:
        """Keep facts (anything JSON can say) in one commit."""
        with self._transaction() as connection:
            for name, value in facts.items():
                row = {"name": name, "value": json.dumps(value, ensure_ascii=False)}
                connection.execute(
                    insert(state).values(row).on_conflict_do_update(index_elements=["name"], set_=row)
                )

    def count(self) -> int:
        """How many effects were answered."""
        with self._transaction() as connection:
            return int(connection.execute(select(func.count()).select_from(receipt)).scalar_one())

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._lock:
            try:
                with self._connection.begin():
                    yield self._connection
            except DBAPIError as error:
                raise store_error(self.path, error) from error


def _now_us() -> int:
    return time.time_ns() // 1000
