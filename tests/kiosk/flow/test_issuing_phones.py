"""The phone that issues invoices: who holds it proves it, it is bound as proven, and the card is taken along as well."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask, PrintSlip, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, MessagePage, ReviewPage
from tests.kiosk.flow.test_phone import CHALLENGE, MOBILE, SENT
from tests.kiosk.flow.test_registration import OPENED
from tests.kiosk.flow.visitor import Visitor

ROW = {"id": "abc", "mobile_masked": "139****0007", "name": "沈知舟", "since": "2026-09-02"}


def phones(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"rows": list(rows), "most": 5, "as_of": "2026-10-12T09:42:00+08:00"}


def listed(service: str, *rows: dict[str, Any]) -> Visitor:
    """Who acts for the enterprise sees its phones."""
    visitor = Visitor().world()
    visitor.sign_in(service)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("invoice.phones")
    visitor.answer(phones(*rows))
    return visitor


def reviewed() -> Visitor:
    visitor = listed("invoice.phone-bind", ROW)
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.FILL, "mobile", MOBILE)
    visitor.touch(Action.PROCEED)
    visitor.answer(SENT)
    visitor.touch(Action.FILL, "sms", "123456")
    visitor.touch(Action.PROCEED)
    visitor.answer({"mobile_masked": "139****0007"})
    return visitor


def test_the_phones_that_are_bound_come_first_their_holders_masked() -> None:
    visitor = listed("invoice.phone-bind", ROW)
    assert isinstance(visitor.page, ListPage)
    assert visitor.page.rows[0].title == "139****0007" and "沈知舟" not in str(visitor.page)
    assert isinstance(listed("invoice.phone-bind").page, ListPage), "none is no dead end"


def test_the_number_is_said_to_be_kept() -> None:
    visitor = listed("invoice.phone-bind", ROW)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and "登记在企业名下" in page.note


def test_a_proven_phone_is_bound_by_its_proof_alone() -> None:
    visitor = reviewed()
    assert isinstance(visitor.page, ReviewPage) and MOBILE not in str(visitor.page)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("matter.submit", {}, queue=False)
    assert visitor.issued[-1].subject["phone"] == {"mobile": MOBILE, "challenge": CHALLENGE}
    visitor.answer(OPENED)
    assert isinstance(visitor.asked, PrintSlip)
    assert "139****0007" in str(visitor.asked.blocks) and MOBILE not in str(visitor.asked.blocks)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert [thing.id for thing in page.take] == ["id", "paper", "phone"], "the card lies on the reader"


def test_a_no_of_the_centre_says_what_to_do() -> None:
    visitor = reviewed()
    visitor.touch(Action.PROCEED)
    words = {"zh-CN": "由别人绑定着", "en-US": "x"}
    refusal = {"code": "issuingPhoneOfAnother", "text": words, "next_step": {"zh-CN": "先解绑", "en-US": "y"}}
    page = visitor.answer({"state": "refused", "refusal": refusal})
    assert isinstance(page, MessagePage) and page.body == ("由别人绑定着", "先解绑")


def test_a_phone_is_chosen_and_released() -> None:
    visitor = listed("invoice.phone-unbind", ROW, {**ROW, "id": "def", "mobile_masked": "139****0009"})
    assert isinstance(visitor.page, ChoosePage)
    assert [option.title for option in visitor.page.options] == ["139****0007", "139****0009"]
    visitor.touch(Action.CHOOSE, "def")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("matter.submit", {"phone": "def"}, queue=False)
