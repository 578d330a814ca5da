"""A queue number at the terminal: by phone, or by a document that is laid on the reader in its place."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.effects import Ask, ReadDocument, StopWaiting, Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, IdentifyPage, MessagePage, Page, ReviewPage
from kiosk.flow.state import Phase
from kiosk.steps.phone import CARD as BY_CARD
from tests.kiosk.flow.visitor import CARD, Visitor


def texts(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en-US": words}


def line(name: str, *, is_open: bool = True) -> dict[str, Any]:
    return {
        "line": name, "letter": "A", "title": texts(name), "note": texts("…"), "ahead": 3,
        "ahead_text": texts("3 人"), "wait_minutes": 16, "wait_text": texts("16 分钟"),
        "windows_text": texts("1 号窗口"), "open": is_open,
        "why_not": None if is_open else texts("已排到下班"),
    }  # fmt: skip


LINES = {"lines": [line("general"), line("invoices"), line("vehicle", is_open=False)]}
FACT = {"label": texts("业务"), "value": texts("综合")}
TAKEN = {
    "state": "accepted", "key": "k-1", "title": texts("您的号码 A012"), "facts": [FACT], "columns": [],
    "rows": [], "total": [FACT], "statements": [], "number": "A012", "again": False,
    "line_title": texts("综合"), "ahead": 3, "ahead_text": texts("3 人"), "wait_minutes": 16,
    "wait_text": texts("16 分钟"), "windows_text": texts("1 号窗口"), "turn_text": texts("按号"),
    "verify_url": "https://bureau.example/q/k-1",
}  # fmt: skip


def chosen(**devices: bool) -> Visitor:
    """At the page that asks for a phone, the business chosen."""
    visitor = Visitor().world(**devices)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "queue.ticket")
    assert visitor.asked == Ask("queue.lines")
    page = visitor.answer(LINES)
    assert isinstance(page, ChoosePage)
    assert [option.enabled for option in page.options] == [True, True, False]
    assert page.options[2].reason == "已排到下班" and page.options[0].tags == ("16 分钟",)
    visitor.touch(Action.CHOOSE, "vehicle")
    assert not visitor.page.action_enabled, "a line that is closed cannot be taken"
    visitor.touch(Action.CHOOSE, "general")
    visitor.touch(Action.PROCEED)
    return visitor


@pytest.fixture
def visitor() -> Visitor:
    return chosen()


def form(page: Page) -> FormPage:
    assert isinstance(page, FormPage)
    return page


def test_a_document_takes_the_place_of_the_phone(visitor: Visitor) -> None:
    page = form(visitor.page)
    assert page.second is not None and page.second.id == BY_CARD
    assert isinstance(visitor.touch(Action.SECOND, BY_CARD), IdentifyPage)
    assert visitor.asked == ReadDocument()
    visitor.answer(CARD)
    assert visitor.asked == Submit("queue.take", {"line": "general"}, queue=False)
    person = visitor.issued[-1].subject["person"]
    assert (person["number"], person["evidence"]) == (CARD["number"], "document")
    assert isinstance(visitor.answer(TAKEN), ReviewPage)
    visitor.touch(Action.PROCEED)
    slip = str(visitor.asked)
    assert "A012" in slip and "https://bureau.example/q/k-1" in slip
    assert CARD["number"] not in slip and "手机号" not in slip


@pytest.mark.parametrize("by_card", [True, False])
def test_who_came_by_phone_has_no_card_to_take_along(visitor: Visitor, by_card: bool) -> None:
    if by_card:
        visitor.touch(Action.SECOND, BY_CARD)
        visitor.answer(CARD)
    else:
        visitor.touch(Action.FILL, "mobile", "13912340007")
        visitor.touch(Action.PROCEED)
        visitor.answer({"challenge": "c-1", "mobile_masked": "139****0007", "digits": 6})
        visitor.touch(Action.FILL, "sms", "123456")
        visitor.touch(Action.PROCEED)
        visitor.answer({"mobile_masked": "139****0007"})
    visitor.answer(TAKEN)
    visitor.touch(Action.PROCEED)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert [thing.id for thing in page.take] == (["id", "paper"] if by_card else ["paper"])


def test_who_signed_in_for_another_service_is_asked_for_nothing() -> None:
    visitor = Visitor().world()
    visitor.sign_in("pay.due")
    visitor.touch(Action.BACK)
    for _ in range(4):
        if visitor.state.phase is Phase.HOME:
            break
        visitor.touch(Action.BACK)
    visitor.touch(Action.OPEN, "queue.ticket")
    visitor.answer(LINES)
    visitor.touch(Action.CHOOSE, "general")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("queue.take", {"line": "general"}, queue=False)


def test_a_document_of_level_one_is_not_enough_where_a_face_is_asked_for(visitor: Visitor) -> None:
    visitor.touch(Action.SECOND, BY_CARD)
    visitor.answer(CARD)
    visitor.answer(TAKEN)
    visitor.touch(Action.PROCEED)
    visitor.answer({"outcome": "printed"})
    visitor.touch(Action.SECOND, "another")
    visitor.touch(Action.OPEN, "pay.due")
    assert visitor.asked == ReadDocument(), "the card is read again, and the face looked at"


def test_a_card_that_cannot_be_read_is_laid_again_and_one_that_has_expired_is_none(visitor: Visitor) -> None:
    visitor.touch(Action.SECOND, BY_CARD)
    page = visitor.answer(fault="invalidData")
    assert isinstance(page, IdentifyPage) and page.state == "again" and visitor.asked == ReadDocument()
    page = visitor.answer({**CARD, "validTo": "2020-01-01"})
    assert isinstance(page, IdentifyPage) and page.state == "failed" and page.action
    visitor.touch(Action.PROCEED)
    assert visitor.asked == ReadDocument()
    visitor.answer(CARD)
    assert visitor.asked == Submit("queue.take", {"line": "general"}, queue=False)


def test_back_from_the_reader_leads_to_the_phone(visitor: Visitor) -> None:
    visitor.touch(Action.SECOND, BY_CARD)
    assert form(visitor.touch(Action.BACK)).rows[0].id == "mobile"
    assert isinstance(visitor.issued[-1].effect, StopWaiting), "nobody reads a card any more"
    assert form(visitor.answer(CARD)).rows[0].id == "mobile", "nor does one that was read just then count"
    assert visitor.state.person is None
    visitor.touch(Action.BACK)
    assert visitor.asked == Ask("queue.lines"), "people and times are asked for again"


def test_without_a_reader_there_is_the_phone_alone() -> None:
    visitor = chosen(idReader=False)
    assert form(visitor.page).second is None
    visitor.touch(Action.SECOND, BY_CARD)
    assert form(visitor.page).rows[0].id == "mobile"


def test_the_lottery_takes_no_document() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "lottery.draw")
    assert form(visitor.page).second is None


def test_when_the_hall_is_closed_it_says_so_at_each_line() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "queue.ticket")
    page = visitor.answer({"lines": [line("general", is_open=False)]})
    assert isinstance(page, ChoosePage) and not page.action_enabled


def test_a_refusal_is_told_with_what_to_do(visitor: Visitor) -> None:
    visitor.touch(Action.SECOND, BY_CARD)
    visitor.answer(CARD)
    refusal = {"code": "queueFull", "text": texts("排满"), "next_step": texts("明天来")}
    page = visitor.answer({"state": "refused", "refusal": refusal})
    assert isinstance(page, MessagePage) and page.body == ("排满", "明天来")


def test_without_the_network_no_number_is_promised() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "queue.ticket")
    assert visitor.state.service is None
