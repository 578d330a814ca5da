"""Transactions one after the other where there is no row to lock."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, func, select


def hold(connection: Connection, what: str) -> None:
    """Wait until no other transaction holds ``what``, and hold it to the end.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(key)))
