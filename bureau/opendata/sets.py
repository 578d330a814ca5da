"""The sets that the bureau opens, one function a set; ``SETS`` is the list that everybody sees.

Law: 个人信息保护法 art. 4 and 73(4) (anonymised data is personal data no more), 数据安全法 art. 41 and 42 (a catalogue
of open data of the authorities), 税收征收管理法 art. 8 (the affairs of a taxpayer are kept secret).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sqlalchemy import Connection, func, select

from bureau.opendata import books
from bureau.opendata.anonymity import Known, Rule, anonymous
from bureau.opendata.cells import FEWEST, told
from bureau.opendata.recoding import everything, five_years, itself, ten_years
from bureau.opendata.schema import Column, DataSet, Made, Period, Row
from bureau.store import tables

RULE: Final = Rule()
KNOWN: Final = (
    Known("section", (itself, everything)),
    Known("district", (itself, everything)),
    Known("registered", (itself, five_years, ten_years, everything)),
)
"""What anybody can learn of an enterprise: its industry, where it is, and the year in which it was registered."""
SIZE: Final = Known("size", (itself, everything))


# --- rows that tell of one taxpayer each --------------------------------------------------------------------


def _alike(rows: Iterable[tuple[str, ...]], known: Sequence[Known]) -> Made:
    """Anonymous rows, those that are wholly alike as one with their number."""
    given = list(rows)
    found = anonymous(given, known, RULE)
    counted = sorted(Counter(found.rows).items())
    return Made([(*row, number) for row, number in counted], len(given), found.left_out, found.levels)


def _taxpayers(connection: Connection, period: Period) -> Made:
    return _alike(books.rated(connection, period), (*KNOWN, SIZE))


def _vat_returns(connection: Connection, period: Period) -> Made:
    return _alike(books.small_returns(connection, period), KNOWN)


# --- sums ---------------------------------------------------------------------------------------------------


def _invoices(connection: Connection, period: Period) -> Made:
    cells, left_out = told(books.issued(connection, period))
    rows: list[Row] = [(*cell, one.respondents, one.number, _yuan(one.amount)) for cell, one in cells.items()]
    return Made(rows, len(rows) + left_out, left_out, {})


def _visits(connection: Connection, period: Period) -> Made:
    t, at = tables.use_visit, tables.terminal
    query = (
        select(at.c.hall, t.c.day, t.c.hour, func.sum(t.c.visits))
        .join(at, at.c.terminal == t.c.terminal)
        .where(t.c.day.between(period.first, period.last))
        .group_by(at.c.hall, t.c.day, t.c.hour)
    )
    sums = Counter[tuple[str, ...]]()
    for hall, day, hour, visits in connection.execute(query):
        sums[hall, str(day.isoweekday()), f"{hour:02d}"] += int(visits)
    return _counts(sums)


def _services(connection: Connection, period: Period) -> Made:
    t = tables.use_service
    query = (
        select(t.c.service, t.c.ended, func.sum(t.c.times))
        .where(t.c.day.between(period.first, period.last))
        .group_by(t.c.service, t.c.ended)
    )
    sums = Counter[tuple[str, ...]]()
    for service, ended, times in connection.execute(query):
        sums[service, ENDED.get(ended, "turned")] += int(times)
    return _counts(sums)


def _counts(sums: Mapping[tuple[str, ...], int]) -> Made:
    rows: list[Row] = [(*cell, number) for cell, number in sorted(sums.items()) if number >= FEWEST]
    return Made(rows, len(sums), len(sums) - len(rows), {})


ENDED: Final = {
    "done": "done",
    "told": "done",
    "opened": "opened",
    "refused": "refused",
    "trouble": "trouble",
    "failed": "trouble",
}
"""How a use ended, as the analytics count it (``bureau.analytics.use``); all else is somebody who turned back."""


def _yuan(fen: int) -> int:
    return int(Decimal(fen).scaleb(-2).quantize(Decimal(1), ROUND_HALF_UP))


# --- the list -----------------------------------------------------------------------------------------------

_FIRM: Final = (
    Column("section", "string", "known", codes="section"),
    Column("district", "string", "known"),
    Column("registered", "string", "known"),
)
_NUMBER: Final = Column("number", "integer", "told")
SETS: Final[Mapping[str, DataSet]] = {
    one.name: one
    for one in (
        DataSet(
            "taxpayers",
            "year",
            (
                *_FIRM,
                Column("size", "string", "known", codes="size"),
                Column("grade", "string", "kept", codes="grade"),
                _NUMBER,
            ),
            timedelta(days=150),  # grades of a year are published in April
            _taxpayers,
            RULE,
        ),
        DataSet(
            "vat-returns",
            "quarter",
            (*_FIRM, Column("sales", "string", "kept"), Column("tax", "string", "kept"), _NUMBER),
            timedelta(days=45),
            _vat_returns,
            RULE,
        ),
        DataSet(
            "invoices",
            "month",
            (
                Column("section", "string", "told", codes="section"),
                Column("kind", "string", "told", codes="kind"),
                Column("sellers", "integer", "told"),
                Column("invoices", "integer", "told"),
                Column("net_yuan", "integer", "told"),
            ),
            timedelta(days=30),
            _invoices,
        ),
        DataSet(
            "visits",
            "month",
            (
                Column("hall", "string", "told"),
                Column("weekday", "string", "told"),
                Column("hour", "string", "told"),
                Column("visits", "integer", "told"),
            ),
            timedelta(days=10),
            _visits,
        ),
        DataSet(
            "services",
            "month",
            (
                Column("service", "string", "told"),
                Column("ended", "string", "told", codes="ended"),
                Column("uses", "integer", "told"),
            ),
            timedelta(days=10),
            _services,
        ),
    )
}
"""All of them by name, in the order in which they are listed."""
