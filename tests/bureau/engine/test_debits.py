"""Orders that are debited under the payer's own agreement: offered, asked for once, and never debited twice."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from sqlalchemy import select

from bureau.city.agreements import SIGNED
from bureau.city.cast import QINGHE
from bureau.engine.reconcile import Reconciler
from bureau.engine.resolver import Resolver
from bureau.errors import AcquirerError
from bureau.ports.acquirer import AcquirerLine
from bureau.store import tables
from bureau.texts import say
from sync.models import PaymentChannel
from sync.models import PaymentStateName as State
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN, bookings, cases, events, opened, order_for, status, status_at_us
from tests.bureau.engine.repaying import HANDS, next_day, repayer
from tests.bureau.stores import DAY
from tests.bureau.terminals import Terminal, subject

MULAN = subject("he-mulan", "91990199MA607F0M7X", "L")
OFFER = {"bank": {"zh-CN": "工商银行", "en-US": "ICBC"}, "account": "0001"}


def ordered(terminal: Terminal) -> dict[str, Any]:
    answer = terminal.do("payment.create", order_for(terminal, channel="debit"), SHEN)
    assert answer.state == "accepted", answer.refusal
    return answer.result


def debit(terminal: Terminal, order: str) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("payment.debit", SHEN, {"order": order})
    return found


def paid(terminal: Terminal) -> dict[str, Any]:
    created = ordered(terminal)
    assert debit(terminal, created["order"])["state"] == "approved"
    return created


def refusal(answer: Any) -> str:
    assert answer.refusal is not None
    return str(answer.refusal.code)


def entered(centre: Centre, fact: str, value: object) -> None:
    with centre.system.write() as work:
        work.core.registration.enter(QINGHE, fact, value, DAY, None)  # type: ignore[arg-type]


def compare(centre: Centre) -> dict[str, tuple[str, str]]:
    result = Reconciler(centre.system, centre.acquirers).run(DAY)
    return {line.order: (line.result, line.action) for line in result.lines}


def test_whoever_has_an_agreement_is_told_of_its_account_with_the_first_order(
    terminal: Terminal, centre: Centre
) -> None:
    created = opened(terminal)
    assert created["debit"] == OFFER
    terminal.do("payment.close", {"order": created["order"]})
    entered(centre, "debit", False)
    assert "debit" not in {name for name, said in opened(terminal).items() if said}, "it was ended"


def test_an_account_is_debited_once_and_booked_once(terminal: Terminal, centre: Centre) -> None:
    created = ordered(terminal)
    assert centre.banks.asked == [], "opening an order debits nothing"
    told = debit(terminal, created["order"])
    assert (told["state"], len(told["voucher"])) == ("approved", 18)
    assert debit(terminal, created["order"])["state"] == "approved"
    (asked,) = centre.banks.asked
    assert (asked.order, asked.amount_fen) == (created["order"], created["amount_fen"])
    assert (asked.bank, asked.account) == ("icbc", SIGNED[QINGHE].account)
    assert (asked.holder, asked.agreement) == ("云川青禾图文设计工作室", f"{QINGHE}20250907")
    assert bookings(centre) == [created["amount_fen"]]
    assert events(centre, created["order"])[-1] == ("approved", "debit")
    (row,) = terminal.data("payments.list", SHEN, service="query.payments")["payments"][:1]
    assert (row["channel"], row["way"]["en-US"]) == ("debit", "Debit by agreement")


@pytest.mark.parametrize("word", ["insufficientFunds", "accountClosed", "agreementUnknown"])
def test_a_bank_that_declines_says_why_and_the_dues_are_free(
    terminal: Terminal, centre: Centre, word: str
) -> None:
    centre.banks.how = [word]
    created = ordered(terminal)
    told = debit(terminal, created["order"])
    assert (told["state"], told["reason"]) == ("declined", word)
    assert status(terminal, created["order"])["reason"] == word
    assert bookings(centre) == []
    assert opened(terminal)["amount_fen"] == created["amount_fen"], "another order may follow"


def test_only_the_payers_own_agreement_in_a_service_that_lets_it_be_used(
    terminal: Terminal, centre: Centre
) -> None:
    order = order_for(terminal, channel="debit")
    entered(centre, "debit", False)
    assert refusal(terminal.do("payment.create", order, SHEN)) == "noAgreement"
    assert refusal(terminal.do("payment.create", order, SHEN, service="pay.voucher")) == "notOfThisService"
    assert all(due["payable"] for due in terminal.data("dues.list", SHEN)["dues"]), "nothing is held"


def test_an_account_is_never_debited_for_somebody_elses_taxes(terminal: Terminal, centre: Centre) -> None:
    order = order_for(terminal, channel="debit")
    assert refusal(terminal.do("payment.create", order, MULAN)) == "dueTaken"
    assert refusal(terminal.do("payment.create", order, subject("li-xiulan"))) in (
        "taxpayerMissing",
        "notOnFile",
    )
    assert centre.banks.asked == []


def test_where_no_bank_is_asked_nothing_is_offered(city_url: str, make_centre: Any) -> None:
    terminal = make_centre(city_url, cards=False).terminal()
    assert (
        refusal(terminal.do("payment.create", order_for(terminal, channel="debit"), SHEN)) == "debitNotTaken"
    )
    assert not opened(terminal).get("debit")


@pytest.mark.parametrize("how", ["unheard", "lost"])
def test_without_an_answer_it_is_asked_about_and_never_debited_again(
    terminal: Terminal, centre: Centre, how: str
) -> None:
    centre.banks.how = [how]
    created = ordered(terminal)
    assert debit(terminal, created["order"])["state"] == "unknown"
    centre.banks.silent = True
    assert debit(terminal, created["order"])["state"] == "unknown", "asked again is no second debit"
    assert len(centre.banks.asked) == 1
    centre.banks.silent = False
    centre.clock.forward(minutes=10)
    Resolver(centre.system, centre.acquirers).run_once()
    settled = State.APPROVED if how == "unheard" else State.CLOSED
    assert status_at_us(centre, created) is settled
    assert bookings(centre) == ([created["amount_fen"]] if how == "unheard" else [])
    if how == "lost":
        late = centre.acquirers.debit
        assert late is not None and late.debit(centre.banks.asked[0]).state is State.CLOSED, (
            "it came too late"
        )


def test_what_is_given_up_before_it_was_asked_for_is_never_debited(
    terminal: Terminal, centre: Centre
) -> None:
    created = ordered(terminal)
    assert terminal.do("payment.close", {"order": created["order"]}).result["state"] == "closed"
    assert debit(terminal, created["order"])["state"] == "closed"
    assert centre.banks.asked == []


def test_closing_one_that_was_debited_takes_nothing_back(terminal: Terminal, centre: Centre) -> None:
    centre.banks.how = ["unheard"]
    created = ordered(terminal)
    debit(terminal, created["order"])
    assert terminal.do("payment.close", {"order": created["order"]}).result["state"] == "approved"
    assert bookings(centre) == [created["amount_fen"]]


def test_an_order_past_its_time_is_not_debited(terminal: Terminal, centre: Centre) -> None:
    created = ordered(terminal)
    centre.clock.forward(minutes=3)
    assert debit(terminal, created["order"])["state"] == "created"
    assert centre.banks.asked == []


def test_another_terminal_debits_nothing(terminal: Terminal, centre: Centre) -> None:
    created = ordered(terminal)
    answer = centre.terminal("B-01").ask("payment.debit", SHEN, {"order": created["order"]})
    assert refusal(answer) == "orderUnknown"
    assert centre.banks.asked == []


def test_a_code_is_no_debit_and_a_debit_takes_no_code(terminal: Terminal, centre: Centre) -> None:
    by_code = opened(terminal)
    assert refusal(terminal.ask("payment.debit", SHEN, {"order": by_code["order"]})) == "orderUnknown"
    terminal.do("payment.close", {"order": by_code["order"]})
    created = ordered(terminal)
    params = {"order": created["order"], "code": "28" + "7" * 16}
    assert refusal(terminal.ask("payment.charge", SHEN, params)) == "orderUnknown"


def test_the_day_is_compared_with_the_banks_as_well(terminal: Terminal, centre: Centre) -> None:
    created = paid(terminal)
    next_day(centre)
    assert compare(centre) == {created["order"]: ("MATCH", "")}


def test_what_the_banks_debited_and_nobody_heard_of_is_booked_by_their_file(
    terminal: Terminal, centre: Centre
) -> None:
    centre.banks.how = ["unheard"]
    created = ordered(terminal)
    debit(terminal, created["order"])
    centre.banks.silent = True
    next_day(centre)
    assert compare(centre) == {created["order"]: ("THEIRS_ONLY", "booked late")}
    assert bookings(centre) == [created["amount_fen"]]


def test_a_file_of_the_banks_that_is_late_keeps_nobody_from_comparing_the_rest(
    terminal: Terminal, centre: Centre
) -> None:
    paid(terminal)
    centre.banks.files = False
    next_day(centre)
    reconciler = Reconciler(centre.system, centre.acquirers)
    with pytest.raises(AcquirerError):
        reconciler.run(DAY)
    assert not reconciler.done(DAY)
    centre.banks.files = True
    reconciler.run(DAY)
    assert reconciler.done(DAY)


def test_money_wrongly_debited_goes_back_by_the_banks(terminal: Terminal, centre: Centre) -> None:
    order, now = "41990026101200099999", centre.clock.now()
    centre.banks.moved.append(AcquirerLine(order, 50_000, "102261012", now))
    next_day(centre)
    assert compare(centre) == {order: ("THEIRS_ONLY", "refund")}
    done = repayer(centre).order(order, HANDS)
    assert (done.state, done.channel) == ("given", "debit")
    assert centre.banks.moved[-1].refund == done.repayment
    assert centre.bank.given == [], "not by the acquirer of the codes"
    day = next_day(centre)
    result = Reconciler(centre.system, centre.acquirers).run(day)
    assert result.balanced and cases(centre) == ["theirs-only"]


@pytest.mark.parametrize("channel", get_args(PaymentChannel))
def test_every_channel_has_a_name_for_lists_and_vouchers(channel: str) -> None:
    assert all(say(f"payment.channel.{channel}").values())


def test_the_account_is_kept_with_its_order(terminal: Terminal, centre: Centre) -> None:
    """A later change of the agreement changes nothing about who was debited."""
    created = ordered(terminal)
    entered(centre, "debit_account", "6222000000000000009")
    debit(terminal, created["order"])
    assert centre.banks.asked[0].account == SIGNED[QINGHE].account
    with centre.database.read() as connection:
        kept = connection.execute(select(tables.payment_debit.c.account)).scalar_one()
    assert kept == SIGNED[QINGHE].account
