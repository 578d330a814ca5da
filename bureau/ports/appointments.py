"""Times at a hall's windows that are booked ahead (预约办税), and times that nobody may book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON

AppointmentState = Literal["open", "arrived", "cancelled", "closed"]
"""``arrived``: took their number. ``closed``: the hall cannot keep the time. Who did not come stays ``open``."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One time of one person. ``token`` opens it on the phone; ``at`` is when its time begins.

    ``visitor`` is who booked (``bureau.engine.queue.visitors``), ``mobile`` their phone, empty where none is known.
    """

    __pydantic_config__ = IN_JSON

    token: str
    number: int
    hall: str
    line: str
    at: datetime
    visitor: str
    mobile: str
    terminal: str
    booked_at: datetime
    state: AppointmentState = "open"
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """Times of a hall from ``begins`` to before ``ends`` that nobody may book."""

    __pydantic_config__ = IN_JSON

    closure: str
    hall: str
    begins: datetime
    ends: datetime
    closed_at: datetime


class Appointments(Protocol):
    """All that was booked; change it with the queues of all halls locked."""

    def next_number(self) -> int:
        """One more than the last number."""
        ...

    def add(self, appointment: Appointment) -> None:
        """Enter one."""
        ...

    def change(self, appointment: Appointment) -> None:
        """Keep hall, time, state and moment."""
        ...

    def by_token(self, token: str) -> Appointment | None:
        """The one that the slip with this token is of."""
        ...

    def of_hall(self, hall: str, first: datetime, last: datetime) -> Sequence[Appointment]:
        """All of a hall from ``first`` to before ``last``, by time and number."""
        ...

    def of_person(self, visitors: Sequence[str], mobiles: Sequence[str]) -> Sequence[Appointment]:
        """All that were booked under one of these names or phones, by time."""
        ...

    def close(self, closure: Closure) -> None:
        """Nobody may book these times any more."""
        ...

    def closures(self, hall: str, first: datetime, last: datetime) -> Sequence[Closure]:
        """What is closed of a hall between two moments."""
        ...
