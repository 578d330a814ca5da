"""The journal of doors, tamper, key switch and mains in ``devices.db``: when each changed, for whoever asks later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, insert, select

from drivers import crashpoints
from drivers.store import Store
from drivers.store_tables import cabinet_events

ENTER: Final = crashpoints.register("cabinet.event", "a door or an alarm has changed and is being entered")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One change, in the words of XFS4IoT's Auxiliaries; ``at`` is ISO 8601 with offset."""

    sensor: str
    value: str
    at: str


class AlarmBook:
    """The journal of one service. Nothing is ever taken out of it."""

    def __init__(self, store: Store, service: str) -> None:
        self._store = store
        self._service = service

    def now(self) -> str:
        """The time to enter."""
        return self._store.now()

    async def enter(self, alarm: Alarm) -> None:
        """Add one; durable when this returns."""
        row = {"service": self._service, "sensor": alarm.sensor, "value": alarm.value, "at": alarm.at}
        await self._store.write(
            ENTER, lambda connection: connection.execute(insert(cabinet_events), [row]) and None
        )

    async def last(self) -> dict[str, str]:
        """How each sensor stood when it was entered last; one that never was is left out."""
        table = cabinet_events
        latest = select(func.max(table.c.id)).where(table.c.service == self._service).group_by(table.c.sensor)
        query = select(table.c.sensor, table.c.value).where(table.c.id.in_(latest))

        def work(connection: Connection) -> dict[str, str]:
            return {row.sensor: row.value for row in connection.execute(query)}

        return await self._store.read(work)

    async def newest(self, limit: int) -> list[Alarm]:
        """The last ``limit`` changes, newest first."""
        table = cabinet_events
        query = select(table).where(table.c.service == self._service).order_by(table.c.id.desc()).limit(limit)

        def work(connection: Connection) -> list[Alarm]:
            return [Alarm(row.sensor, row.value, row.at) for row in connection.execute(query)]

        return await self._store.read(work)
