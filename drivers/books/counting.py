"""Small counters that survive a power cut: sheets in the bins since somebody emptied them, and which are full."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from drivers.store_tables import counters

REJECT: Final = "reject"
RETRACT: Final = "retract"
FULL: Final = {REJECT: "reject.full", RETRACT: "retract.full"}
"""1 while a bin has refused a sheet and nothing shows that there is room again, by the bin's own counter."""


def add(connection: Connection, service: str, name: str, by: int) -> None:
    """Count ``by`` more, in the caller's transaction."""
    row = insert(counters).values(service=service, name=name, value=by)
    changed = row.on_conflict_do_update(
        index_elements=["service", "name"], set_={"value": counters.c.value + by}
    )
    connection.execute(changed)


def into_bin(connection: Connection, service: str, name: str, sheets: int) -> None:
    """So many sheets more have come into a bin: it had room for them."""
    add(connection, service, name, sheets)
    if sheets:
        room(connection, service, name)


def full(connection: Connection, service: str, name: str) -> None:
    """A bin had no room for a sheet."""
    put(connection, service, FULL[name], 1)


def room(connection: Connection, service: str, name: str) -> None:
    """A bin is not known to be full any more."""
    put(connection, service, FULL[name], 0)


def put(connection: Connection, service: str, name: str, value: int) -> None:
    """Set a counter, in the caller's transaction."""
    add(connection, service, name, 0)
    mine = (counters.c.service == service) & (counters.c.name == name)
    connection.execute(update(counters).where(mine).values(value=value))


def values(connection: Connection, service: str) -> dict[str, int]:
    """All counters of a service."""
    rows = connection.execute(select(counters).where(counters.c.service == service))
    return {row.name: row.value for row in rows}
