"""Visits as sums of a day: counted once, on both stores, and read back as what officers ask."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bureau.analytics.intake import KEPT_DAYS, SEEN_DAYS, UseIntake
from bureau.analytics.reports import Analytics, in_order, open_analytics
from bureau.analytics.scope import LONGEST_DAYS, Scope
from bureau.analytics.use import StepUsed
from bureau.errors import ScopeError
from bureau.store import tables
from bureau.store.database import Database
from config.clock import CHINA
from sync.models import VisitUse
from tests.bureau.doubles import HandClock

MONDAY = date(2026, 10, 12)


@pytest.fixture
def intake(database: Database, clock: HandClock) -> UseIntake:
    return UseIntake(database, clock)


@pytest.fixture
def reports(database: Database) -> Analytics:
    return open_analytics(database)


def step(name: str, seconds: float = 5.0, kind: str = "form", waited: float = 0.0) -> dict[str, Any]:
    return {"step": name, "kind": kind, "came": 1, "seconds": seconds, "waited_s": waited}


def use(
    service: str = "pay.due", ended: str = "done", at: str = "end", seconds: float = 60.0, **more: Any
) -> dict[str, Any]:
    steps = more.pop("steps", [step("identify"), step("list", 20.0, waited=2.0), step("end", 0.0, "done")])
    return {
        "service": service,
        "ended": ended,
        "at": at,
        "code": "",
        "offline": False,
        "seconds": seconds,
        "steps": steps,
        **more,
    }


_numbers = iter(range(1, 1_000_000))


def visit(*services: dict[str, Any], at: str = "2026-10-12T09:30", **more: Any) -> VisitUse:
    told = {
        "id": f"{next(_numbers):032x}",
        "began": datetime.fromisoformat(at).replace(tzinfo=CHINA),
        "lang": "zh-CN",
        "mode": "standard",
        "signed_in": "document",
        "seconds": 90.0,
        "services": list(services),
        **more,
    }
    return VisitUse.model_validate(told)


TODAY = Scope(MONDAY, MONDAY)


def test_a_visit_that_is_told_twice_counts_once(intake: UseIntake, reports: Analytics) -> None:
    first, second = visit(use()), visit(use(), use("queue.ticket"))
    assert intake.take("A-07", [first, second, first]) == 2
    assert intake.take("A-07", [second]) == 0
    (day,) = reports.use.by_day(TODAY)
    assert (day.day, day.visits, day.uses, day.done) == (MONDAY, 2, 3, 3)


def test_what_a_wrong_clock_told_is_in_no_sum_and_is_not_asked_for_again(
    intake: UseIntake, database: Database
) -> None:
    wrong = [
        visit(use(), at="2026-10-14T09:30"),
        visit(use(), at="2026-08-01T09:30"),
        visit(at="2001-01-01T00:00"),
    ]
    assert intake.take("A-07", wrong) == 3
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(tables.use_visit)).scalar() == 0


def test_days_hours_and_ways_of_coming(intake: UseIntake, reports: Analytics) -> None:
    intake.take("A-07", [visit(at="2026-10-12T09:45"), visit(at="2026-10-12T09:00", mode="elder")])
    intake.take("A-08", [visit(at="2026-10-11T23:45", lang="en-US", signed_in="no")])
    scope = Scope(MONDAY - timedelta(days=2), MONDAY)
    assert [day.visits for day in reports.use.by_day(scope)] == [0, 1, 2]
    week = reports.use.by_hour(scope)
    assert (week[0][9], week[6][23], sum(map(sum, week))) == (2, 1, 3)
    assert {(one.lang, one.mode, one.signed_in): one.visits for one in reports.use.how(scope)} == {
        ("zh-CN", "standard", "document"): 1,
        ("zh-CN", "elder", "document"): 1,
        ("en-US", "standard", "no"): 1,
    }


def test_services_by_how_they_ended_and_how_long_they_took(intake: UseIntake, reports: Analytics) -> None:
    ends = ["done"] * 6 + ["left", "home", "expired", "refused", "trouble", "failed", "opened"]
    visits = [visit(use(ended=ended, seconds=10.0 * number)) for number, ended in enumerate(ends, 1)]
    intake.take("A-07", [*visits, visit(use("queue.ticket", offline=True))])
    pay, ticket = reports.use.services(TODAY)
    assert (pay.service, pay.uses, pay.done, pay.turned, pay.refused, pay.trouble, pay.opened) == (
        "pay.due", 13, 6, 3, 1, 2, 1,
    )  # fmt: skip
    assert pay.done_share == 6 / 12
    assert pay.median_s is not None and pay.most_s is not None
    assert 25 <= pay.median_s <= 40
    assert 50 <= pay.most_s <= 70
    assert (ticket.offline, pay.offline) == (1, 0)


def test_where_people_turn_back(intake: UseIntake, reports: Analytics) -> None:
    whole = [step("identify"), step("list"), step("pay", 40.0, "pay", waited=8.0), step("end", 0.0, "done")]
    intake.take(
        "A-07",
        [visit(use(steps=whole)), visit(use(steps=whole)), visit(use(ended="left", at="pay", steps=whole[:3])),
         visit(use(ended="refused", at="list", code="nothingDue", steps=whole[:2]))],
    )  # fmt: skip
    found = in_order(reports.use.steps(TODAY, "pay.due"), ["identify", "list", "pay", "end"])
    assert [(one.step, one.came, one.ended) for one in found] == [
        ("identify", 4, 0), ("list", 4, 1), ("pay", 3, 1), ("end", 2, 0),
    ]  # fmt: skip
    assert (found[2].mean_s, found[2].waited_s) == (40.0, 8.0)
    (why,) = reports.use.why(TODAY, "pay.due")
    assert (why.ended, why.code, why.times) == ("refused", "nothingDue", 1)
    assert reports.use.why(TODAY, "queue.ticket") == []


def test_steps_that_a_service_does_not_have_any_more_stand_behind() -> None:
    steps = [StepUsed(name, "form", 1, 0, 1.0, 0.0) for name in ("gone", "second", "first")]
    assert [one.step for one in in_order(steps, ["first", "second"])] == ["first", "second", "gone"]


def test_a_scope_of_a_hall_or_terminal_holds_that_alone(
    intake: UseIntake, reports: Analytics, database: Database
) -> None:
    enrolled(database, "A-07", "H-01")
    enrolled(database, "B-01", "H-02")
    intake.take("A-07", [visit(use())])
    intake.take("B-01", [visit(use()), visit(use())])
    for scope, visits in (
        (TODAY, 3),
        (Scope(MONDAY, MONDAY, hall="H-01"), 1),
        (Scope(MONDAY, MONDAY, terminal="B-01"), 2),
        (Scope(MONDAY, MONDAY, hall="H-01", terminal="B-01"), 0),
    ):
        assert reports.use.by_day(scope)[0].visits == visits
        assert sum(one.uses for one in reports.use.services(scope)) == visits
        assert sum(one.came for one in reports.use.steps(scope, "pay.due") if one.step == "end") == visits


def test_what_is_too_old_is_let_go(intake: UseIntake, database: Database, clock: HandClock) -> None:
    intake.take("A-07", [visit(use())])
    clock.forward(days=SEEN_DAYS + 1)
    intake.forget()
    count = {name: _count(database, name) for name in ("use_seen", "use_visit", "use_step")}
    assert count == {"use_seen": 0, "use_visit": 1, "use_step": 3}
    clock.forward(days=KEPT_DAYS)
    intake.forget()
    for name in ("use_visit", "use_service", "use_step", "use_spread"):
        assert _count(database, name) == 0


def test_days_that_no_report_can_be_of(reports: Analytics) -> None:
    with pytest.raises(ScopeError) as order:
        Scope(MONDAY, MONDAY - timedelta(days=1))
    with pytest.raises(ScopeError) as long:
        Scope(MONDAY, MONDAY + timedelta(days=LONGEST_DAYS))
    assert (order.value.code, long.value.code) == ("order", "long")
    assert Scope(MONDAY, MONDAY + timedelta(days=6)).before() == Scope(
        MONDAY - timedelta(days=7), MONDAY - timedelta(days=1)
    )


def enrolled(database: Database, terminal: str, hall: str) -> None:
    """A terminal of that hall on the register."""
    with database.write() as connection:
        connection.execute(
            tables.terminal.insert().values(
                terminal=terminal, asset=terminal, hall=hall, public_key=b"", sealing_key=b"", epoch="e",
                state="active", reason="", inventory={}, enrolled_at=datetime(2026, 10, 1, tzinfo=CHINA),
            )
        )  # fmt: skip


def _count(database: Database, name: str) -> int:
    with database.read() as connection:
        found = connection.execute(select(func.count()).select_from(tables.metadata.tables[name])).scalar()
    return int(found or 0)
