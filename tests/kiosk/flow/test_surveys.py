"""A survey at the terminal: question by question, there and back, once a visit, and from what was kept."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.effects import Ask, Submit
from kiosk.flow.events import Action, Outcome
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, MessagePage
from tests.kiosk.flow.visitor import CARD, Visitor

WORDS = {"zh-CN": "题目", "en-US": "Question"}
MOMENT = "2026-10-12T08:30:00+08:00"
KEY = "01940000-0000-7000-8000-000000000031"


def asks(name: str, kind: str, *options: str, most: int = 0, optional: bool = False) -> dict[str, Any]:
    named = [{"option": option, "title": {"zh-CN": option, "en-US": option}} for option in options]
    return {
        "question": name,
        "kind": kind,
        "ask": WORDS,
        "options": named,
        "most": most,
        "optional": optional,
    }


QUESTIONS = [
    asks("waiting", "one", "short", "long"),
    asks("better", "many", "time", "papers", "seats", most=2, optional=True),
    asks("more", "words", optional=True),
]
SURVEY = {
    "survey": "hall", "title": WORDS, "about": WORDS, "count_text": WORDS, "until": "2026-10-31", "questions": QUESTIONS,
}  # fmt: skip
ANSWER = {"as_of": MOMENT, "surveys": [SURVEY, {**SURVEY, "survey": "other"}]}


@pytest.fixture
def visitor() -> Visitor:
    made = Visitor().world()
    made.touch(Action.BEGIN)
    return made


def begun(visitor: Visitor, survey: str = "hall", **changed: Any) -> ChoosePage:
    """Up to the first question."""
    visitor.touch(Action.OPEN, "survey.take")
    assert visitor.asked == Ask("survey.list")
    page = visitor.answer({**ANSWER, "surveys": [{**SURVEY, **changed}, {**SURVEY, "survey": "other"}]})
    assert isinstance(page, ListPage)
    visitor.touch(Action.CHOOSE, survey)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ChoosePage)
    return page


def sent(visitor: Visitor) -> Submit:
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.kind == "survey.take"
    return effect


def test_each_question_has_a_page_and_the_answers_go_as_they_were_touched(visitor: Visitor) -> None:
    page = begun(visitor)
    assert (page.shape, page.action_enabled, page.note) == ("list", False, "第 1 题，共 3 题")
    visitor.touch(Action.CHOOSE, "long")
    visitor.touch(Action.CHOOSE, "short")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ChoosePage) and page.shape == "many" and page.action_enabled
    for option in ("time", "papers", "seats", "time", "nothing"):
        page = visitor.touch(Action.CHOOSE, option)
    assert isinstance(page, ChoosePage) and page.selected == ("papers",), "the third was one too many"
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and page.action == "提交问卷"
    visitor.touch(Action.EDIT, "more")
    visitor.touch(Action.FILL, "more", "打13912340007找我")
    visitor.touch(Action.PROCEED)
    effect = sent(visitor)
    assert not effect.queue
    answers = effect.data["answers"]
    assert isinstance(answers, list)
    assert answers[:2] == [
        {"question": "waiting", "options": ["short"], "words": ""},
        {"question": "better", "options": ["papers"], "words": ""},
    ]
    assert "13912340007" not in answers[2]["words"] and answers[2]["words"].startswith("打")
    page = visitor.answer({"state": "accepted", "key": KEY, "survey": "hall"})
    assert isinstance(page, DonePage) and page.qr == "" and page.stamp == "已提交"


def test_beyond_the_most_it_says_what_to_do(visitor: Visitor) -> None:
    begun(visitor)
    visitor.touch(Action.CHOOSE, "short")
    visitor.touch(Action.PROCEED)
    for option in ("time", "papers", "seats"):
        page = visitor.touch(Action.CHOOSE, option)
    assert isinstance(page, ChoosePage) and page.errors == ("最多选 2 项，请先取消一项",)


def test_what_may_be_passed_by_is_left_out_and_the_rest_is_not(visitor: Visitor) -> None:
    begun(visitor)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ChoosePage) and page.errors and page.note.startswith("第 1 题")
    visitor.touch(Action.CHOOSE, "short")
    for _ in range(3):
        visitor.touch(Action.PROCEED)
    assert sent(visitor).data["answers"] == [{"question": "waiting", "options": ["short"], "words": ""}]


def test_words_that_have_to_be_given_are_asked_for(visitor: Visitor) -> None:
    begun(visitor, questions=[asks("first", "one", "a", "b"), asks("more", "words")])
    visitor.touch(Action.CHOOSE, "a")
    visitor.touch(Action.PROCEED)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and page.rows[0].error == "请至少写 2 个字" and page.focused == "more"
    visitor.touch(Action.FILL, "more", "很好")
    visitor.touch(Action.PROCEED)
    assert sent(visitor)


def test_the_way_back_leads_through_the_questions(visitor: Visitor) -> None:
    begun(visitor)
    visitor.touch(Action.CHOOSE, "long")
    visitor.touch(Action.PROCEED)
    page = visitor.touch(Action.BACK)
    assert isinstance(page, ChoosePage) and page.selected == ("long",)
    visitor.touch(Action.BACK)
    assert visitor.asked == Ask("survey.list"), "the list of surveys is asked for anew"


def finish(visitor: Visitor) -> None:
    visitor.touch(Action.CHOOSE, "short")
    for _ in range(3):
        visitor.touch(Action.PROCEED)
    visitor.answer({"state": "accepted", "key": KEY, "survey": "hall"})


def test_once_a_visit_and_another_one_at_once(visitor: Visitor) -> None:
    begun(visitor)
    finish(visitor)
    visitor.touch(Action.SECOND, "another")
    visitor.touch(Action.OPEN, "survey.take")
    visitor.answer(ANSWER)
    visitor.touch(Action.CHOOSE, "hall")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, MessagePage) and page.title == "这份问卷您已经填过了"
    visitor.touch(Action.PROCEED)
    assert begun(visitor, "other").note == "第 1 题，共 3 题"
    visitor.touch(Action.LEAVE)
    visitor.world().touch(Action.BEGIN)
    visitor.touch(Action.BEGIN)
    assert begun(visitor).note == "第 1 题，共 3 题", "whoever comes next has answered nothing"


def test_a_refused_answer_may_be_given_again(visitor: Visitor) -> None:
    begun(visitor)
    visitor.touch(Action.CHOOSE, "short")
    for _ in range(3):
        visitor.touch(Action.PROCEED)
    no = {"code": "surveyClosed", "text": WORDS, "next_step": WORDS}
    assert isinstance(visitor.answer({"state": "refused", "refusal": no}), MessagePage)
    visitor.touch(Action.PROCEED)
    assert begun(visitor).note == "第 1 题，共 3 题"


def test_without_the_network_it_is_answered_from_what_was_kept_and_delivered_later(visitor: Visitor) -> None:
    visitor.world(online=False)
    visitor.touch(Action.OPEN, "survey.take")
    waiting = [i for i in visitor.issued if i.id in visitor.state.waiting]
    assert waiting[-1].cached
    visitor._step(Outcome(waiting[-1].id, ANSWER, kept_at=MOMENT))
    visitor.touch(Action.CHOOSE, "hall")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.CHOOSE, "short")
    for _ in range(3):
        visitor.touch(Action.PROCEED)
    assert sent(visitor).queue
    page = visitor.answer({"queued": True, "key": KEY})
    assert isinstance(page, DonePage) and page.stamp == "已收到" and page.qr == ""


def test_whoever_is_signed_in_answers_in_a_visit_of_nobody(visitor: Visitor) -> None:
    visitor.sign_in("query.due")
    person = visitor.state.visit
    assert visitor.state.person is not None and CARD["number"] in str(visitor.state.person)
    visitor.touch(Action.BACK)
    while visitor.state.service is not None:
        visitor.touch(Action.BACK)
    visitor.touch(Action.OPEN, "survey.take")
    assert visitor.state.person is None and visitor.state.visit != person
    assert all(i.subject["person"] is None for i in visitor.issued if i.visit == visitor.state.visit)
