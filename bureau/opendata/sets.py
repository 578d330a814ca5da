"""The sets that the bureau opens, one function a set; ``SETS`` is the list that everybody sees.

Law: 个人信息保护法 art. 4 and 73(4) (anonymised data is personal data no more), 数据安全法 art. 41 and 42 (a catalogue
of open data of the authorities), 税收征收管理法 art. 8 (the affairs of a taxpayer are kept secret).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from bureau.opendata import books
from bureau.opendata.anonymity import Counted, Known, Rule, anonymous
from bureau.opendata.books import Books
from bureau.opendata.cells import told
from bureau.opendata.recoding import everything, five_years, in_order, itself, ten_years
from bureau.opendata.schema import Column, DataSet, Made, Period, Row
from config.catalogue import shipped

RULE: Final = Rule()
FEWEST_VISITS: Final = 20
"""So many visits or uses at least: somebody who comes each Monday is five in a month."""
KNOWN: Final = (
    Known("section", (itself, everything)),
    Known("district", (itself, everything)),
    Known("registered", (itself, five_years, ten_years, everything)),
)
"""What anybody can learn of an enterprise: its industry, where it is, and the year in which it was registered."""
RATED: Final = (*KNOWN, Known("size", (itself, everything)), Known("grade", (itself, everything)))
"""Of which kind it is, and whether its credit has grade A, is public as well."""


# --- rows that tell of one taxpayer each --------------------------------------------------------------------


def _taxpayers(of: Books, period: Period) -> Made:
    return _alike(books.rated(of, period), RATED)


def _vat_returns(of: Books, period: Period) -> Made:
    return _alike(books.small_returns(of, period), KNOWN)


def _alike(rows: Counted, known: Sequence[Known]) -> Made:
    found = anonymous(rows, known, RULE)
    counted = _sorted((*row, number) for row, number in found.rows.items())
    return Made(counted, sum(rows.values()), found.left_out, found.levels)


# --- sums ---------------------------------------------------------------------------------------------------


def _invoices(of: Books, period: Period) -> Made:
    cells, left_out = told(books.issued(of, period))
    rows = _sorted((*cell, one.respondents, one.number, _yuan(one.amount)) for cell, one in cells.items())
    return Made(rows, len(rows) + left_out, left_out, {})


def _visits(of: Books, period: Period) -> Made:
    return _frequent(books.visited(of, period))


def _services(of: Books, period: Period) -> Made:
    titles = {name: published.service.title["zh-CN"] for name, published in shipped().items()}
    uses = books.used(of, period)
    return _frequent({(name, titles.get(name, name), ended): n for (name, ended), n in uses.items()})


def _frequent(sums: Counted) -> Made:
    rows = _sorted((*cell, number) for cell, number in sums.items() if number >= FEWEST_VISITS)
    return Made(rows, len(sums), len(sums) - len(rows), {})


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: [in_order(value) for value in row])


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
                Column("grade", "string", "known", codes="grade"),
                _NUMBER,
            ),
            timedelta(days=150),  # grades of a year are published in April
            _taxpayers,
            RULE,
        ),
        DataSet(
            "vat-returns",
            "quarter",
            (
                *_FIRM,
                Column("sales", "string", "kept", codes="yuan"),
                Column("tax", "string", "kept", codes="yuan"),
                _NUMBER,
            ),
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
                Column("net_yuan", "integer", "amount"),
            ),
            timedelta(days=30),
            _invoices,
        ),
        DataSet(
            "visits",
            "month",
            (
                Column("hall", "string", "told"),
                Column("hall_name", "string", "told"),
                Column("weekday", "string", "told", codes="weekday"),
                Column("hour", "string", "told"),
                Column("visits", "integer", "told"),
            ),
            timedelta(days=60),  # so long a terminal may tell of a visit (``bureau.analytics.intake``)
            _visits,
        ),
        DataSet(
            "services",
            "month",
            (
                Column("service", "string", "told"),
                Column("service_title", "string", "told"),
                Column("ended", "string", "told", codes="ended"),
                Column("uses", "integer", "told"),
            ),
            timedelta(days=60),
            _services,
        ),
    )
}
"""All of them by name, in the order in which they are listed."""
