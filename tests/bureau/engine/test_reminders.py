"""Reminders: when what is said to whom, once; and that it ends with what it asked for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select

from bureau.engine.reminding.plan import MOST_DEMAND_DAYS, Level, Plan, plan
from bureau.engine.reminding.round import CASE, Round
from bureau.engine.reminding.rungs import DEMAND, FINAL, OVERDUE, Rung, next_rung
from bureau.engine.rules import Rules
from bureau.ports.reminders import Reminder
from bureau.store import tables
from kiosk.domain.tax.limits import WorkingCalendar
from kiosk.domain.tax.parameters import built_in
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_arrears import owed, pay
from tests.bureau.engine.test_payments import BEIDOU, CHEN
from tests.bureau.terminals import Terminal, subject

RULES = Rules(built_in())
CALENDAR = WorkingCalendar(built_in())
LIMIT = date(2026, 10, 26)
LEVEL = Level(ahead=[5, 1, 0], demand_after=5, demand_days=10)
ALONE = subject("chen-jing")


def said(rung: Rung, day: date) -> Reminder:
    return Reminder("file/x", rung.name, "x", day, rung.until, ())


def heard(first: date, last: date, level: Level = LEVEL) -> list[tuple[int, str]]:
    """What is said from the first to the last day, looked at every day: days behind the limit, and the rung."""
    found: list[tuple[int, str]] = []
    latest: Reminder | None = None
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        rung = next_rung(LIMIT, day, level, latest, CALENDAR)
        if rung is not None:
            latest = said(rung, day)
            found.append(((day - LIMIT).days, rung.name))
    return found


def test_each_is_said_on_its_day_and_once() -> None:
    told = heard(LIMIT - timedelta(40), LIMIT + timedelta(40))
    assert told == [
        (-5, "ahead-5"), (-1, "ahead-1"), (0, "ahead-0"), (1, OVERDUE), (5, DEMAND), (16, FINAL)
    ]  # fmt: skip


def test_the_day_that_a_demand_gives_is_worked() -> None:
    rung = next_rung(
        LIMIT, LIMIT + timedelta(9), LEVEL, None, CALENDAR
    )  # 4 November and ten days: a Saturday
    assert rung == Rung(DEMAND, date(2026, 11, 16))


def test_days_on_which_nobody_could_be_told_are_not_made_good_for() -> None:
    latest = said(Rung("ahead-5"), LIMIT - timedelta(5))
    rung = next_rung(LIMIT, LIMIT, LEVEL, latest, CALENDAR)
    assert rung == Rung("ahead-0")


@given(st.lists(st.integers(-30, 90), min_size=1, max_size=30).map(sorted))
def test_whenever_it_is_looked_at_nothing_is_said_twice_and_an_officer_comes_after_a_demand_has_passed(
    days: list[int],
) -> None:
    latest: Reminder | None = None
    names: list[str] = []
    for number in days:
        day = LIMIT + timedelta(number)
        rung = next_rung(LIMIT, day, LEVEL, latest, CALENDAR)
        if rung is None:
            continue
        if rung.name == FINAL:
            assert latest is not None and latest.rung == DEMAND
            assert latest.until is not None and latest.until < day
        assert rung.ahead == (number <= 0)
        names.append(rung.name)
        latest = said(rung, day)
    assert len(names) == len(set(names))


def test_no_demand_gives_more_than_the_law_allows() -> None:
    assert all(level.demand_days <= MOST_DEMAND_DAYS for level in plan().levels.values())
    with pytest.raises(ValidationError):
        Level(ahead=[1], demand_after=1, demand_days=MOST_DEMAND_DAYS + 1)


def test_more_risk_is_reminded_no_later_and_demanded_no_later() -> None:
    low, medium, high = (plan().levels[risk] for risk in ("low", "medium", "high"))
    assert low.ahead[0] <= medium.ahead[0] <= high.ahead[0]
    assert low.demand_after >= medium.demand_after >= high.demand_after


def test_a_plan_without_a_risk_is_refused() -> None:
    with pytest.raises(ValidationError, match="low, medium and high"):
        Plan.model_validate(
            {"format": 1, "hours": {"first": 8, "last": 20}, "levels": {"low": LEVEL.model_dump()}}
        )


# --- at a running centre


def go_round(centre: Centre) -> int:
    """As the centre does it after a restart: another round, which knows of the first by the books alone."""
    return Round(centre.system, RULES).run_once()


def kinds(terminal: Terminal, who: dict[str, Any] = ALONE) -> list[str]:
    return [notice["kind"] for notice in terminal.data("person.profile", who)["notices"]]


def given_to(centre: Centre, taxpayer: str) -> list[Reminder]:
    with centre.system.read() as work:
        return list(work.core.reminders.listed(taxpayer, 1000))


def messages(centre: Centre) -> list[str]:
    with centre.database.read() as connection:
        return list(connection.execute(select(tables.sms.c.text)).scalars())


def test_who_owes_is_told_at_sign_in_and_on_the_phone_and_no_more_once_it_is_paid(
    terminal: Terminal, centre: Centre
) -> None:
    assert go_round(centre) > 0
    rows = owed(terminal)["arrears"]
    told = kinds(terminal)
    assert "pay-demand" in told
    assert any("责令限期缴纳" in text and "滞纳金" in text for text in messages(centre))
    pay(terminal, centre, rows)
    assert "pay-demand" not in kinds(terminal)


def test_a_second_round_says_nothing_again_and_ends_what_was_done(terminal: Terminal, centre: Centre) -> None:
    go_round(centre)
    sent = len(messages(centre))
    assert go_round(centre) == 0 and len(messages(centre)) == sent
    pay(terminal, centre, owed(terminal)["arrears"])
    go_round(centre)
    paid = [one for one in given_to(centre, BEIDOU) if one.matter.startswith("pay/")]
    assert paid and all(one.ended_on == centre.clock.now().date() for one in paid)


def test_what_stays_open_becomes_an_officers_case_and_the_last_word_stands_alone(
    terminal: Terminal, centre: Centre
) -> None:
    go_round(centre)
    (demand,) = {one.until for one in given_to(centre, BEIDOU) if one.matter.startswith("pay/")}
    assert demand is not None
    centre.clock.at += demand - centre.clock.now().date()
    go_round(centre)
    assert "pay-final" not in kinds(terminal), "the day itself is still in time"
    centre.clock.at += timedelta(1)
    go_round(centre)
    told = kinds(terminal)
    assert "pay-final" in told and "pay-demand" not in told
    with centre.database.read() as connection:
        t = tables.case_file
        opened = connection.execute(select(t.c.reference).where(t.c.kind == CASE)).scalars().all()
    pursued = {one.matter for one in given_to(centre, BEIDOU) if one.rung == FINAL}
    assert pursued and pursued <= set(opened)


def test_what_a_payment_is_collecting_is_not_demanded(terminal: Terminal, centre: Centre) -> None:
    rows = owed(terminal)["arrears"]
    data = {
        "dues": [row["due"] for row in rows],
        "amount_fen": sum(r["owed_fen"] for r in rows),
        "channel": "qr-shown",
    }
    assert terminal.do("payment.create", data, CHEN, service="pay.arrears").state == "accepted"
    go_round(centre)
    assert not [one for one in given_to(centre, BEIDOU) if one.matter.startswith("pay/")]


def test_phones_ring_by_day_alone(centre: Centre) -> None:
    morning = centre.clock.at
    for hour in (7, 20):
        centre.clock.at = morning.replace(hour=hour)
        assert go_round(centre) == 0
    centre.clock.at = morning.replace(hour=8)
    assert go_round(centre) > 0


def test_somebody_answers_for_every_taxpayer_and_hears_of_it(centre: Centre) -> None:
    centre.clock.at += LIMIT - centre.clock.now().date()
    go_round(centre)
    with centre.system.read() as work:
        found = work.core.reminders.listed(None, 1000)
    assert len({one.taxpayer for one in found}) > 3
    assert all(one.notices for one in found)
