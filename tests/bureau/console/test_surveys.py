"""A survey is proposed by one officer and published by another, in a real browser; terminals ask it from then on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bureau.engine.surveys import counting, publishing, taking
from bureau.officers.roles import Role
from config.clock import CHINA
from tests.bureau.console.conftest import Console, Staff, press, shot
from tests.bureau.engine.test_survey_writing import WRITTEN

pytestmark = pytest.mark.timeout(180)
"""A browser beside three other workers on two processors."""
QUESTIONS = "问题（照上面的样子写）"


@pytest.fixture(autouse=True, scope="module")
def _officers(console: Console) -> None:
    console.officer("su-he", "苏禾", Role.SURVEYS)
    console.officer("mei-ting", "梅婷", Role.PUBLISHING)


def _asked(console: Console) -> dict[str, list[str]]:
    """What every terminal asks now: each survey's questions."""
    with console.system.read() as work:
        running = taking.running(work.core).surveys
    return {one.survey: [asked.ask["zh-CN"] for asked in one.questions] for one in running}


def test_one_proposes_another_publishes_and_it_is_ended_early(console: Console, staff: Staff) -> None:
    page = staff.at("/surveys", "su-he")
    with console.system.read() as work:
        day = work.core.now.astimezone(CHINA).date().isoformat()
    told = {
        "短名（小写字母、数字、-）": "The door", "标题（中文）": "大厅的门", "标题（英文）": "The door",
        "说明（中文）": "换不换自动门", "说明（英文）": "Whether to have an automatic one",
        "第一天": day, "最后一天": day, QUESTIONS: WRITTEN.replace("单选 门重吗？ | Is", "单选 门重吗？ Is"),
    }  # fmt: skip
    for label, value in told.items():
        page.get_by_label(label, exact=True).fill(value)
    press(page, "提出问卷")
    expect(page.locator(".q-notification").last).to_contain_text("填得不对")
    page.get_by_label("短名（小写字母、数字、-）").fill("door")
    press(page, "提出问卷")
    expect(page.locator(".q-notification").last).to_contain_text("第 1 行：请写成")
    page.get_by_label(QUESTIONS, exact=True).fill(WRITTEN.strip())
    press(page, "提出问卷")
    expect(page.locator("tbody tr", has_text="door")).to_contain_text("待发布")
    own = staff.at("/surveys/door", "su-he")
    expect(own.locator(".lead")).to_contain_text("要由另一位")
    expect(own.locator(".decide")).to_have_count(0)
    assert "door" not in _asked(console)
    page = staff.at("/surveys/door", "mei-ting")
    expect(page.locator(".rows").last).to_contain_text("多选，最多 2 项，可不答")
    shot(page, "survey-proposed")
    press(page, "发布", sure=True)
    expect(page.locator(".timeline")).to_contain_text("mei-ting 发布")
    assert _asked(console)["door"] == ["门重吗？", "怎么改？", "还有呢？"]
    own = staff.at("/surveys/door", "su-he")
    expect(own.locator(".page")).to_contain_text("已有 0 人次作答")
    own.get_by_label("理由（中文）").fill("门已经换了")
    own.get_by_label("理由（英文）").fill("There is another door")
    press(own, "提前结束", sure=True)
    expect(own.locator(".timeline")).to_contain_text("su-he 提前结束：门已经换了")
    assert "door" not in _asked(console)
    acts = [one for one in console.acts_of("door") if one[2] == "done"]
    assert acts == [("mei-ting", "survey.publish", "done"), ("su-he", "survey.close", "done")]
    proposed = next(one for one in console.trail.latest(officer="su-he") if one.act == "survey.propose")
    assert proposed.phase == "done"


def test_who_sees_results_stands_with_the_survey(console: Console, staff: Staff) -> None:
    page = staff.at("/surveys/hall-service", "su-he")
    with console.system.write() as work:
        found = counting.results(work.core, "hall-service", "test")
        looks = [e.officer for e in publishing.history(work.core, "hall-service") if e.did == "read"]
    assert "su-he" in looks
    first = page.locator(".rows", has_text="没有等").first
    expect(first).to_contain_text(f"全部（{found.questions[0].replied} 人答）")
    expect(first.locator("tbody tr").first.locator("td").nth(1)).to_have_text(
        str(found.questions[0].chosen["none"])
    )
    expect(page.locator(".page")).to_contain_text("字再大一点就好了")
