"""The pay page while a payer's own code is read, charged, confirmed, or not taken."""

from __future__ import annotations

import pytest

from kiosk.flow.events import Action
from tests.kiosk.flow.test_pay_by_card import SHOWN, at_the_payment, orders, page_of
from tests.kiosk.flow.visitor import Visitor


def at_the_code(*, reader: bool = True) -> Visitor:
    visitor = at_the_payment()
    visitor.world(paymentTerminal=True, barcodeReader=reader)
    visitor.answer(SHOWN, partial=True)
    return visitor


def test_where_there_is_a_reader_the_page_says_that_it_takes_codes() -> None:
    page = page_of(at_the_code())
    assert (page.qr, page.code_wrong) == ("Q", False)
    assert "付款码" in page.code_note
    assert page_of(at_the_code(reader=False)).code_note == ""


@pytest.mark.parametrize("state", ["charging", "confirming"])
def test_while_it_is_charged_our_own_code_is_not_shown(state: str) -> None:
    visitor = at_the_code()
    visitor.answer({**SHOWN, "state": state, "code": state}, partial=True)
    page = page_of(visitor)
    assert (page.state, page.qr, page.code_note, page.second, page.quiet) == (state, "", "", None, ())
    visitor.touch(Action.SECOND, "later")
    visitor.touch(Action.SECOND, "card")
    assert page_of(visitor).state == state


@pytest.mark.parametrize("why", ["notPayment", "codeRefused", "declined"])
def test_a_code_that_was_not_taken_is_said_beside_ours(why: str) -> None:
    visitor = at_the_code()
    visitor.answer({**SHOWN, "state": "charging", "code": "charging"}, partial=True)
    visitor.answer({**SHOWN, "code": why}, partial=True)
    page = page_of(visitor)
    assert (page.state, page.qr, page.code_wrong) == ("waiting", "Q", True)
    assert page.code_note
    assert len(orders(visitor)) == 1


def test_what_was_paid_by_it_goes_on_as_any_payment() -> None:
    visitor = at_the_code()
    visitor.answer({**SHOWN, "state": "charging", "code": "charging"}, partial=True)
    visitor.answer({"state": "paid", "order": "O1", "voucher": "V1", "amount_fen": 409_584, "key": "k1"})
    assert visitor.page.kind != "pay"
