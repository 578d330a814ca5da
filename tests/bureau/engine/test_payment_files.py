"""The acquirer's daily file against our orders: what balances, what is booked late, and what becomes a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bureau.engine.reconcile import Reconciler
from bureau.errors import AcquirerUnreachable
from bureau.ports.acquirer import AcquirerLine
from config.clock import CHINA
from sync.models import PaymentStateName as State
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN, bookings, cases, events, opened, status, status_at_us
from tests.bureau.stores import DAY
from tests.bureau.terminals import Terminal


def compare(centre: Centre, day: date | None = None) -> dict[str, tuple[str, str]]:
    result = Reconciler(centre.system, centre.acquirers).run(day or centre.clock.now().date())
    return {line.order: (line.result, line.action) for line in result.lines}


def test_a_day_without_differences_balances(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    status(terminal, created["order"])
    assert compare(centre) == {created["order"]: ("MATCH", "")}
    assert not Reconciler(centre.system, centre.acquirers).done(DAY), "more may be paid today"
    centre.clock.forward(days=1)
    reconciler = Reconciler(centre.system, centre.acquirers)
    assert reconciler.run(DAY).balanced
    assert reconciler.done(DAY)


def test_money_we_never_heard_of_is_booked_late_and_only_once(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    assert compare(centre) == {created["order"]: ("THEIRS_ONLY", "booked late")}
    assert compare(centre) == {created["order"]: ("MATCH", "")}
    assert bookings(centre) == [created["amount_fen"]]
    assert cases(centre) == []


def test_money_for_no_order_is_a_case_for_a_refund_and_stays_one_case(
    terminal: Terminal, centre: Centre
) -> None:
    centre.bank.charged.append(AcquirerLine("41990026101200099999", 500, "R-1", centre.clock.now()))
    assert compare(centre) == {"41990026101200099999": ("THEIRS_ONLY", "refund")}
    assert compare(centre) == {"41990026101200099999": ("THEIRS_ONLY", "refund")}
    assert cases(centre) == ["theirs-only"]


def test_a_file_that_has_one_charge_twice_is_not_believed(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    status(terminal, created["order"])
    (line,) = centre.bank.charged
    centre.bank.charged.append(line)
    with pytest.raises(AcquirerUnreachable, match=f"order {created['order']} more than once"):
        compare(centre)
    assert cases(centre) == [], "nobody gives money back that was charged once"
    centre.bank.charged[1] = replace(line, reference="R-again")
    assert compare(centre) == {created["order"]: ("AMOUNT_DIFF", "case")}, "charged a second time"


def test_what_the_acquirer_does_not_have_is_looked_into(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    status(terminal, created["order"])
    centre.bank.charged.clear()
    centre.bank.orders.clear()
    assert compare(centre) == {created["order"]: ("OURS_ONLY", "case")}
    assert cases(centre) == ["ours-only"]


def test_another_amount_in_the_file_is_a_case(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    status(terminal, created["order"])
    centre.bank.charged[0] = replace(centre.bank.charged[0], amount_fen=1)
    assert compare(centre) == {created["order"]: ("AMOUNT_DIFF", "case")}
    assert cases(centre) == ["amount-differs"]


def test_a_payment_around_midnight_is_found_in_the_other_days_file(
    terminal: Terminal, centre: Centre
) -> None:
    centre.clock.at = datetime(2026, 10, 12, 23, 59, 30, tzinfo=CHINA)
    created = opened(terminal)
    centre.bank.pay(created["order"])
    known = centre.bank.orders[created["order"]]
    centre.bank.orders[created["order"]] = replace(known, paid_at=None)
    status(terminal, created["order"])
    next_day = datetime(2026, 10, 13, 0, 0, 5, tzinfo=CHINA)
    centre.bank.orders[created["order"]] = replace(known, paid_at=next_day)
    centre.bank.charged[0] = replace(centre.bank.charged[0], paid_at=next_day)
    assert compare(centre) == {created["order"]: ("OURS_ONLY", "in the file of 2026-10-13")}
    centre.clock.at = next_day
    assert compare(centre) == {created["order"]: ("THEIRS_ONLY", "paid on another day by our books")}
    assert bookings(centre) == [created["amount_fen"]]
    assert cases(centre) == []


def doubted(terminal: Terminal, centre: Centre) -> dict[str, Any]:
    """An order that the acquirer gave no word of; nothing was charged."""
    created = opened(terminal)
    centre.bank.silent = True
    assert terminal.do("payment.close", {"order": created["order"]}).result["state"] == "unknown"
    return created


def test_an_order_in_doubt_that_is_in_no_final_file_is_closed_and_its_dues_are_free(
    terminal: Terminal, centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    created = doubted(terminal, centre)
    centre.bank.silent = False
    del centre.bank.orders[created["order"]]  # it never got there
    assert compare(centre) == {}, "the day is not over: it may still be paid"
    assert status_at_us(centre, created) is State.UNKNOWN
    centre.clock.forward(days=1)
    with caplog.at_level("INFO", logger="kiosk.bureau"):
        assert compare(centre, DAY) == {created["order"]: ("OURS_ONLY", "closed, not charged")}
    assert created["order"] in caplog.text
    assert status_at_us(centre, created) is State.CLOSED
    assert events(centre, created["order"])[-1] == ("closed", "reconciliation")
    assert opened(terminal)["amount_fen"] == created["amount_fen"]
    assert cases(centre) == bookings(centre) == []


def test_the_final_file_is_enough_when_the_acquirer_says_nothing_and_an_officer_asks_its_desk(
    terminal: Terminal, centre: Centre
) -> None:
    created = doubted(terminal, centre)
    centre.bank.files = True
    centre.clock.forward(days=1)
    assert compare(centre, DAY) == {created["order"]: ("OURS_ONLY", "closed by the file alone")}
    assert status_at_us(centre, created) is State.CLOSED
    assert cases(centre) == ["in-no-file"]
    assert all(due["payable"] for due in terminal.data("dues.list", SHEN)["dues"])


def test_an_order_in_doubt_that_could_be_paid_after_midnight_waits_for_the_next_file(
    terminal: Terminal, centre: Centre
) -> None:
    centre.clock.at = datetime(2026, 10, 12, 23, 59, 30, tzinfo=CHINA)
    created = doubted(terminal, centre)
    centre.bank.files = True
    centre.clock.at = datetime(2026, 10, 13, 0, 5, tzinfo=CHINA)
    assert compare(centre, DAY) == {}
    assert status_at_us(centre, created) is State.UNKNOWN
    centre.clock.forward(days=1)
    assert compare(centre, DAY + timedelta(days=1)) == {
        created["order"]: ("OURS_ONLY", "closed by the file alone")
    }


def test_an_order_in_doubt_that_was_paid_before_midnight_is_booked_by_that_days_file(
    terminal: Terminal, centre: Centre
) -> None:
    centre.clock.at = datetime(2026, 10, 12, 23, 59, 30, tzinfo=CHINA)
    created = opened(terminal)
    centre.bank.pay(created["order"])
    centre.bank.silent = centre.bank.files = True
    terminal.do("payment.close", {"order": created["order"]})
    centre.clock.forward(days=2)
    assert compare(centre, DAY + timedelta(days=1)) == {created["order"]: ("THEIRS_ONLY", "booked late")}
    assert bookings(centre) == [created["amount_fen"]]


def test_an_order_that_the_acquirer_calls_paid_and_no_file_has_is_booked_and_looked_into(
    terminal: Terminal, centre: Centre
) -> None:
    created = doubted(terminal, centre)
    centre.bank.silent = False
    centre.bank.pay(created["order"])
    centre.bank.charged.clear()
    centre.clock.forward(days=1)
    assert compare(centre, DAY) == {created["order"]: ("OURS_ONLY", "case")}
    assert (cases(centre), bookings(centre)) == (["in-no-file"], [created["amount_fen"]])
