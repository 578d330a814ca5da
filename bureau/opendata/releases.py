"""Releases: a set made of a period, checked, and opened by two officers.

A release is never changed. One that turned out wrong is withdrawn with its reason, and the period may be made again;
who copied it before has both, so it is worth looking twice. 公共数据 is opened after a look at whether it may be
(保守国家秘密法 art. 35: what is made public is looked at first), which is the second officer's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, Literal, cast

from sqlalchemy import Connection, func, select

from bureau.engine import proposals
from bureau.errors import ReleaseRefused
from bureau.opendata.anonymity import TooFew, safe, smallest
from bureau.opendata.cells import FEWEST
from bureau.opendata.schema import DataSet, Made, Period, PeriodError, Row
from bureau.opendata.sets import SETS
from bureau.store import tables
from bureau.store.database import Database
from config.clock import CHINA, Clock
from sync.models import Texts

State = Literal["proposed", "refused", "published", "withdrawn"]
STANDS: Final = frozenset[State]({"proposed", "published"})
"""There is one of a set's period at most that does."""
MOST_ROWS: Final = 50_000
"""A set of more is told too finely: nobody can look over it."""
LONGEST_REASON: Final = 60


@dataclass(frozen=True, slots=True)
class Release:
    """One release. ``made`` without its rows, which stand beside it; ``sha256`` is that of its CSV."""

    release: str
    dataset: str
    period: str
    run: int
    rows: Sequence[Row] = field(repr=False)
    of: int
    left_out: int
    levels: Mapping[str, int]
    sha256: str
    state: State
    proposed_by: str
    proposed_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    reason: Texts | None = None

    @property
    def set(self) -> DataSet:
        """The set that it is of."""
        return SETS[self.dataset]

    @property
    def csv(self) -> bytes:
        """Its file: UTF-8, a heading, CRLF (RFC 4180)."""
        return as_csv(self.set, self.rows)


@dataclass(frozen=True, slots=True)
class ReleaseEvent:
    """What an officer did with a release, and when."""

    number: int
    release: str
    at: datetime
    officer: str
    did: State
    said: Mapping[str, str]


