"""What a set of open data is: its columns, its rule, and of which periods it is told.

Types and formats are those of Table Schema (Frictionless Data Package v1), in which every release describes itself.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from bureau.opendata.anonymity import Rule
from bureau.texts import named
from sync.models import Texts

if TYPE_CHECKING:
    from bureau.opendata.books import Books

Cycle = Literal["year", "quarter", "month"]
Value = str | int
Row = tuple[Value, ...]
PERIOD: Final[Mapping[Cycle, str]] = {
    "year": r"\d{4}",
    "quarter": r"\d{4}-Q[1-4]",
    "month": r"\d{4}-(0[1-9]|1[0-2])",
}


class PeriodError(ValueError):
    """No period of such a set."""


@dataclass(frozen=True, slots=True)
class Period:
    """A year, a quarter or a month: ``2025``, ``2026-Q2``, ``2026-09``; both days are within."""

    name: str
    first: date
    last: date

    @classmethod
    def named(cls, name: str, cycle: Cycle) -> Period:
        """Raises ``PeriodError`` for what is no period of this cycle."""
        if not re.fullmatch(PERIOD[cycle], name, re.ASCII) or not 1994 <= int(name[:4]) <= 2999:
            raise PeriodError(f"{name!r} is no {cycle}")
        year, rest = int(name[:4]), name[5:]
        if not rest:
            months = (1, 12)
        elif rest.startswith("Q"):
            months = (3 * int(rest[1]) - 2, 3 * int(rest[1]))
        else:
            months = (int(rest), int(rest))
        return cls(name, date(year, months[0], 1), date(year, months[1], monthrange(year, months[1])[1]))

    @classmethod
    def of(cls, day: date, cycle: Cycle) -> Period:
        """The one that a day is in."""
        quarter = (day.month + 2) // 3
        names = {"year": f"{day:%Y}", "quarter": f"{day:%Y}-Q{quarter}", "month": f"{day:%Y-%m}"}
        return cls.named(names[cycle], cycle)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is published; its title is ``opendata.column.NAME`` of ``bureau.texts``.

    ``known``: it may be known of somebody from elsewhere, and is recoded; ``kept``: what they would like to know;
    ``told``: of a table of sums, or how many are alike; ``amount``: a sum of money, negative where more was taken
    back. ``codes``: where its values are codes, the area of the
    texts that name them; ``yuan`` where they are bands of yuan.
    """

    name: str
    type: Literal["string", "integer"]
    role: Literal["known", "kept", "told", "amount"]
    codes: str = ""

    @property
    def title(self) -> Texts:
        """What it is called."""
        return named("opendata.column", self.name)

    @property
    def about(self) -> Texts:
        """What stands in it."""
        return named("opendata.about", self.name)


@dataclass(frozen=True, slots=True)
class Made:
    """Rows that may be published, in order, and what was done to them; ``levels`` of the columns that were recoded."""

    rows: Sequence[Row]
    of: int
    left_out: int
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DataSet:
    """One set; its title is ``opendata.set.NAME`` of ``bureau.texts``.

    ``settles``: so long after a period's end its books change hardly any more, and it may be made. ``rule`` where a
    row tells of one taxpayer, None where it is a sum. ``make`` raises ``anonymity.TooFew``.
    """

    name: str
    cycle: Cycle
    columns: Sequence[Column]
    settles: timedelta
    make: Callable[[Books, Period], Made]
    rule: Rule | None = None

    @property
    def title(self) -> Texts:
        """What it is called."""
        return named("opendata.set", self.name)

    @property
    def about(self) -> Texts:
        """What it tells, and what it leaves out."""
        return named("opendata.set-about", self.name)

    def ready(self, period: Period) -> date:
        """The day from which it may be made of a period."""
        return period.last + self.settles + timedelta(days=1)

    def latest(self, day: date) -> Period:
        """The last period of which it may be made on a day."""
        period = Period.of(day, self.cycle)
        while self.ready(period) > day:
            period = Period.of(period.first - timedelta(days=1), self.cycle)
        return period
