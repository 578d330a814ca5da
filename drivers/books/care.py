"""Wearing parts, supplies and the cleaning plan: what a device has done since somebody last looked after it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import Connection, insert, select

from drivers import crashpoints
from drivers.books import counting
from drivers.errors import DriverConfigError, InvalidData
from drivers.store import Store
from drivers.store_tables import moves

COUNT: Final = crashpoints.register(
    "care.count", "what a job has worn is added; the job itself has its outcome"
)
DONE: Final = crashpoints.register("care.done", "a part was changed or cleaned; its count begins anew")
WHAT: Final = "care"
"""The kind of row in ``moves``; ``unit`` names what was done, ``detail`` holds the counters at that time."""
_PREFIX: Final = "care."
WARN: Final = 0.9
"""Share of its life at which a part becomes a warning: there is time to order one."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][A-Za-z0-9]{0,31}$")
    zh: str
    en: str


class Part(_Table):
    """A wearing part, its life in counts of ``counter``."""

    counter: str = Field(pattern=r"^[a-z]{1,16}$")
    life: int = Field(gt=0)


class Supply(_Table):
    """What a device uses up and somebody fills: ``full`` counts of ``counter`` after that, such as a roll of paper.

    ``sensor`` is the paper source (XFS4IoT, Printer) whose sensor tells that it is out and that it was filled.
    """

    counter: str = Field(pattern=r"^[a-z]{1,16}$")
    full: int = Field(gt=0)
    sensor: str = Field("", pattern=r"^[a-z]{0,16}$")


class Task(_Table):
    """What is to be done every so many counts, or days, whichever comes first."""

    counter: str | None = Field(None, pattern=r"^[a-z]{1,16}$")
    every: int | None = Field(None, gt=0)
    days: int | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _has_a_measure(self) -> Task:
        if (self.every is None) != (self.counter is None) or (self.every is None and self.days is None):
            raise ValueError("write 'days', or 'every' with its 'counter', or all three")
        return self


Entry = Part | Supply | Task


class Profile(BaseModel):
    """What wears in one kind of device, and what it uses up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parts: tuple[Part, ...] = ()
    supplies: tuple[Supply, ...] = ()
    plan: tuple[Task, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Parts, supplies and tasks."""
        return (*self.parts, *self.supplies, *self.plan)

    @model_validator(mode="after")
    def _names_once(self) -> Profile:
        names = [entry.name for entry in self.entries]
        if len(names) != len(set(names)):
            raise ValueError("two entries have the same name")
        return self


