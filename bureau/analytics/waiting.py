"""等候分析: how long people waited for a number to be called, by hall and by hour of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from sqlalchemy import select

from bureau.analytics.scope import Scope
from bureau.store import tables
from bureau.store.database import Database
from config.clock import CHINA
from sync.models import Texts


@dataclass(frozen=True, slots=True)
class Waited:
    """Of the numbers given out: how many, how many did not wait for their call, and minutes from paper to window."""

    numbers: int
    missed: int
    median_min: float | None
    most_min: float | None


@dataclass(frozen=True, slots=True)
class HallWaited:
    """A hall, and each hour of its day in which a number was given out."""

    hall: str
    name: Texts
    all: Waited
    by_hour: Mapping[int, Waited]


class WaitingReports:
    """Reads the queues' numbers. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def halls(self, scope: Scope) -> list[HallWaited]:
        """Each hall that gave out numbers in the scope; a terminal of the scope does not matter here."""
        q, hall = tables.queue_ticket, tables.hall
        query = (
            select(q.c.hall, hall.c.name, q.c.taken_at, q.c.called_at, q.c.state)
            .join(hall, hall.c.hall == q.c.hall)
            .where(q.c.day.between(scope.first, scope.last))
        )
        if scope.hall:
            query = query.where(q.c.hall == scope.hall)
        names: dict[str, Texts] = {}
        given: dict[str, list[_Number]] = defaultdict(list)
        with self._database.read() as connection:
            for row in connection.execute(query):
                names[row.hall] = row.name
                given[row.hall].append(_Number(row.taken_at, row.called_at, row.state))
        return [HallWaited(of, names[of], _waited(given[of]), _by_hour(given[of])) for of in sorted(given)]


@dataclass(frozen=True, slots=True)
class _Number:
    taken_at: datetime
    called_at: datetime | None
    state: str


def _by_hour(numbers: Iterable[_Number]) -> dict[int, Waited]:
    hours: dict[int, list[_Number]] = defaultdict(list)
    for number in numbers:
        hours[number.taken_at.astimezone(CHINA).hour].append(number)
    return {hour: _waited(hours[hour]) for hour in sorted(hours)}


def _waited(numbers: list[_Number]) -> Waited:
    minutes = [(n.called_at - n.taken_at) / timedelta(minutes=1) for n in numbers if n.called_at is not None]
    return Waited(
        numbers=len(numbers),
        missed=sum(1 for n in numbers if n.state == "missed"),
        median_min=median(minutes) if minutes else None,
        most_min=_nine_tenths(minutes),
    )


def _nine_tenths(minutes: list[float]) -> float | None:
    if len(minutes) < 2:
        return minutes[0] if minutes else None
    return quantiles(minutes, n=10, method="inclusive")[-1]
