"""Releases: a set made of a period, checked, and opened by two officers.

A release is never changed: its file, its columns and the rule that it was made by are kept with it. One that turned out
wrong is withdrawn with its reason; a period that was open once is not made again, since who copied the first could
subtract one from the other. 公共数据 is opened after a look at whether it may be (保守国家秘密法 art. 35), which is the
second officer's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, Literal, cast

from sqlalchemy import Connection, Select, func, select

from bureau.engine import proposals
from bureau.errors import ReleaseRefused
from bureau.opendata.anonymity import Rule, TooFew, holds
from bureau.opendata.books import Books
from bureau.opendata.schema import Column, DataSet, Made, Period, PeriodError, Row
from bureau.opendata.sets import SETS
from bureau.store import tables
from bureau.store.database import Database
from bureau.store.hold import hold
from bureau.texts import named
from config.clock import CHINA, Clock
from sync.models import Texts

State = Literal["proposed", "refused", "published", "withdrawn"]
STANDS: Final = frozenset[State]({"proposed", "published"})
"""There is one of a set's period at most that does."""
EXAMPLES: Final = {"year": "2025", "quarter": "2026-Q2", "month": "2026-09"}
LONGEST_REASON: Final = 60
HELD: Final = "open data"
FILES_KEPT: Final = 16
"""Files in memory: who asks for rows asks for the same again."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release, without its file. ``count``: its rows; ``rule``: k and l, where a row tells of a taxpayer."""

    release: str
    dataset: str
    period: str
    run: int
    columns: Sequence[Column]
    count: int
    of: int
    left_out: int
    levels: Mapping[str, int]
    rule: Mapping[str, int]
    sha256: str
    state: State
    proposed_by: str
    proposed_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    reason: Texts | None = None

    @property
    def title(self) -> Texts:
        """What its set is called."""
        return named("opendata.set", self.dataset)

    @property
    def about(self) -> Texts:
        """What its set tells."""
        return named("opendata.set-about", self.dataset)


