"""``consult.person``: somebody waits, talks, lets an officer see the screen, and is called back where nobody is free."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from kiosk.flow.effects import Ask, Converse, Submit
from kiosk.flow.events import Action, Outcome
from kiosk.flow.pages import DonePage, FormPage, HomePage, MessagePage, Page, ReviewPage
from kiosk.flow.shown import DOTS, shown
from kiosk.flow.state import Phase
from kiosk.flow.talk import EVERY_S, WITHOUT_ANSWER
from kiosk.flow.talk_page import TalkPage
from tests.kiosk.flow.test_mutual import writing
from tests.kiosk.flow.visitor import Visitor

NUMBER, WORDS = "71990026101200000017", "出租房屋要交什么税"
OPENED = {"state": "waiting", "number": NUMBER, "ahead": 2, "wait_s": 180}
NEWS: dict[str, Any] = {
    "state": "taken", "number": NUMBER, "ended_by": "", "ahead": 0, "said": 0, "screen": "no", "lines": [],
}  # fmt: skip


def line(seq: int, text: str = "您好", kind: str = "text", service: str = "") -> dict[str, Any]:
    return {"seq": seq, "kind": kind, "text": {"zh-CN": text}, "title": {}, "source": {}, "service": service}


def talking(page: Page) -> TalkPage:
    assert isinstance(page, TalkPage), page
    return page


def asking(*, online: bool = True) -> Visitor:
    return writing("consult.person", "house-car", WORDS, online=online)


def told(visitor: Visitor) -> dict[str, Any]:
    """What the centre is told and asked now."""
    asked = visitor.asked
    assert isinstance(asked, Converse) and asked.params is not None, asked
    return dict(asked.params)


def reply(visitor: Visitor, data: dict[str, Any] | None = None, fault: str = "") -> None:
    """What the conversation waits for comes: an answer of the centre, or the end of a pause."""
    assert visitor.state.talk is not None
    visitor.tell(Outcome(visitor.state.talk.waits, data or {}, fault))


def hear(visitor: Visitor, **news: Any) -> Page:
    """The centre answers, and after the pause it is asked again."""
    reply(visitor, {**NEWS, **news})
    if visitor.state.talk is not None and visitor.state.talk.goes_on:
        assert visitor.asked == Converse(None, EVERY_S)
        reply(visitor)
    return visitor.page


def taken(**news: Any) -> Visitor:
    """Somebody who was answered."""
    visitor = asking()
    visitor.answer(OPENED)
    hear(visitor, **news)
    return visitor


def test_who_waits_is_told_how_long_and_is_answered() -> None:
    visitor = asking()
    asked = visitor.asked
    assert isinstance(asked, Ask) and asked.query == "consult.open"
    assert (asked.params["topic"], asked.params["words"]) == ("house-car", WORDS)
    page = talking(visitor.answer(OPENED))
    assert page.state == "waiting" and "2 位" in page.paragraphs[0] and (page.facts[0][1]) == NUMBER
    assert told(visitor) == {"visit": visitor.state.visit, "heard": 0}
    assert visitor.screen.idle_after_s == 0  # it is bounded, and nothing is to be touched
    page = talking(hear(visitor, lines=[line(1)]))
    assert page.state == "talking" and [one.text for one in page.lines] == ["您好"]
    assert told(visitor)["heard"] == 1


def test_what_is_said_is_told_until_the_centre_has_it() -> None:
    visitor = taken(lines=[line(1)])
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.page, FormPage)
    visitor.touch(Action.FILL, "line", "月租三千")
    page = talking(visitor.touch(Action.PROCEED))
    assert page.lines[-1].mine and page.lines[-1].text == "月租三千"
    assert told(visitor)["say"] == [{"n": 1, "text": "月租三千"}]
    visitor.touch(Action.CHOOSE, "thanks")
    assert [one["n"] for one in told(visitor)["say"]] == [1, 2]
    hear(visitor, said=1)
    assert told(visitor)["say"] == [{"n": 2, "text": "谢谢"}]
    hear(visitor, said=2)
    assert "say" not in told(visitor)


def test_what_an_officer_says_does_not_take_the_keys_from_who_writes() -> None:
    visitor = taken()
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.FILL, "line", "月租")
    serial = visitor.screen.serial
    page = hear(visitor, lines=[line(1, "请问月租多少")])
    assert isinstance(page, FormPage) and page.rows[0].value == "月租" and visitor.screen.serial == serial


def test_the_screen_is_shown_when_it_is_allowed_and_no_longer() -> None:
    visitor = taken(screen="asked")
    assert visitor.screen.talk_tone == "asked" and "shown" not in told(visitor)
    visitor.touch(Action.TALK, "share")
    assert told(visitor)["shares"] == "yes" and told(visitor)["shown"]["service"] == "远程帮办"
    assert visitor.screen.talk_tone == "shared" and [key.id for key in visitor.screen.talk_keys] == ["stop"]
    hear(visitor, screen="shared")
    assert "shares" not in told(visitor) and "shown" in told(visitor)
    visitor.touch(Action.TALK, "stop")
    assert told(visitor)["shares"] == "no" and "shown" not in told(visitor)
    assert visitor.screen.talk_tone == ""
    hear(visitor, screen="no")
    assert "shown" not in told(visitor)


def test_a_no_is_told_and_nothing_is_shown() -> None:
    visitor = taken(screen="asked")
    visitor.touch(Action.TALK, "refuse")
    assert told(visitor)["shares"] == "no" and "shown" not in told(visitor)


def test_a_proposed_service_is_opened_and_the_conversation_goes_on_over_it() -> None:
    visitor = taken(lines=[line(1, "办税向导", "service", "tools.navigator")], screen="asked")
    visitor.touch(Action.TALK, "share")
    hear(visitor, screen="shared")
    visitor.touch(Action.CHOOSE, "open:tools.navigator")
    assert visitor.state.service is not None and visitor.state.service.service.id == "tools.navigator"
    hear(visitor, screen="shared", lines=[line(2, "请点第一行")])
    assert "请点第一行" in visitor.screen.talk_text and visitor.screen.talk_tone == "shared"
    assert told(visitor)["shown"]["rows"], "the officer sees what may be touched"
    issued = visitor.issued[-1]
    assert issued.service == "consult.person", "the centre knows the conversation by its own service"
    visitor.touch(Action.TALK, "stop")
    visitor.touch(Action.TALK, "end")
    assert told(visitor)["end"] is True and visitor.screen.talk_text == ""


def test_a_service_that_nobody_proposed_is_not_opened() -> None:
    visitor = taken(lines=[line(1)])
    visitor.touch(Action.CHOOSE, "open:tools.navigator")
    assert visitor.state.service is not None and visitor.state.service.service.id == "consult.person"


def test_what_is_the_persons_is_dots_on_the_screen_that_is_shown() -> None:
    visitor = asking()
    visitor.answer({"state": "nobody", "number": "", "ahead": 0, "wait_s": 0})
    visitor.touch(Action.PROCEED)
    page = visitor.page
    assert isinstance(page, FormPage)
    filled = replace(
        page, rows=tuple(replace(row, value="13912340031") for row in page.rows), lead="打 13912340031"
    )
    seen = shown(replace(visitor.screen, page=filled))
    assert [row["value"] for row in seen["rows"][:2]] == [DOTS, DOTS]
    assert "13912340031" not in json.dumps(seen) and "[电话]" in seen["lead"]


def test_who_ends_it_is_asked_once_more_and_has_the_number_on_the_slip() -> None:
    visitor = taken(lines=[line(1)])
    assert isinstance(visitor.touch(Action.SECOND, "end"), MessagePage)
    talking(visitor.touch(Action.SECOND, "stay"))
    visitor.touch(Action.SECOND, "end")
    page = talking(visitor.touch(Action.PROCEED))
    assert page.state == "ended" and told(visitor)["end"] is True
    visitor.touch(Action.PROCEED)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and page.reference == NUMBER and page.stamp == "已答复"


@pytest.mark.parametrize("by", ["officer", "lost"])
def test_an_end_from_elsewhere_is_told(by: str) -> None:
    visitor = taken(lines=[line(1)])
    page = talking(hear(visitor, state="ended", ended_by=by))
    assert page.state == "ended" and page.quick == () and visitor.screen.talk_text == ""
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.answer({"outcome": "printed"}), DonePage)


@pytest.mark.parametrize("how", [Action.LEAVE, Action.EXPIRE])
def test_whoever_leaves_ends_it_and_nothing_of_it_stays(how: Action) -> None:
    visitor = taken(lines=[line(1)])
    visit = visitor.state.visit
    visitor.touch(how)
    ends = [one.effect for one in visitor.issued if isinstance(one.effect, Converse) and one.effect.params]
    assert ends[-1].params == {"visit": visit, "heard": 1, "end": True}
    assert visitor.state.talk is None and "您好" not in repr(visitor.state)


def test_nobody_free_leads_to_a_call_back_with_the_number_filled_in() -> None:
    visitor = asking()
    page = visitor.answer({"state": "nobody", "number": "", "ahead": 0, "wait_s": 0})
    assert isinstance(page, MessagePage) and "没有人" in page.title
    visitor.touch(Action.PROCEED)
    _call_back(visitor, queue=False)


def test_who_waits_too_long_is_offered_a_call_back_and_waits_no_more() -> None:
    visitor = asking()
    visitor.answer({**OPENED, "wait_s": 0})
    page = talking(visitor.page)
    assert page.state == "late" and visitor.screen.idle_after_s > 0
    visitor.touch(Action.PROCEED)
    assert told(visitor)["end"] is True and visitor.state.talk is None
    _call_back(visitor, queue=False)


def test_without_the_network_a_call_back_waits_to_be_delivered() -> None:
    _call_back(asking(online=False), queue=True)


def test_a_second_conversation_of_a_visit_is_a_call_back() -> None:
    visitor = asking()
    refusal = {"code": "consultOnce", "text": {"zh-CN": "已经对话过"}, "next_step": {}, "deadline": None}
    page = visitor.answer({"refusal": refusal})
    assert isinstance(page, MessagePage) and page.tone == "info"
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.page, FormPage)


def test_a_centre_that_is_silent_for_too_long_ends_it() -> None:
    visitor = taken(lines=[line(1)])
    for n in range(WITHOUT_ANSWER):
        reply(visitor, fault="unreachable")
        if n + 1 < WITHOUT_ANSWER:
            reply(visitor)
    assert talking(visitor.page).state == "ended"


def _call_back(visitor: Visitor, *, queue: bool) -> None:
    page = visitor.page
    assert isinstance(page, FormPage) and page.title == "我们给您回电"
    visitor.touch(Action.EDIT, "mobile")
    visitor.touch(Action.FILL, "mobile", "13912340031")
    visitor.touch(Action.EDIT, "slot")
    visitor.touch(Action.CHOOSE, "morning")
    assert isinstance(visitor.touch(Action.PROCEED), ReviewPage)
    visitor.touch(Action.PROCEED)
    data = {"topic": "house-car", "words": WORDS, "mobile": "13912340031", "slot": "morning"}
    assert visitor.asked == Submit("consult.call-back", data, queue=queue)
    answer = {"case": "71990026101200000025", "call_by": "2026-10-13", "key": "k", "queued": queue}
    visitor.answer(answer)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and page.reference == "71990026101200000025"


def test_the_conversation_is_found_again_from_the_home_screen() -> None:
    visitor = taken(lines=[line(1, "办税向导", "service", "tools.navigator")])
    visitor.touch(Action.CHOOSE, "open:tools.navigator")
    visitor.touch(Action.BACK)
    assert visitor.state.phase is Phase.HOME and isinstance(visitor.page, HomePage)
    visitor.touch(Action.OPEN, "consult.person")
    assert talking(visitor.page).state == "talking"
