"""下级机关: how the centres below stand beside each other, by the sums that they tell; of nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from bureau.analytics.scope import Scope
from bureau.levels.centres import Centres, CentreView, figures_of
from bureau.levels.wire import Figures
from bureau.store import tables
from bureau.store.database import Database

SILENT_AFTER: Final = timedelta(hours=24)
"""A centre tells something every five minutes, if only that it is there; a night's work on it is no reason to ask."""


@dataclass(frozen=True, slots=True)
class CentreSums:
    """A centre below with the sums of the days that were asked for, without those of the centres below it.

    ``depth``: 0 right below this one; ``last``: the latest day it told of; ``silent``: not heard of for a day.
    """

    centre: str
    name: Mapping[str, str]
    under: str
    depth: int
    state: str
    heard_at: datetime | None
    silent: bool
    last: date | None
    days: int
    figures: Figures

    @property
    def done_share(self) -> float | None:
        """Uses that came to their end, of all, 0 to 1; None of none."""
        return self.figures.done / self.figures.uses if self.figures.uses else None

    @property
    def satisfied_share(self) -> float | None:
        """满意率, 0 to 1; None where nobody rated."""
        rated = self.figures.rated
        return 1 - self.figures.rated_low / rated if rated else None


class CentreReports:
    """Reads what centres told. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def centres(self, scope: Scope, now: datetime) -> list[CentreSums]:
        """Each centre below, behind the one it stands below; halls and terminals of a scope say nothing of them."""
        with self._database.read() as connection:
            listed = Centres.of(connection)
            d = tables.centre_day.c
            query = select(d.centre, d.day, d.figures).where(d.day.between(scope.first, scope.last))
            told: dict[str, list[Any]] = {}
            for row in connection.execute(query.order_by(d.day)):
                told.setdefault(row.centre, []).append(row)
        tellers = {one.centre: one for one in listed if one.speaks}
        depths: dict[str, int] = {"": -1}
        for one in listed:
            depths[one.centre] = depths[one.under] + 1
        return [
            _summed(one, depths[one.centre], told.get(one.centre, ()), tellers.get(one.via), now)
            for one in listed
        ]

    def silent(self, now: datetime) -> list[CentreView]:
        """Those that joined, may tell, and were not heard of for a day."""
        with self._database.read() as connection:
            return [one for one in Centres.of(connection) if _silent(one, now)]


def _silent(one: CentreView, now: datetime) -> bool:
    return one.speaks and one.state == "active" and now - (one.heard_at or one.since) > SILENT_AFTER


def _summed(
    one: CentreView, depth: int, rows: Sequence[Any], teller: CentreView | None, now: datetime
) -> CentreSums:
    told = [figures_of(row).model_dump() for row in rows]
    return CentreSums(
        centre=one.centre,
        name=one.name,
        under=one.under,
        depth=depth,
        state=teller.state if teller else one.state,
        heard_at=teller.heard_at if teller else None,
        silent=teller is not None and _silent(teller, now),
        last=rows[-1].day if rows else None,
        days=len(rows),
        figures=Figures(**{name: sum(day[name] for day in told) for name in Figures.model_fields}),
    )