@dataclass(frozen=True, slots=True)
class ReleaseEvent:
    """What an officer did with a release, and when."""

    number: int
    release: str
    at: datetime
    officer: str
    did: State
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Releases:
    """All releases of one store; ``districts`` are those of the bureau. Thread-safe."""

    database: Database = field(repr=False)
    clock: Clock
    districts: Sequence[str]

    # --- what there is --------------------------------------------------------------------------------------

    def entries(self) -> Sequence[Release]:
        """All, the latest made on top."""
        t = tables.open_release
        return self._found(select(*_SHORT).order_by(t.c.proposed_at.desc(), t.c.release))

    def published(self) -> Sequence[Release]:
        """Those that are open now, by set, the latest period on top."""
        t = tables.open_release
        query = select(*_SHORT).where(t.c.state == "published")
        return self._found(query.order_by(t.c.dataset, t.c.period.desc()))

    def open(self, dataset: str, period: str) -> Release | None:
        """The one that is open of a set's period."""
        t = tables.open_release
        where = (t.c.dataset == dataset, t.c.period == period, t.c.state == "published")
        return next(iter(self._found(select(*_SHORT).where(*where))), None)

    def there(self, name: str) -> Release:
        """One by its name; raises ``ReleaseRefused``."""
        t = tables.open_release
        found = next(iter(self._found(select(*_SHORT).where(t.c.release == name))), None)
        if found is None:
            raise ReleaseRefused("unknown", f"there is no release {name!r}; see: bureau open list --all")
        return found

    def file(self, release: Release) -> bytes:
        """Its CSV: UTF-8, a heading, CRLF (RFC 4180); as it was proposed, or ``ReleaseRefused``."""
        return _file(self.database, release.release, release.sha256)

    def rows(self, release: Release) -> Sequence[Row]:
        """Its rows; whole numbers where the column has them. Raises as ``file`` does."""
        whole = tuple(column.type == "integer" for column in release.columns)
        return _rows(self.database, release.release, release.sha256, whole)

    def history(self, name: str) -> Sequence[ReleaseEvent]:
        """What was done with one, the first first; raises ``ReleaseRefused``."""
        self.there(name)
        t = tables.open_release_event
        with self.database.read() as connection:
            rows = connection.execute(select(t).where(t.c.release == name).order_by(t.c.number)).mappings()
            return [ReleaseEvent(**dict(row)) for row in rows]

    def due(self) -> Sequence[tuple[DataSet, Period]]:
        """Of each set the last period that is settled, where nothing of it is open, waits, or was open."""
        taken = {(one.dataset, one.period) for one in self.entries() if one.state != "refused"}
        latest = [(of, of.latest(self._today())) for of in SETS.values()]
        return [(of, period) for of, period in latest if (of.name, period.name) not in taken]

    # --- what officers do -----------------------------------------------------------------------------------

    def propose(self, dataset: str, period: str, officer: str) -> Release:
        """Make a set of a period; another officer opens it. Raises ``ReleaseRefused``."""
        of, when = self._wanted(dataset, period)
        with self.database.read() as connection:  # others write meanwhile
            _run(connection, dataset, period)
            made = self._made(connection, of, when)
        content = as_csv(of.columns, made.rows)
        with self.database.write() as connection:
            hold(connection, HELD)
            run = _run(connection, dataset, period)
            row = {
                "release": f"{dataset}-{period}-{run}",
                "dataset": dataset,
                "period": period,
                "run": run,
                "columns": [asdict(column) for column in of.columns],
                "count": len(made.rows),
                "content": content,
                "made": {
                    "of": made.of,
                    "left_out": made.left_out,
                    "levels": dict(made.levels),
                    "rule": {"k": of.rule.k, "l": of.rule.diversity} if of.rule else {},
                },
                "sha256": sha256(content).hexdigest(),
                "state": "proposed",
                "proposed_by": officer,
                "proposed_at": self.clock.now(),
                "decided_by": "",
            }
            connection.execute(tables.open_release.insert().values(**row))
            self._note(connection, str(row["release"]), officer, "proposed", {})
        return self.there(str(row["release"]))

    def publish(self, name: str, officer: str) -> Release:
        """Open it to everybody, once the books gave it a second time. Raises ``DecisionRefused``."""
        self._checked(self._for_another(name, officer))
        return self._changed(name, "proposed", officer, {}, state="published", decided_by=officer)

    def refuse(self, name: str, officer: str, reason: Texts) -> Release:
        """Do not open it. Raises ``DecisionRefused``."""
        self._for_another(name, officer)
        proposals.said("reason", reason, LONGEST_REASON)
        return self._changed(
            name, "proposed", officer, reason, state="refused", decided_by=officer, reason=dict(reason)
        )

    def withdraw(self, name: str, officer: str, reason: Texts) -> Release:
        """Close one that was open; its entry stays with the reason. Raises ``DecisionRefused``."""
        self.there(name)
        proposals.said("reason", reason, LONGEST_REASON)
        return self._changed(name, "published", officer, reason, state="withdrawn", reason=dict(reason))

    # --- below ----------------------------------------------------------------------------------------------

    def _today(self) -> date:
        return self.clock.now().astimezone(CHINA).date()

    def _wanted(self, dataset: str, period: str) -> tuple[DataSet, Period]:
        of = SETS.get(dataset)
        if of is None:
            raise ReleaseRefused("set", f"there is no set {dataset!r}; there are: {', '.join(SETS)}")
        try:
            when = Period.named(period, of.cycle)
        except PeriodError as error:
            raise ReleaseRefused("period", f"{error}; write it like {EXAMPLES[of.cycle]}") from error
        if self._today() < of.ready(when):
            day = str(of.ready(when))
            raise ReleaseRefused("early", f"{period} is not settled yet; make it from {day} on", day=day)
        return of, when

    def _made(self, connection: Connection, of: DataSet, when: Period) -> Made:
        try:
            made = of.make(Books(connection, self.districts), when)
        except TooFew as error:
            raise ReleaseRefused("few", f"{of.name} of {when.name} cannot be opened: {error}") from error
        if not made.rows:
            raise ReleaseRefused("empty", f"there is nothing of {when.name} that may be told")
        return made

    def _checked(self, release: Release) -> None:
        """Hold the file against the books and against the rule, whoever made it; raises ``ReleaseRefused``.

        The rule is held against what the file says, not against what made it.
        """
        of, when = self._wanted(release.dataset, release.period)
        if not _sound(self.rows(release), release.columns, of.rule):
            raise ReleaseRefused("unsafe", f"{release.release} has rows that are too rare; refuse it")
        with self.database.read() as connection:
            made = self._made(connection, of, when)
        if as_csv(of.columns, made.rows) != self.file(release):
            raise ReleaseRefused(
                "changed", f"the books give another {release.release} now; refuse it and make it again"
            )

    def _for_another(self, name: str, officer: str) -> Release:
        """One that is proposed, in the hands of another officer."""
        release = self.there(name)
        _must(name, release.state, "proposed")
        proposals.by_another(officer, release.proposed_by)
        return release

    def _changed(
        self,
        name: str,
        before: State,
        officer: str,
        said: Mapping[str, str],
        *,
        state: State,
        **values: object,
    ) -> Release:
        t = tables.open_release
        moment = "ended_at" if state == "withdrawn" else "decided_at"
        with self.database.write() as connection:
            hold(connection, HELD)
            _must(name, connection.execute(select(t.c.state).where(t.c.release == name)).scalar(), before)
            row = {**values, "state": state, moment: self.clock.now()}
            connection.execute(t.update().where(t.c.release == name).values(**row))
            self._note(connection, name, officer, state, said)
        return self.there(name)

    def _note(
        self, connection: Connection, name: str, officer: str, did: State, said: Mapping[str, str]
    ) -> None:
        """Under the next number; the caller holds ``HELD``."""
        t = tables.open_release_event
        last = cast(int | None, connection.execute(select(func.max(t.c.number))).scalar())
        row = {"number": (last or 0) + 1, "release": name, "at": self.clock.now(), "officer": officer}
        connection.execute(t.insert().values(**row, did=did, said=dict(said)))

    def _found(self, query: Select[Any]) -> list[Release]:
        with self.database.read() as connection:
            return [_release(row) for row in connection.execute(query).mappings()]


