"""使用分析: visits by day and hour, services by how they ended, and the steps at which people turn back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from bureau.analytics.scope import Scope
from bureau.analytics.spread import quantile
from bureau.store import tables
from bureau.store.database import Database

OFFICE_DAYS = 7


@dataclass(frozen=True, slots=True)
class DayUse:
    """One day: visits, uses of services, and those that came to their end page."""

    day: date
    visits: int
    uses: int
    done: int


@dataclass(frozen=True, slots=True)
class ServiceUsed:
    """One service: how its uses ended, in how many seconds those that came to the end page did (half, nine tenths).

    ``done``: at its end page, or told that there is nothing to do; ``opened``: it led to another service, which was
    opened from it; ``turned``: people turned back themselves (signed out, home, nobody answered any more); ``refused``:
    the bureau said no; ``trouble``: machine, network, or a failure of ours.
    """

    service: str
    uses: int
    done: int
    opened: int
    turned: int
    refused: int
    trouble: int
    offline: int
    median_s: float | None
    most_s: float | None

    @property
    def done_share(self) -> float:
        """Of all uses that did not lead to another service, 0 to 1."""
        of = self.uses - self.opened
        return self.done / of if of else 0.0


@dataclass(frozen=True, slots=True)
class StepUsed:
    """One step of a service: how many uses came to it, how many ended there, mean seconds there and waiting."""

    step: str
    kind: str
    came: int
    ended: int
    mean_s: float
    waited_s: float


@dataclass(frozen=True, slots=True)
class Why:
    """Uses that ended with a refusal or a trouble, by what was told."""

    service: str
    ended: str
    code: str
    times: int


@dataclass(frozen=True, slots=True)
class How:
    """A share of visits: in this language, this mode, signed in this way."""

    lang: str
    mode: str
    signed_in: str
    visits: int


class UseReports:
    """Reads the sums. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_day(self, scope: Scope) -> list[DayUse]:
        """Each day of the scope, also those on which nobody came."""
        v, s = tables.use_visit, tables.use_service
        done = func.sum(case((s.c.ended.in_(_OVER), s.c.times), else_=0))
        with self._database.read() as connection:
            came = connection.execute(
                scope.within(select(v.c.day, func.sum(v.c.visits)).group_by(v.c.day), v)
            )
            visits: dict[date, int] = {day: int(number) for day, number in came}
            used = scope.within(select(s.c.day, func.sum(s.c.times), done).group_by(s.c.day), s)
            uses = {day: (int(times), int(ended)) for day, times, ended in connection.execute(used)}
        return [DayUse(day, visits.get(day, 0), *uses.get(day, (0, 0))) for day in scope.days]

    def by_hour(self, scope: Scope) -> list[list[int]]:
        """Visits by day of the week (Monday first) and hour."""
        v = tables.use_visit
        query = scope.within(select(v.c.day, v.c.hour, func.sum(v.c.visits)).group_by(v.c.day, v.c.hour), v)
        found = [[0] * 24 for _ in range(OFFICE_DAYS)]
        with self._database.read() as connection:
            for day, hour, visits in connection.execute(query):
                found[day.weekday()][hour] += int(visits)
        return found

    def how(self, scope: Scope) -> list[How]:
        """Visits by language, mode and sign-in, the most first."""
        v = tables.use_visit
        keys = (v.c.lang, v.c.mode, v.c.signed_in)
        query = scope.within(select(*keys, func.sum(v.c.visits)).group_by(*keys), v)
        with self._database.read() as connection:
            found = [
                How(lang, mode, how, int(number)) for lang, mode, how, number in connection.execute(query)
            ]
        return sorted(found, key=lambda one: -one.visits)

    def services(self, scope: Scope) -> list[ServiceUsed]:
        """Each service that was used, the most used first."""
        s = tables.use_service
        keys = (s.c.service, s.c.ended, s.c.offline)
        query = scope.within(select(*keys, func.sum(s.c.times).label("times")).group_by(*keys), s)
        rows: dict[str, list[Row[Any]]] = defaultdict(list)
        with self._database.read() as connection:
            for row in connection.execute(query):
                rows[row.service].append(row)
            spread = self._spread(connection, scope)
        found = [_service(service, of, spread.get(service, {})) for service, of in rows.items()]
        return sorted(found, key=lambda one: (-one.uses, one.service))

    def steps(self, scope: Scope, service: str) -> list[StepUsed]:
        """The steps of a service by how many came to them; who knows their order puts them into it."""
        s = tables.use_step
        sums = (func.sum(s.c[name]).label(name) for name in ("came", "ended", "took_ms", "waited_ms"))
        query = select(s.c.step, s.c.kind, *sums).where(s.c.service == service).group_by(s.c.step, s.c.kind)
        with self._database.read() as connection:
            found = [
                StepUsed(
                    row.step,
                    row.kind,
                    int(row.came),
                    int(row.ended),
                    float(row.took_ms) / int(row.came) / 1000,
                    float(row.waited_ms) / int(row.came) / 1000,
                )
                for row in connection.execute(scope.within(query, s))
            ]
        return sorted(found, key=lambda one: (-one.came, one.step))

    def why(self, scope: Scope, service: str = "") -> list[Why]:
        """Refusals and troubles by what was told, the most frequent first; of one service when it is named."""
        s = tables.use_service
        keys = (s.c.service, s.c.ended, s.c.code)
        query = select(*keys, func.sum(s.c.times)).where(s.c.ended.in_(("refused", "trouble", "failed")))
        if service:
            query = query.where(s.c.service == service)
        with self._database.read() as connection:
            rows = connection.execute(scope.within(query.group_by(*keys), s))
            found = [Why(of, ended, code, int(times)) for of, ended, code, times in rows]
        return sorted(found, key=lambda one: (-one.times, one.service, one.code))

    def _spread(self, connection: Connection, scope: Scope) -> Mapping[str, Mapping[int, int]]:
        s = tables.use_spread
        query = select(s.c.service, s.c.bucket, func.sum(s.c.times)).group_by(s.c.service, s.c.bucket)
        found: dict[str, dict[int, int]] = defaultdict(dict)
        for service, bucket, times in connection.execute(scope.within(query, s)):
            found[service][bucket] = int(times)
        return found


_TURNED = ("left", "expired", "home")
_OVER = ("done", "told")


def _service(service: str, rows: Sequence[Row[Any]], spread: Mapping[int, int]) -> ServiceUsed:
    def times(*ended: str) -> int:
        return sum(int(row.times) for row in rows if row.ended in ended)

    return ServiceUsed(
        service,
        uses=sum(int(row.times) for row in rows),
        done=times(*_OVER),
        opened=times("opened"),
        turned=times(*_TURNED),
        refused=times("refused"),
        trouble=times("trouble", "failed"),
        offline=sum(int(row.times) for row in rows if row.offline),
        median_s=quantile(spread, 0.5),
        most_s=quantile(spread, 0.9),
    )
