"""What is left at terminals: taken in with heartbeats, summed by day, and told how long it will last."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from bureau.analytics.alerts import Alarm
from bureau.analytics.reports import open_analytics
from bureau.analytics.scope import Scope
from bureau.analytics.supplies import DAYS_BACK, ENOUGH, RISK, forecast
from bureau.fleet.supplies import take
from bureau.store import tables
from bureau.store.database import Database
from sync.models import Supply
from tests.bureau.analytics.test_use import MONDAY, enrolled
from tests.bureau.doubles import HandClock

DAY = timedelta(days=1)


def tell(database: Database, clock: HandClock, left: int | None, **more: str) -> None:
    told = Supply(role="receiptPrinter", name="paper", counter="mm", left=left, full=1000, **more)
    with database.write() as connection:
        take(connection, "A-07", [told], clock.now())


def days(database: Database) -> list[tuple[date, int, int]]:
    t = tables.supply_day
    with database.read() as connection:
        rows = connection.execute(select(t.c.day, t.c.used, t.c.filled).order_by(t.c.day)).all()
    return [(row.day, row.used, row.filled) for row in rows]


def test_a_day_sums_what_became_less_and_what_was_filled(database: Database, clock: HandClock) -> None:
    for left in (900, 900, 850, 1000, 940):
        tell(database, clock, left)
    clock.at += DAY
    tell(database, clock, 940)
    clock.at += DAY
    tell(database, clock, 900)
    today = clock.now().date()
    assert days(database) == [(today - 2 * DAY, 110, 150), (today - DAY, 0, 0), (today, 40, 0)]


def test_what_nobody_knows_is_in_no_sum(database: Database, clock: HandClock) -> None:
    for left in (900, None, 400, 380):
        tell(database, clock, left)
    assert [row[1:] for row in days(database)] == [(20, 0)]


def test_other_blanks_in_a_unit_were_loaded_and_not_used(database: Database, clock: HandClock) -> None:
    tell(database, clock, 30, code="099002600104")
    tell(database, clock, 200, code="099002600105")
    tell(database, clock, 190, code="099002600105")
    assert [row[1:] for row in days(database)] == [(10, 200)]


def test_what_is_left_is_read_with_how_long_it_lasts(database: Database, clock: HandClock) -> None:
    enrolled(database, "A-07", "H-01")
    left = 10_000
    for _ in range(14):
        tell(database, clock, left)
        left -= 100 if working(clock.now().date()) else 0
        tell(database, clock, left)
        clock.at += DAY
    tell(database, clock, left)
    today = clock.now().date()
    scope = Scope(today - 7 * DAY, today - DAY)
    (found,) = open_analytics(database).supplies.left(scope)
    assert (found.terminal, found.role, found.name, found.left) == ("A-07", "receiptPrinter", "paper", left)
    assert found.forecast is not None
    assert found.forecast.per_day == pytest.approx(100)
    assert open_analytics(database).supplies.left(Scope(scope.first, scope.last, "H-02")) == []


def test_what_is_to_be_filled_by_tomorrow_is_told_unasked_within_a_minute(
    database: Database, clock: HandClock
) -> None:
    enrolled(database, "A-07", "H-01")
    for left in range(1000, 440, -40):
        tell(database, clock, left)
        clock.at += DAY / 2
        tell(database, clock, left - 40)
        clock.at += DAY / 2
    alarm = Alarm(open_analytics(database), clock)
    before = alarm.now()
    assert before.supplies == ()
    tell(database, clock, 30)
    assert alarm.now() is before, "looked at once a minute, however many ask"
    clock.forward(seconds=61)
    after = alarm.now()
    assert [(one.name, one.left) for one in after.supplies] == [("paper", 30)]
    assert after.mark != before.mark


def working(day: date) -> bool:
    return day.weekday() < 5


def past(of: list[int]) -> dict[date, int]:
    """What the last days used, of which the last is Sunday before ``MONDAY``."""
    return {MONDAY - (len(of) - n) * DAY: used for n, used in enumerate(of)}


def test_even_use_ends_on_the_day_that_is_reckoned_by_hand() -> None:
    weeks = past([100, 100, 100, 100, 100, 0, 0] * 4)
    told = forecast(1000, weeks, MONDAY, working)
    assert told is not None
    assert told.per_day == 100
    assert told.empty == MONDAY + 11 * DAY, "ten working days: Friday of the second week"
    assert told.fill_by is not None
    assert MONDAY < told.fill_by < told.empty


def test_days_off_that_use_nothing_bring_it_no_nearer() -> None:
    weeks = past([100, 100, 100, 100, 100, 0, 0] * 4)
    holidays = {MONDAY + n * DAY for n in range(7)}
    later = forecast(1000, weeks, MONDAY, lambda day: working(day) and day not in holidays)
    assert later is not None
    assert later.empty == MONDAY + 18 * DAY


@pytest.mark.parametrize(
    ("left", "used"),
    [(None, [9] * 28), (500, [9] * (ENOUGH - 1)), (500, [0] * 28)],
)
def test_nothing_is_said_where_too_little_is_known(left: int | None, used: list[int]) -> None:
    assert forecast(left, past(used), MONDAY, lambda _: True) is None


def test_what_lasts_longer_than_anybody_looks_has_no_day() -> None:
    told = forecast(10**9, past([5] * 28), MONDAY, lambda _: True)
    assert told is not None
    assert (told.empty, told.fill_by) == (None, None)


def test_what_is_used_up_is_to_be_filled_today() -> None:
    told = forecast(0, past([5] * 28), MONDAY, lambda _: True)
    assert told is not None
    assert (told.empty, told.fill_by) == (MONDAY, MONDAY)


def test_filled_on_its_last_day_it_lasts_in_nine_of_ten_of_years_that_nobody_knows() -> None:
    """Visits come as independent people do, each with a slip of its own length; means and days are not told."""
    random = Random(20261012)
    too_late = known = 0
    for _ in range(600):
        busy, slip = random.uniform(5, 60), random.uniform(150, 500)

        def used(busy: float = busy, slip: float = slip) -> int:
            people = max(0, round(random.gauss(busy, busy**0.5)))
            return sum(round(random.uniform(0.5, 1.5) * slip) for _ in range(people))

        left = round(random.uniform(2, 12) * busy * slip)
        told = forecast(left, past([used() for _ in range(DAYS_BACK)]), MONDAY, lambda _: True)
        if told is None or told.fill_by is None or told.fill_by == MONDAY:
            continue
        known += 1
        lasting = left
        for _ in range((told.fill_by - MONDAY).days + 1):
            lasting -= used()
        too_late += lasting <= 0
    assert known > 400
    assert too_late / known <= RISK
