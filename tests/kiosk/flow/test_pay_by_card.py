"""Two ways to pay one order, and never two orders at once."""

from __future__ import annotations

from typing import Any

import pytest

from config.texts import all_texts
from drivers.payment import Stage
from kiosk.flow.effects import ClosePayment, Pay, PrintSlip, Wait
from kiosk.flow.events import Action
from kiosk.flow.pages import DonePage, PayPage
from kiosk.machines import CARD_STATES, READ_STATES
from tests.kiosk.flow.test_declare import FILED, LATE, ONE_OPEN, PREFILL, at_the_check
from tests.kiosk.flow.visitor import Visitor

BY_CARD, BY_CODE = Pay(("D1",), 409_584, "card"), Pay(("D1",), 409_584)
SHOWN = {"state": "waiting", "qr": "Q", "order": "O1", "seconds_left": 120}
PAID: dict[str, Any] = {
    "state": "paid", "order": "O2", "voucher": "V1", "amount_fen": 409_584, "key": "k2", "entry": "contactless",
}  # fmt: skip


def at_the_payment(*, card: bool | None = True, filed: dict[str, Any] = FILED) -> Visitor:
    there = {} if card is None else {"paymentTerminal": card}
    visitor = Visitor().world(**there)
    visitor.sign_in("declare.vat-small")
    visitor.touch(Action.PROCEED)
    visitor.answer(ONE_OPEN)
    visitor.answer(PREFILL)
    at_the_check(visitor)
    visitor.touch(Action.PROCEED)
    visitor.answer(filed)
    return visitor


def page_of(visitor: Visitor) -> PayPage:
    page = visitor.page
    assert isinstance(page, PayPage)
    return page


def orders(visitor: Visitor) -> list[Pay]:
    return [i.effect for i in visitor.issued if isinstance(i.effect, Pay)]


def at_the_card_terminal() -> Visitor:
    """The code was shown first, then the card was chosen and the code's order is known to be closed."""
    visitor = at_the_payment()
    visitor.answer(SHOWN, partial=True)
    visitor.touch(Action.SECOND, "card")
    assert isinstance(visitor.asked, ClosePayment)
    # the last waiting effect is the close; the order's own outcome is what counts
    visitor.answer({"state": "expired", "order": "O1", "key": "k1"})
    assert visitor.asked == BY_CARD
    return visitor


def test_the_code_is_shown_at_once_and_the_card_is_one_touch_away() -> None:
    visitor = at_the_payment()
    assert visitor.asked == BY_CODE
    visitor.answer(SHOWN, partial=True)
    page = page_of(visitor)
    assert page.second is not None and (page.second.id, page.second.icon) == ("card", "pos")
    assert [q.id for q in page.quiet] == ["later"]


@pytest.mark.parametrize("card", [None, False])
def test_without_a_card_terminal_that_can_nobody_is_sent_to_one(card: bool | None) -> None:
    visitor = at_the_payment(card=card)
    visitor.answer(SHOWN, partial=True)
    page = page_of(visitor)
    assert page.second is not None and page.second.id == "later"
    assert page.quiet == ()
    visitor.touch(Action.SECOND, "card")
    assert orders(visitor) == [BY_CODE] and page_of(visitor).state == "waiting"


def test_the_card_is_asked_for_only_when_the_code_is_known_not_to_be_paid() -> None:
    visitor = at_the_payment()
    visitor.answer(SHOWN, partial=True)
    visitor.touch(Action.SECOND, "card")
    page = page_of(visitor)
    assert (page.state, page.second, page.qr) == ("asking", None, "")
    visitor.answer(SHOWN, partial=True)
    assert page_of(visitor).state == "asking", "what is being closed is not shown again"
    assert orders(visitor) == [BY_CODE]
    visitor.answer({"state": "expired", "order": "O1", "key": "k1"})
    assert orders(visitor) == [BY_CODE, BY_CARD]
    assert (page_of(visitor).state, page_of(visitor).way) == ("asking", "card")


