"""Transactions on the centre's store: many readers, and writers that never see each other's halves.

On SQLite there is one write connection under a lock and every write begins with ``BEGIN IMMEDIATE``; on
PostgreSQL writers are separated by row locks (``SELECT … FOR UPDATE``) and a deadlock's victim is run again
by whoever called. What is written is flushed before ``write`` returns.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pysqlite3.dbapi2 as dbapi
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from bureau.errors import StoreUnavailable
from sync.errors import StoreError
from sync.sqlite import BUSY_S, READER_PRAGMAS, open_writer

READERS = 8
"""Read connections on SQLite; readers do not wait for the writer in WAL mode."""
KEEPALIVE: Final = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""PostgreSQL lets go of what a machine held that lost its power, in half a minute in place of two hours."""
_RETRY_STATES = frozenset({"40001", "40P01"})
"""PostgreSQL: serialization_failure, deadlock_detected; nothing was done and it may be run again."""


class Database:
    """The store behind one address. Thread-safe; close it once at the end."""

    def __init__(self, url: str, pool: int = 10) -> None:
        """Open ``sqlite:////path`` or ``postgresql+psycopg://…``; raises ``StoreUnavailable``."""
        address = make_url(url)
        self._told = address.render_as_string(hide_password=True)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self._lock = threading.RLock()
        try:
            if self.is_sqlite:
                path = Path(address.database or "")
                path.parent.mkdir(parents=True, exist_ok=True)
                self._writer = open_writer(path)
                self._reader = _reader(path)
            else:
                shown = address.set(drivername="postgresql+psycopg")
                self._writer = self._reader = create_engine(
                    shown,
                    pool_size=pool,
                    max_overflow=pool,
                    pool_pre_ping=True,
                    pool_timeout=10,
                    connect_args={"options": KEEPALIVE},
                )
                with self._writer.connect() as connection:
                    connection.execute(text("SELECT 1"))
        except (StoreError, DBAPIError) as error:
            raise StoreUnavailable(self._told, _short(error)) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read-only view that does not change while it is held."""
        with self._reader.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                yield connection

    def ask(self) -> None:
        """Raises ``StoreUnavailable`` where PostgreSQL does not answer; a SQLite file is open as long as we are.

        On a connection beside the pool: a store that is busy is not away.
        """
        if self.is_sqlite:
            return
        apart = create_engine(self._writer.url, poolclass=NullPool, connect_args={"connect_timeout": 3})
        try:
            with apart.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError as error:
            raise StoreUnavailable(self._told, _short(error)) from error

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """A connection of PostgreSQL on which every statement stands for itself: for what outlasts a transaction."""
        with self._writer.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def write(self, patience_s: int = BUSY_S) -> Iterator[Connection]:
        """One transaction: committed and flushed when the block ends, gone when it raises.

        ``patience_s``: how long another program that is writing a SQLite file is waited for.
        """
        if not self.is_sqlite:
            with self._writer.connect() as connection, connection.begin():
                yield connection
            return
        with self._lock, self._writer.connect() as connection:
            with _patient(connection, patience_s), connection.begin():
                yield connection

    def close(self) -> None:
        """Let go of every connection: the writer last, since only it can bring a SQLite file's WAL home."""
        self._reader.dispose()
        self._writer.dispose()


@contextmanager
def _patient(connection: Connection, patience_s: int) -> Iterator[None]:
    """Let the one write connection wait that long while the block runs; it waits for ``BUSY_S`` otherwise."""
    raw = connection.connection.dbapi_connection
    assert raw is not None, "just connected"
    if patience_s == BUSY_S:
        yield
        return
    raw.execute(f"PRAGMA busy_timeout={patience_s * 1000}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_S * 1000}")


def _reader(path: Path) -> Engine:
    uri = f"file:{quote(str(path))}?mode=ro"

    def connect() -> Any:
        return dbapi.connect(uri, uri=True, isolation_level=None, check_same_thread=False)

    engine = create_engine(
        "sqlite+pysqlite://", creator=connect, module=dbapi, poolclass=QueuePool, pool_size=READERS
    )

    @event.listens_for(engine, "connect")
    def _set(connection: Any, _record: object) -> None:
        for name, (value, _expected) in READER_PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def may_run_again(error: BaseException) -> bool:
    """Whether PostgreSQL chose this transaction as a victim, so that running it again is right."""
    original = getattr(error, "orig", None)
    return getattr(original, "sqlstate", None) in _RETRY_STATES


def _short(error: BaseException) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
