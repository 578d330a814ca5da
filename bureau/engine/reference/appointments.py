"""Booked times in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from bureau.engine.reference.context import Context
from bureau.ports.appointments import Appointment, Closure
from bureau.store import tables


class ReferenceAppointments:
    """Implements ``Appointments``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def next_number(self) -> int:
        """One more than the last."""
        query = select(func.max(tables.appointment.c.number))
        return int(self._context.connection.execute(query).scalar() or 0) + 1

    def add(self, appointment: Appointment) -> None:
        """Enter one."""
        self._context.connection.execute(tables.appointment.insert().values(**asdict(appointment)))

    def change(self, appointment: Appointment) -> None:
        """Keep what changed."""
        t = tables.appointment
        changed = t.update().where(t.c.token == appointment.token).values(**asdict(appointment))
        self._context.connection.execute(changed)

    def by_token(self, token: str) -> Appointment | None:
        """The one of that token."""
        return next(iter(self._found(tables.appointment.c.token == token)), None)

    def of_hall(self, hall: str, first: datetime, last: datetime) -> Sequence[Appointment]:
        """All of a hall within a time."""
        t = tables.appointment
        return self._found(t.c.hall == hall, t.c.at >= first, t.c.at < last)

    def of_person(self, visitors: Sequence[str], mobiles: Sequence[str]) -> Sequence[Appointment]:
        """All under one of the names or phones."""
        t = tables.appointment
        return self._found(or_(t.c.visitor.in_(visitors), t.c.mobile.in_(mobiles)))

    def _found(self, *where: ColumnElement[bool]) -> Sequence[Appointment]:
        t = tables.appointment
        query = select(t).where(*where).order_by(t.c.at, t.c.number)
        return [Appointment(**dict(row)) for row in self._context.connection.execute(query).mappings()]

    def close(self, closure: Closure) -> None:
        """Enter a closure."""
        self._context.connection.execute(tables.appointment_closure.insert().values(**asdict(closure)))

    def closures(self, hall: str, first: datetime, last: datetime) -> Sequence[Closure]:
        """Those that touch the time."""
        t = tables.appointment_closure
        query = select(t).where(t.c.hall == hall, t.c.begins < last, t.c.ends > first)
        return [Closure(**dict(row)) for row in self._context.connection.execute(query).mappings()]