@pytest.mark.parametrize(
    ("ended", "state"),
    [({**PAID, "order": "O1"}, "done"), ({"state": "doubt", "order": "O1", "key": "k1"}, "doubt")],
)
def test_a_code_that_was_paid_or_is_in_doubt_is_never_followed_by_a_card(
    ended: dict[str, Any], state: str
) -> None:
    visitor = at_the_payment()
    visitor.answer(SHOWN, partial=True)
    visitor.touch(Action.SECOND, "card")
    visitor.answer(ended)
    assert orders(visitor) == [BY_CODE]
    assert isinstance(visitor.asked, PrintSlip) if state == "done" else page_of(visitor).state == "doubt"


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_each_thing_the_card_terminal_asks_for_is_said_in_words(lang: str, mode: str) -> None:
    visitor = at_the_card_terminal()
    visitor.touch(Action.LANGUAGE, lang)
    visitor.touch(Action.MODE, mode)
    for state in {*CARD_STATES.values(), *READ_STATES.values()}:
        visitor.answer({"state": state}, partial=True)
        page = page_of(visitor)
        assert page.state == state
        assert page.message == all_texts()[lang].get(f"pay.state.{state}")
        assert (page.second is None) == (state == "processing"), "what is with the bank cannot be given up"
    assert {str(Stage.PIN_ENTRY), str(Stage.INSERT_CARD)} == {"pinEntry", "insertCard"}


def test_paid_by_card_leads_to_slip_and_end_page() -> None:
    visitor = at_the_card_terminal()
    visitor.answer({"state": "insert"}, partial=True)
    visitor.answer(PAID)
    assert isinstance(visitor.asked, PrintSlip)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert "已缴" in page.title
    assert "bank-card" in [thing.id for thing in page.take]


def test_a_chip_card_is_to_be_taken_before_the_slip() -> None:
    visitor = at_the_card_terminal()
    visitor.answer({**PAID, "entry": "chip"})
    page = page_of(visitor)
    assert (page.state, page.second) == ("remove", None)
    assert "取回银行卡" in page.message and page.action
    assert isinstance(visitor.asked, Wait)
    visitor.touch(Action.PROCEED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    assert "V1" in str(slip.blocks)


def test_who_does_not_say_that_the_card_is_out_gets_the_slip_all_the_same() -> None:
    visitor = at_the_card_terminal()
    visitor.answer({**PAID, "entry": "chip"})
    visitor.answer({})  # the time is over
    assert isinstance(visitor.asked, PrintSlip)


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize("taken", ["touch", "time"])
def test_a_chip_card_that_was_not_charged_is_to_be_taken_first_as_well(lang: str, taken: str) -> None:
    visitor = at_the_card_terminal()
    visitor.touch(Action.LANGUAGE, lang)
    visitor.answer(
        {"state": "declined", "order": "O2", "key": "k2", "why": "insufficientFunds", "entry": "chip"}
    )
    page, words = page_of(visitor), all_texts()[lang]
    assert (page.state, page.second, page.quiet) == ("remove", None, ())
    assert (page.message, page.action) == (words.get("pay.remove.unpaid"), words.get("pay.remove.taken"))
    assert isinstance(visitor.asked, Wait)
    if taken == "touch":
        visitor.touch(Action.PROCEED)
    else:
        visitor.answer({})
    page = page_of(visitor)
    assert (page.state, page.message) == ("declined", words.get("pay.why.insufficientFunds"))
    assert page.second is not None and page.second.id == "qr", "and then there is the choice"
    assert orders(visitor) == [BY_CODE, BY_CARD]


def test_who_changes_to_the_code_with_the_card_in_takes_it_first() -> None:
    visitor = at_the_card_terminal()
    visitor.answer({"state": "pin"}, partial=True)
    visitor.touch(Action.SECOND, "qr")
    visitor.answer({"state": "ended", "order": "O2", "key": "k2", "why": "cancelled", "entry": "chip"})
    assert page_of(visitor).state == "remove"
    assert orders(visitor) == [BY_CODE, BY_CARD]
    visitor.touch(Action.PROCEED)
    assert orders(visitor) == [BY_CODE, BY_CARD, BY_CODE]


def test_a_chip_card_that_was_not_charged_is_among_the_things_to_take() -> None:
    visitor = at_the_card_terminal()
    visitor.answer({"state": "declined", "order": "O2", "key": "k2", "why": "pinWrong", "entry": "chip"})
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.SECOND, "later")
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert "bank-card" in [thing.id for thing in page.take]


