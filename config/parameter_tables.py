"""Reads the effective-dated parameter tables and refuses what a slip of the pen would make of them.

A row is in force from ``valid_from`` to ``valid_to``, both included. Rows of one name may follow each other
and never overlap. The tables are named by the hash of their exact bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from config import yaml_files
from config.errors import ConfigError, Problem

BUILT_IN = Path(__file__).parent / "parameters"
"""The tables that ship with the software."""
CALENDAR = "calendar.yaml"


def _exact(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError('must be written in quotes, such as "0.03": a bare number is a binary fraction')
    return value


Exact = Annotated[Decimal, BeforeValidator(_exact), Field(allow_inf_nan=False, ge=0)]
M = TypeVar("M", bound=BaseModel)
Confidence = Literal["K+", "K", "K?"]
"""How sure the figure is: high, medium, or low (a bureau must confirm it)."""


class Model(BaseModel):
    """Base: immutable, nothing unknown taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bracket(Model):
    """One level of a progressive table, yuan: up to ``upto`` (None: no end) ``rate`` less ``quick``."""

    upto: Exact | None
    rate: Exact
    quick: Exact


class Band(Model):
    """The amounts, yuan, between which a province fixes its own."""

    low: Exact
    high: Exact


class Row(Model):
    """One parameter for a span of days: exactly one value, where the law says it, and how sure that is."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    valid_from: date
    valid_to: date | None
    legal_basis: Annotated[str, Field(min_length=4)]
    confidence: Confidence
    note: str = ""
    rate: Annotated[Exact, Field(le=1)] | None = None
    yuan: Exact | None = None
    number: Annotated[int, Field(ge=0)] | None = None
    brackets: tuple[Bracket, ...] | None = None
    band: Band | None = None

    @property
    def value(self) -> Decimal | int | tuple[Bracket, ...] | Band:
        """The one value the row has."""
        values = (self.rate, self.yuan, self.number, self.brackets, self.band)
        return next(value for value in values if value is not None)

    def in_force(self, day: date) -> bool:
        """Whether ``day`` lies in the row's span."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @model_validator(mode="after")
    def _makes_sense(self) -> Row:
        given = [n for n in ("rate", "yuan", "number", "brackets", "band") if getattr(self, n) is not None]
        if len(given) != 1:
            raise ValueError(f"needs one of rate, yuan, number, brackets, band; it has {given or 'none'}")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        if self.brackets is not None:
            _check_brackets(self.brackets)
        if self.band is not None and self.band.low > self.band.high:
            raise ValueError("the band's low is above its high")
        return self


class Table(Model):
    """One YAML file of rows."""

    table: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    about: str
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]


class Holiday(Model):
    """Consecutive days off by the State Council's arrangement."""

    name: str
    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Every day of it."""
        return (self.first + timedelta(n) for n in range((self.last - self.first).days + 1))


class CalendarYear(Model):
    """One year's holidays, weekend days worked instead, and filing limits as published (may be none)."""

    year: int
    legal_basis: Annotated[str, Field(min_length=4)]
    confidence: Confidence
    holidays: tuple[Holiday, ...]
    workdays: tuple[date, ...]
    limits: tuple[date, ...]

    @model_validator(mode="after")
    def _in_the_year(self) -> CalendarYear:
        ends = [d for h in self.holidays for d in (h.first, h.last)]
        strange = [d for d in (*ends, *self.workdays, *self.limits) if d.year != self.year]
        if strange:
            raise ValueError(f"{strange[0]} is not in {self.year}")
        if any(h.last < h.first for h in self.holidays):
            raise ValueError("a holiday ends before it begins")
        if len({d.month for d in self.limits}) != len(self.limits):
            raise ValueError("limits has two dates in one month")
        if both := {d for h in self.holidays for d in h.days()} & set(self.workdays):
            raise ValueError(f"{min(both)} is a holiday and a workday")
        return self


class Calendar(Model):
    """``calendar.yaml``."""

    calendar: tuple[CalendarYear, ...]


@dataclass(frozen=True, slots=True)
class ParameterTables:
    """All rows by ``table.name``, the calendar by year, and the hash (SHA-256, hex) of the files' bytes."""

    rows: Mapping[str, tuple[Row, ...]]
    calendar: Mapping[int, CalendarYear]
    hash: str


def load_tables(folder: Path = BUILT_IN) -> ParameterTables:
    """Read every ``*.yaml`` of ``folder``; raise ``ConfigError`` with all mistakes of all files."""
    return read_tables({str(path): path.read_bytes() for path in folder.glob("*.yaml")})


def read_tables(files: Mapping[str, bytes]) -> ParameterTables:
    """Validate tables given as bytes by file name; raise ``ConfigError`` with all mistakes of all files."""
    problems: list[Problem] = []
    rows: dict[str, list[Row]] = {}
    years: dict[int, CalendarYear] = {}
    digest = hashlib.sha256()
    for name in sorted(files, key=lambda n: Path(n).name):
        raw = files[name]
        digest.update(f"{Path(name).name}\0{len(raw)}\0".encode() + raw)
        if Path(name).name == CALENDAR:
            calendar = _read(Calendar, name, raw, problems)
            years |= {year.year: year for year in calendar.calendar} if calendar else {}
        elif (table := _read(Table, name, raw, problems)) is not None:
            for row in table.rows:
                rows.setdefault(f"{table.table}.{row.name}", []).append(row)
            problems += _overlaps(name, table)
    if problems:
        raise ConfigError(problems)
    return ParameterTables({name: tuple(found) for name, found in rows.items()}, years, digest.hexdigest())


def _read(model: type[M], file: str, raw: bytes, problems: list[Problem]) -> M | None:
    try:
        content = yaml_files.read(raw)
    except yaml_files.UNREADABLE as error:
        problems.append(Problem(file, "", f"is not YAML: {error}", "mend that line"))
        return None
    try:
        return model.model_validate(content)
    except ValidationError as error:
        for e in error.errors():
            key = ".".join(map(str, e["loc"]))
            problems.append(Problem(file, key, e["msg"], "see the rows beside it for the form"))
    return None


def _overlaps(file: str, table: Table) -> Iterator[Problem]:
    """Rows of one name that are in force on the same day."""
    ordered = sorted(table.rows, key=lambda row: (row.name, row.valid_from))
    for one, other in pairwise(ordered):
        if one.name == other.name and (one.valid_to is None or other.valid_from <= one.valid_to):
            fix = f"end the earlier row on {other.valid_from - timedelta(1)}"
            yield Problem(file, one.name, f"has two rows in force on {other.valid_from}", fix)


def _check_brackets(brackets: tuple[Bracket, ...]) -> None:
    """Rising levels, the last without end, and no jump of tax at a level's edge (quick deductions)."""
    if not brackets or brackets[-1].upto is not None:
        raise ValueError("the last level has no end: upto null")
    for one, other in pairwise(brackets):
        if one.upto is None or (other.upto is not None and other.upto <= one.upto):
            raise ValueError("the levels must rise")
        if other.quick != one.quick + one.upto * (other.rate - one.rate):
            raise ValueError(f"the quick deduction {other.quick} makes the tax jump at {one.upto}")
    if brackets[0].quick:
        raise ValueError("the first level has no quick deduction")
