"""``devices.db``: what the device program must still know after the power has gone.

One writer, on one thread of its own, with every commit flushed (WAL, synchronous=FULL) and every commit
named, so that tests can cut the power before and after each.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

import pysqlite3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from config.clock import Clock
from drivers import crashpoints
from drivers.errors import StoreError
from drivers.store_tables import VERSION, identity, metadata

log = logging.getLogger("kiosk.devices.store")

MINIMUM_SQLITE: Final = (3, 51, 3)
"""Earlier ones can corrupt a WAL under two writers (environment note)."""

T = TypeVar("T")


class Store:
    """Opened once at the start, closed once at the end. Work is done in the order it was given."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock: int | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="devices.db")
        self._connection: Connection | None = None
        self._identity = ""

    @property
    def identity(self) -> str:
        """Which book this is: made once with it, so one that was lost and begun anew has another. Empty until open."""
        return self._identity

    async def open(self) -> None:
        """Open or create; raise ``StoreError`` when another program has it, or it is of a newer layout."""
        await self._call(self._open)

    async def close(self) -> None:
        """Finish what was given, then close; calling again does nothing."""
        await self._call(self._close)
        self._thread.shutdown(wait=True)

    def now(self) -> str:
        """The time to write into a row."""
        return self._clock.now().isoformat(timespec="milliseconds")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """``work`` on the database as last committed, with whatever was given before it done."""
        return await self._call(lambda: self._read(work))

    async def write(self, name: str, work: Callable[[Connection], T]) -> T:
        """``work`` in one transaction, durable when this returns. ``name`` is a registered crash point.

        Once begun it is carried through even when the caller is cancelled.
        """
        if name not in crashpoints.registered():
            raise ValueError(f"commit {name!r} is no registered crash point; register it where it is used")
        return await asyncio.shield(self._call(lambda: self._write(name, work)))

    def _call(self, work: Callable[[], T]) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self) -> None:
        if pysqlite3.dbapi2.sqlite_version_info < MINIMUM_SQLITE:
            raise StoreError(f"SQLite {pysqlite3.dbapi2.sqlite_version} is too old; install pysqlite3 anew")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            self._connection = _engine(self._path).connect()
            self._layout(self._connection)
        except (SQLAlchemyError, OSError) as error:
            self._close()
            raise StoreError(
                f"{self._path} cannot be opened: {_cause(error)}; check disk and rights"
            ) from error
        except StoreError:
            self._close()
            raise

    def _take_lock(self) -> None:
        """Be the only writer: the lock is the kernel's, so it ends with the process, however that ends."""
        self._lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(f"{self._path} is in use; stop the other 'kiosk devices run' first") from None

    def _layout(self, connection: Connection) -> None:
        found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.rollback()
        if found > VERSION:
            raise StoreError(
                f"{self._path} has layout {found}, this program knows {VERSION}; install the newer one"
            )
        if found < VERSION:
            with connection.begin():
                metadata.create_all(connection)
                if connection.execute(select(identity.c.id)).first() is None:
                    connection.execute(insert(identity).values(id=str(uuid.uuid4())))
                connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")
        self._identity = connection.execute(select(identity.c.id)).scalar_one()
        connection.rollback()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection.engine.dispose()
            self._connection = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _read(self, work: Callable[[Connection], T]) -> T:
        connection = self._opened()
        try:
            return work(connection)
        finally:
            connection.rollback()

    def _write(self, name: str, work: Callable[[Connection], T]) -> T:
        connection = self._opened()
        try:
            result = work(connection)
            crashpoints.hit("before", name)
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        crashpoints.hit("after", name)
        return result

    def _opened(self) -> Connection:
        if self._connection is None:
            raise StoreError(f"{self._path} is closed")
        return self._connection


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite+pysqlite:///{path}", module=pysqlite3.dbapi2, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: pysqlite3.dbapi2.Connection, _: object) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN, the module must not
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _cause(error: Exception) -> str:
    return str(error.orig) if isinstance(error, DBAPIError) else str(error)
