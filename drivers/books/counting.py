"""Small counters that survive a power cut: sheets in the bins since somebody emptied them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from drivers.store_tables import counters

REJECT: Final = "reject"
RETRACT: Final = "retract"


def add(connection: Connection, service: str, name: str, by: int) -> None:
    """Count ``by`` more, in the caller's transaction."""
    row = insert(counters).values(service=service, name=name, value=by)
    changed = row.on_conflict_do_update(
        index_elements=["service", "name"], set_={"value": counters.c.value + by}
    )
    connection.execute(changed)


def put(connection: Connection, service: str, name: str, value: int) -> None:
    """Set a counter, in the caller's transaction."""
    add(connection, service, name, 0)
    mine = (counters.c.service == service) & (counters.c.name == name)
    connection.execute(update(counters).where(mine).values(value=value))


def values(connection: Connection, service: str) -> dict[str, int]:
    """All counters of a service."""
    rows = connection.execute(select(counters).where(counters.c.service == service))
    return {row.name: row.value for row in rows}
