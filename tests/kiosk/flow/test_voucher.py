"""Paying by a payment voucher (缴款凭证): scanned or typed, shown, and paid whole."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from kiosk.flow.effects import Ask, Pay, PrintSlip, ReadCode
from kiosk.flow.events import Action
from kiosk.flow.pages import FormPage, MessagePage, Page, PayPage, ReviewPage, ScanPage
from kiosk.intents import intent_of
from tests.kiosk.flow.visitor import CARD, PROFILE, Visitor

NUMBER = "44990026100963126672"
DUE: dict[str, Any] = {
    "due": "D1", "tax": "vat", "tax_name": {"zh-CN": "增值税", "en-US": "VAT"}, "period_first": "2026-04-01",
    "period_last": "2026-06-30", "amount_fen": 405_620, "late_fee_fen": 18_050, "limit_date": "2026-07-15",
    "payable": True, "held_text": {},
}  # fmt: skip
BILL: dict[str, Any] = {
    "number": NUMBER, "taxpayer": "91990199MA6NFPQR5L", "name": "云川北斗餐饮管理有限公司", "issued_on": "2026-10-09",
    "valid_until": "2026-10-24", "dues": [DUE], "tax_fen": 405_620, "late_fee_fen": 18_050, "total_fen": 423_670,
}  # fmt: skip
PAID = {"state": "paid", "order": "O1", "voucher": "V1", "amount_fen": 423_670, "key": "k1"}


def at_the_reader(**devices: bool) -> Visitor:
    visitor = Visitor().world(**devices)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "pay.voucher")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PROFILE)
    return visitor


def scanned(visitor: Visitor, code: str = NUMBER) -> Page:
    return visitor.answer({"data": base64.b64encode(code.encode()).decode(), "symbology": "CODE128"})


def at_the_bill() -> Visitor:
    visitor = at_the_reader()
    assert isinstance(visitor.page, ScanPage), "the card alone is enough"
    assert isinstance(scanned(visitor), FormPage)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("bill.payable", {"number": NUMBER})
    assert isinstance(visitor.answer(BILL), ReviewPage)
    return visitor


def test_what_it_is_for_is_shown_before_anything_is_paid() -> None:
    page = at_the_bill().page
    assert isinstance(page, ReviewPage) and page.sheet is not None
    shown = str(page.sheet)
    for word in (
        NUMBER,
        "云川北斗餐饮管理有限公司",
        "2026年10月24日",
        "增值税",
        "4,056.20",
        "180.50",
        "4,236.70",
    ):
        assert word in shown


def test_all_of_it_is_paid_by_its_number_and_the_slip_names_it() -> None:
    visitor = at_the_bill()
    visitor.touch(Action.PROCEED)
    order = Pay(("D1",), 423_670, bill=NUMBER)
    assert visitor.asked == order
    assert intent_of(order)[1]["bill"] == NUMBER
    visitor.answer({"state": "waiting", "qr": "Q", "order": "O1", "seconds_left": 120}, partial=True)
    visitor.answer(PAID)
    assert isinstance(visitor.asked, PrintSlip)
    printed = str(visitor.asked.blocks)
    assert NUMBER in printed and "4,236.70" in printed and "180.50" in printed and "V1" in printed


def test_by_card_it_is_the_same_voucher() -> None:
    visitor = at_the_reader(paymentTerminal=True)
    scanned(visitor)
    visitor.touch(Action.PROCEED)
    visitor.answer(BILL)
    visitor.touch(Action.PROCEED)
    visitor.answer({"state": "waiting", "qr": "Q", "order": "O1", "seconds_left": 120}, partial=True)
    visitor.touch(Action.SECOND, "card")
    visitor.answer({"state": "expired", "order": "O1", "key": "k1"})
    assert visitor.asked == Pay(("D1",), 423_670, "card", NUMBER)


def test_dues_that_are_paid_without_a_voucher_name_none() -> None:
    assert "bill" not in intent_of(Pay(("D1",), 5))[1]


@pytest.mark.parametrize("code", ["", "hello", "4499002610096312667", "https://a/v?n=1", "1" * 21])
def test_another_code_is_told_or_left_to_the_centre(code: str) -> None:
    visitor = at_the_reader()
    page = scanned(visitor, code)
    if code.isdigit() and 18 <= len(code) <= 20:
        assert isinstance(page, FormPage), "what number there is, the centre says"
    else:
        assert isinstance(page, ScanPage) and page.state == "again" and page.message
        assert isinstance(visitor.asked, ReadCode)


def test_without_a_reader_or_with_a_crumpled_code_the_number_is_typed() -> None:
    assert isinstance(at_the_reader().touch(Action.SECOND, "type"), FormPage)
    visitor = at_the_reader(barcodeReader=False)
    assert isinstance(visitor.page, FormPage), "nothing to hold it before: straight to the keys"
    assert isinstance(visitor.touch(Action.PROCEED), FormPage), "not without a number"


def test_what_the_centre_refuses_is_told_and_nothing_is_paid() -> None:
    visitor = at_the_reader()
    scanned(visitor)
    visitor.touch(Action.PROCEED)
    refusal = {
        "code": "billPaid",
        "text": {"zh-CN": "这张缴款凭证已于2026年10月10日缴清", "en-US": "Paid on 2026-10-10"},
        "next_step": {"zh-CN": "不用再缴", "en-US": "Nothing more is to be paid"},
    }
    page = visitor.answer({"refusal": refusal})
    assert isinstance(page, MessagePage)
    assert "2026年10月10日" in str(page) and "不用再缴" in str(page)
    assert not [i for i in visitor.issued if isinstance(i.effect, Pay)]


def test_back_from_the_bill_leads_to_its_number() -> None:
    visitor = at_the_bill()
    assert isinstance(visitor.touch(Action.BACK), FormPage)


def test_offline_it_is_not_offered() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "pay.voucher")
    assert not visitor.state.data


def test_unpaid_and_in_doubt_it_says_so() -> None:
    visitor = at_the_bill()
    visitor.touch(Action.PROCEED)
    visitor.answer({"state": "doubt", "order": "O1", "key": "k1"})
    assert isinstance(visitor.page, PayPage) and visitor.page.state == "doubt"
