"""A time at a window at the terminal: chosen step by step, moved, given back."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.effects import Ask, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, MessagePage, ReviewPage
from kiosk.steps.phone import CARD as BY_CARD
from tests.kiosk.flow.visitor import CARD, Visitor

TOKEN = "01940000-0000-4000-8000-000000000001"
AT = "2026-10-13T09:30:00+08:00"


def texts(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en-US": words}


def option(words: str, *, is_open: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "title": texts(words), "note": texts("…"), "tag": texts("余 3 个"), "open": is_open,
        "why_not": None if is_open else texts("约满"), **more,
    }  # fmt: skip


def choice(name: str, line: str, instead: str | None = None) -> dict[str, Any]:
    return option(name, choice=name, line=line, instead=instead)


CHOICES = {"choices": [choice(TOKEN, "vehicle", TOKEN), choice("general", "general")]}
HALLS = {"halls": [option("中心大厅", hall="H-01"), option("云岭分厅", is_open=False, hall="H-02")]}
DAYS = {"days": [option("10月13日 周二", day="2026-10-13", left=3)]}
TIMES = {
    "times": [option("09:00–09:30", is_open=False, at="…", left=0), option("09:30–10:00", at=AT, left=3)]
}
FACT = {"label": texts("业务"), "value": texts("综合")}
BOOKED = {
    "state": "accepted", "key": "k-1", "title": texts("已预约"), "facts": [FACT], "columns": [], "rows": [],
    "total": [FACT], "statements": [], "number": "Y000012", "line_title": texts("综合"),
    "hall_text": texts("中心大厅"), "when_text": texts("10月13日 周二 09:30–10:00"),
    "windows_text": texts("1 号窗口"), "bring_text": texts("身份证"),
    "verify_url": f"https://bureau.example/a/{TOKEN}",
}  # fmt: skip
OWN = {
    "token": TOKEN, "number": "Y000012", "title": texts("综合"), "when_text": texts("10月13日 周二"),
    "hall_text": texts("中心大厅"), "state": "open",
}  # fmt: skip


def by_card(service: str) -> Visitor:
    """Whoever laid their card down for the service."""
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, service)
    assert isinstance(visitor.page, FormPage)
    visitor.touch(Action.SECOND, BY_CARD)
    visitor.answer(CARD)
    return visitor


def choose(visitor: Visitor, answer: dict[str, Any], wanted: str) -> None:
    page = visitor.answer(answer)
    assert isinstance(page, ChoosePage)
    visitor.touch(Action.CHOOSE, wanted)
    visitor.touch(Action.PROCEED)


def chosen(first: str) -> Visitor:
    """Up to where the booking is handed in."""
    visitor = by_card("appointment.book")
    assert visitor.asked == Ask("appointment.choices")
    choose(visitor, CHOICES, first)
    line = "vehicle" if first == TOKEN else first
    assert visitor.asked == Ask("appointment.halls", {"line": line})
    choose(visitor, HALLS, "H-01")
    assert visitor.asked == Ask("appointment.days", {"line": line, "hall": "H-01"})
    choose(visitor, DAYS, "2026-10-13")
    assert visitor.asked == Ask("appointment.times", {"line": line, "hall": "H-01", "day": "2026-10-13"})
    choose(visitor, TIMES, AT)
    return visitor


@pytest.mark.parametrize("first", ["general", TOKEN])
def test_a_new_one_or_ones_own_at_another_time(first: str) -> None:
    visitor = chosen(first)
    wanted = {"hall": "H-01", "at": AT, "line": "vehicle" if first == TOKEN else first}
    instead = TOKEN if first == TOKEN else None
    assert visitor.asked == Submit("appointment.book", {**wanted, "instead": instead}, queue=False)
    assert isinstance(visitor.answer(BOOKED), ReviewPage)
    visitor.touch(Action.PROCEED)
    slip = str(visitor.asked)
    assert all(words in slip for words in ("Y000012", "身份证", f"https://bureau.example/a/{TOKEN}"))
    assert CARD["number"] not in slip
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and page.qr == f"https://bureau.example/a/{TOKEN}"


def test_what_is_full_cannot_be_chosen_and_back_asks_again() -> None:
    visitor = by_card("appointment.book")
    choose(visitor, CHOICES, "general")
    page = visitor.answer(HALLS)
    visitor.touch(Action.CHOOSE, "H-02")
    assert isinstance(page, ChoosePage) and page.options[1].reason == "约满"
    assert isinstance(visitor.page, ChoosePage) and visitor.page.selected == ("H-01",), "the only one left"
    visitor.touch(Action.BACK)
    assert visitor.asked == Ask("appointment.choices"), "places are asked for again"


def test_a_time_that_was_just_taken_is_told_with_the_next_one() -> None:
    visitor = chosen("general")
    refusal = {"code": "appointmentTaken", "text": texts("刚被约满"), "next_step": texts("最近可约 10:00")}
    page = visitor.answer({"state": "refused", "refusal": refusal})
    assert isinstance(page, MessagePage) and page.body == ("刚被约满", "最近可约 10:00")


def test_one_is_given_back_after_it_was_looked_at() -> None:
    visitor = by_card("appointment.cancel")
    assert visitor.asked == Ask("appointment.mine")
    page = visitor.answer({"rows": [OWN]})
    assert isinstance(page, ListPage) and page.selected == (TOKEN,), "the only one is marked"
    assert isinstance(visitor.touch(Action.PROCEED), ReviewPage)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("appointment.cancel", {"token": TOKEN}, queue=False)
    visitor.answer({"state": "accepted", "key": "k-2", "number": "Y000012"})
    assert "Y000012" in str(visitor.asked)
    assert isinstance(visitor.answer({"outcome": "printed"}), DonePage)


def test_who_has_booked_nothing_is_told_so() -> None:
    visitor = by_card("appointment.cancel")
    page = visitor.answer({"rows": []})
    assert isinstance(page, MessagePage) and page.title == "没有预约"


@pytest.mark.parametrize("service", ["appointment.book", "appointment.cancel"])
def test_without_the_network_nothing_is_promised(service: str) -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, service)
    assert visitor.state.service is None
