"""Takes in how visits went, as terminals report it, and adds it to the sums of their day. A visit counts once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Table, delete

from bureau.analytics.spread import bucket
from bureau.store import tables
from bureau.store.database import Database
from bureau.store.insert import insert_into
from config.clock import CHINA, Clock
from sync.models.use import ServiceUse, VisitUse

SEEN_DAYS: Final = 60
"""A spool of a terminal without its centre holds some weeks; what is older is not told once more."""
KEPT_DAYS: Final = 400
"""A year and a month: each day can be compared with that of the year before."""

_SUMS: Final[Mapping[Table, tuple[str, ...]]] = {
    tables.use_visit: ("visits", "took_ms"),
    tables.use_service: ("times", "took_ms"),
    tables.use_step: ("came", "ended", "took_ms", "waited_ms"),
    tables.use_spread: ("times",),
}
Row = Mapping[str, Any]


class UseIntake:
    """Adds up what terminals tell. Thread-safe."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def take(self, terminal: str, visits: Sequence[VisitUse]) -> int:
        """How many of them were new; they are in the sums when this returns.

        A visit of a day that is not here yet, or too long past, is counted for nothing: its clock was wrong.
        """
        now = self._clock.now()
        with self._database.write() as connection:
            new = [visit for visit in visits if _first(connection, visit.id, now)]
            enter(connection, terminal, [visit for visit in new if _believed(visit, now)])
        return len(new)

    def forget(self) -> None:
        """Let go of what is older than it is kept."""
        now = self._clock.now()
        with self._database.write() as connection:
            connection.execute(
                delete(tables.use_seen).where(tables.use_seen.c.received_at < now - timedelta(days=SEEN_DAYS))
            )
            before = _day(now) - timedelta(days=KEPT_DAYS)
            for table in (*_SUMS, tables.supply_day):
                connection.execute(delete(table).where(table.c.day < before))


def enter(connection: Connection, terminal: str, visits: Sequence[VisitUse]) -> None:
    """Add them to the sums, whether they were told before or not."""
    for table, rows in summed(terminal, visits).items():
        _add(connection, table, rows)


def summed(terminal: str, visits: Sequence[VisitUse]) -> dict[Table, list[Row]]:
    """The rows that these visits of a terminal add up to, each key once."""
    counts: dict[tuple[Table, tuple[tuple[str, Any], ...]], Counter[str]] = {}

    def add(table: Table, keys: Row, **amounts: int) -> None:
        counts.setdefault((table, tuple(keys.items())), Counter()).update(amounts)

    for visit in visits:
        at = visit.began.astimezone(CHINA)
        day = {"terminal": terminal, "day": at.date()}
        how = {"hour": at.hour, "lang": visit.lang, "mode": visit.mode, "signed_in": visit.signed_in}
        add(tables.use_visit, day | how, visits=1, took_ms=_ms(visit.seconds))
        for used in visit.services:
            _service(day | {"service": used.service}, used, add)
    found: dict[Table, list[Row]] = {}
    for (table, keys), amounts in counts.items():
        found.setdefault(table, []).append(dict(keys) | {name: amounts[name] for name in _SUMS[table]})
    return found


def _service(key: Row, used: ServiceUse, add: Any) -> None:
    how = {"ended": used.ended, "code": used.code, "offline": used.offline}
    add(tables.use_service, {**key, **how}, times=1, took_ms=_ms(used.seconds))
    if used.ended == "done":
        add(tables.use_spread, {**key, "bucket": bucket(used.seconds)}, times=1)
    for step in used.steps:
        add(
            tables.use_step,
            {**key, "step": step.step, "kind": step.kind},
            came=1,
            ended=int(used.ended not in ("done", "told") and used.at == step.step),
            took_ms=_ms(step.seconds),
            waited_ms=_ms(step.waited_s),
        )


def _add(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    new = insert_into(connection, table)
    more = {name: table.c[name] + new.excluded[name] for name in _SUMS[table]}
    ordered = sorted(
        rows, key=lambda row: [str(row[c.name]) for c in table.primary_key]
    )  # as all writers lock them
    connection.execute(new.on_conflict_do_update(index_elements=list(table.primary_key), set_=more), ordered)


def _first(connection: Connection, visit: str, now: datetime) -> bool:
    seen = insert_into(connection, tables.use_seen).values(id=visit, received_at=now).on_conflict_do_nothing()
    return connection.execute(seen.returning(tables.use_seen.c.id)).scalar() is not None


def _believed(visit: VisitUse, now: datetime) -> bool:
    return _day(now) - timedelta(days=SEEN_DAYS) <= _day(visit.began) <= _day(now) + timedelta(days=1)


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
