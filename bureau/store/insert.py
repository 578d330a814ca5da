"""An insert that says what happens when the row is there already, in the words of the store's database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> Any:
    """Of SQLite or PostgreSQL, as ``connection`` is: both have ``on_conflict_do_nothing`` and ``…_do_update``."""
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)