@pytest.mark.parametrize("state", ["declined", "ended"])
def test_a_card_that_was_not_charged_may_be_used_again_or_the_phone_instead(state: str) -> None:
    for touch, wanted in (((Action.PROCEED, ""), BY_CARD), ((Action.SECOND, "qr"), BY_CODE)):
        visitor = at_the_card_terminal()
        visitor.answer({"state": state, "order": "O2", "key": "k2", "why": "insufficientFunds"})
        page = page_of(visitor)
        assert "余额不足" in page.message and "没有扣款" in page.message
        assert page.second is not None and page.second.id == "qr"
        before = visitor.state.serial
        visitor.touch(*touch)
        assert orders(visitor)[-1] == wanted
        assert visitor.state.serial > before, "a late second press counts for nothing"


def test_where_the_card_terminal_is_gone_nobody_is_told_to_use_the_card_again() -> None:
    visitor = at_the_card_terminal()
    visitor.world(paymentTerminal=False)
    visitor.answer({"state": "ended", "order": "O2", "key": "k2", "why": "powerLost"})
    page = page_of(visitor)
    assert page.action == all_texts()["zh-CN"].get("pay.again.qr")
    assert page.second is not None and page.second.id == "later", "the code is offered once"
    visitor.touch(Action.PROCEED)
    assert orders(visitor)[-1] == BY_CODE


def test_a_word_nobody_wrote_a_text_for_still_says_what_to_do() -> None:
    visitor = at_the_card_terminal()
    visitor.answer({"state": "ended", "order": "O2", "key": "k2", "why": "somethingNew"})
    assert "没有扣款" in page_of(visitor).message


def test_not_now_after_a_card_leaves_it_unpaid_and_the_slip_says_so() -> None:
    visitor = at_the_card_terminal()
    visitor.answer({"state": "insert"}, partial=True)
    visitor.touch(Action.SECOND, "later")
    assert isinstance(visitor.asked, ClosePayment)
    visitor.answer({"state": "ended", "order": "O2", "key": "k2", "why": "cancelled"})
    assert orders(visitor) == [BY_CODE, BY_CARD], "nothing new is begun by itself"
    visitor.touch(Action.SECOND, "later")
    slip = visitor.asked
    assert isinstance(slip, PrintSlip) and "没有缴" in str(slip.blocks)


def test_from_the_card_back_to_the_code() -> None:
    visitor = at_the_card_terminal()
    visitor.answer({"state": "insert"}, partial=True)
    visitor.touch(Action.SECOND, "qr")
    assert isinstance(visitor.asked, ClosePayment)
    visitor.answer({"state": "ended", "order": "O2", "key": "k2", "why": "cancelled"})
    assert orders(visitor) == [BY_CODE, BY_CARD, BY_CODE]


def test_a_card_in_doubt_says_do_not_pay_again_and_offers_no_other_way() -> None:
    visitor = at_the_card_terminal()
    visitor.answer({"state": "doubt", "order": "O2", "key": "k2"})
    page = page_of(visitor)
    assert (page.state, page.second, page.quiet) == ("doubt", None, ())
    assert "取回" in page.message, "the card may stand in the terminal"
    assert page.facts == (("订单号", "O2"),)
    visitor.touch(Action.PROCEED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip) and "请不要再付" in str(slip.blocks)


def test_a_surcharge_is_charged_to_the_card_as_to_the_code() -> None:
    visitor = at_the_payment(filed={**FILED, "dues": [LATE]})
    visitor.answer(SHOWN, partial=True)
    visitor.touch(Action.SECOND, "card")
    visitor.answer({"state": "expired", "order": "O1", "key": "k1"})
    assert visitor.asked == Pay(("D1",), 414_704, "card")
    assert page_of(visitor).amount_note == "其中滞纳金 ¥51.20"
