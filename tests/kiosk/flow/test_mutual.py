"""Mutual help at the terminal: read, compared with before one writes, written with personal data out of sight."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.consult_pages import ConsultPage
from kiosk.flow.effects import Ask, LookUp, ReadDocument, Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import DonePage, FormPage, MessagePage, Page, ReviewPage, WorkingPage
from kiosk.flow.state import Phase
from tests.kiosk.flow.visitor import CARD, Visitor

FIRST, SECOND = "67990026100100000012", "67990026100200000010"
WORDS = "滞纳金从哪天算，电话13912340007"


def both(text: str) -> dict[str, str]:
    return {"zh-CN": text, "en-US": f"<{text}>"}


def answer(text: str, *, official: bool = False, knowledge_on: str | None = None) -> dict[str, Any]:
    return {
        "number": "67990026100300000018",
        "text": both(text),
        "author_text": both("税务人员" if official else "其他纳税人"),
        "official": official,
        "knowledge_on": knowledge_on,
        "written_on": "2026-09-20",
    }


def question(
    number: str, text: str, *answers: dict[str, Any], topic: str = "declare", helped: int = 0
) -> dict[str, Any]:
    return {
        "number": number,
        "topic": topic,
        "topic_text": both(topic),
        "text": both(text),
        "asked_on": "2026-09-18",
        "helped": helped,
        "answers": list(answers),
    }


PUBLISHED = {
    "as_of": "2026-10-12T01:40:00Z",
    "questions": [
        question(
            FIRST,
            "从哪天算？",
            answer("次日起。", official=True, knowledge_on="2026-09-22"),
            answer("我也问过"),
            helped=3,
        ),
        question(SECOND, "发票丢了？", topic="invoice"),
    ],
}
IDEAS = {
    "rows": [
        {
            "number": FIRST, "topic": "terminal", "topic_text": both("终端"), "text": both("字大一点"),
            "proposed_on": "2026-09-01", "stage": "taken-up", "stage_text": both("已采纳"), "reply": both("下月起"),
            "votes_for": 3, "votes_against": 1, "votes_text": both("3 比 1"), "mine": "none", "mine_text": {}, "open": True,
        },
        {
            "number": SECOND, "topic": "hall", "topic_text": both("大厅"), "text": both("字大些"),
            "proposed_on": "2026-09-01", "stage": "done", "stage_text": both("已实现"), "reply": {},
            "votes_for": 3, "votes_against": 1, "votes_text": both("3 比 1"), "mine": "none", "mine_text": {}, "open": False,
        },
    ]
}  # fmt: skip
NOTHING: dict[str, Any] = {
    "state": "unsure", "why": "unknown", "where": {}, "service": None, "entries": (), "as_of": "", "day": "2026-10-12",
}  # fmt: skip


def shown(page: Page) -> ConsultPage:
    assert isinstance(page, ConsultPage), page
    return page


def ways(page: Page) -> list[str]:
    return [way.id for group in shown(page).groups for way in group.choices]


def browsing(topic: str = "all", words: str = "", *, online: bool = True) -> Visitor:
    visitor = Visitor().world(online=online)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "help.browse")
    visitor.touch(Action.EDIT, "topic")
    visitor.touch(Action.CHOOSE, topic)
    if words:
        visitor.touch(Action.EDIT, "words")
        visitor.touch(Action.FILL, "words", words)
    visitor.touch(Action.PROCEED)
    return visitor


def signed_in(service: str, *, online: bool = True) -> Visitor:
    """By card, which is asked for at once where no code can come."""
    visitor = Visitor().world(online=online)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, service)
    if online:
        visitor.touch(Action.SECOND, "card")
    assert isinstance(visitor.asked, ReadDocument)
    visitor.answer(CARD)
    return visitor


def writing(service: str, topic: str, words: str = WORDS, *, online: bool = True) -> Visitor:
    visitor = signed_in(service, online=online)
    visitor.touch(Action.EDIT, "topic")
    visitor.touch(Action.CHOOSE, topic)
    visitor.touch(Action.EDIT, "words")
    visitor.touch(Action.FILL, "words", words)
    visitor.touch(Action.PROCEED)
    return visitor


def test_questions_of_a_topic_are_read_with_who_says_what() -> None:
    visitor = browsing("declare")
    assert visitor.asked == Ask("help.published")
    page = shown(visitor.answer(PUBLISHED))
    assert ways(page) == [FIRST, "help.ask"] and page.groups[0].choices[0].tags == (
        "官方确认",
        "2 个回答",
        "帮到 3 人",
    )
    read = shown(visitor.touch(Action.CHOOSE, FIRST))
    assert read.title == "从哪天算？"
    assert read.paragraphs[0] == "【官方确认】税务人员，2026年9月20日\n次日起。\n2026年9月22日 收入知识库"
    assert read.paragraphs[1].startswith("【其他纳税人的回答，未经官方确认】")
    assert ("觉得有帮助", "3 人") in read.facts and ("编号", FIRST) in read.facts
    assert ways(visitor.touch(Action.BACK)) == [FIRST, "help.ask"]


def test_words_are_looked_for_among_what_is_published_alone() -> None:
    visitor = browsing(words="滞纳金")
    visitor.answer(PUBLISHED)
    asked = visitor.asked
    assert isinstance(asked, LookUp) and [name for name, _ in asked.among] == [FIRST, SECOND]
    assert "次日起。" in asked.among[0][1] and "滞纳金" not in repr(asked)
    entries = ({"id": "7"},)
    assert ways(visitor.answer({**NOTHING, "state": "answered", "entries": entries, "among": (SECOND,)})) == [
        SECOND,
        "help.ask",
    ]


def test_thanks_are_sent_once_and_counted_at_once() -> None:
    visitor = browsing()
    visitor.answer(PUBLISHED)
    visitor.touch(Action.CHOOSE, FIRST)
    page = shown(visitor.touch(Action.SECOND, "helped"))
    assert visitor.asked == Submit("help.thank", {"question": FIRST}, queue=True)
    assert page.second is None and ("觉得有帮助", "4 人") in page.facts and page.confirmed
    assert visitor.answer({"queued": True, "key": "k"}) == page
    visitor.touch(Action.BACK)
    assert shown(visitor.touch(Action.CHOOSE, SECOND)).second is None, (
        "nobody has answered: nothing to thank for"
    )
    assert isinstance(visitor.touch(Action.PROCEED), DonePage)


def test_nothing_found_says_so_and_leads_to_asking() -> None:
    visitor = browsing(words="滞纳金")
    visitor.answer(PUBLISHED)
    page = shown(visitor.answer({**NOTHING, "among": ()}))
    assert (page.state, page.title, ways(page)) == ("unsure", "没有找到", ["help.ask"])
    visitor.touch(Action.CHOOSE, "help.ask")
    assert isinstance(visitor.page, FormPage) and visitor.state.service is not None
    assert visitor.state.service.service.id == "help.ask"


def test_what_is_answered_already_is_shown_before_a_question_is_sent() -> None:
    visitor = writing("help.ask", "declare")
    assert visitor.asked == Ask("help.published")
    visitor.answer(PUBLISHED)
    assert isinstance(visitor.asked, LookUp) and visitor.asked.words == "滞纳金从哪天算，电话[电话]"
    page = shown(visitor.answer({**NOTHING, "among": (SECOND, FIRST)}))
    assert ways(page) == [FIRST], "one without an answer helps nobody"
    visitor.touch(Action.CHOOSE, FIRST)
    message = visitor.touch(Action.SECOND, "solved")
    assert isinstance(message, MessagePage) and "没有提交" in message.title
    visitor.touch(Action.PROCEED)
    assert visitor.state.phase is Phase.HOME


@pytest.mark.parametrize("online", [True, False])
def test_a_question_goes_out_as_it_was_shown(online: bool) -> None:
    visitor = writing("help.ask", "declare", online=online)
    if online:
        visitor.answer(PUBLISHED)
    visitor.answer({**NOTHING, "among": ()})
    page = visitor.page
    assert isinstance(page, ReviewPage), "nothing is near: nobody is held up"
    assert "滞纳金从哪天算，电话[电话]" in [row.value for row in page.sections[0].rows]
    visitor.touch(Action.PROCEED)
    data = {"topic": "declare", "text": "滞纳金从哪天算，电话[电话]"}
    assert visitor.asked == Submit("help.ask", data, queue=not online)


def test_who_reports_somebody_is_told_where_and_may_go_on() -> None:
    visitor = writing("help.ask", "other", "我要举报楼下的饭店")
    visitor.answer(PUBLISHED)
    page = shown(visitor.answer({**NOTHING, "among": ()}))
    assert any("12366" in said for said in page.paragraphs)
    assert isinstance(visitor.touch(Action.PROCEED), ReviewPage)


def test_the_network_that_goes_just_then_holds_nobody_up() -> None:
    visitor = writing("help.ask", "declare")
    visitor.answer(fault="unreachable")
    assert isinstance(visitor.page, WorkingPage) and isinstance(visitor.asked, LookUp)
    visitor.answer({**NOTHING, "among": ()})
    assert isinstance(visitor.page, ReviewPage) and visitor.state.offline


def test_somebody_with_the_same_idea_votes_instead() -> None:
    visitor = writing("ideas.submit", "terminal", "字太小了")
    assert visitor.asked == Ask("ideas.list")
    visitor.answer(IDEAS)
    page = shown(visitor.answer({**NOTHING, "among": (SECOND, FIRST)}))
    assert ways(page) == [SECOND, FIRST]
    done = shown(visitor.touch(Action.CHOOSE, SECOND))
    assert done.second is None and ("进展", "已实现") in done.facts, (
        "what is done is read, and voted on no more"
    )
    visitor.touch(Action.SECOND, "vote")
    assert visitor.page == done
    visitor.touch(Action.BACK)
    read = shown(visitor.touch(Action.CHOOSE, FIRST))
    assert read.paragraphs == ("税务机关的答复：下月起",) and ("进展", "已采纳") in read.facts
    visitor.touch(Action.SECOND, "vote")
    assert visitor.state.service is not None and visitor.state.service.service.id == "ideas.vote"
    assert visitor.asked == Ask("ideas.list"), "who laid a card is not asked again"


def test_without_network_an_idea_is_compared_with_nothing() -> None:
    assert isinstance(writing("ideas.submit", "terminal", "字太小了", online=False).page, ReviewPage)


def test_without_network_and_reader_nobody_can_say_who_they_are() -> None:
    visitor = Visitor().world(online=False, idReader=False)
    visitor.touch(Action.BEGIN)
    page = visitor.touch(Action.OPEN, "help.ask")
    assert isinstance(page, MessagePage) and page.title == "断网时要用身份证"


def test_a_code_that_cannot_be_sent_leads_to_the_card() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "help.ask")
    visitor.touch(Action.FILL, "mobile", "13912340007")
    visitor.touch(Action.PROCEED)
    visitor.answer(fault="unreachable")
    assert isinstance(visitor.asked, ReadDocument) and visitor.state.offline
