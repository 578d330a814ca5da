"""What the sets are made of, read out of the bureau's books: never a number, a name or an address, nor a sum of one.

Each function gives rows of one period; how coarse they are told is ``bureau.opendata.sets``'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, func, select

from bureau.opendata.cells import Part
from bureau.opendata.recoding import SALES_YUAN, TAX_YUAN, UNKNOWN, band, district, section
from bureau.opendata.schema import Period
from bureau.store import tables

SALES: Final = ("ordinary_sales_fen", "special_sales_fen", "uninvoiced_sales_fen")
"""Of a return as small-scale taxpayer: all that was sold; what a project frees is within them."""


@dataclass(frozen=True, slots=True)
class Firm:
    """What of an enterprise goes into sets."""

    section: str
    district: str
    year: str
    size: str


def firms(connection: Connection, until: date) -> dict[str, Firm]:
    """Enterprises that were registered by then, by number; persons are in no set."""
    t = tables.taxpayer
    query = select(t.c.taxpayer, t.c.industry, t.c.address, t.c.registered_on, t.c.small_scale).where(
        t.c.kind == "enterprise", t.c.registered_on <= until
    )
    return {
        row.taxpayer: Firm(
            section(row.industry),
            district(row.address),
            str(row.registered_on.year),
            "small" if row.small_scale else "general",
        )
        for row in connection.execute(query)
    }


def rated(connection: Connection, period: Period) -> Iterator[tuple[str, ...]]:
    """Each enterprise, with the credit grade that it was given for the year; ``-`` without one."""
    t = tables.credit_rating
    query = select(t.c.taxpayer, t.c.grade).where(t.c.year == period.first.year)
    grades: dict[str, str] = {row.taxpayer: row.grade for row in connection.execute(query)}
    for number, firm in firms(connection, period.last).items():
        yield firm.section, firm.district, firm.year, firm.size, grades.get(number, UNKNOWN)


def small_returns(connection: Connection, period: Period) -> Iterator[tuple[str, ...]]:
    """Each enterprise's VAT return as a small-scale taxpayer for the quarter, as it stands filed."""
    t = tables.declaration
    query = select(t.c.taxpayer, t.c.figures).where(
        t.c.tax == "vat-small",
        t.c.state == "filed",
        t.c.period_first == period.first,
        t.c.period_last == period.last,
    )
    known = firms(connection, period.last)
    for number, figures in connection.execute(query):
        if (firm := known.get(number)) is not None:
            sales = sum(int(figures[name]) for name in SALES) - int(figures["returned_sales_fen"])
            yield (
                *(firm.section, firm.district, firm.year),
                *(band(sales, SALES_YUAN), band(int(figures["total_fen"]), TAX_YUAN)),
            )


def issued(connection: Connection, period: Period) -> Iterator[Part]:
    """What each enterprise invoiced in the month, by section and kind of invoice; voided ones are not in it."""
    t = tables.sale
    query = (
        select(t.c.taxpayer, t.c.kind, func.count(), func.sum(t.c.net_fen))
        .where(t.c.issued_on.between(period.first, period.last), t.c.state != "void")
        .group_by(t.c.taxpayer, t.c.kind)
    )
    known = firms(connection, period.last)
    for number, kind, count, net in connection.execute(query):
        if number in known:
            yield Part((known[number].section, kind), number, count, int(net))
