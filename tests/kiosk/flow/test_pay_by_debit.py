"""Debit by agreement: offered with its bank and the end of its account, agreed to first, and one order at a time."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.effects import ClosePayment, Pay, PrintSlip
from kiosk.flow.events import Action
from tests.kiosk.flow.test_pay_by_card import at_the_payment, orders, page_of
from tests.kiosk.flow.visitor import Visitor

BY_CODE, BY_DEBIT = Pay(("D1",), 409_584), Pay(("D1",), 409_584, "debit")
OFFER = {"bank": {"zh-CN": "工商银行", "en-US": "ICBC"}, "account": "0001"}
SHOWN = {"state": "waiting", "qr": "Q", "order": "O1", "seconds_left": 120, "debit": OFFER}
ENDED = {"state": "expired", "order": "O1", "key": "k1"}
PAID: dict[str, Any] = {"state": "paid", "order": "O2", "voucher": "V1", "amount_fen": 409_584, "key": "k2"}


def asked_to_agree(*, card: bool | None = None) -> Visitor:
    visitor = at_the_payment(card=card)
    visitor.answer(SHOWN, partial=True)
    visitor.touch(Action.SECOND, "debit")
    assert isinstance(visitor.asked, ClosePayment)
    visitor.answer(ENDED)
    return visitor


def test_the_account_is_named_on_the_way_to_it_and_the_card_stays_beside() -> None:
    visitor = at_the_payment(card=True)
    visitor.answer(SHOWN, partial=True)
    page = page_of(visitor)
    assert page.second is not None
    assert (page.second.id, page.second.title) == ("debit", "三方协议扣款：工商银行尾号0001")
    assert [q.id for q in page.quiet] == ["card", "later"]


def test_beside_a_large_button_the_way_is_short() -> None:
    visitor = at_the_payment(card=True)
    visitor.answer(SHOWN, partial=True)
    visitor.answer(ENDED)
    page = page_of(visitor)
    assert page.state == "expired"
    assert page.second is not None and page.second.title == "改用三方协议扣款"


@pytest.mark.parametrize("offer", [{}, {"debit": None}])
def test_without_an_agreement_nothing_is_offered_and_a_touch_does_nothing(offer: dict[str, Any]) -> None:
    visitor = at_the_payment(card=None)
    visitor.answer({**SHOWN, "debit": None} | offer, partial=True)
    page = page_of(visitor)
    assert page.second is not None and page.second.id == "later"
    visitor.touch(Action.SECOND, "debit")
    assert orders(visitor) == [BY_CODE] and page_of(visitor).state == "waiting"


def test_nothing_is_ordered_before_the_person_agrees() -> None:
    visitor = asked_to_agree()
    page = page_of(visitor)
    assert (page.state, page.way, page.action) == ("agree", "debit", "同意，从这个账户扣款")
    assert page.message == "从签约账户扣款：工商银行尾号0001"
    assert orders(visitor) == [BY_CODE]
    assert page.second is not None and page.second.id == "qr"
    visitor.touch(Action.PROCEED)
    assert orders(visitor) == [BY_CODE, BY_DEBIT]
    assert page_of(visitor).state == "asking"


def test_who_does_not_agree_pays_otherwise_or_later() -> None:
    visitor = asked_to_agree(card=True)
    visitor.touch(Action.SECOND, "card")
    assert orders(visitor) == [BY_CODE, Pay(("D1",), 409_584, "card")]
    visitor = asked_to_agree()
    visitor.touch(Action.SECOND, "later")
    assert orders(visitor) == [BY_CODE] and isinstance(visitor.asked, PrintSlip)


def test_while_the_bank_debits_there_is_nothing_to_touch() -> None:
    visitor = asked_to_agree()
    visitor.touch(Action.PROCEED)
    visitor.answer({"state": "debiting", "order": "O2"}, partial=True)
    page = page_of(visitor)
    assert (page.state, page.action, page.second, page.quiet) == ("debiting", "", None, ())


def test_the_slip_says_from_which_account() -> None:
    visitor = asked_to_agree()
    visitor.touch(Action.PROCEED)
    visitor.answer(PAID)
    assert isinstance(visitor.asked, PrintSlip)
    assert "三方协议，工商银行尾号0001" in str(visitor.asked.blocks)


@pytest.mark.parametrize(
    ("why", "state", "said"),
    [
        (
            "insufficientFunds",
            "declined",
            "账户余额不足，没有扣款。存够钱后可以再扣一次，或改用银行卡、手机。",
        ),
        ("accountClosed", "declined", "已销户"),
        ("agreementUnknown", "declined", "到开户银行登记协议"),
        ("notDebited", "ended", "已作废，没有扣款"),
        ("never heard of", "declined", "没有扣成，没有扣款"),
    ],
)
def test_a_refusal_says_what_to_do_and_every_way_is_open(why: str, state: str, said: str) -> None:
    visitor = asked_to_agree(card=True)
    visitor.touch(Action.PROCEED)
    visitor.answer({"state": state, "why": why, "order": "O2", "key": "k2"})
    page = page_of(visitor)
    assert page.state == state and said in page.message
    assert page.action == "再试一次扣款"
    assert page.second is not None and [page.second.id, *(q.id for q in page.quiet)] == [
        "qr",
        "card",
        "later",
    ]
    visitor.touch(Action.PROCEED)
    assert page_of(visitor).state == "agree", "it is agreed to again"
    assert orders(visitor) == [BY_CODE, BY_DEBIT]


def test_in_doubt_no_second_order_is_ever_begun() -> None:
    visitor = asked_to_agree(card=True)
    visitor.touch(Action.PROCEED)
    visitor.answer({"state": "doubt", "order": "O2", "key": "k2"})
    page = page_of(visitor)
    assert (page.state, page.second, page.quiet) == ("doubt", None, ())
    for way in ("qr", "card", "debit"):
        visitor.touch(Action.SECOND, way)
    assert orders(visitor) == [BY_CODE, BY_DEBIT]


def test_a_centre_that_cannot_be_asked_says_why_nothing_can_be_debited() -> None:
    visitor = asked_to_agree()
    visitor.touch(Action.PROCEED)
    visitor.answer({}, fault="unreachable")
    page = page_of(visitor)
    assert page.state == "closed" and page.message.startswith(
        "连不上税务局和银行，现在不能用三方协议扣款，没有扣款"
    )
