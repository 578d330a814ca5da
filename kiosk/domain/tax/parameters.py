"""The parameters in force on a day, typed by what they are: a rate, an amount, a number, levels, a band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeVar

from config.parameter_tables import (
    BUILT_IN,
    Band,
    Bracket,
    CalendarYear,
    ParameterTables,
    Row,
    load_tables,
    read_tables,
)
from kiosk.domain.errors import ParameterMissingError
from kiosk.domain.ids import Fen
from kiosk.domain.money import fen

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TaxParameters:
    """One version of all tables; ``hash`` names it and travels with every figure computed from it."""

    tables: ParameterTables

    @classmethod
    def load(cls, folder: Path = BUILT_IN) -> TaxParameters:
        """The tables of ``folder``; raises ``ConfigError`` with every mistake in them."""
        return cls(load_tables(folder))

    @classmethod
    def of_files(cls, files: Mapping[str, bytes]) -> TaxParameters:
        """The tables of these bytes by file name, as a centre keeps every version it published."""
        return cls(read_tables(files))

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of the exact bytes of the tables."""
        return self.tables.hash

    @property
    def calendar(self) -> Mapping[int, CalendarYear]:
        """The working calendar by year."""
        return self.tables.calendar

    def at(self, day: date) -> DayParameters:
        """What is in force on ``day``."""
        return DayParameters(self.tables, day)

    def unconfirmed(self, day: date) -> Mapping[str, Row]:
        """The rows in force on ``day`` that a bureau has to confirm: all whose mark is not ``K+``."""
        found = ((name, self.at(day).row(name)) for name in self.tables.rows)
        return {name: row for name, row in found if row is not None and row.confidence != "K+"}


@dataclass(frozen=True, slots=True)
class DayParameters:
    """Reads one day's parameters by ``table.name``; a missing one raises ``ParameterMissingError``."""

    tables: ParameterTables
    day: date

    @property
    def hash(self) -> str:
        """The version of the tables."""
        return self.tables.hash

    def row(self, name: str) -> Row | None:
        """The row in force, or None."""
        return next((row for row in self.tables.rows.get(name, ()) if row.in_force(self.day)), None)

    def rate(self, name: str) -> Decimal:
        """A rate or share, such as 0.03."""
        return self._typed(name, Decimal, "rate")

    def rate_or_none(self, name: str) -> Decimal | None:
        """A rate that may have lapsed, or not yet begun."""
        return None if self.row(name) is None else self.rate(name)

    def amount(self, name: str) -> Fen:
        """An amount of money."""
        return fen(self._typed(name, Decimal, "yuan"))

    def amount_or_none(self, name: str) -> Fen | None:
        """An amount that may have lapsed, or not yet begun."""
        return None if self.row(name) is None else self.amount(name)

    def number(self, name: str) -> int:
        """A plain number: days, square metres."""
        return self._typed(name, int, "number")

    def brackets(self, name: str) -> tuple[Bracket, ...]:
        """The levels of a progressive tax."""
        return self._typed(name, tuple, "brackets")

    def band(self, name: str) -> Band:
        """The band within which a province fixes its amount."""
        return self._typed(name, Band, "band")

    def _typed(self, name: str, kind: type[T], field: str) -> T:
        row = self.row(name)
        if row is None:
            raise ParameterMissingError(
                f"no parameter {name!r} is in force on {self.day}; add a row to config/parameters"
            )
        value = getattr(row, field)
        if not isinstance(value, kind):
            raise ParameterMissingError(f"parameter {name!r} is no {field}; correct its row")
        return value


@cache
def built_in() -> TaxParameters:
    """The tables that ship with the software, read once."""
    return TaxParameters.load()
