"""Paying a notice of non-tax revenue (非税收入缴款通知书): nobody signs in, it is scanned or typed, shown, and paid whole."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from kiosk.flow.effects import Ask, Pay, PrintSlip, ReadCode
from kiosk.flow.events import Action
from kiosk.flow.pages import DonePage, FormPage, MessagePage, Page, PayPage, ReviewPage, ScanPage
from kiosk.intents import intent_of
from tests.kiosk.flow.visitor import Visitor

CODE = "99019926000100042174"
NOTICE: dict[str, Any] = {
    "code": CODE, "payer": "91990199MA6NFPQR5L", "name": "云川晨星茶叶有限公司", "authority": "云川市水务局",
    "item": "103044609", "item_name": {"zh-CN": "水土保持补偿费", "en-US": "Soil and water conservation fee"},
    "issued_on": "2026-08-28", "limit_date": "2026-09-22", "valid_until": "2026-11-21",
    "amount_fen": 1_264_000, "late_fee_fen": 12_640, "total_fen": 1_276_640,
    "basis": {"zh-CN": "水土保持法第五十七条：逾期 20 天", "en-US": "20 days late"},
    "lines": [{"due": CODE, "amount_fen": 1_264_000, "late_fee_fen": 12_640, "payable": True}],
}  # fmt: skip
RECEIPT = {"code": "99030126", "number": "1012000001", "check": "7k2m9q"}
PAID = {
    "state": "paid",
    "order": "O1",
    "voucher": "V1",
    "amount_fen": 1_276_640,
    "key": "k1",
    "receipt": RECEIPT,
}
SHOWN = {"state": "waiting", "qr": "Q", "order": "O1", "seconds_left": 120}


def at_the_reader(**devices: bool) -> Visitor:
    visitor = Visitor().world(**devices)
    visitor.touch(Action.BEGIN)
    assert isinstance(visitor.touch(Action.OPEN, "pay.non-tax"), ScanPage), "nobody is asked who they are"
    return visitor


def scanned(visitor: Visitor, code: str = CODE) -> Page:
    return visitor.answer({"data": base64.b64encode(code.encode()).decode(), "symbology": "QRCODE"})


def at_the_notice(notice: dict[str, Any] = NOTICE, **devices: bool) -> Visitor:
    visitor = at_the_reader(**devices)
    assert isinstance(scanned(visitor), FormPage)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("nontax.payable", {"code": CODE})
    assert isinstance(visitor.answer(notice), ReviewPage)
    return visitor


def test_what_it_is_for_is_shown_before_anything_is_paid() -> None:
    page = at_the_notice().page
    assert isinstance(page, ReviewPage)
    shown = str(page)
    for word in (
        "云川晨星茶叶有限公司", "91990199MA6NFPQR5L", "云川市水务局", "水土保持补偿费", "103044609", "12,640.00",
        "126.40", "12,766.40", "水土保持法第五十七条",
    ):  # fmt: skip
        assert word in shown
    in_time = {**NOTICE, "late_fee_fen": 0, "total_fen": 1_264_000, "basis": {}}
    assert "滞纳金" not in str(at_the_notice(in_time).page.sections), "no row for what there is none of"  # type: ignore[union-attr]


def test_it_is_paid_by_its_code_and_the_slip_has_the_receipt() -> None:
    visitor = at_the_notice()
    visitor.touch(Action.PROCEED)
    order = Pay((CODE,), 1_276_640, notice=CODE)
    assert visitor.asked == order
    assert intent_of(order)[1] == {
        "dues": [CODE], "amount_fen": 1_276_640, "channel": "qr-shown", "notice": CODE
    }  # fmt: skip
    visitor.answer(SHOWN, partial=True)
    visitor.answer(PAID)
    assert isinstance(visitor.asked, PrintSlip)
    printed = str(visitor.asked.blocks)
    for word in (CODE, "12,766.40", "126.40", "V1", *RECEIPT.values()):
        assert word in printed


def test_by_card_it_is_the_same_notice() -> None:
    visitor = at_the_notice(paymentTerminal=True)
    visitor.touch(Action.PROCEED)
    visitor.answer(SHOWN, partial=True)
    visitor.touch(Action.SECOND, "card")
    visitor.answer({"state": "expired", "order": "O1", "key": "k1"})
    assert visitor.asked == Pay((CODE,), 1_276_640, "card", notice=CODE)


def test_dues_that_are_paid_name_no_notice() -> None:
    assert "notice" not in intent_of(Pay(("D1",), 5))[1]


@pytest.mark.parametrize("code", [CODE, "9901 9926 0001 0004 2174", f"https://pay.example/n?c={CODE}"])
def test_its_code_is_found_bare_or_in_an_address(code: str) -> None:
    page = scanned(at_the_reader(), code)
    assert isinstance(page, FormPage) and "9901 9926 0001 0004 2174" in str(page)


@pytest.mark.parametrize(
    "code", ["", "hello", "https://a/v?n=1", "44990026100963126672"[:-1] + "3", CODE[:-1] + "5", CODE[:-1]]
)
def test_another_code_or_a_wrong_digit_is_told_and_the_reader_waits_again(code: str) -> None:
    visitor = at_the_reader()
    page = scanned(visitor, code)
    assert isinstance(page, ScanPage) and page.state == "again" and page.message
    assert isinstance(visitor.asked, ReadCode)


def typed(code: str) -> Visitor:
    visitor = at_the_reader()
    assert isinstance(visitor.touch(Action.SECOND, "type"), FormPage)
    visitor.touch(Action.EDIT, "code")
    visitor.touch(Action.FILL, "code", code)
    visitor.touch(Action.PROCEED)
    return visitor


def test_a_crumpled_code_is_typed() -> None:
    assert typed(CODE).asked == Ask("nontax.payable", {"code": CODE})


@pytest.mark.parametrize(
    ("code", "words"), [("", "请填写“缴款码”"), (CODE[:-1], "20位"), (CODE[:-1] + "5", "逐位核对")]
)
def test_a_code_with_a_wrong_digit_goes_no_further(code: str, words: str) -> None:
    visitor = typed(code)
    assert isinstance(visitor.page, FormPage) and words in str(visitor.page)
    assert not [i for i in visitor.issued if isinstance(i.effect, Ask)]


def test_what_the_centre_refuses_is_told_and_nothing_is_paid() -> None:
    visitor = at_the_reader()
    scanned(visitor)
    visitor.touch(Action.PROCEED)
    refusal = {
        "code": "nontaxPaid",
        "text": {"zh-CN": "这份缴款通知书已于2026年10月10日缴清", "en-US": "Paid on 2026-10-10"},
        "next_step": {"zh-CN": "不用再缴", "en-US": "Nothing more is to be paid"},
    }
    page = visitor.answer({"refusal": refusal})
    assert isinstance(page, MessagePage)
    assert "2026年10月10日" in str(page) and "不用再缴" in str(page)
    assert not [i for i in visitor.issued if isinstance(i.effect, Pay)]


def test_a_centre_that_cannot_be_reached_is_told_and_nothing_is_paid() -> None:
    visitor = at_the_reader()
    scanned(visitor)
    visitor.touch(Action.PROCEED)
    page = visitor.answer(fault="unreachable")
    assert isinstance(page, MessagePage) and page.body
    assert not [i for i in visitor.issued if isinstance(i.effect, Pay)]


def test_back_from_the_notice_leads_to_its_code() -> None:
    assert isinstance(at_the_notice().touch(Action.BACK), FormPage)


def test_who_changes_their_mind_leaves_unpaid() -> None:
    visitor = at_the_notice()
    visitor.touch(Action.PROCEED)
    visitor.answer(SHOWN, partial=True)
    visitor.touch(Action.SECOND, "later")
    page = visitor.answer({"state": "expired", "order": "O1", "key": "k1"})
    assert isinstance(page, PayPage)
    visitor.touch(Action.SECOND, "later")
    if isinstance(visitor.asked, PrintSlip):
        printed = str(visitor.asked.blocks)
        assert RECEIPT["check"] not in printed
        visitor.answer({"outcome": "printed"})
    assert isinstance(visitor.page, DonePage) and "这次没有缴款" in str(visitor.page)


def test_in_doubt_it_says_so_and_the_slip_has_no_receipt() -> None:
    visitor = at_the_notice()
    visitor.touch(Action.PROCEED)
    visitor.answer({"state": "doubt", "order": "O1", "key": "k1"})
    assert isinstance(visitor.page, PayPage) and visitor.page.state == "doubt"
    assert "短信" not in visitor.page.lead and "扫回单上的码" in visitor.page.lead, "nobody's phone is known"
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, PrintSlip)
    printed = str(visitor.asked.blocks)
    assert CODE in printed and "票据" not in printed
    visitor.answer({"outcome": "printed"})
    assert "缴款结果待确认" in str(visitor.page)
    assert isinstance(visitor.page, DonePage)
    assert "短信" not in str(visitor.page.next_steps) and "扫码" in visitor.page.next_steps[0].note


def test_offline_it_is_not_offered() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "pay.non-tax")
    assert not visitor.state.data
