"""A notice and another version of an answer are written by one officer and decided by another, in a real browser."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bureau.console.worklists.pages import PAGE
from bureau.engine.knowledge import showing
from bureau.engine.laws import laws
from bureau.officers.roles import Role
from config.catalogue.models import Format
from config.clock import CHINA
from kiosk.domain.formatting import format_value
from tests.bureau.console.conftest import Console, Staff, press, shot

pytestmark = pytest.mark.timeout(180)
"""A browser beside three other workers on two processors."""


@pytest.fixture(autouse=True, scope="module")
def _officers(console: Console) -> None:
    console.officer("bai-xue", "白雪", Role.KNOWLEDGE)
    console.officer("tian-fu", "田夫", Role.PUBLISHING)


def _days(console: Console) -> tuple[str, str]:
    """Today, and a day of the week after."""
    with console.system.read() as work:
        day = work.core.now.astimezone(CHINA).date()
    return day.isoformat(), (day + timedelta(days=7)).isoformat()


def _fetched(console: Console) -> dict[str, str]:
    """What every terminal gets: by title or question what is said, in Chinese."""
    with console.system.read() as work:
        found = showing.edited(work.core)
    notices = {one.title["zh-CN"]: one.text["zh-CN"] for one in found.notices}
    return notices | {one.question["zh-CN"]: one.answer["zh-CN"] for one in found.answers}


def test_a_notice_is_written_seen_as_a_terminal_shows_it_published_and_withdrawn(
    console: Console, staff: Staff
) -> None:
    first, last = _days(console)
    page = staff.at("/knowledge", "bai-xue")
    form = page.locator(".decide", has_text="写一条公告")
    told = {
        "标题（中文）": "电梯检修", "标题（英文）": "The lift is repaired", "内容（中文）": "请走楼梯",
        "内容（英文）": "Please take the stairs", "第一天": first, "最后一天": first,
    }  # fmt: skip
    for label, value in told.items():
        form.get_by_label(label, exact=True).fill(value)
    form.get_by_label("第一天").fill(last)
    press(page, "写一条公告")
    expect(page.locator(".q-notification").last).to_contain_text("最后一天不能早于第一天")
    form.get_by_label("第一天").fill(first)
    form.get_by_label("最后一天").fill(last)
    press(page, "写一条公告")
    row = page.locator("tbody tr", has_text="电梯检修")
    expect(row).to_contain_text("待发布")
    number = row.locator("a").inner_text()
    own = staff.at(f"/knowledge/{number}", "bai-xue")
    expect(own.locator(".lead").first).to_contain_text("要由另一位")
    expect(own.locator(".decide")).to_have_count(0)
    assert "电梯检修" not in _fetched(console)
    page = staff.at(f"/knowledge/{number}", "tian-fu")
    expect(page.locator(".terminal[lang=en-US]").first).to_contain_text("Please take the stairs")
    expect(page.locator(".terminal[lang=zh-CN]").first).to_contain_text("《电梯检修》第 1 节")
    expect(page.locator(".terminal[lang=zh-CN]").last).to_contain_text("通知公告：请走楼梯")
    shot(page, "notice-proposed")
    press(page, "发布", sure=True)
    expect(page.locator(".timeline")).to_contain_text("tian-fu 发布")
    assert _fetched(console)["电梯检修"] == "请走楼梯"
    own = staff.at(f"/knowledge/{number}", "bai-xue")
    own.get_by_label("理由（中文）").fill("修好了")
    own.get_by_label("理由（英文）").fill("It is repaired")
    press(own, "撤下", sure=True)
    expect(own.locator(".timeline")).to_contain_text("bai-xue 撤下")
    assert "电梯检修" not in _fetched(console)
    acts = [one for one in console.acts_of(number) if one[2] == "done"]
    assert acts == [("tian-fu", "knowledge.publish", "done"), ("bai-xue", "knowledge.withdraw", "done")]


def test_the_answers_of_the_release_are_looked_through_and_searched(console: Console, staff: Staff) -> None:
    page = staff.at("/knowledge?tab=library", "bai-xue")
    count = len(laws().answers)
    expect(page.locator("tbody tr")).to_have_count(PAGE)
    expect(page.locator(".pager")).to_contain_text(f"共 {math.ceil(count / PAGE)} 页（{count} 条）")
    page.get_by_text("下一页").click()
    expect(page.locator("tbody tr").first).to_contain_text(sorted(laws().answers)[PAGE])
    expect(page.get_by_text("上一页")).to_be_visible()
    page.goto(f"{console.url}/knowledge?tab=library&page=999999")
    expect(page.locator("tbody tr").last).to_contain_text(max(laws().answers))
    expect(page.get_by_text("下一页")).to_have_count(0)
    page.get_by_label("标题或内容里的词").fill("MAX CARDS")
    page.get_by_text("查找").click()
    expect(page.locator(".empty")).to_have_text("没有一条里有“MAX CARDS”。")
    page.get_by_label("标题或内容里的词").fill("CASH  三种")
    page.get_by_text("查找").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody tr a").click()
    expect(page).to_have_url(f"{console.url}/knowledge/pay-how")


def test_an_answer_of_the_release_is_answered_otherwise_and_a_new_one_is_written(
    console: Console, staff: Staff
) -> None:
    first, _ = _days(console)
    page = staff.at("/knowledge/pay-how", "bai-xue")
    text = page.get_by_label("回答（中文）")
    expect(text).to_have_value(
        "终端上三种：手机扫屏幕上的码、亮付款码给机器扫、插银行卡。终端不收现金，要付现金请到窗口。"
    )
    expect(page.get_by_label("能办的服务（写服务名称）")).not_to_have_value("")
    text.fill("终端上只收码和卡。")
    page.get_by_label("出处（一行一个：名称或文号，空一格，条号）").fill("没有的法 3")
    press(page, "换一种回答")
    expect(page.locator(".q-notification").last).to_contain_text("出处第 1 行")
    page.get_by_label("出处（一行一个：名称或文号，空一格，条号）").fill("pay-guide 1")
    press(page, "换一种回答")
    expect(page.locator(".facts").first).to_contain_text("待发布的新回答")
    expect(page.get_by_role("button", name="换一种回答")).to_have_count(0)
    waiting = staff.at("/knowledge", "bai-xue").locator("tbody tr", has_text="缴税能用")
    expect(waiting).to_contain_text("待发布")
    with console.system.read() as work:
        (entry, *_) = work.core.knowledge.entries()
    assert (entry.name, entry.since.isoformat(), entry.state) == ("pay-how", first, "proposed")
    assert entry.service == "pay.due" and len(entry.also["zh-CN"]) > 3, "what was not touched stays"
    page = staff.at(f"/knowledge/{entry.number}", "tian-fu")
    expect(page.locator(".terminal[lang=zh-CN]")).to_contain_text("终端上只收码和卡。")
    expect(page.locator(".terminal[lang=en-US]")).to_contain_text(
        f"from {format_value(Format.DATE, first, None, 'en-US')}"
    )
    expect(page.locator(".page")).to_contain_text("终端不收现金，要付现金请到窗口。")
    shot(page, "answer-proposed")
    press(page, "发布", sure=True)
    expect(page.locator(".timeline")).to_contain_text("tian-fu 发布")
    assert "终端上只收码和卡。" in _fetched(console).values()
    page = staff.at("/knowledge", "bai-xue")
    form = page.locator(".decide", has_text="写一条新问答")
    told = {
        "短名（小写字母、数字、-）": "pay-how", "问题（中文）": "能付美元吗？", "问题（英文）": "May I pay in dollars?",
        "回答（中文）": "不能，只收人民币。", "回答（英文）": "No, in yuan alone.", "第一天": first,
        "出处（照上面的样子写，一行一个）": "pay-guide 1", "能办的服务（写服务名称）": "付美元",
    }  # fmt: skip
    for label, value in told.items():
        form.get_by_label(label, exact=True).fill(value)
    press(page, "写一条新问答")
    expect(page.locator(".q-notification").last).to_contain_text("已经有叫 pay-how 的问答")
    form.get_by_label("短名（小写字母、数字、-）").fill("pay-dollars")
    press(page, "写一条新问答")
    expect(page.locator(".q-notification").last).to_contain_text("没有这个服务")
    form.get_by_label("能办的服务（写服务名称）").fill("")
    press(page, "写一条新问答")
    expect(page.locator("tbody tr", has_text="能付美元吗？")).to_contain_text("待发布")
