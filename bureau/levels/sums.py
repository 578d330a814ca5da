"""The sums of a centre's days, of nobody: what it tells the centre above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, case, func, select

from bureau.levels.wire import Figures
from bureau.store import tables
from config.clock import CHINA

TROUBLE: Final = ("trouble", "failed")
"""How a use ends that did not come to its end for a reason that nobody at the screen had."""
LOW: Final = 2
"""差评: this level and the one below (国办发〔2019〕51号)."""
ONE_DAY: Final = timedelta(days=1)


def of_days(connection: Connection, first: date, last: date) -> dict[date, Figures]:
    """Each day from ``first`` to ``last`` of which anything is counted."""
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for query in (_visits(first, last), _services(first, last), _booked(first, last)):
        for row in connection.execute(query).mappings():
            found[row["day"]] |= {name: int(value) for name, value in row.items() if name != "day"}
    for day, rated in _ratings(connection, first, last):
        found[day] |= rated
    return {day: Figures(**counts) for day, counts in sorted(found.items())}


def _visits(first: date, last: date) -> Select[Any]:
    v = tables.use_visit.c
    columns = func.sum(v.visits).label("visits"), func.count(v.terminal.distinct()).label("terminals")
    return select(v.day, *columns).where(v.day.between(first, last)).group_by(v.day)


def _services(first: date, last: date) -> Select[Any]:
    s = tables.use_service.c

    def times(*ended: str) -> Any:
        return func.sum(case((s.ended.in_(ended), s.times), else_=0))

    columns = (
        func.sum(s.times).label("uses"),
        times("done").label("done"),
        times(*TROUBLE).label("trouble"),
    )
    return select(s.day, *columns).where(s.day.between(first, last)).group_by(s.day)


def _booked(first: date, last: date) -> Select[Any]:
    b = tables.booking.c
    columns = func.count().label("paid"), func.sum(b.amount_fen).label("paid_fen")
    query = select(b.entry_date.label("day"), *columns).where(b.entry_date.between(first, last))
    return query.group_by(b.entry_date)


def _ratings(connection: Connection, first: date, last: date) -> Iterator[tuple[date, Mapping[str, int]]]:
    """A day at a time: where a day begins in China is no question that both databases understand."""
    r, day = tables.rating.c, first
    low = func.sum(case((r.level <= LOW, 1), else_=0))
    while day <= last:
        begin = datetime.combine(day, time(), CHINA)
        query = select(func.count(), low).where(r.at >= begin, r.at < begin + ONE_DAY)
        rated, rated_low = connection.execute(query).one()
        if rated:
            yield day, {"rated": int(rated), "rated_low": int(rated_low)}
        day += ONE_DAY
