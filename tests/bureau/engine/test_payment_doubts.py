"""Who was left in doubt about a payment is told how it ended, and nobody else is."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine.reconcile import Reconciler
from bureau.engine.resolver import Resolver
from bureau.ports.acquirer import AcquirerOrder
from bureau.store import tables
from sync.models import PaymentStateName as State
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN as PAYER
from tests.bureau.engine.paying import opened, order_for, status
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


def card_order(terminal: Terminal) -> dict[str, Any]:
    answer = terminal.do("payment.create", order_for(terminal, channel="card"), PAYER)
    assert answer.state == "accepted", answer.refusal
    return answer.result


def word(terminal: Terminal, created: dict[str, Any], outcome: str, *, queued: bool = True) -> dict[str, Any]:
    """What the card terminal told; ``queued`` when nobody stood there any more."""
    said = {"order": created["order"], "outcome": outcome, "amount_fen": created["amount_fen"]}
    return terminal.send(terminal.intent("payment.card", said, PAYER), queued=queued).result


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("charged", "payment-confirmed"),
        ("declined", "payment-not-charged"),
        ("notCharged", "payment-not-charged"),
    ],
)
def test_a_card_terminals_word_that_comes_when_its_payer_has_gone_is_told_to_them(
    terminal: Terminal, centre: Centre, outcome: str, kind: str
) -> None:
    created = card_order(terminal)
    centre.clock.forward(minutes=2)
    word(terminal, created, outcome)
    assert told(terminal) == [(kind, created["order"])]
    assert len(messages(centre)) == 1


@pytest.mark.parametrize("outcome", ["charged", "declined", "notCharged"])
def test_what_the_page_says_itself_is_told_by_no_message(
    terminal: Terminal, centre: Centre, outcome: str
) -> None:
    word(terminal, card_order(terminal), outcome, queued=False)
    assert told(terminal) == messages(centre) == []


def test_a_card_paid_whose_voucher_never_reached_the_page_is_told_once(
    terminal: Terminal, centre: Centre
) -> None:
    created = card_order(terminal)
    said = {"order": created["order"], "outcome": "charged", "amount_fen": created["amount_fen"]}
    signed = terminal.intent("payment.card", said, PAYER)
    terminal.send(signed)  # its answer got lost
    for _ in range(2):
        terminal.send(signed, queued=True)
    assert told(terminal) == [("payment-confirmed", created["order"])]


def test_a_word_that_comes_after_ten_minutes_of_doubt_is_told_once(
    terminal: Terminal, centre: Centre
) -> None:
    created = card_order(terminal)
    centre.clock.forward(minutes=11)
    Resolver(centre.system, centre.acquirers).run_once()
    centre.clock.forward(minutes=2)
    word(terminal, created, "notCharged")
    assert told(terminal) == [("payment-not-charged", created["order"])]
    assert len(messages(centre)) == 1


def test_who_has_paid_otherwise_meanwhile_is_not_asked_to_pay_again(
    terminal: Terminal, centre: Centre
) -> None:
    first = card_order(terminal)
    word(terminal, first, "notCharged", queued=False)
    word(terminal, card_order(terminal), "charged", queued=False)
    word(terminal, first, "notCharged")
    assert told(terminal) == []
    assert word(terminal, first, "charged")["state"] == "closed"
    assert told(terminal) == [], "charged twice is an officer's case, and never 'not charged'"


def test_a_code_that_nobody_could_ask_about_is_told_when_the_terminal_is_back(
    terminal: Terminal, centre: Centre
) -> None:
    """The network had gone: the page said that nobody knows, and the centre closed the order by itself."""
    created = opened(terminal)
    closing = terminal.intent("payment.close", {"order": created["order"]}, PAYER)
    centre.clock.forward(minutes=5)
    Resolver(centre.system, centre.acquirers).run_once()
    terminal.send(closing, queued=True)
    assert told(terminal) == [("payment-not-charged", created["order"])]


def test_money_that_comes_after_it_was_said_that_none_came_is_told(
    terminal: Terminal, centre: Centre
) -> None:
    created = doubted(terminal, centre)
    centre.bank.files = True
    centre.clock.forward(days=1)
    compare(centre)
    with centre.system.write() as work:
        order = work.core.payments.order(created["order"])
        assert order is not None
        late = AcquirerOrder(order.order, order.amount_fen, State.APPROVED)
        work.core.payments.learn(order, late, "reconciliation")
    assert told(terminal) == [("payment-confirmed", created["order"])]
    assert len(messages(centre)) == 2, "first that it was not charged"


def test_silence_to_a_question_asked_before_takes_nothing_back(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    assert terminal.do("payment.close", {"order": created["order"]}).result["state"] == "closed"
    again = opened(terminal)
    with centre.system.write() as work:
        order = work.core.payments.order(created["order"])
        assert order is not None
        assert work.core.payments.doubt(order, "resolver", "no answer").state is State.CLOSED
    centre.bank.pay(again["order"])
    assert status(terminal, again["order"])["state"] == "approved"
    assert told(terminal) == []


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
