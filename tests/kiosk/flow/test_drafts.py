"""Going on at the terminal with what was begun on a phone: scanned or typed, prefilled, corrected, used once."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from kiosk.domain.draft_codes import new_code
from kiosk.flow.effects import Ask, ReadCode, Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import FormPage, MessagePage, Page, ReviewPage, ScanPage, WorkingPage
from tests.kiosk.flow.test_agency import APPLIED, BUYER, TAXED, TERMS, signed_in
from tests.kiosk.flow.visitor import Visitor

CODE = new_code()
DRAFTED: dict[str, Any] = {
    "buyer": {"kind": "ordinary", "name": BUYER.name, "number": BUYER.taxpayer},
    "goods": {
        "goods": "3070500000000000000",
        "name": None,
        "gross_fen": 1_010_000,
        "quantity": 2,
        "unit": "次",
    },
}
OPENED = {"drafted": DRAFTED, "expires_at": "2026-10-13T01:40:00+00:00"}
REFUSED = {
    "refusal": {
        "code": "draftUsed",
        "text": {"zh-CN": "这个手机码已经用过了", "en-US": "used"},
        "next_step": {"zh-CN": "请在手机上重新填", "en-US": "again"},
    }
}


def at_the_reader() -> Visitor:
    visitor = signed_in(roles=[], own=False)
    visitor.touch(Action.PROCEED)
    return visitor


def scanned(visitor: Visitor, code: str = CODE) -> Page:
    words = base64.b64encode(f"https://bureau.example/d/{code}".encode()).decode()
    return visitor.answer({"symbology": "qrCode", "data": words})


def values(page: Page) -> dict[str, str]:
    assert isinstance(page, FormPage)
    return {row.id: row.value for row in page.rows}


def test_a_scanned_code_fills_the_forms_in_and_is_used_up_by_the_application() -> None:
    visitor = at_the_reader()
    assert isinstance(scanned(visitor), WorkingPage)
    assert visitor.asked == Ask("draft.open", {"code": CODE})
    page = visitor.answer(OPENED)
    assert values(page) == {"kind": "普通发票", "name": BUYER.name, "number": BUYER.taxpayer}
    assert isinstance(page, FormPage) and {row.source for row in page.rows} == {"您手机上填的"}
    visitor.touch(Action.PROCEED)
    asked = {"kind": "ordinary", "buyer": BUYER.name, "buyer_number": BUYER.taxpayer}
    assert visitor.asked == Ask("agency.terms", asked)
    page = visitor.answer(TERMS)
    assert values(page) == {
        "goods": "居民日常服务", "name": "", "gross_fen": "10,100.00", "quantity": "2", "unit": "次"
    }  # fmt: skip
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.answer(TAXED), ReviewPage)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Submit)
    sent = visitor.asked.data
    assert (sent["draft"], sent["gross_fen"], sent["unit"], sent["quantity"]) == (CODE, 1_010_000, "次", 2)
    visitor.answer(APPLIED)


def test_what_was_filled_in_is_corrected_and_the_rest_stays() -> None:
    visitor = at_the_reader()
    scanned(visitor)
    visitor.answer(OPENED)
    visitor.touch(Action.PROCEED)
    visitor.answer(TERMS)
    visitor.touch(Action.FILL, "gross_fen", "20200")
    page = visitor.touch(Action.EDIT, "")
    assert isinstance(page, FormPage)
    assert {row.id: row.source for row in page.rows}["gross_fen"] == "您已填写"
    visitor.touch(Action.PROCEED)
    asked = visitor.asked
    assert isinstance(asked, Ask) and (asked.params["gross_fen"], asked.params["quantity"]) == (2_020_000, 2)


def test_the_code_is_typed_by_who_cannot_scan_it() -> None:
    visitor = at_the_reader()
    page = visitor.page
    assert isinstance(page, ScanPage) and [way.id for way in page.others] == ["code", "type"]
    page = visitor.touch(Action.SECOND, "code")
    assert isinstance(page, FormPage) and not page.action_enabled and page.rows[0].keypad == "uscc"
    wrong = CODE[:9] + next(c for c in "0123456789" if c != CODE[9])
    visitor.touch(Action.FILL, "draft-code", wrong)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and page.rows[0].error == "有一位不对，请对照手机上的码"
    visitor.touch(Action.FILL, "draft-code", CODE)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("draft.open", {"code": CODE})
    assert values(visitor.answer(OPENED))["name"] == BUYER.name


@pytest.mark.parametrize("how", ["back", "scan"])
def test_from_the_keys_one_comes_back_to_the_reader(how: str) -> None:
    visitor = at_the_reader()
    visitor.touch(Action.SECOND, "code")
    page = visitor.touch(Action.BACK) if how == "back" else visitor.touch(Action.SECOND, "scan")
    assert isinstance(page, ScanPage) and visitor.asked == ReadCode()


def test_a_code_that_is_good_no_more_says_what_to_do_and_the_reader_waits_again() -> None:
    visitor = at_the_reader()
    scanned(visitor)
    page = visitor.answer(REFUSED)
    assert isinstance(page, MessagePage)
    assert page.body == ("这个手机码已经用过了", "请在手机上重新填") and page.second is not None
    assert isinstance(visitor.touch(Action.PROCEED), ScanPage)
    assert visitor.asked == ReadCode()
    visitor.touch(Action.SECOND, "type")
    assert values(visitor.page) == {"kind": "", "name": "", "number": ""}, "nothing of it is left"


def test_without_an_answer_nothing_is_filled_in_and_it_can_be_tried_again() -> None:
    visitor = at_the_reader()
    scanned(visitor)
    assert isinstance(visitor.answer(fault="unreachable"), MessagePage)
    assert isinstance(visitor.touch(Action.PROCEED), ScanPage)


def test_a_second_draft_takes_the_place_of_what_was_typed_for_the_first() -> None:
    visitor = at_the_reader()
    scanned(visitor)
    visitor.answer(OPENED)
    visitor.touch(Action.FILL, "name", "别的公司")
    visitor.touch(Action.BACK)
    scanned(visitor, new_code())
    assert values(visitor.answer(OPENED))["name"] == BUYER.name


def test_a_title_code_is_taken_as_ever_and_another_kind_of_code_is_told() -> None:
    visitor = at_the_reader()
    words = base64.b64encode(b"https://bureau.example/d/7K2M9QX4P5").decode()
    page = visitor.answer({"symbology": "qrCode", "data": words})
    assert isinstance(page, ScanPage) and page.message == "这不是发票抬头二维码，请扫购买方出示的抬头码"
