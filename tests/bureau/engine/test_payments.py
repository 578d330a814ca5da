"""An order is opened, paid once and booked once, or closed for ever; silence is found out later."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bureau.city.cast import FIRMS, HEMU
from bureau.engine.resolver import Resolver
from bureau.errors import AcquirerUnreachable
from bureau.ports.acquirer import AcquirerOrder
from bureau.store import tables
from sync.models import PaymentStateName as State
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN, bookings, cases, events, opened, order_for, status
from tests.bureau.terminals import Terminal, subject

BEIDOU = next(firm.taxpayer for firm in FIRMS if firm.overdue)


CHEN = subject("chen-jing", BEIDOU, "T")


def resolve(centre: Centre) -> int:
    return Resolver(centre.system, centre.acquirers).run_once()


def test_dues_come_with_names_and_sum(terminal: Terminal) -> None:
    listed = terminal.data("dues.list", SHEN)
    assert {due["tax"] for due in listed["dues"]} >= {"vat", "city-construction"}
    assert all(due["late_fee_fen"] == 0 and due["tax_name"]["zh-CN"] for due in listed["dues"])
    assert listed["total_fen"] == sum(due["amount_fen"] for due in listed["dues"]) > 0


def test_overdue_tax_carries_the_charge_of_the_day(terminal: Terminal, centre: Centre) -> None:
    due = next(d for d in terminal.data("dues.list", CHEN)["dues"] if d["tax"] == "vat")
    limit = datetime.fromisoformat(due["limit_date"]).date()
    days = (centre.clock.now().date() - limit).days
    assert days > 0
    assert due["late_fee_fen"] == (due["amount_fen"] * days * 5 + 5_000) // 10_000


def test_a_due_that_an_order_holds_is_listed_as_being_confirmed_and_left_out_of_the_sum(
    terminal: Terminal, centre: Centre
) -> None:
    before = terminal.data("dues.list", SHEN)
    first, *rest = before["dues"]
    assert first["payable"] is True and first["held_text"] == {}
    amount = first["amount_fen"] + first["late_fee_fen"]
    data = {"dues": [first["due"]], "amount_fen": amount, "channel": "qr-shown"}
    order = terminal.do("payment.create", data, SHEN).result["order"]
    centre.bank.silent = True
    assert terminal.do("payment.close", {"order": order}).result["state"] == "unknown"
    after = centre.terminal("B-01").data("dues.list", SHEN)
    assert [(d["due"], d["payable"]) for d in after["dues"]] == [
        (first["due"], False), *((d["due"], True) for d in rest),
    ]  # fmt: skip
    assert "请勿重复缴款" in after["dues"][0]["held_text"]["zh-CN"] and after["dues"][0]["held_text"]["en-US"]
    assert after["total_fen"] == before["total_fen"] - amount
    centre.bank.silent = False
    assert opened(terminal)["amount_fen"] == after["total_fen"]


def test_an_order_is_paid_once_booked_once_and_clears_its_dues(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    assert created["qr"].startswith("http://bank.test/p/4199002610")
    assert datetime.fromisoformat(created["expires_at"]) == centre.clock.now() + timedelta(seconds=120)
    assert status(terminal, created["order"])["state"] == "created"
    centre.bank.pay(created["order"])
    told = status(terminal, created["order"])
    assert (told["state"], told["amount_fen"]) == ("approved", created["amount_fen"])
    assert len(told["voucher"]) == 18
    assert told["payer_masked"] == "沈*舟"
    assert status(terminal, created["order"]) == told
    assert terminal.do("payment.close", {"order": created["order"]}).result == told
    assert bookings(centre) == [created["amount_fen"]]
    assert terminal.data("dues.list", SHEN)["dues"] == []


def test_a_repeated_create_shows_the_same_code(terminal: Terminal, centre: Centre) -> None:
    signed = terminal.intent("payment.create", order_for(terminal), SHEN)
    assert terminal.send(signed) == terminal.send(signed)
    assert centre.bank.calls == ["create"]


def test_a_due_can_be_in_one_open_order_only(terminal: Terminal, centre: Centre) -> None:
    data = order_for(terminal)
    first = opened(terminal)
    second = centre.terminal("B-01").do("payment.create", data, SHEN)
    assert second.refusal is not None and second.refusal.code == "dueHeld"
    assert "请勿重复缴款" in second.refusal.next_step["zh-CN"]
    terminal.do("payment.close", {"order": first["order"]})
    assert centre.terminal("B-02").do("payment.create", data, SHEN).state == "accepted"


def test_two_terminals_at_once_open_one_order(terminal: Terminal, centre: Centre) -> None:
    data, other, barrier = order_for(terminal), centre.terminal("B-01"), threading.Barrier(2)

    def pay(sender: Terminal) -> str:
        signed = sender.intent("payment.create", data, SHEN)
        barrier.wait(20)
        return sender.send(signed).state.value

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(pay, [terminal, other])) == ["accepted", "refused"]


def test_what_cannot_be_paid_is_refused(terminal: Terminal, centre: Centre) -> None:
    data = order_for(terminal)
    for changed, who, code in (
        ({"amount_fen": 1}, SHEN, "amountDiffers"),
        ({"dues": []}, SHEN, "nothingDue"),
        ({"dues": [*data["dues"], data["dues"][0]]}, SHEN, "dueTaken"),
        ({"dues": ["43990026101200000017"]}, SHEN, "dueTaken"),
        ({}, subject("shen-zhizhou", HEMU, "T"), "dueTaken"),
        ({}, subject("zhou-mingyuan", HEMU, "B"), "roleNotAllowed"),
    ):
        answer = terminal.do("payment.create", {**data, **changed}, who)
        assert answer.refusal is not None and answer.refusal.code == code
    assert centre.bank.calls == []
    for kind, given in (("payment.close", {"order": "none"}),):
        answer = terminal.do(kind, given)
        assert answer.refusal is not None and answer.refusal.code == "orderUnknown"


def test_an_order_of_another_terminal_is_not_told_about(terminal: Terminal, centre: Centre) -> None:
    created, other = opened(terminal), centre.terminal("B-01")
    refusal = other.ask("payment.status", {}, {"order": created["order"]}).refusal
    assert refusal is not None and refusal.code == "orderUnknown"
    closing = other.do("payment.close", {"order": created["order"]})
    assert closing.refusal is not None and closing.refusal.code == "orderUnknown"


def test_an_acquirer_that_refuses_leaves_the_dues_free(terminal: Terminal, centre: Centre) -> None:
    centre.bank.refuses = True
    answer = terminal.do("payment.create", order_for(terminal), SHEN)
    assert answer.refusal is not None and answer.refusal.code == "paymentRefused"
    centre.bank.refuses = False
    assert opened(terminal)["order"]


def test_silence_at_creation_keeps_no_answer_and_the_retry_finds_the_order(
    terminal: Terminal, centre: Centre
) -> None:
    signed = terminal.intent("payment.create", order_for(terminal), SHEN)
    centre.bank.silent = True
    with pytest.raises(AcquirerUnreachable):
        terminal.send(signed)
    centre.bank.silent = False
    created = terminal.send(signed).result
    with centre.database.read() as connection:
        orders = connection.execute(select(tables.payment_order.c.order_no)).scalars().all()
    assert orders == [created["order"]]


def test_an_order_nobody_came_back_for_is_closed_and_its_dues_are_free(
    terminal: Terminal, centre: Centre
) -> None:
    data, late = order_for(terminal), terminal.intent("payment.create", order_for(terminal), SHEN)
    centre.bank.silent = True
    with pytest.raises(AcquirerUnreachable):
        terminal.send(late)
    centre.bank.silent = False
    assert resolve(centre) == 0
    centre.clock.forward(seconds=126)
    assert resolve(centre) == 1
    lapsed = terminal.send(late)
    assert lapsed.refusal is not None and lapsed.refusal.code == "orderLapsed"
    with centre.database.read() as connection:
        (order,) = connection.execute(select(tables.payment_order.c.order_no)).scalars()
        kept = select(tables.effect.c.reference).where(tables.effect.c.state == "refused")
        assert connection.execute(kept).scalars().all() == [order]
    assert all(order in said for said in lapsed.refusal.text.values()), "in both languages"
    assert terminal.do("payment.create", data, SHEN).state == "accepted"


def test_close_failed_because_paid_is_approved(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    answer = terminal.do("payment.close", {"order": created["order"]})
    assert answer.result["state"] == "approved"
    assert bookings(centre) == [created["amount_fen"]]


def test_an_unpaid_order_that_is_closed_can_never_be_paid(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    assert terminal.do("payment.close", {"order": created["order"]}).result["state"] == "closed"
    with pytest.raises(AssertionError, match="closed"):
        centre.bank.pay(created["order"])
    assert terminal.data("dues.list", SHEN)["dues"] != []


def test_silence_at_close_leaves_doubt_until_the_resolver_hears(terminal: Terminal, centre: Centre) -> None:
    data = order_for(terminal)
    created = opened(terminal)
    centre.bank.pay(created["order"])
    centre.bank.silent = True
    answer = terminal.do("payment.close", {"order": created["order"]})
    assert answer.result["state"] == "unknown"
    slip = centre.container.site.records.slip(answer.key)
    assert slip.state == "inDoubt" and "请勿重复缴款" in slip.text["zh-CN"]
    again = centre.terminal("B-01").do("payment.create", data, SHEN)
    assert again.refusal is not None and again.refusal.code == "dueHeld"
    pauses = []
    for _ in range(6):
        before = centre.clock.now()
        while centre.bank.calls[-1:] != ["query"]:
            centre.clock.forward(seconds=1)
            resolve(centre)
        pauses.append(round((centre.clock.now() - before).total_seconds()))
        centre.bank.calls.append("seen")
    assert pauses == [2, 5, 10, 30, 60, 120]
    centre.bank.silent = False
    centre.clock.forward(seconds=600)
    assert resolve(centre) == 1
    assert status(terminal, created["order"])["state"] == "approved"
    assert centre.container.site.records.slip(answer.key).state == "accepted"
    assert bookings(centre) == [created["amount_fen"]]
    assert [e for e in events(centre, created["order"]) if e[0] == "approved"] == [("approved", "resolver")]


def test_an_order_in_doubt_that_was_never_paid_is_closed_in_the_end(
    terminal: Terminal, centre: Centre
) -> None:
    created = opened(terminal)
    centre.bank.silent = True
    terminal.do("payment.close", {"order": created["order"]})
    centre.bank.silent = False
    centre.clock.forward(seconds=130)
    assert resolve(centre) == 1
    assert status(terminal, created["order"])["state"] == "closed"
    assert bookings(centre) == []


def test_another_amount_than_ordered_is_never_booked(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    known = centre.bank.orders[created["order"]]
    centre.bank.orders[created["order"]] = replace(known, amount_fen=known.amount_fen - 1)
    assert status(terminal, created["order"])["state"] == "unknown"
    assert bookings(centre) == []
    assert cases(centre) == ["amount-differs"]


def test_money_that_comes_after_closing_is_booked_or_goes_back(terminal: Terminal, centre: Centre) -> None:
    """Our close was lost and somebody paid; then the same with the dues paid elsewhere meanwhile."""
    first = opened(terminal)
    terminal.do("payment.close", {"order": first["order"]})
    second = opened(terminal)
    centre.bank.pay(second["order"])
    status(terminal, second["order"])
    late = AcquirerOrder(first["order"], first["amount_fen"], State.APPROVED, paid_at=centre.clock.now())
    with centre.system.write() as work:
        order = work.core.payments.order(first["order"])
        assert order is not None
        assert work.core.payments.learn(order, late, "test").state is State.CLOSED
    assert cases(centre) == ["paid-twice"]
    assert bookings(centre) == [second["amount_fen"]]
