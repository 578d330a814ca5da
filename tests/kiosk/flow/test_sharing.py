"""Sharing at the terminal: seen, signed, withdrawn."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import FormPage, MessagePage, ReviewPage, SignPage
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, ROLE, Visitor

GIVE, WITHDRAW = "share.consent", "share.withdraw"
HEAD = {**PROFILE, "roles": [{**ROLE, "role": "L"}]}


def texts(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en-US": words}


BODY: dict[str, Any] = {
    "recipient": "guarantee", "title": texts("担保公司"), "purpose": texts("评估"), "data_text": texts("登记信息"),
    "state": "none", "consent": "", "until": None, "given_text": texts("没有提供过"),
}  # fmt: skip
HELD = {**BODY, "state": "given", "consent": "63990026101200000015", "until": "2026-11-11"}
MOMENT = "2026-10-12T08:30:00+08:00"
CHECK = {"firm": "云川禾木文具有限公司", "purpose": texts("评估"), "data_text": texts("登记信息")}


def _signed_in(visitor: Visitor) -> None:
    """Card, consent, face, and the one enterprise."""
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(HEAD)
    visitor.touch(Action.PROCEED)


def test_one_sees_who_may_get_what_before_one_signs_for_it() -> None:
    visitor = Visitor().world(signaturePad=True)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, GIVE)
    _signed_in(visitor)
    assert visitor.asked == Ask("shares.list")
    page = visitor.answer({"rows": [BODY], "as_of": MOMENT})
    assert isinstance(page, ListPage) and page.pick == "none" and page.rows[0].tags == ("未授权",)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("shares.log")
    page = visitor.answer({"rows": [], "as_of": MOMENT})
    assert isinstance(page, ListPage) and page.empty_title == "没有提供过"
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and [row.id for row in page.rows] == ["recipient", "term"]
    for row, option in (("recipient", "guarantee"), ("term", "days-30")):
        visitor.touch(Action.EDIT, row)
        visitor.touch(Action.CHOOSE, option)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("shares.check", {"recipient": "guarantee"})
    page = visitor.answer(CHECK)
    assert isinstance(page, ReviewPage)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, SignPage)


def test_only_a_consent_that_holds_can_be_withdrawn() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, WITHDRAW)
    _signed_in(visitor)
    assert visitor.asked == Ask("shares.standing")
    page = visitor.answer({"rows": [], "as_of": MOMENT})
    assert isinstance(page, MessagePage) and "没有授权" in page.title
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, WITHDRAW)
    _signed_in(visitor)
    visitor.answer({"rows": [HELD], "as_of": MOMENT})
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("matter.submit", {"consent": HELD["consent"]}, queue=False)
