"""What the sets are made of, read out of the bureau's books: never a number, a name or an address, nor a sum of one.

Each function gives rows of one period; how coarse they are told is ``bureau.opendata.sets``'s. Enterprises are those on
record by the period's end that were not cancelled since; 个体工商户 (GB 32100-2015: numbers that begin with 92) are
persons (民法典 art. 54) and in no set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, func, select

from bureau.errors import ReleaseRefused
from bureau.opendata.anonymity import Row
from bureau.opendata.cells import Part
from bureau.opendata.recoding import SALES_YUAN, TAX_YUAN, UNKNOWN, band, district, section
from bureau.opendata.schema import Period
from bureau.store import tables

SOLE_TRADERS: Final = "92"
PUBLISHED_GRADE: Final = "A"
"""The list of those with grade A is public (纳税信用管理办法, 2014, art. 29); of the others no grade is told."""
SALES: Final = ("ordinary_sales_fen", "special_sales_fen", "uninvoiced_sales_fen")
"""Of a return as small-scale taxpayer: all that was sold; what a project frees is within them."""


@dataclass(frozen=True, slots=True)
class Books:
    """The store as it is read for one release. ``districts``: those of the bureau, by their names in addresses."""

    connection: Connection
    districts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Firm:
    """What of an enterprise goes into sets."""

    section: str
    district: str
    year: str
    size: str


def firms(books: Books, until: date) -> dict[str, Firm]:
    """Enterprises that were registered by then, by number; industry, address and kind as they are on record now."""
    t = tables.taxpayer
    query = select(t.c.taxpayer, t.c.industry, t.c.address, t.c.registered_on, t.c.small_scale).where(
        t.c.kind == "enterprise",
        t.c.state != "cancelled",
        t.c.registered_on <= until,
        t.c.taxpayer.not_like(f"{SOLE_TRADERS}%"),
    )
    return {
        row.taxpayer: Firm(
            section(row.industry),
            district(row.address, books.districts),
            str(row.registered_on.year),
            "small" if row.small_scale else "general",
        )
        for row in books.connection.execute(query)
    }


def rated(books: Books, period: Period) -> Counter[Row]:
    """Enterprises, with whether they got grade A for the year, another, or none (``-``)."""
    t = tables.credit_rating
    query = select(t.c.taxpayer, t.c.grade).where(t.c.year == period.first.year)
    grades: dict[str, str] = {row.taxpayer: row.grade for row in books.connection.execute(query)}
    told = {PUBLISHED_GRADE: PUBLISHED_GRADE, None: UNKNOWN}
    return Counter(
        (firm.section, firm.district, firm.year, firm.size, told.get(grades.get(number), "other"))
        for number, firm in firms(books, period.last).items()
    )


def small_returns(books: Books, period: Period) -> Counter[Row]:
    """Enterprises' VAT returns as small-scale taxpayers for the quarter, as they stand filed.

    Raises ``ReleaseRefused`` for one whose figures are not whole.
    """
    t = tables.declaration
    query = select(t.c.declaration, t.c.taxpayer, t.c.figures).where(
        t.c.tax == "vat-small",
        t.c.state == "filed",
        t.c.period_first == period.first,
        t.c.period_last == period.last,
    )
    known, rows = firms(books, period.last), Counter[Row]()
    for declaration, number, figures in books.connection.execute(query):
        if (firm := known.get(number)) is not None:
            try:
                sales = sum(int(figures[name]) for name in SALES) - int(figures["returned_sales_fen"])
                bands = band(sales, SALES_YUAN), band(int(figures["total_fen"]), TAX_YUAN)
            except (KeyError, ValueError) as error:
                raise ReleaseRefused(
                    "figures", f"the return {declaration} has no whole figures: {error}", number=declaration
                ) from error
            rows[(firm.section, firm.district, firm.year, *bands)] += 1
    return rows


def issued(books: Books, period: Period) -> Iterator[Part]:
    """What each enterprise invoiced in the month, by section and kind of invoice; voided ones are not in it."""
    t = tables.sale
    query = (
        select(t.c.taxpayer, t.c.kind, func.count(), func.sum(t.c.net_fen))
        .where(t.c.issued_on.between(period.first, period.last), t.c.state != "void")
        .group_by(t.c.taxpayer, t.c.kind)
    )
    known = firms(books, period.last)
    for number, kind, count, net in books.connection.execute(query):
        if number in known:
            yield Part((known[number].section, kind), number, count, int(net))


def visited(books: Books, period: Period) -> Counter[Row]:
    """Visits to the terminals of each hall, by its name, by day of the week (1: Monday) and hour."""
    t, at, hall = tables.use_visit, tables.terminal, tables.hall
    query = (
        select(hall.c.hall, hall.c.name, t.c.day, t.c.hour, func.sum(t.c.visits))
        .join(at, at.c.terminal == t.c.terminal)
        .join(hall, hall.c.hall == at.c.hall)
        .where(t.c.day.between(period.first, period.last))
        .group_by(hall.c.hall, t.c.day, t.c.hour)
    )
    rows = Counter[Row]()
    for number, name, day, hour, visits in books.connection.execute(query):
        rows[(number, name["zh-CN"], str(day.isoweekday()), f"{hour:02d}")] += int(visits)
    return rows


def used(books: Books, period: Period) -> Counter[Row]:
    """Uses of each service at terminals, by how they ended (``bureau.analytics.use``)."""
    t = tables.use_service
    query = (
        select(t.c.service, t.c.ended, func.sum(t.c.times))
        .where(t.c.day.between(period.first, period.last))
        .group_by(t.c.service, t.c.ended)
    )
    rows = Counter[Row]()
    for service, ended, times in books.connection.execute(query):
        rows[(service, ENDED.get(ended, "turned"))] += int(times)
    return rows


ENDED: Final = {
    "done": "done",
    "told": "done",
    "opened": "opened",
    "refused": "refused",
    "trouble": "trouble",
    "failed": "trouble",
}
"""All else is somebody who turned back."""
