"""Reminders in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import RowMapping, func, select

from bureau.engine.reference.context import Context
from bureau.ports.reminders import Reminder
from bureau.store import tables


class ReferenceReminders:
    """Implements ``Reminders``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def standing(self, taxpayer: str) -> Sequence[Reminder]:
        """The last one of each matter of the taxpayer that has not ended."""
        t = tables.reminder
        query = select(t).where(t.c.taxpayer == taxpayer, t.c.ended_on.is_(None)).order_by(t.c.serial)
        rows = self._context.connection.execute(query).mappings()
        return list({row["matter"]: _reminder(row) for row in rows}.values())

    def enter(self, reminder: Reminder) -> None:
        """Keep it."""
        connection, t = self._context.connection, tables.reminder
        of_matter = select(func.coalesce(func.max(t.c.serial), 0)).where(t.c.matter == reminder.matter)
        connection.execute(
            t.insert().values(
                matter=reminder.matter,
                serial=connection.execute(of_matter).scalar_one() + 1,
                rung=reminder.rung,
                taxpayer=reminder.taxpayer,
                on_day=reminder.on,
                until=reminder.until,
                notices=list(reminder.notices),
                case_no=reminder.case,
                ended_on=reminder.ended_on,
            )
        )

    def extend(self, matter: str, rung: str, until: date) -> None:
        """Give it the later day."""
        t = tables.reminder
        sooner = t.update().where(t.c.matter == matter, t.c.rung == rung, t.c.until < until)
        self._context.connection.execute(sooner.where(t.c.ended_on.is_(None)).values(until=until))

    def end(self, matter: str, day: date) -> None:
        """Nothing of the matter is open any more."""
        t = tables.reminder
        open_ = t.update().where(t.c.matter == matter, t.c.ended_on.is_(None))
        self._context.connection.execute(open_.values(ended_on=day))

    def listed(self, taxpayer: str | None, limit: int) -> Sequence[Reminder]:
        """Of one taxpayer or of all, the latest first."""
        t = tables.reminder
        query = select(t).order_by(t.c.on_day.desc(), t.c.matter, t.c.serial.desc()).limit(limit)
        if taxpayer is not None:
            query = query.where(t.c.taxpayer == taxpayer)
        return [_reminder(row) for row in self._context.connection.execute(query).mappings()]


def _reminder(row: RowMapping) -> Reminder:
    return Reminder(
        row["matter"],
        row["rung"],
        row["taxpayer"],
        row["on_day"],
        row["until"],
        tuple(row["notices"]),
        row["case_no"],
        row["ended_on"],
    )
