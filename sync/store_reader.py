"""Reads a database that another program writes: read-only, short, and again when the writer comes or goes."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from sync.errors import StoreFailed, StoreLocked, StoreMissing
from sync.sqlite import lock_path, open_reader, store_error


class StoreReader:
    """Opens lazily and reopens by itself; safe to use from several threads.

    A WAL file can be read without write access only while its ``-shm`` exists, that is, while its writer runs
    or after it was killed. After a clean stop the file is complete without a WAL: then it is read as
    immutable, under a shared lock on the writer's sidecar, so that no writer can start meanwhile.
    """

    def __init__(self, path: Path) -> None:
        """``path`` need not exist yet."""
        self.path = path
        self._lock = threading.RLock()
        self._engine: Engine | None = None
        self._inode: tuple[int, int] | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; raises ``StoreMissing`` before the file is there, else ``StoreError``."""
        with self._lock:
            engine = self._current()
            if engine is None:
                with self._idle_file() as idle, idle.connect() as connection, self._named(idle):
                    yield connection
                return
            with self._named(engine), engine.connect() as connection, connection.begin():
                yield connection

    def close(self) -> None:
        """Let go of the file; the next reading opens it again."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None

    @contextmanager
    def _named(self, engine: Engine) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if engine is self._engine:
                self.close()
            if "no such table" in str(error.orig):  # its writer is just making it
                raise StoreMissing(self.path) from error
            raise store_error(self.path, error) from error

    def _current(self) -> Engine | None:
        """The open engine; None when the file can only be read as an idle one."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self.close()
            raise StoreMissing(self.path) from None
        if self._inode != (found.st_dev, found.st_ino):
            self.close()
        if self._engine is None:
            try:
                self._engine = _tried(self.path, immutable=False)
            except StoreFailed:
                if self._wal_waits() or not lock_path(self.path).exists():
                    raise
                return None
            self._inode = (found.st_dev, found.st_ino)
        return self._engine

    def _wal_waits(self) -> bool:
        wal = self.path.with_name(self.path.name + "-wal")
        with suppress(FileNotFoundError):
            return wal.stat().st_size > 0
        return False

    @contextmanager
    def _idle_file(self) -> Iterator[Engine]:
        """The file while nobody may write it; raises ``StoreLocked`` when a writer has just come."""
        try:
            descriptor = os.open(lock_path(self.path), os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise StoreMissing(self.path) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            engine = _tried(self.path, immutable=True)
            try:
                yield engine
            finally:
                engine.dispose()
        except BlockingIOError as error:
            raise StoreLocked(self.path) from error
        finally:
            os.close(descriptor)


def _tried(path: Path, *, immutable: bool) -> Engine:
    """An engine that has read something; raises ``StoreError``."""
    engine = open_reader(path, immutable=immutable)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar()
    except DBAPIError as error:
        engine.dispose()
        raise store_error(path, error) from error
    return engine
