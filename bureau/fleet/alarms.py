"""Alarms of terminals: raised and cleared by what the terminals tell of doors, tamper switches and power.

A terminal tells each change at least once, with its own time; the same one again, and one that comes late, change
nothing that is known already. What a signed-in member of staff did is kept under their name and is no alarm.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bureau.store import tables
from bureau.store.insert import insert_into
from sync.models.alarms import NEVER_ALARMS, CabinetEvent, usual

log = logging.getLogger("kiosk.bureau.fleet")
SHOWN = 20
"""Of each terminal, the newest."""


@dataclass(frozen=True, slots=True)
class AlarmView:
    """What was raised, when by the terminal's clock, when it was heard of here, by whom, and when it ended."""

    sensor: str
    value: str
    raised_at: datetime
    received_at: datetime
    staff: str
    cleared_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether somebody should look at it."""
        return self.cleared_at is None and not self.staff and self.sensor not in NEVER_ALARMS


def take(connection: Connection, terminal: str, events: Sequence[CabinetEvent], now: datetime) -> None:
    """Raise and clear, in the order in which it happened there."""
    for event in sorted(events, key=lambda event: event.at):
        if usual(event.sensor, event.value):
            _clear(connection, terminal, event)
        else:
            _raise(connection, terminal, event, now)


def standing(connection: Connection) -> dict[str, list[AlarmView]]:
    """By terminal, the newest first: all that stand, and the last that were cleared."""
    t = tables.terminal_alarm
    number = func.row_number().over(partition_by=t.c.terminal, order_by=t.c.raised_at.desc()).label("number")
    newest = select(t, number).subquery()
    query = (
        select(newest)
        .where((newest.c.number <= SHOWN) | newest.c.cleared_at.is_(None))
        .order_by(newest.c.raised_at.desc())
    )
    found: dict[str, list[AlarmView]] = {}
    for row in connection.execute(query):
        found.setdefault(row.terminal, []).append(_view(row))
    return found


def _raise(connection: Connection, terminal: str, event: CabinetEvent, now: datetime) -> None:
    t = tables.terminal_alarm
    row = {
        "terminal": terminal,
        "sensor": event.sensor,
        "raised_at": event.at,
        "value": event.value,
        "received_at": now,
        "staff": event.staff,
    }
    done = connection.execute(insert_into(connection, t).values(row).on_conflict_do_nothing())
    if done.rowcount and not event.staff and event.sensor not in NEVER_ALARMS:
        log.error("%s: alarm: %s is %s since %s", terminal, event.sensor, event.value, event.at.isoformat())


def _clear(connection: Connection, terminal: str, event: CabinetEvent) -> None:
    t = tables.terminal_alarm
    mine = (t.c.terminal == terminal) & (t.c.sensor == event.sensor) & t.c.cleared_at.is_(None)
    connection.execute(t.update().where(mine, t.c.raised_at <= event.at).values(cleared_at=event.at))


def _view(row: Row[Any]) -> AlarmView:
    return AlarmView(row.sensor, row.value, row.raised_at, row.received_at, row.staff, row.cleared_at)
