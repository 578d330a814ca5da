"""An officer reads, publishes, answers and sets aside what taxpayers asked and proposed, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bureau.engine.mutual import moderating
from bureau.engine.mutual.contributing import Given, take
from bureau.engine.queue.visitors import Visitor
from bureau.officers.roles import Role
from bureau.ports.mutual import Contribution, Kind
from kiosk.domain.ids import uuid7
from tests.bureau.console.conftest import Console, Staff, press, shot

pytestmark = pytest.mark.timeout(180)
"""A browser beside three other workers on two processors."""


@pytest.fixture(autouse=True, scope="module")
def _officer(console: Console) -> None:
    console.officer("zhou-yan", "周燕", Role.MODERATION)


def _given(console: Console, kind: Kind, text: str, about: str = "") -> str:
    """Something that somebody has just given; its number."""
    key = uuid7()
    with console.system.write("A-07") as work:
        given = Given(kind, "other", text, "zh-CN", about=about)
        return take(work.core, Visitor(key, frozenset({key}), None), given, key).number


def _now(console: Console, number: str) -> Contribution:
    with console.system.read() as work:
        return moderating.seen(work.core, number).contribution


def test_a_question_is_published_in_better_words_and_answered(console: Console, staff: Staff) -> None:
    page = staff.at("/mutual", "zhou-yan")
    number = _given(console, "question", "自助机几点关机阿，我的手机是 13912340007")
    expect(page.locator("tbody")).to_contain_text(number, timeout=10_000)
    page = staff.at(f"/mutual/{number}", "zhou-yan")
    expect(page.locator(".page")).not_to_contain_text("13912340007")
    page.get_by_label("中文", exact=True).fill("自助终端几点关机？打 13912340007")
    page.get_by_text("发票", exact=True).click()
    shot(page, "question")
    press(page, "公布")
    expect(page.locator(".timeline")).to_contain_text("zhou-yan 公布（改了文字）")
    expect(page.locator(".facts").first).to_contain_text("自助终端几点关机？")
    assert (_now(console, number).state, _now(console, number).topic) == ("published", "invoice")
    assert "13912340007" not in str(_now(console, number).text), (
        "what an officer writes is put out of sight too"
    )
    page.get_by_label("中文", exact=True).fill("晚上八点。")
    press(page, "代表本局回答", sure=True)
    expect(page.locator(".rows")).to_contain_text("官方确认")
    page.locator(".rows a").first.click()
    press(page, "收进知识")
    expect(page.locator(".timeline")).to_contain_text("收进知识")
    acts = [one for one in console.acts_of(number) if one[2] == "done"]
    assert acts == [("zhou-yan", "mutual.publish", "done"), ("zhou-yan", "mutual.answer", "done")]


def test_an_answer_waits_for_its_question_and_is_confirmed(console: Console, staff: Staff) -> None:
    question = _given(console, "question", "印花税怎么报？")
    answer = _given(console, "answer", "按季申报。", about=question)
    page = staff.at(f"/mutual/{answer}", "zhou-yan")
    expect(page.locator(".decide")).to_contain_text("请先公布那个问题")
    press(page, "公布")
    expect(page.locator(".q-notification")).to_contain_text("它回答的问题还没有公布")
    assert console.acts_of(answer)[-1] == ("zhou-yan", "mutual.publish", "refused")
    with console.system.write() as work:
        moderating.publish(work.core, question, "zhou-yan")
    page = staff.at(f"/mutual/{answer}", "zhou-yan")
    press(page, "公布")
    press(page, "确认回答正确")
    expect(page.locator(".timeline")).to_contain_text("zhou-yan 确认")
    assert _now(console, answer).confirmed_at is not None


def test_an_idea_is_declined_with_a_reason_alone(console: Console, staff: Staff) -> None:
    with console.system.read() as work:
        idea = next(one for one in work.core.mutual.listed("idea", ["published"], 50) if one.stage == "new")
    page = staff.at(f"/mutual/{idea.number}", "zhou-yan")
    page.locator(".decide").get_by_text("未采纳", exact=True).click()
    press(page, "答复建议")
    expect(page.locator(".q-notification")).to_contain_text("不采纳的，请写理由")
    page.get_by_label("中文（不采纳的要写理由）").fill("场地不够，明年改造时一并考虑。")
    press(page, "答复建议")
    expect(page.locator(".timeline")).to_contain_text("zhou-yan 答复进度：未采纳")
    assert _now(console, idea.number).reply["zh-CN"].startswith("场地不够")


def test_the_same_idea_is_merged_and_a_report_is_set_aside(console: Console, staff: Staff) -> None:
    with console.system.read() as work:
        (into, *_) = work.core.mutual.listed("idea", ["published"], 1)
    same = _given(console, "idea", "打印时显示剩余页数")
    page = staff.at(f"/mutual/{same}", "zhou-yan")
    page.get_by_label("并到哪一条").fill(same)
    press(page, "合并", sure=True)
    expect(page.locator(".q-notification")).to_contain_text("不能和自己合并")
    page = staff.at(f"/mutual/{same}", "zhou-yan")
    page.get_by_label("并到哪一条").fill(into.number)
    press(page, "合并", sure=True)
    expect(page.locator(".timeline")).to_contain_text(f"zhou-yan 合并到：{into.number}")
    report = _given(console, "question", "我要举报我们老板不开发票")
    page = staff.at(f"/mutual/{report}", "zhou-yan")
    expect(page.locator(".lead")).to_contain_text("像是在举报别人")
    page.locator(".decide").get_by_text("这是对他人的举报").click()
    press(page, "不公布", sure=True)
    expect(page.locator(".timeline")).to_contain_text("zhou-yan 不公布：这是对他人的举报")
    assert (_now(console, same).state, _now(console, report).reason) == ("merged", "tip-off")
    page = staff.at("/mutual?tab=aside", "zhou-yan")
    expect(page.locator("tbody")).to_contain_text(report)
