"""What the people of the city have to declare: whole, of people who are there, and due about now."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, select

from bureau.city.city import City
from bureau.city.sources import FLOWERS, QUOTA_FEN
from bureau.store import tables
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax.returns import KINDS

WHOLE = set(KINDS) - {"zero", "fixed-quota", "iit-annual", "social-insurance"}
"""Kinds whose sources tell all of their facts."""


def test_every_source_tells_a_return_that_can_be_filed_today(city: tuple[Connection, City]) -> None:
    connection, made = city
    rows = connection.execute(select(tables.tax_source)).all()
    assert {row.kind for row in rows} == WHOLE | {"iit-annual"}
    for row in rows:
        if row.kind in WHOLE:
            found = KINDS[row.kind].compute(row.facts, built_in())
            assert found.period_first <= made.as_of
            assert found.limit >= made.as_of - timedelta(days=366)


def test_no_two_sources_are_about_the_same(city: tuple[Connection, City]) -> None:
    rows = city[0].execute(select(tables.tax_source)).all()
    told = [(row.person_number, row.kind, str(sorted(row.facts.items()))) for row in rows]
    assert len(set(told)) == len(told)


def test_the_quota_lies_above_what_the_flower_shop_invoices(city: tuple[Connection, City]) -> None:
    t = tables.sale
    sold = city[0].execute(select(t.c.net_fen).where(t.c.taxpayer == FLOWERS)).scalars().all()
    assert 0 < max(sold) < QUOTA_FEN
    duty = city[0].execute(select(tables.tax_duty).where(tables.tax_duty.c.taxpayer == FLOWERS)).one()
    assert (duty.tax, duty.quota_fen) == ("vat-small", QUOTA_FEN)
