"""Who was left in doubt about a payment is told how it ended, and nobody else is."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine.reconcile import Reconciler
from bureau.engine.resolver import Resolver
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import opened, status
from tests.bureau.stores import DAY
from tests.bureau.terminals import Terminal, subject

SHEN = subject("shen-zhizhou")


def doubted(terminal: Terminal, centre: Centre) -> dict[str, Any]:
    """An order whose payer was told that nobody knows yet."""
    created = opened(terminal)
    centre.bank.silent = True
    assert terminal.do("payment.close", {"order": created["order"]}).result["state"] == "unknown"
    centre.bank.silent = False
    return created


def told(terminal: Terminal) -> list[tuple[str, str]]:
    notices = terminal.data("person.profile", SHEN)["notices"]
    return [(notice["kind"], notice["reference"]) for notice in notices]


def messages(centre: Centre) -> list[str]:
    with centre.database.read() as connection:
        return list(connection.execute(select(tables.sms.c.text)).scalars())


def compare(centre: Centre) -> None:
    Reconciler(centre.system, centre.acquirers).run(DAY)


def test_an_order_that_the_file_closed_is_told_to_who_ordered_it_once(
    terminal: Terminal, centre: Centre
) -> None:
    created = doubted(terminal, centre)
    centre.bank.files = True
    centre.clock.forward(days=1)
    compare(centre)
    compare(centre)
    assert told(terminal) == [("payment-not-charged", created["order"])]
    (text,) = messages(centre)
    assert created["order"] in text and "请重新缴款" in text


def test_that_notice_ends_when_its_return_is_paid_after_all(terminal: Terminal, centre: Centre) -> None:
    doubted(terminal, centre)
    t = tables.due
    with centre.database.write() as connection:  # one return, as a person mostly pays
        one = select(tables.declaration.c.declaration).limit(1).scalar_subquery()
        connection.execute(t.update().where(t.c.held_by.is_not(None)).values(declaration=one))
    centre.bank.files = True
    centre.clock.forward(days=1)
    compare(centre)
    assert [kind for kind, _ in told(terminal)] == ["payment-not-charged"]
    again = opened(terminal)
    centre.bank.pay(again["order"])
    assert status(terminal, again["order"])["state"] == "approved"
    assert told(terminal) == []


def test_money_that_the_file_brought_is_told_with_its_voucher(terminal: Terminal, centre: Centre) -> None:
    created = doubted(terminal, centre)
    centre.bank.pay(created["order"])
    centre.clock.forward(days=1)
    compare(centre)
    assert told(terminal) == [("payment-confirmed", created["order"])]
    with centre.database.read() as connection:
        voucher = connection.execute(select(tables.booking.c.voucher)).scalar_one()
    assert voucher in messages(centre)[0]


def test_what_the_acquirer_says_later_is_told_as_well(terminal: Terminal, centre: Centre) -> None:
    created = doubted(terminal, centre)
    centre.bank.pay(created["order"])
    centre.clock.forward(minutes=2)
    Resolver(centre.system, centre.acquirers).run_once()
    assert told(terminal) == [("payment-confirmed", created["order"])]


def test_a_doubt_that_is_over_while_the_person_stands_there_is_told_by_the_page_alone(
    terminal: Terminal, centre: Centre
) -> None:
    created = doubted(terminal, centre)
    centre.bank.pay(created["order"])
    centre.clock.forward(seconds=5)
    Resolver(centre.system, centre.acquirers).run_once()
    assert told(terminal) == []


def test_an_order_that_just_ran_out_is_news_to_nobody(terminal: Terminal, centre: Centre) -> None:
    opened(terminal)
    centre.clock.forward(days=1)
    Resolver(centre.system, centre.acquirers).run_once()
    assert told(terminal) == messages(centre) == []


@pytest.mark.parametrize("gone", [True, False])
def test_where_the_payer_is_not_kept_who_answers_for_the_taxes_hears_of_it(
    terminal: Terminal, centre: Centre, gone: bool
) -> None:
    created = doubted(terminal, centre)
    with centre.database.write() as connection:
        t = tables.effect
        change = t.delete() if gone else t.update().values(person_kind=None, person_number=None)
        connection.execute(change.where(t.c.kind == "payment.create"))
    centre.bank.files = True
    centre.clock.forward(days=1)
    compare(centre)
    with centre.database.read() as connection:
        notices = connection.execute(select(tables.notice.c.kind, tables.notice.c.reference)).all()
    assert notices and {tuple(row) for row in notices} == {("payment-not-charged", created["order"])}
