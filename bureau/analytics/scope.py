"""Of which days, halls and terminals a report is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, Table, select

from bureau.errors import ScopeError
from bureau.store import tables

LONGEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Scope:
    """From ``first`` to ``last``, both within; of one hall or terminal when it is named. Raises ``ScopeError``."""

    first: date
    last: date
    hall: str = ""
    terminal: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ScopeError("order", "the last day lies before the first: exchange them")
        if (self.last - self.first).days >= LONGEST_DAYS:
            raise ScopeError("long", f"at most {LONGEST_DAYS} days at once: choose a later first day")

    @property
    def days(self) -> list[date]:
        """Each of its days in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def before(self) -> Scope:
        """As many days right before it, of the same terminals."""
        length = self.last - self.first + timedelta(days=1)
        return Scope(self.first - length, self.first - timedelta(days=1), self.hall, self.terminal)

    def within(self, query: Select[Any], table: Table) -> Select[Any]:
        """The query over those of its rows that the scope is about."""
        return self.of_terminals(query.where(table.c.day.between(self.first, self.last)), table)

    def of_terminals(self, query: Select[Any], table: Table) -> Select[Any]:
        """The query over the rows of those terminals that the scope is about, on whichever day."""
        if self.terminal:
            query = query.where(table.c.terminal == self.terminal)
        if self.hall:
            of_hall = select(tables.terminal.c.terminal).where(tables.terminal.c.hall == self.hall)
            query = query.where(table.c.terminal.in_(of_hall))
        return query
