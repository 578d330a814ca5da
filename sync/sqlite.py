"""SQLite as this project uses it: one writer to a file, every commit flushed, every pragma read back.

Rules and their reasons: transactions note, 3.1. The library is the pinned ``pysqlite3`` because SQLite before
3.51.3 can corrupt a WAL under two connections (sqlite.org/wal.html, "the WAL-reset bug").
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pysqlite3.dbapi2 as dbapi
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from sync.errors import (
    StoreCorrupt,
    StoreError,
    StoreFailed,
    StoreFull,
    StoreLocked,
    StoreMissing,
    StoreOutdated,
)
from sync.files import flush_folder

OLDEST: Final = (3, 51, 3)
FILE_MODE = 0o640
"""The group may read: the terminal's programs run under users of one group."""

KEPT_PAGES: Final = ("-512", -512)
"""512 KiB of pages a connection, a quarter of what SQLite keeps: our files are read by key, one row at a time, and grow
for months; the system's own cache holds the rest."""
BUSY_S: Final = 5
"""Seconds for which a file that another program is writing is waited for."""
_BUSY: Final = (str(BUSY_S * 1000), BUSY_S * 1000)
WRITER_PRAGMAS: Final[Mapping[str, tuple[str, object]]] = {
    # name: (value to set, value that must be read back)
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "busy_timeout": _BUSY,
    "foreign_keys": ("ON", 1),
    "mmap_size": ("0", 0),
    "cache_size": KEPT_PAGES,
    "trusted_schema": ("OFF", 0),
    "cell_size_check": ("ON", 1),
    "secure_delete": ("ON", 1),
    "recursive_triggers": ("ON", 1),
    "journal_size_limit": (str(16 << 20), 16 << 20),
    "wal_autocheckpoint": ("1000", 1000),
}
READER_PRAGMAS: Final[Mapping[str, tuple[str, object]]] = {
    "query_only": ("ON", 1),
    "busy_timeout": _BUSY,
    "mmap_size": ("0", 0),
    "cache_size": KEPT_PAGES,
    "trusted_schema": ("OFF", 0),
    "cell_size_check": ("ON", 1),
}

_CORRUPT = {dbapi.SQLITE_CORRUPT, dbapi.SQLITE_NOTADB, dbapi.SQLITE_FORMAT}
_GONE = {dbapi.SQLITE_CANTOPEN}


class WriterLock:
    """An exclusive ``flock`` on a sidecar file, held as long as the file is open for writing."""

    def __init__(self, path: Path, wait_s: float = 1.0) -> None:
        """Take the lock; raises ``StoreLocked``. A reader of an idle file holds it shared for a moment."""
        self._descriptor = os.open(lock_path(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        give_up = time.monotonic() + wait_s
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    os.close(self._descriptor)
                    raise StoreLocked(path) from None
                time.sleep(0.02)

    def release(self) -> None:
        """Let the next writer in; the sidecar stays."""
        os.close(self._descriptor)


def lock_path(path: Path) -> Path:
    """The sidecar of a database file."""
    return path.with_name(path.name + ".lock")


def open_writer(path: Path) -> Engine:
    """An engine over one connection; creates the file. Raises ``StoreError``.

    Transactions begin with ``BEGIN IMMEDIATE``: a writer learns at once, not at its first INSERT, that it
    cannot write.
    """
    if dbapi.sqlite_version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise StoreError(path, f"SQLite {dbapi.sqlite_version} is too old", f"install {wanted} (pysqlite3)")
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, FILE_MODE))
        flush_folder(path.parent)
    return _engine(path, f"file:{quote(str(path))}?mode=rw", WRITER_PRAGMAS, "BEGIN IMMEDIATE")


def open_reader(path: Path, *, immutable: bool = False) -> Engine:
    """A read-only engine. ``immutable`` promises that nobody writes meanwhile. Raises ``StoreError``."""
    if not path.exists():
        raise StoreMissing(path)
    uri = f"file:{quote(str(path))}?mode=ro{'&immutable=1' if immutable else ''}"
    return _engine(path, uri, READER_PRAGMAS, "BEGIN")


def _engine(path: Path, uri: str, pragmas: Mapping[str, tuple[str, object]], begin: str) -> Engine:
    def connect() -> Any:
        return dbapi.connect(uri, uri=True, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite+pysqlite://", creator=connect, module=dbapi, poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def _set(connection: Any, _record: object) -> None:
        for name, (value, expected) in pragmas.items():
            _set_pragma(connection, f"PRAGMA {name}={value}")
            found = connection.execute(f"PRAGMA {name}").fetchone()
            if found is None or found[0] != expected:
                raise StoreError(path, f"PRAGMA {name} is {found and found[0]}", f"it must be {expected}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    try:
        with engine.connect():
            return engine
    except (DBAPIError, dbapi.Error) as error:
        engine.dispose()
        raise store_error(path, error) from error


def _set_pragma(connection: Any, statement: str) -> None:
    """Run it as soon as no other program is in the way, within the time that a busy file is waited for.

    Programs that make a new file's journal a WAL at the same moment would wait for each other for ever: SQLite
    asks no busy handler then and tells one of them at once.
    """
    give_up = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute(statement)
            return
        except dbapi.OperationalError as error:
            if error_code(error) != dbapi.SQLITE_BUSY or time.monotonic() >= give_up:
                raise
            time.sleep(0.02)


def error_code(error: BaseException) -> int:
    """SQLite's primary result code of a driver error, wrapped or not; 0 when it carries none."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", 0)
    return code & 0xFF if isinstance(code, int) else 0


def store_error(path: Path, error: BaseException) -> StoreError:
    """The typed error for what SQLite said about ``path``."""
    code = error_code(error)
    text = str(error.orig if isinstance(error, DBAPIError) else error)
    if code in _CORRUPT:
        return StoreCorrupt(path, text)
    if code == dbapi.SQLITE_FULL:
        return StoreFull(path)
    if code in (dbapi.SQLITE_BUSY, dbapi.SQLITE_LOCKED):
        return StoreLocked(path)
    if code in _GONE and not path.exists():
        return StoreMissing(path)
    return StoreFailed(path, text)


def quick_check(path: Path, engine: Engine) -> None:
    """Let SQLite look over the file's structure; raises ``StoreCorrupt``."""
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except DBAPIError as error:
        raise store_error(path, error) from error
    if found != "ok":
        raise StoreCorrupt(path, str(found))


def prepare_layout(
    path: Path, connection: Connection, ddl: Sequence[str], application_id: int, layout: int
) -> None:
    """Create the tables in an empty file, or see that the file is of this kind and layout.

    Raises ``StoreCorrupt`` for another program's file, ``StoreOutdated`` for another layout.
    """
    try:
        with connection.begin():
            application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
            found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one():
                if application != application_id:
                    raise StoreCorrupt(path, "it is some other program's database")
                if found != layout:
                    raise StoreOutdated(path, str(found), str(layout))
                return
            for statement in ddl:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA application_id = {application_id}")
            connection.exec_driver_sql(f"PRAGMA user_version = {layout}")
    except DBAPIError as error:
        raise store_error(path, error) from error
