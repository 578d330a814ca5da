"""好差评分析: how satisfied visitors of each service were. Ratings that officers did not count are in no share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import func, select

from bureau.analytics.scope import Scope
from bureau.store import tables
from bureau.store.database import Database
from config.clock import CHINA

DISREGARDED: Final = "disregarded"
"""How an officer ended the case of one that is not counted (``bureau.engine.feedback.ratings``)."""


@dataclass(frozen=True, slots=True)
class ServiceRated:
    """Of a service's ratings that count: how many of each level, 5 to 1; and how many low ones were looked into."""

    service: str
    level5: int
    level4: int
    level3: int
    level2: int
    level1: int
    followed: int
    disregarded: int

    @property
    def count(self) -> int:
        """All that count."""
        return self.level5 + self.level4 + self.level3 + self.low

    @property
    def low(self) -> int:
        """差评: 基本满意 and better is satisfied (国办发〔2019〕51号)."""
        return self.level2 + self.level1

    @property
    def satisfied_share(self) -> float:
        """满意率, 0 to 1; 1 of none."""
        return 1 - self.low / self.count if self.count else 1.0


class RatingReports:
    """Reads the ratings. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def services(self, scope: Scope) -> list[ServiceRated]:
        """Each service that was rated in the scope, the least satisfying first."""
        r, c = tables.rating, tables.case_file
        begin = datetime.combine(scope.first, time(), CHINA)
        end = datetime.combine(scope.last + timedelta(days=1), time(), CHINA)
        closed, not_counted = c.c.state == "closed", c.c.outcome == DISREGARDED
        columns = (r.c.service, r.c.level, closed.label("closed"), not_counted.label("not_counted"))
        query = (
            select(*columns, func.count().label("times"))
            .outerjoin(c, c.c.case_no == r.c.case_no)
            .where(r.c.at >= begin, r.c.at < end)
            .group_by(*columns)
        )
        found: dict[str, _Sum] = defaultdict(_Sum)
        with self._database.read() as connection:
            for row in connection.execute(scope.of_terminals(query, r)):
                found[row.service].add(row.level, row.times, bool(row.closed), bool(row.not_counted))
        told = [of.told(service) for service, of in found.items()]
        return sorted(told, key=lambda one: (one.satisfied_share, -one.low, one.service))


class _Sum:
    def __init__(self) -> None:
        self._levels = [0] * 6
        self._followed = self._disregarded = 0

    def add(self, level: int, times: int, followed: bool, disregarded: bool) -> None:
        if followed and disregarded:
            self._disregarded += times
            return
        self._levels[level] += times
        self._followed += times * followed

    def told(self, service: str) -> ServiceRated:
        _, one, two, three, four, five = self._levels
        return ServiceRated(service, five, four, three, two, one, self._followed, self._disregarded)