def load_profile(driver: str, path: str = "") -> Profile:
    """The file ``path``, or the one of the driver in ``config/care``; nothing wears where there is none.

    Raise ``DriverConfigError`` with what is wrong in it.
    """
    source = Path(path) if path else files("config") / "care" / f"{driver}.toml"
    try:
        return Profile.model_validate(tomllib.loads(source.read_text("utf-8")))
    except FileNotFoundError:
        if path:
            raise DriverConfigError(f"care profile {path} is not there; correct the option 'care'") from None
        return Profile()
    except ValidationError as error:
        first = error.errors()[0]
        raise DriverConfigError(f"{source}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (OSError, ValueError) as error:
        raise DriverConfigError(f"{source} cannot be read: {error}") from None


@dataclass(frozen=True, slots=True)
class Wear:
    """One part, supply or task: how much of its measure is used up. ``share`` is 1 when it is due."""

    entry: Entry
    used: int
    last: datetime | None
    share: float

    @property
    def due(self) -> bool:
        """Whether somebody should do something about it; that a supply is out is told by the device itself."""
        if isinstance(self.entry, Supply):
            return False
        return self.share >= (WARN if isinstance(self.entry, Part) else 1)


@dataclass(frozen=True, slots=True)
class _Mark:
    """When something was last done, and the counters at that time."""

    at: datetime
    counters: Mapping[str, int] = field(default_factory=dict)


class CareBook:
    """The care of one service. ``load`` first; afterwards it knows without asking the store."""

    def __init__(self, store: Store, service: str, profile: Profile) -> None:
        self._store = store
        self._service = service
        self._profile = profile
        self._out: set[str] = set()
        self._counters: dict[str, int] = {}
        self._marks: dict[str, _Mark] = {}
        self.loaded = False

    async def load(self) -> None:
        """Read counters and marks."""
        self._counters, self._marks = await self._store.read(self._read)
        self.loaded = True

    async def count(self, **worn: int) -> None:
        """Add what was done, such as ``sheets=1``; nothing is written when it is nothing."""
        added = {name: by for name, by in worn.items() if by > 0}
        if not added:
            return

        def work(connection: Connection) -> None:
            for name, by in added.items():
                counting.add(connection, self._service, _PREFIX + name, by)

        await self._store.write(COUNT, work)
        for name, by in added.items():
            self._counters[name] = self._counters.get(name, 0) + by

    async def done(self, name: str, client: str) -> None:
        """A part was changed, a supply filled, a task done; raise ``InvalidData`` for a name that there is not."""
        known = [entry.name for entry in self._profile.entries]
        if name not in known:
            raise InvalidData(f"there is no '{name}' to look after; there is {', '.join(known) or 'nothing'}")
        now = self._store.now()
        row = {"at": now, "service": self._service, "unit": name, "what": WHAT, "client": client}
        counters = dict(self._counters)  # what is counted while this is written wears the new part
        row["detail"] = json.dumps(counters)
        await self._store.write(DONE, lambda connection: connection.execute(insert(moves), [row]) and None)
        self._marks[name] = _Mark(datetime.fromisoformat(now), counters)
        self._out.discard(name)

    async def sensed(self, source: str, out: bool) -> None:
        """The sensor of a paper source has told: what was out and is there again has been filled."""
        for supply in self._profile.supplies:
            if supply.sensor != source or (supply.name in self._out) == out:
                continue
            if out:
                self._out.add(supply.name)
            else:
                await self.done(supply.name, "sensor")

    def wear(self) -> list[Wear]:
        """Every part, supply and task, as they stand now."""
        return [self._of(entry) for entry in self._profile.entries]

    def due(self) -> tuple[str, ...]:
        """The names of what is due."""
        return tuple(wear.entry.name for wear in self.wear() if wear.due) if self.loaded else ()

    def counters(self) -> Mapping[str, int]:
        """All counts since the book began."""
        return dict(self._counters)

    def _of(self, entry: Entry) -> Wear:
        mark = self._marks.get(entry.name)
        used = 0
        if entry.counter is not None:
            before = mark.counters.get(entry.counter, 0) if mark is not None else 0
            used = self._counters.get(entry.counter, 0) - before
        if isinstance(entry, Supply) and entry.name in self._out:
            used = max(used, entry.full)  # a roll may be shorter than it is said to be
        limit = _limit(entry)
        shares = [used / limit] if limit else []
        if isinstance(entry, Task) and entry.days is not None:
            # What was never done is due: a cabinet that is put up is looked after once, and that is recorded.
            age = self._age(mark)
            shares.append(1.0 if age is None else age / timedelta(days=entry.days))
        return Wear(entry, used, mark.at if mark is not None else None, max(shares))

    def _age(self, mark: _Mark | None) -> timedelta | None:
        if mark is None:
            return None
        return max(timedelta(), datetime.fromisoformat(self._store.now()) - mark.at)

    def _read(self, connection: Connection) -> tuple[dict[str, int], dict[str, _Mark]]:
        kept = counting.values(connection, self._service)
        counters = {name.removeprefix(_PREFIX): n for name, n in kept.items() if name.startswith(_PREFIX)}
        query = select(moves).where(moves.c.service == self._service, moves.c.what == WHAT)
        rows: Any = connection.execute(query.order_by(moves.c.id))
        marks = {row.unit: _Mark(datetime.fromisoformat(row.at), json.loads(row.detail)) for row in rows}
        return counters, marks


def _limit(entry: Entry) -> int | None:
    match entry:
        case Part():
            return entry.life
        case Supply():
            return entry.full
        case Task():
            return entry.every
