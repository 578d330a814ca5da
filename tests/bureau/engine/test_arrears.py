"""Arrears (欠税): listed with the surcharge of the day, paid some now and some later, refused with what to do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bureau.engine.dues import surcharge
from bureau.engine.rules import Rules
from kiosk.domain.tax.parameters import built_in
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN, bookings, status
from tests.bureau.engine.test_payments import CHEN
from tests.bureau.terminals import Terminal, subject

SERVICE = "pay.arrears"
RULES = Rules(built_in())
LIMIT = date(2026, 7, 15)
FEN = st.integers(0, 10_000_000_000)
DAYS = st.integers(-40, 400)


def owed(terminal: Terminal, who: dict[str, Any] = CHEN) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("arrears.list", who, service=SERVICE)
    return found


def order_of(rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    amount = sum(row["owed_fen"] for row in rows)
    return {"dues": [row["due"] for row in rows], "amount_fen": amount, "channel": "qr-shown", **more}


def pay(terminal: Terminal, centre: Centre, rows: list[dict[str, Any]]) -> int:
    created = terminal.do("payment.create", order_of(rows), CHEN, service=SERVICE)
    assert created.state == "accepted", created.refusal
    centre.bank.pay(created.result["order"])
    told = status(terminal, created.result["order"])
    assert told["state"] == "approved"
    return int(told["amount_fen"])


def test_each_is_listed_earliest_first_with_its_surcharge_and_the_law(terminal: Terminal) -> None:
    found = owed(terminal)
    rows = found["arrears"]
    assert len(rows) > 1
    limits = [row["limit_date"] for row in rows]
    assert limits == sorted(limits)
    assert all(row["owed_fen"] == row["amount_fen"] + row["late_fee_fen"] for row in rows)
    assert sum(row["late_fee_fen"] for row in rows) > 0
    assert all("万分之五" in row["basis"]["zh-CN"] and "0.05 %" in row["basis"]["en-US"] for row in rows)
    assert found["total_fen"] == sum(row["owed_fen"] for row in rows)


def test_what_is_due_but_not_late_is_no_arrear(terminal: Terminal, centre: Centre) -> None:
    dues = terminal.data("dues.list", SHEN)["dues"]
    assert dues and owed(terminal, SHEN) == {"arrears": [], "total_fen": 0}
    limit = date.fromisoformat(dues[0]["limit_date"])
    centre.clock.at += limit - centre.clock.now().date()
    assert owed(terminal, SHEN)["arrears"] == [], "the limit itself is in time"
    centre.clock.at += timedelta(1)
    assert owed(terminal, SHEN)["arrears"]


def test_some_are_paid_now_and_the_rest_later_with_more_surcharge(terminal: Terminal, centre: Centre) -> None:
    first, *rest = owed(terminal)["arrears"]
    paid = pay(terminal, centre, [first])
    assert paid == first["owed_fen"]
    assert owed(terminal)["arrears"] == rest
    centre.clock.at += timedelta(10)
    later = owed(terminal)["arrears"]
    assert [row["amount_fen"] for row in later] == [row["amount_fen"] for row in rest]
    assert sum(row["late_fee_fen"] for row in later) > sum(row["late_fee_fen"] for row in rest)
    assert pay(terminal, centre, later) == sum(row["owed_fen"] for row in later)
    assert owed(terminal) == {"arrears": [], "total_fen": 0}
    assert sorted(bookings(centre)) == sorted([paid, sum(row["owed_fen"] for row in later)])


def test_yesterdays_amount_is_refused_with_todays(terminal: Terminal, centre: Centre) -> None:
    data = order_of(owed(terminal)["arrears"])
    centre.clock.at += timedelta(1)
    answer = terminal.do("payment.create", data, CHEN, service=SERVICE)
    assert answer.refusal is not None and answer.refusal.code == "amountDiffers"
    assert f"{owed(terminal)['total_fen'] / 100:,.2f}" in answer.refusal.text["zh-CN"]
    assert bookings(centre) == []


def test_what_is_in_doubt_is_not_asked_for_again(terminal: Terminal, centre: Centre) -> None:
    first, *rest = owed(terminal)["arrears"]
    order = terminal.do("payment.create", order_of([first]), CHEN, service=SERVICE).result["order"]
    centre.bank.silent = True
    assert terminal.do("payment.close", {"order": order}, service=SERVICE).result["state"] == "unknown"
    found = owed(terminal)
    assert [row["payable"] for row in found["arrears"]] == [False, *[True] * len(rest)]
    assert "请勿重复缴款" in found["arrears"][0]["held_text"]["zh-CN"]
    assert found["total_fen"] == sum(row["owed_fen"] for row in rest)
    again = terminal.do("payment.create", order_of([first]), CHEN, service=SERVICE)
    assert again.refusal is not None and again.refusal.code == "dueHeld"
    assert again.refusal.next_step["zh-CN"] and again.refusal.next_step["en-US"]


def test_nobody_sees_or_pays_the_arrears_of_others(terminal: Terminal) -> None:
    rows = owed(terminal)["arrears"]
    stranger = terminal.ask("arrears.list", {**SHEN, "taxpayer": CHEN["taxpayer"]}, service=SERVICE)
    assert stranger.refusal is not None and stranger.refusal.code == "roleMissing"
    answer = terminal.do("payment.create", order_of(rows), SHEN, service=SERVICE)
    assert answer.refusal is not None and answer.refusal.code == "dueTaken"
    weak = subject("chen-jing", CHEN["taxpayer"], "T", evidence="document", face=None)
    asked = terminal.ask("arrears.list", weak, service=SERVICE)
    assert asked.refusal is not None and asked.refusal.code == "identityWeak"


@given(st.lists(FEN, min_size=1, max_size=6), DAYS)
def test_sums_are_equal_to_the_fen_and_nothing_is_negative(amounts: list[int], days: int) -> None:
    day = LIMIT + timedelta(days)
    whole = surcharge(amounts, LIMIT, day, RULES)
    each = [surcharge([fen], LIMIT, day, RULES) for fen in amounts]
    assert whole.total_fen == sum(amounts) + whole.late_fee_fen == sum(one.total_fen for one in each)
    assert whole.late_fee_fen == sum(one.late_fee_fen for one in each) >= 0
    assert (whole.late_fee_fen == 0) or days > 0


@given(FEN, DAYS, st.integers(0, 60))
def test_a_surcharge_never_falls_with_time(fen: int, days: int, more: int) -> None:
    sooner = surcharge([fen], LIMIT, LIMIT + timedelta(days), RULES)
    later = surcharge([fen], LIMIT, LIMIT + timedelta(days + more), RULES)
    assert later.late_fee_fen >= sooner.late_fee_fen
