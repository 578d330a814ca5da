"""A payer's code at the acquirer, over HTTP: good once, for a minute, for one order; an order is paid at most once."""

from __future__ import annotations

import threading

import pytest

from bureau.acquirer.client import AcquirerClient
from bureau.errors import AcquirerRefused, AcquirerUnreachable, OrderUnknown
from sync.models import PaymentStateName as State
from tests.bureau.acquirer.conftest import Desk

SMALL, LARGE = 100_000, 100_001


def order(desk: Desk, number: str = "20261012-0001", amount_fen: int = SMALL) -> str:
    desk.client.create(number, amount_fen, "增值税", 120)
    return number


def shown(desk: Desk, payer: str = "13812345678") -> str:
    answer = desk.http.post(f"{desk.url}/wallet/codes", json={"payer": payer}, timeout=5)
    assert answer.status_code == 200
    return str(answer.json()["code"])


def word(desk: Desk, code: str, said: str) -> int:
    return desk.http.post(f"{desk.url}/wallet/codes/{code}/{said}", json={}, timeout=5).status_code


def refused(desk: Desk, number: str, code: str) -> str:
    with pytest.raises(AcquirerRefused) as no:
        desk.client.charge(number, code)
    return no.value.code


def test_up_to_a_thousand_yuan_are_paid_without_a_word(desk: Desk) -> None:
    paid = desk.client.charge(order(desk), shown(desk))
    assert (paid.state, paid.payer_masked, paid.charge) == (State.APPROVED, "138****5678", "")
    assert desk.ledger()["count"] == 1


def test_above_its_owner_is_asked_first(desk: Desk) -> None:
    number, code = order(desk, amount_fen=LARGE), shown(desk)
    assert (desk.client.charge(number, code).state, desk.client.query(number).charge) == (
        State.CREATED,
        "confirming",
    )
    assert desk.ledger()["count"] == 0
    assert word(desk, code, "confirm") == 200
    assert (desk.client.query(number).state, desk.client.query(number).charge) == (State.APPROVED, "")
    assert word(desk, code, "confirm") == 409


def test_whoever_says_no_may_show_another_code(desk: Desk) -> None:
    number, code = order(desk, amount_fen=LARGE), shown(desk)
    desk.client.charge(number, code)
    assert word(desk, code, "refuse") == 200
    assert (desk.client.query(number).state, desk.client.query(number).charge) == (State.CREATED, "declined")
    other = shown(desk)
    assert desk.client.charge(number, other).charge == "confirming"
    assert word(desk, other, "confirm") == 200
    assert desk.ledger()["count"] == 1


def test_the_same_charge_again_moves_nothing(desk: Desk) -> None:
    number, code = order(desk), shown(desk)
    assert {desk.client.charge(number, code).reference for _ in range(3)} == {"T26101200000001"}
    assert desk.client.charge(number, shown(desk)).reference == "T26101200000001"
    assert desk.ledger()["count"] == 1


def test_a_code_pays_one_order(desk: Desk) -> None:
    code = shown(desk)
    desk.client.charge(order(desk), code)
    assert refused(desk, order(desk, "20261012-0002"), code) == "codeRefused"
    assert desk.ledger()["count"] == 1


def test_a_code_is_good_for_a_minute(desk: Desk) -> None:
    number, code = order(desk), shown(desk)
    desk.clock.forward(seconds=60)
    assert refused(desk, number, code) == "codeRefused"
    assert desk.client.charge(number, shown(desk)).state is State.APPROVED


def test_an_unknown_code_a_closed_and_an_unknown_order_are_refused(desk: Desk) -> None:
    number = order(desk)
    assert refused(desk, number, "28" + "0" * 16) == "codeRefused"
    desk.client.close(number)
    assert refused(desk, number, shown(desk)) == "orderClosed"
    with pytest.raises(OrderUnknown):
        desk.client.charge("20261012-0404", shown(desk))


def test_a_word_that_comes_after_the_order_was_closed_charges_nothing(desk: Desk) -> None:
    number, code = order(desk, amount_fen=LARGE), shown(desk)
    desk.client.charge(number, code)
    assert desk.client.close(number).state is State.CLOSED
    assert word(desk, code, "confirm") == 409
    assert desk.ledger()["count"] == 0


def test_the_bank_says_no_and_the_code_can_still_pay(desk: Desk) -> None:
    number, code = order(desk), shown(desk)
    desk.faults(decline=1)
    assert refused(desk, number, code) == "insufficientFunds"
    assert desk.client.charge(number, code).state is State.APPROVED


def test_a_charge_that_nobody_is_told_of_is_found_later(desk: Desk) -> None:
    number, code = order(desk), shown(desk)
    desk.faults(doubtful=1)
    hasty = AcquirerClient(desk.url, timeout_s=0.3)
    for ask in (lambda: hasty.charge(number, code), lambda: hasty.query(number)):
        with pytest.raises(AcquirerUnreachable):
            ask()
    assert desk.ledger()["count"] == 1
    desk.clock.forward(seconds=31)
    assert desk.client.query(number).state is State.APPROVED


def test_a_scanned_code_and_a_shown_one_at_once_pay_once(desk: Desk) -> None:
    number, code = order(desk), shown(desk)
    qr = desk.client.query(number).qr
    both = [
        threading.Thread(target=lambda: desk.client.charge(number, code)),
        threading.Thread(target=lambda: desk.pay(qr)),
    ]
    for one in both:
        one.start()
    for one in both:
        one.join(10)
    assert desk.ledger()["count"] == 1
    assert desk.client.query(number).state is State.APPROVED
