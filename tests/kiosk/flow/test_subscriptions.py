"""Subscriptions at the terminal: marked and unmarked, saved only where something changed, seen without the network."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask, ReadDocument, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import DonePage, FormPage, IdentifyPage, MessagePage, Page
from kiosk.steps.phone import CARD as BY_CARD
from tests.kiosk.flow.visitor import CARD, Visitor

SERVICE = "subscribe.manage"


def texts(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en-US": words}


def row(topic: str, active: bool) -> dict[str, Any]:
    words = {"title": texts(topic), "note": texts("说明"), "last_text": texts(""), "last_on": None}
    return {"topic": topic, "active": active, **words}


LISTED = {
    "rows": [row("notices", active=True), row("school", active=False)],
    "way_text": texts("发短信到 139****0007"),
    "as_of": "2026-10-12T08:30:00+08:00",
}


def listed(page: Page) -> ListPage:
    assert isinstance(page, ListPage)
    return page


def by_card(*, online: bool = True) -> Visitor:
    visitor = Visitor().world(online=online)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, SERVICE)
    if online:
        visitor.touch(Action.SECOND, BY_CARD)
    assert isinstance(visitor.page, IdentifyPage) and visitor.asked == ReadDocument()
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("subscriptions.list")
    return visitor


def test_what_is_followed_is_marked_and_the_whole_choice_is_saved() -> None:
    visitor = by_card()
    page = listed(visitor.answer(LISTED))
    assert (page.pick, page.selected, page.action) == ("many", ("notices",), "看完了")
    assert [one.tags for one in page.rows] == [(), ()], "the mark says how it stands"
    page = listed(visitor.touch(Action.CHOOSE, "school"))
    assert (page.selected, page.action) == (("notices", "school"), "保存订阅")
    page = listed(visitor.touch(Action.CHOOSE, "notices"))
    assert page.selected == ("school",)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("subscription.change", {"topics": ["school"]}, queue=False)
    visitor.answer(
        {"state": "accepted", "count": 1, "topics_text": texts("school"), "way_text": texts("短信")}
    )
    assert visitor.asked == Ask("subscriptions.list"), "what is shown now is what the centre holds"
    changed = {**LISTED, "rows": [row("notices", active=False), row("school", active=True)]}
    page = listed(visitor.answer(changed))
    assert page.pick == "none" and [one.tags for one in page.rows] == [("未订阅",), ("已订阅",)]
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage) and done.title == "订阅已保存"


def test_who_puts_everything_back_saves_nothing() -> None:
    visitor = by_card()
    visitor.answer(LISTED)
    visitor.touch(Action.CHOOSE, "notices")
    page = listed(visitor.touch(Action.CHOOSE, "notices"))
    assert page.action == "看完了"
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage) and done.title == "查看完毕"


def test_everything_may_be_ended() -> None:
    visitor = by_card()
    visitor.answer(LISTED)
    visitor.touch(Action.CHOOSE, "notices")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("subscription.change", {"topics": []}, queue=False)


def test_without_the_network_a_card_shows_what_was_kept_and_nothing_can_be_touched() -> None:
    visitor = by_card(online=False)
    page = listed(visitor.answer(LISTED))
    assert page.pick == "none" and [one.tags for one in page.rows] == [("已订阅",), ("未订阅",)]
    assert page.selected == (), "nothing looks as if it could be touched"
    visitor.touch(Action.CHOOSE, "school")
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage) and done.title == "查看完毕"


def test_a_network_that_goes_while_the_code_is_asked_for_leads_to_the_card() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, SERVICE)
    visitor.touch(Action.FILL, text="13912340007")
    visitor.touch(Action.PROCEED)
    page = visitor.answer(fault="unreachable")
    assert isinstance(page, IdentifyPage) and visitor.asked == ReadDocument()


def test_news_is_shown_to_who_proves_the_phone_before_they_go_on() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, SERVICE)
    visitor.touch(Action.FILL, text="13912340007")
    visitor.touch(Action.PROCEED)
    page = visitor.answer({"challenge": "c-1", "digits": 6, "mobile_masked": "139****0007"})
    assert isinstance(page, FormPage)
    visitor.touch(Action.FILL, text="123456")
    visitor.touch(Action.PROCEED)
    news = {"title": texts("通知公告"), "text": texts("系统维护")}
    page = visitor.answer({"mobile_masked": "139****0007", "notices": [news]})
    assert isinstance(page, MessagePage) and page.body == ("通知公告：系统维护",)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("subscriptions.list")
