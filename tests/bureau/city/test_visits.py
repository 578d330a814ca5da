"""The demonstration's month: whole, the same for the same seed, and something in it to be found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bureau.analytics.reports import Analytics, open_analytics
from bureau.analytics.scope import Scope
from bureau.city.visits import DAYS, FORGOTTEN, ILL, OWN, SUPPLIES, TERMINALS, plant
from bureau.engine.feedback.ratings import KIND
from bureau.store import tables
from bureau.store.database import Database
from config.clock import CHINA
from tests.bureau import stores
from tests.bureau.analytics.test_use import enrolled
from tests.shipped import CATALOGUE

MONTH = Scope(stores.DAY - timedelta(days=DAYS), stores.DAY - timedelta(days=1))


@pytest.fixture
def database(city_url: str) -> Iterator[Database]:
    opened = Database(city_url)
    yield opened
    opened.close()


def test_a_month_of_all_halls_in_which_one_printer_is_ill(database: Database) -> None:
    reports = _planted(database)
    enrolled(database, OWN, "H-01")
    peers = reports.peers.terminals(MONTH)
    assert {peer.terminal for peer in peers} == set(TERMINALS)
    assert [peer.terminal for peer in peers if "trouble" in peer.worse] == [ILL]
    days = reports.use.by_day(MONTH)
    assert sum(day.visits for day in days) > 4_000
    assert {day.day.weekday() for day in days if day.visits >= 100} >= {0, 1, 2, 3, 4}
    assert all(day.done <= day.uses for day in days)
    week = reports.use.by_hour(MONTH)
    assert sum(of[10] for of in week) > sum(of[12] for of in week)
    assert {one.service for one in reports.use.services(MONTH)} == set(CATALOGUE)
    steps = {one.step: one.came for one in reports.use.steps(MONTH, "invoice.collect")}
    order = [step.id for step in CATALOGUE["invoice.collect"].service.steps if step.id in steps]
    assert [steps[step] for step in order] == sorted(steps.values(), reverse=True), "nobody comes in between"


def test_visitors_rated_it_and_low_ratings_were_looked_into_but_the_last(database: Database) -> None:
    reports = _planted(database)
    rated = reports.ratings.services(MONTH)
    assert sum(one.count for one in rated) > 600
    assert 0.9 < sum(one.count - one.low for one in rated) / sum(one.count for one in rated) < 0.99
    assert sum(one.disregarded for one in rated) > 0
    shares = [one.satisfied_share for one in rated]
    assert shares == sorted(shares)
    with database.read() as connection:
        c = tables.case_file
        waits = connection.execute(
            select(c.c.opened_at).where(c.c.kind == KIND, c.c.state == "open").order_by(c.c.opened_at)
        ).scalars()
        days = [at.astimezone(CHINA).date() for at in waits]
    assert len(days) > 1
    assert days[0] < stores.DAY - timedelta(days=10), "one is late"
    assert all(day >= stores.DAY - timedelta(days=4) for day in days[1:])


def _planted(database: Database) -> Analytics:
    _, rules = stores.published()
    with database.write() as connection:
        plant(connection, stores.SEED, stores.DAY, rules, CATALOGUE)
    return open_analytics(database)


def test_what_the_month_used_up_is_known_and_where_nobody_fills_is_the_most_urgent(
    database: Database,
) -> None:
    left = _planted(database).supplies.left(MONTH)
    assert len(left) == (len(TERMINALS) - 1) * len(SUPPLIES)
    assert {one.terminal for one in left if one.left == 0} == {FORGOTTEN}
    known = [one for one in left if one.forecast]
    assert all(one.forecast.per_day > 0 for one in known if one.forecast)
    days = [one.forecast.fill_by for one in known if one.forecast and one.forecast.fill_by]
    assert days == sorted(days)
