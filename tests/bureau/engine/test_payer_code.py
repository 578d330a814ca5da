"""``payment.charge``: a payer's code for an order of this terminal; no answer is doubt, and it is never kept."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import select

from bureau.store import tables
from sync.models import PaymentStateName as State
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN, bookings, opened, status, status_at_us
from tests.bureau.terminals import Terminal

CODE = "28" + "4" * 16


def charge(terminal: Terminal, order: str, code: str = CODE) -> dict[str, object]:
    found: dict[str, object] = terminal.data("payment.charge", SHEN, {"order": order, "code": code})
    return found


def test_a_code_pays_and_is_booked_once(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    told = charge(terminal, created["order"])
    assert (told["state"], told["amount_fen"], told["charge"]) == ("approved", created["amount_fen"], "")
    assert charge(terminal, created["order"]) == told
    assert (bookings(centre), centre.bank.codes) == ([created["amount_fen"]], [CODE])


def test_its_owner_is_asked_and_the_status_tells(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.on_charge = "confirming"
    assert charge(terminal, created["order"])["charge"] == "confirming"
    asked = status(terminal, created["order"])
    assert (asked["state"], asked["charge"]) == ("created", "confirming")
    centre.bank.pay(created["order"])
    assert status(terminal, created["order"])["state"] == "approved"


@pytest.mark.parametrize(
    ("word", "told"), [("codeRefused", "codeRefused"), ("insufficientFunds", "declined")]
)
def test_what_was_not_charged_leaves_the_order_open(
    terminal: Terminal, centre: Centre, word: str, told: str
) -> None:
    created = opened(terminal)
    centre.bank.on_charge = word
    answer = charge(terminal, created["order"])
    assert (answer["state"], answer["charge"]) == ("created", told)
    assert (status_at_us(centre, created), bookings(centre)) == (State.CREATED, [])


def test_no_answer_is_doubt_and_what_was_charged_is_found(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.silent = True
    assert charge(terminal, created["order"])["state"] == "unknown"
    assert status_at_us(centre, created) is State.UNKNOWN
    centre.bank.silent = False
    assert status(terminal, created["order"])["state"] == "approved"
    assert bookings(centre) == [created["amount_fen"]]


def test_an_order_that_was_closed_there_is_told_closed(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.close(created["order"])
    assert charge(terminal, created["order"])["state"] == "closed"
    assert bookings(centre) == []


def test_another_terminal_s_order_takes_no_code(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    answer = centre.terminal("B-01").ask("payment.charge", SHEN, {"order": created["order"], "code": CODE})
    assert answer.refusal is not None and answer.refusal.code == "orderUnknown"
    assert centre.bank.codes == []


def test_the_code_is_nowhere_afterwards(
    terminal: Terminal, centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    created = opened(terminal)
    centre.bank.silent = True
    charge(terminal, created["order"])
    with centre.database.read() as connection:
        rows = [
            str(row)
            for table in (tables.payment_order, tables.payment_event)
            for row in connection.execute(select(table))
        ]
    assert rows and not any(CODE in row for row in rows)
    assert CODE not in caplog.text
