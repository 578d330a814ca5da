"""Nonces of signed requests, in the store, so that a request replayed at another process is caught too."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete

from bureau.store import tables
from bureau.store.database import Database
from bureau.store.insert import insert_into
from sync.errors import RequestRefused
from sync.http_signatures import MAX_SKEW, Verified

KEEP = 2 * MAX_SKEW
"""A request signed five minutes ahead stays good for ten; after that its time refuses it."""


class Nonces:
    """Remembers nonces as long as their requests could be taken again. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, verified: Verified, now: datetime | None = None) -> None:
        """Remember; raises ``RequestRefused`` (``signature-replayed``) when it came before."""
        moment = now or datetime.now(UTC)
        with self._database.write() as connection:
            new = insert_into(connection, tables.nonce).values(
                terminal=verified.key_id, nonce=verified.nonce, expires_at=moment + KEEP
            )
            kept = new.on_conflict_do_nothing().returning(tables.nonce.c.nonce)
            if connection.execute(kept).scalar() is None:
                raise RequestRefused("signature-replayed", "this request was sent before")

    def sweep(self, now: datetime | None = None) -> int:
        """Forget those whose time has passed; how many."""
        moment = now or datetime.now(UTC)
        with self._database.write() as connection:
            return connection.execute(delete(tables.nonce).where(tables.nonce.c.expires_at < moment)).rowcount
