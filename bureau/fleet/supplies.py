"""Takes in what terminals say is left of their supplies; a day's use is what became less between two heartbeats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from bureau.store import tables
from bureau.store.insert import insert_into
from config.clock import CHINA
from sync.models import Supply


def take(connection: Connection, terminal: str, supplies: Sequence[Supply], now: datetime) -> None:
    """Keep what is left, and add what was used and filled since the last heartbeat to the sums of today (in China).

    What lies in a unit after it was loaded with other blanks is filled, and nothing of it was used.
    """
    t, day = tables.supply, now.astimezone(CHINA).date()
    query = select(t).where(t.c.terminal == terminal)
    known = {(row.role, row.name): row for row in connection.execute(query)}
    for told in {(one.role, one.name): one for one in supplies}.values():
        before = known.get((told.role, told.name))
        if before is None or before.day != day or _said(before) != _told(told):
            _keep(connection, terminal, told, day, now)
            used, filled = _moved(before, told)
            _add(connection, terminal, told, day, used, filled)


def _told(one: Supply) -> tuple[object, ...]:
    return one.left, one.full, one.counter, one.code


def _said(row: Row[Any]) -> tuple[object, ...]:
    return row.remaining, row.full, row.counter, row.code


def _moved(before: Row[Any] | None, told: Supply) -> tuple[int, int]:
    """What was used and what was filled between the two; nothing of what nobody knows."""
    if before is None or before.remaining is None or told.left is None or before.counter != told.counter:
        return 0, 0
    if before.code != told.code:
        return 0, told.left
    less = before.remaining - told.left
    return (less, 0) if less >= 0 else (0, -less)


def _keep(connection: Connection, terminal: str, told: Supply, day: date, now: datetime) -> None:
    new = insert_into(connection, tables.supply).values(
        terminal=terminal, role=told.role, name=told.name, counter=told.counter, code=told.code,
        remaining=told.left, full=told.full, day=day, told_at=now,
    )  # fmt: skip
    changed = {
        name: new.excluded[name] for name in ("counter", "code", "remaining", "full", "day", "told_at")
    }
    key = list(tables.supply.primary_key)
    connection.execute(new.on_conflict_do_update(index_elements=key, set_=changed))


def _add(connection: Connection, terminal: str, told: Supply, day: date, used: int, filled: int) -> None:
    t = tables.supply_day
    new = insert_into(connection, t).values(
        terminal=terminal, role=told.role, name=told.name, day=day, used=used, filled=filled
    )
    more = {name: t.c[name] + new.excluded[name] for name in ("used", "filled")}
    connection.execute(new.on_conflict_do_update(index_elements=list(t.primary_key), set_=more))
