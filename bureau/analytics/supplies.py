"""耗材预测: how long what is left at each terminal will last, and until when somebody has to have filled it.

Use of the last weeks is averaged over working days and over days off apart (halls that open on Saturdays use something
then). What future days will use is spread around that mean as widely as the past days were, and more widely where few
of them are known; a day on which it may be used up with a chance of one in ten is a day too late.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import Final

from sqlalchemy import select

from bureau.analytics.scope import Scope
from bureau.store import tables
from bureau.store.database import Database
from sync.models import Texts

DAYS_BACK: Final = 28
DAYS_AHEAD: Final = 180
"""Further ahead nothing is said."""
ENOUGH: Final = 5
"""Working days below which nothing is said of how much a day uses."""
RISK: Final = 0.1
"""The chance of being used up too early that is taken."""
SILENT_DAYS: Final = 30
"""What a terminal has not told of for so long it does not have any more."""
ONE_DAY: Final = timedelta(days=1)
_Z: Final = NormalDist().inv_cdf(1 - RISK)


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long a supply will last; days are None where it is not before ``DAYS_AHEAD``.

    ``per_day`` is the mean use of a working day in the supply's counter, ``empty`` the day on which it is used up at
    that rate, ``fill_by`` the last day on which filling it is early enough.
    """

    per_day: float
    empty: date | None
    fill_by: date | None


@dataclass(frozen=True, slots=True)
class SupplyLeft:
    """A supply of a terminal as it was told last; ``forecast`` is None where too little is known, or nothing used."""

    terminal: str
    hall: str
    hall_name: Texts
    role: str
    name: str
    code: str
    counter: str
    left: int | None
    full: int | None
    told: date
    forecast: Forecast | None

    @property
    def urgent(self) -> tuple[date, date, str, str, str]:
        """The order in which somebody should go: the earliest day first."""
        days = (self.forecast.fill_by, self.forecast.empty) if self.forecast else (None, None)
        by, empty = (day or date.max for day in days)
        return by, empty, self.terminal, self.role, self.name


class SupplyReports:
    """Reads what terminals told. Thread-safe."""

    def __init__(self, database: Database, working: Callable[[date], bool]) -> None:
        self._database, self._working = database, working

    def left(self, scope: Scope) -> list[SupplyLeft]:
        """Every supply of the scope's terminals, the most urgent first, as seen on the day after the scope."""
        today = scope.last + ONE_DAY
        s, d, terminal, hall = tables.supply, tables.supply_day, tables.terminal, tables.hall
        query = (
            select(s, terminal.c.hall, hall.c.name.label("hall_name"))
            .join(terminal, terminal.c.terminal == s.c.terminal)
            .join(hall, hall.c.hall == terminal.c.hall)
            .where(s.c.day > today - timedelta(days=SILENT_DAYS))
        )
        if scope.hall:
            query = query.where(terminal.c.hall == scope.hall)
        if scope.terminal:
            query = query.where(s.c.terminal == scope.terminal)
        past = Scope(today - timedelta(days=DAYS_BACK), scope.last, scope.hall, scope.terminal)
        used: dict[tuple[str, str, str], dict[date, int]] = {}
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            days = past.within(select(d.c.terminal, d.c.role, d.c.name, d.c.day, d.c.used), d)
            for row in connection.execute(days):
                used.setdefault((row.terminal, row.role, row.name), {})[row.day] = int(row.used)
        found = [
            SupplyLeft(
                terminal=row.terminal,
                hall=row.hall,
                hall_name=row.hall_name,
                role=row.role,
                name=row.name,
                code=row.code,
                counter=row.counter,
                left=row.remaining,
                full=row.full,
                told=row.day,
                forecast=forecast(
                    row.remaining, used.get((row.terminal, row.role, row.name), {}), today, self._working
                ),
            )
            for row in rows
        ]
        return sorted(found, key=lambda one: one.urgent)


def forecast(
    left: int | None, used: Mapping[date, int], today: date, working: Callable[[date], bool]
) -> Forecast | None:
    """How long ``left`` lasts from ``today`` on, by what past days used; None where that cannot be said."""
    past: dict[bool, list[int]] = {True: [], False: []}
    for day, number in used.items():
        past[working(day)].append(number)
    if left is None or len(past[True]) < ENOUGH or not sum(used.values()):
        return None
    mean = {kind: sum(days) / len(days) if days else 0.0 for kind, days in past.items()}
    wide = _dispersion(past, mean)
    expected = spread = 0.0
    ahead = {True: 0, False: 0}
    empty = risky = None
    for day in (today + n * ONE_DAY for n in range(DAYS_AHEAD)):
        kind = working(day)
        ahead[kind] += 1
        expected += mean[kind]
        # of the days to come, and of the means, which are known from so many days alone
        spread = wide * (
            expected + sum(n * n * mean[of] / len(past[of]) for of, n in ahead.items() if past[of])
        )
        if risky is None and expected + _Z * math.sqrt(spread) > left:
            risky = day
        if expected >= left:
            empty = day
            break
    return Forecast(mean[True], empty, None if risky is None else max(today, risky - ONE_DAY))


def _dispersion(past: Mapping[bool, list[int]], mean: Mapping[bool, float]) -> float:
    """How many times wider days spread than counts of single things would (Pearson's statistic), at least once."""
    known = [kind for kind in past if mean[kind]]
    days = sum(len(past[kind]) for kind in known)
    beyond = sum((n - mean[kind]) ** 2 / mean[kind] for kind in known for n in past[kind])
    return max(1.0, beyond / max(1, days - len(known)))
