"""A question, an answer or an idea on the public page: one's own by the slip's key, what is published by its number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bureau.ports.public import ContributionShown
from sync.models import AnswerShown
from tests.bureau.certificates import samples
from tests.bureau.public.conftest import KEY, Pages

NUMBER = "67990026101200000016"
ANSWER = AnswerShown(
    number="67990026101300000014",
    text={"zh-CN": "晚上八点。", "en-US": "At eight."},
    author_text={"zh-CN": "税务人员", "en-US": "A tax officer"},
    official=True,
    knowledge_on=date(2026, 10, 14),
    written_on=date(2026, 10, 13),
)
WAITING = ContributionShown(
    number=NUMBER,
    kind="question",
    topic={"zh-CN": "其他", "en-US": "Something else"},
    text={"zh-CN": "自助机几点关机？", "en-US": "When does it close?"},
    state="waiting",
    state_text={"zh-CN": "等待审核", "en-US": "Waits"},
    reason_text={},
    written_at=samples.ISSUED_AT,
    question={},
    answers=[],
    helped=0,
    stage_text={"zh-CN": "新建议", "en-US": "New"},
    votes_text={"zh-CN": "赞成 3 票", "en-US": "3 for"},
    reply={},
)


def test_what_waits_is_seen_by_who_has_the_slip_alone(pages: Pages) -> None:
    pages.register.contributions = {KEY: WAITING, NUMBER: WAITING}
    answer = pages.get(f"/h/{KEY}")
    assert answer.status_code == 200 and "自助机几点关机？" in answer.text and "等待审核" in answer.text
    assert "<script" not in answer.text
    assert pages.get(f"/h/{NUMBER}").status_code == 404
    assert pages.get("/h/nothing").status_code == 404


def test_what_is_published_shows_who_answered(pages: Pages) -> None:
    shown = replace(WAITING, state="published", answers=[ANSWER], helped=4)
    pages.register.contributions = {NUMBER: shown}
    text = pages.get(f"/h/{NUMBER}").text
    assert all(words in text for words in ("官方确认", "税务人员", "晚上八点。", "收入知识库", "<dd>4</dd>"))
    assert "Confirmed by officers" in pages.get(f"/h/{NUMBER}", "en").text


def test_what_is_refused_says_why_and_an_idea_its_state(pages: Pages) -> None:
    why = {"zh-CN": "与税费无关", "en-US": "Not about taxes"}
    idea = replace(
        WAITING, kind="idea", state="published", reply={"zh-CN": "<b>下月</b>起", "en-US": "Next month"}
    )
    pages.register.contributions = {KEY: replace(WAITING, state="refused", reason_text=why), NUMBER: idea}
    assert "与税费无关" in pages.get(f"/h/{KEY}").text
    text = pages.get(f"/h/{NUMBER}").text
    assert "赞成 3 票" in text and "&lt;b&gt;下月&lt;/b&gt;起" in text
