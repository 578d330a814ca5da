"""Whose turn a chore is: of several processes that serve one store, one does it, the others leave it.

On PostgreSQL a turn is an advisory lock of a session, which the server gives back when the process dies. A SQLite store
is served by one process, whose turn it always is.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import text

from bureau.store.database import Database

SPACE: Final = 0x7A_B0_57
"""The first half of every such lock, so that no other use of advisory locks meets them."""


class Turns:
    """The chores of one store. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def of(self, chore: str) -> Iterator[bool]:
        """Whether this process has the turn, as long as the block lasts; nobody waits for it."""
        if self._database.is_sqlite:
            yield True
            return
        lock = {"space": SPACE, "chore": zlib.crc32(chore.encode()) - 2**31}
        with self._database.session() as connection:
            mine = connection.execute(text("SELECT pg_try_advisory_lock(:space, :chore)"), lock).scalar_one()
            try:
                yield bool(mine)
            finally:
                if mine:
                    connection.execute(text("SELECT pg_advisory_unlock(:space, :chore)"), lock)
