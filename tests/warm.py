"""What a program pays once and lives on for months, the tests would pay thousands of times: not here.

A running centre or terminal translates each statement to SQL once. A test opens a store of its own, and SQLAlchemy
keeps translations by dialect and engine, so that every test began with none: a third of the centre's tests' time.
All stores of one process share them here, as all connections of one program do.
"""

from __future__ import annotations

import gc
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.util import LRUCache

_STATEMENTS = 4_000
"""More than there are."""


class _Once:
    """A dialect that is made once for equal arguments."""

    _made: dict[str, Any] = {}

    def __new__(cls, **arguments: Any) -> Any:
        key = f"{cls.__name__} {sorted(arguments.items(), key=str)}"
        if key not in cls._made:
            cls._made[key] = super().__new__(cls)
        return cls._made[key]

    def __init__(self, **arguments: Any) -> None:
        if "_translated" not in self.__dict__:
            super().__init__(**arguments)
            self._translated: LRUCache[Any, Any] = LRUCache(_STATEMENTS)


class OneSqlite(_Once, SQLiteDialect_pysqlite):
    """SQLite's, once a process."""

    supports_statement_cache = True


class OnePostgresql(_Once, PGDialect_psycopg):
    """PostgreSQL's, once a process."""

    supports_statement_cache = True


def share_translations() -> None:
    """For all engines that this process makes from now on."""
    registry.register("sqlite.pysqlite", __name__, OneSqlite.__name__)
    registry.register("postgresql.psycopg", __name__, OnePostgresql.__name__)
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    dialect: Dialect = connection.dialect
    if isinstance(dialect, _Once):
        connection.engine._compiled_cache = dialect._translated


def let_nothing_go_while_collecting() -> None:
    """Whatever is imported stays: looking for what may go is a fifth of the time that this takes."""
    gc.disable()


def keep_what_was_collected() -> None:
    """Thousands of tests and all modules stay to the end: the collector of garbage need not look at them each time."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.collect()  # how often it looks at all again goes by how much was left the last time


def keep_what_is_left() -> None:
    """What a file of tests leaves are caches, which stay. A screen looks through all there is at each wipe (``ui.bridge``).

    A terminal's screen keeps what it has loaded out of that in the same way; a worker has loaded much more.
    """
    gc.collect()
    gc.freeze()