_SHORT: Final = [column for column in tables.open_release.c if column.name != "content"]


def as_csv(columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    """The rows below the names of their columns."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in columns])
    writer.writerows(rows)
    return out.getvalue().encode()


def _must(name: str, found: str | None, state: State) -> None:
    if found != state:
        raise ReleaseRefused("state", f"{name} is {found}, and must be {state} for this")


def _run(connection: Connection, dataset: str, period: str) -> int:
    """The number of the next release of a period; raises ``ReleaseRefused`` where there may be none."""
    t = tables.open_release
    query = select(t.c.release, t.c.state).where(t.c.dataset == dataset, t.c.period == period)
    before = connection.execute(query).all()
    for row in before:
        if row.state in STANDS:
            raise ReleaseRefused("there", f"{row.release} stands already; decide it first")
        if row.state == "withdrawn":
            raise ReleaseRefused(
                "was-open", f"{row.release} was open once; who has it could subtract another from it"
            )
    return len(before) + 1


def _sound(rows: Sequence[Row], columns: Sequence[Column], rule: Rule | None) -> bool:
    """Whether rows hold the rule; of sums, whether each counts something."""
    if rule is None:
        counts = [
            at for at, column in enumerate(columns) if (column.type, column.role) == ("integer", "told")
        ]
        return all(int(row[at]) >= 1 for row in rows for at in counts)
    counted = {tuple(str(value) for value in row[:-1]): int(row[-1]) for row in rows}
    known = sum(column.role == "known" for column in columns)
    return len(counted) == len(rows) and holds(counted, known, rule)


@lru_cache(maxsize=FILES_KEPT)
def _file(database: Database, name: str, digest: str) -> bytes:
    t = tables.open_release
    with database.read() as connection:
        content = connection.execute(select(t.c.content).where(t.c.release == name)).scalar_one()
    if sha256(content).hexdigest() != digest:
        raise ReleaseRefused("altered", f"{name} is not as it was proposed; refuse or withdraw it")
    return bytes(content)


@lru_cache(maxsize=FILES_KEPT)
def _rows(database: Database, name: str, digest: str, whole: tuple[bool, ...]) -> Sequence[Row]:
    _, *rows = csv.reader(io.StringIO(_file(database, name, digest).decode(), newline=""))
    try:
        return tuple(
            tuple(int(value) if number else value for value, number in zip(row, whole, strict=True))
            for row in rows
        )
    except ValueError as error:
        raise ReleaseRefused("altered", f"{name} is not as it was proposed: {error}") from error


def _release(row: Mapping[Any, Any]) -> Release:
    given = dict(row)
    columns = tuple(Column(**one) for one in given.pop("columns"))
    return Release(**given.pop("made"), **given, columns=columns)