class Releases:
    """All releases of one store. Thread-safe."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def entries(self) -> Sequence[Release]:
        """All, the latest made on top."""
        t = tables.open_release
        return self._found(select(t).order_by(t.c.proposed_at.desc(), t.c.release))

    def published(self, dataset: str = "") -> Sequence[Release]:
        """Those that are open now, of one set where it is named; the latest period on top."""
        t = tables.open_release
        query = select(t).where(t.c.state == "published").order_by(t.c.dataset, t.c.period.desc())
        return self._found(query.where(t.c.dataset == dataset) if dataset else query)

    def open(self, dataset: str, period: str) -> Release | None:
        """The one that is open of a set's period."""
        t = tables.open_release
        query = select(t).where(t.c.dataset == dataset, t.c.period == period, t.c.state == "published")
        return next(iter(self._found(query)), None)

    def there(self, name: str) -> Release:
        """One by its name; raises ``ReleaseRefused``."""
        t = tables.open_release
        found = next(iter(self._found(select(t).where(t.c.release == name))), None)
        if found is None:
            raise ReleaseRefused("unknown", f"there is no release {name!r}; see: bureau open list --all")
        return found

    def history(self, name: str) -> Sequence[ReleaseEvent]:
        """What was done with one, the first first; raises ``ReleaseRefused``."""
        self.there(name)
        t = tables.open_release_event
        with self._database.read() as connection:
            rows = connection.execute(select(t).where(t.c.release == name).order_by(t.c.number)).mappings()
            return [ReleaseEvent(**dict(row)) for row in rows]

    def due(self) -> Sequence[tuple[DataSet, Period]]:
        """Of each set the last period that is settled, where nothing of it is open or waits."""
        standing = {(one.dataset, one.period) for one in self.entries() if one.state in STANDS}
        latest = [(of, of.latest(self._today())) for of in SETS.values()]
        return [(of, period) for of, period in latest if (of.name, period.name) not in standing]

    def propose(self, dataset: str, period: str, officer: str) -> Release:
        """Make a set of a period; another officer opens it. Raises ``ReleaseRefused``."""
        of, when = self._wanted(dataset, period)
        t = tables.open_release
        with self._database.write() as connection:
            of_period = (t.c.dataset == dataset, t.c.period == period)
            before = connection.execute(select(t.c.release, t.c.state).where(*of_period)).all()
            if standing := [row.release for row in before if row.state in STANDS]:
                raise ReleaseRefused("there", f"{standing[0]} stands already; decide or withdraw it first")
            made = self._made(connection, of, when)
            run = len(before) + 1
            row = {
                "release": f"{dataset}-{period}-{run}",
                "dataset": dataset,
                "period": period,
                "run": run,
                "rows": [list(one) for one in made.rows],
                "made": {"of": made.of, "left_out": made.left_out, "levels": dict(made.levels)},
                "sha256": sha256(as_csv(of, made.rows)).hexdigest(),
                "state": "proposed",
                "proposed_by": officer,
                "proposed_at": self._clock.now(),
                "decided_by": "",
            }
            connection.execute(t.insert().values(**row))
            self._note(connection, str(row["release"]), officer, "proposed", {})
        return self.there(str(row["release"]))

    def publish(self, name: str, officer: str) -> Release:
        """Open it to everybody, after its file was checked once more. Raises ``ReleaseRefused``."""

        def do(release: Release) -> Mapping[str, Any]:
            proposals.by_another(officer, release.proposed_by)
            checked(release)
            return {"state": "published", "decided_by": officer, "decided_at": self._clock.now()}

        return self._changed(name, "proposed", officer, {}, do)

    def refuse(self, name: str, officer: str, reason: Texts) -> Release:
        """Do not open it. Raises ``DecisionRefused``."""

        def do(release: Release) -> Mapping[str, Any]:
            proposals.by_another(officer, release.proposed_by)
            now = self._clock.now()
            return {"state": "refused", "decided_by": officer, "decided_at": now, "reason": dict(reason)}

        proposals.said("reason", reason, LONGEST_REASON)
        return self._changed(name, "proposed", officer, reason, do)

    def withdraw(self, name: str, officer: str, reason: Texts) -> Release:
        """Close one that was open; its entry stays with the reason. Raises ``DecisionRefused``."""

        def do(_release: Release) -> Mapping[str, Any]:
            return {"state": "withdrawn", "ended_at": self._clock.now(), "reason": dict(reason)}

        proposals.said("reason", reason, LONGEST_REASON)
        return self._changed(name, "published", officer, reason, do)

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()

    def _wanted(self, dataset: str, period: str) -> tuple[DataSet, Period]:
        of = SETS.get(dataset)
        if of is None:
            raise ReleaseRefused("set", f"there is no set {dataset!r}; there are: {', '.join(SETS)}")
        try:
            when = Period.named(period, of.cycle)
        except PeriodError as error:
            raise ReleaseRefused("period", f"{error}; write it like {EXAMPLES[of.cycle]}") from error
        if self._today() < of.ready(when):
            raise ReleaseRefused(
                "early",
                f"{period} is not settled yet; make it from {of.ready(when)} on",
                day=str(of.ready(when)),
            )
        return of, when

    def _made(self, connection: Connection, of: DataSet, when: Period) -> Made:
        try:
            made = of.make(connection, when)
        except TooFew as error:
            raise ReleaseRefused("few", f"{of.name} of {when.name} cannot be opened: {error}") from error
        if not made.rows:
            raise ReleaseRefused("empty", f"there is nothing of {when.name} that may be told")
        if len(made.rows) > MOST_ROWS:
            raise ReleaseRefused("long", f"{len(made.rows)} rows are too many; at most {MOST_ROWS}")
        return made

    def _changed(
        self,
        name: str,
        state: State,
        officer: str,
        said: Mapping[str, str],
        do: Any,
    ) -> Release:
        self.there(name)
        t = tables.open_release
        with self._database.write() as connection:
            row = connection.execute(select(t).where(t.c.release == name).with_for_update()).mappings().one()
            release = _release(row)
            if release.state != state:
                raise ReleaseRefused("state", f"{name} is {release.state}, and must be {state} for this")
            values = do(release)
            connection.execute(t.update().where(t.c.release == name).values(**values))
            self._note(connection, name, officer, values["state"], said)
        return self.there(name)

    def _note(
        self, connection: Connection, name: str, officer: str, did: State, said: Mapping[str, str]
    ) -> None:
        t = tables.open_release_event
        last = cast(int | None, connection.execute(select(func.max(t.c.number))).scalar())
        row = {
            "number": (last or 0) + 1,
            "release": name,
            "at": self._clock.now(),
            "officer": officer,
            "did": did,
            "said": dict(said),
        }
        connection.execute(t.insert().values(**row))

    def _found(self, query: Any) -> list[Release]:
        with self._database.read() as connection:
            return [_release(row) for row in connection.execute(query).mappings()]


EXAMPLES: Final = {"year": "2025", "quarter": "2026-Q2", "month": "2026-09"}


def as_csv(of: DataSet, rows: Sequence[Row]) -> bytes:
    """The rows below the names of their columns."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in of.columns])
    writer.writerows(rows)
    return out.getvalue().encode()


def checked(release: Release) -> None:
    """Read the file as anybody will, and hold its rows against the rule, whoever made them.

    Raises ``ReleaseRefused`` where a row tells more than it may, or the file is not the one that was proposed.
    """
    of = release.set
    if sha256(release.csv).hexdigest() != release.sha256:
        raise ReleaseRefused(
            "altered", f"{release.release} is not as it was proposed; refuse it and make it again"
        )
    _, *rows = csv.reader(io.StringIO(release.csv.decode(), newline=""))
    if of.rule is None:
        counts = [min(int(row[at]) for at in _counts(of)) for row in rows]
        if min(counts) < FEWEST:
            raise ReleaseRefused("unsafe", f"{release.release} has a row of fewer than {FEWEST}")
        return
    each = [tuple(row[:-1]) for row in rows for _ in range(int(row[-1]))]
    if len(safe(each, of.known, of.rule)) != len(each):
        rarest = smallest(each, of.known)
        raise ReleaseRefused(
            "unsafe", f"{release.release} has rows that are too rare: {rarest} alike at least"
        )


def _counts(of: DataSet) -> list[int]:
    """Columns of a table of sums that count who took part, or how often."""
    return [at for at, column in enumerate(of.columns) if column.name in COUNTED]


COUNTED: Final = frozenset({"sellers", "visits", "uses"})


def _release(row: Mapping[Any, Any]) -> Release:
    given = dict(row)
    made = given.pop("made")
    rows = tuple(tuple(one) for one in given.pop("rows"))
    return Release(**given, **made, rows=rows)
