"""Queue numbers in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import func, select

from bureau.engine.reference.context import Context
from bureau.ports.queue import QueueTicket
from bureau.store import tables
from sync.models import Texts


class ReferenceQueue:
    """Implements ``Queue``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def halls(self) -> Sequence[str]:
        """The halls that there are."""
        t = tables.hall
        return list(self._context.connection.execute(select(t.c.hall).order_by(t.c.hall)).scalars())

    def name(self, hall: str) -> Texts:
        """What the hall is called."""
        t = tables.hall
        return self._context.connection.execute(select(t.c.name).where(t.c.hall == hall)).scalar() or {}

    def lock(self, hall: str) -> bool:
        """The hall's row is held until the transaction ends; on SQLite there is one writer anyway."""
        t = tables.hall
        query = select(t.c.hall).where(t.c.hall == hall).with_for_update()
        return self._context.connection.execute(query).scalar() is not None

    def next_number(self, hall: str, day: date, line: str) -> int:
        """One more than the last."""
        t = tables.queue_ticket
        query = select(func.max(t.c.number)).where(t.c.hall == hall, t.c.day == day, t.c.line == line)
        return int(self._context.connection.execute(query).scalar() or 0) + 1

    def add(self, ticket: QueueTicket) -> None:
        """Enter a number."""
        self._context.connection.execute(tables.queue_ticket.insert().values(**asdict(ticket)))

    def ticket(self, key: str) -> QueueTicket | None:
        """The number of that key."""
        t = tables.queue_ticket
        row = self._context.connection.execute(select(t).where(t.c.key == key)).mappings().one_or_none()
        return None if row is None else QueueTicket(**dict(row))

    def of_day(self, hall: str, day: date) -> Sequence[QueueTicket]:
        """All numbers of a hall and day, the first taken first."""
        t = tables.queue_ticket
        query = select(t).where(t.c.hall == hall, t.c.day == day).order_by(t.c.taken_at, t.c.line, t.c.number)
        return [QueueTicket(**dict(row)) for row in self._context.connection.execute(query).mappings()]

    def change(self, ticket: QueueTicket) -> None:
        """Keep what changed."""
        t = tables.queue_ticket
        self._context.connection.execute(t.update().where(t.c.key == ticket.key).values(**asdict(ticket)))

    def served_seconds(self, hall: str, line: str, most: int) -> Sequence[int]:
        """From call to end, of the last that were served."""
        t = tables.queue_ticket
        query = (
            select(t.c.called_at, t.c.ended_at)
            .where(t.c.hall == hall, t.c.line == line, t.c.state == "served")
            .order_by(t.c.ended_at.desc())
            .limit(most)
        )
        return [
            int((row.ended_at - row.called_at).total_seconds())
            for row in self._context.connection.execute(query)
        ]
