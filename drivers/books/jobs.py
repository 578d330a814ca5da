"""What the books of jobs share: how a key is entered, and how jobs are found again in the order they were entered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, insert, literal_column, select

from drivers.store import Store
from drivers.store_tables import jobs

ENTERED: Final[ColumnElement[int]] = literal_column("jobs.rowid")
"""The order in which jobs were entered. SQLite numbers rows upwards and none is ever taken out; the time of day may
have been set back in between."""

J = TypeVar("J")


def opening(
    key: str,
    service: str,
    kind: str,
    client: str,
    fingerprint: str,
    state: str,
    detail: Mapping[str, Any],
    now: str,
) -> dict[str, Any]:
    """The row of a new key; ``now`` as ``Store.now`` gives it."""
    return {
        "key": key,
        "service": service,
        "kind": kind,
        "client": client,
        "fingerprint": fingerprint,
        "state": str(state),
        "sheets": 0,
        "detail": detail,
        "created_at": now,
        "updated_at": now,
    }


async def key_used(store: Store, key: str) -> bool:
    """Whether any service has had this key."""
    query = select(jobs.c.key).where(jobs.c.key == key)
    return await store.read(lambda connection: connection.execute(query).first() is not None)


def stored_time(at: datetime | None) -> str | None:
    """A moment as ``detail`` keeps it."""
    return at.isoformat() if at is not None else None


def loaded_time(kept: str | None) -> datetime | None:
    """The moment again; raise ``ValueError`` for a text that is none."""
    return datetime.fromisoformat(kept) if kept is not None else None


class JobBook(ABC, Generic[J]):
    """The jobs of one ``kind`` of one service; ``open_state`` is that of a job whose end nobody knows."""

    kind: ClassVar[str]
    open_state: ClassVar[str]

    def __init__(self, store: Store, service: str) -> None:
        self._store = store
        self._service = service

    async def find(self, key: str) -> J | None:
        """The job of that key, None when there is none; another service's key counts as none."""
        found = await self._select(jobs.c.key == key)
        return found[0] if found else None

    async def last(self) -> J | None:
        """The job entered last."""
        query = self._all.order_by(ENTERED.desc()).limit(1)
        row = await self._store.read(lambda connection: connection.execute(query).first())
        return self._job(row) if row is not None else None

    async def unfinished(self) -> list[J]:
        """Jobs of which nobody knows how they ended, oldest first."""
        return await self._select(jobs.c.state == self.open_state)

    @abstractmethod
    def _job(self, row: Row[Any]) -> J:
        """A row as a job."""

    async def _enter(
        self, commit: str, key: str, client: str, fingerprint: str, detail: Mapping[str, Any]
    ) -> None:
        """Enter a new key, open, in the commit of that name."""
        now = self._store.now()
        row = opening(key, self._service, self.kind, client, fingerprint, self.open_state, detail, now)
        await self._store.write(commit, lambda connection: connection.execute(insert(jobs), [row]) and None)

    async def _select(self, which: ColumnElement[bool]) -> list[J]:
        query = self._all.where(which).order_by(ENTERED)
        return await self._store.read(
            lambda connection: [self._job(row) for row in connection.execute(query)]
        )

    @property
    def _all(self) -> Select[Any]:
        return select(jobs).where(jobs.c.service == self._service, jobs.c.kind == self.kind)
