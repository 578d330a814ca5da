"""Officers of complaints and of tip-offs at work in a real browser, each at their own list."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from bureau.officers.roles import Role
from bureau.ports.feedback import FeedbackCase
from bureau.store import tables
from tests.bureau.console.conftest import Console, Staff, press, shot

pytestmark = pytest.mark.timeout(180)
"""A browser beside three other workers on two processors."""


@pytest.fixture(autouse=True, scope="module")
def _officers(console: Console) -> None:
    console.officer("zhao-min", "赵敏", Role.COMPLAINTS)
    console.officer("sun-wei", "孙伟", Role.COMPLAINTS)
    console.officer("qian-yi", "钱一", Role.TIP_OFFS)


def _case(console: Console, number: str) -> FeedbackCase:
    with console.system.read() as work:
        case = work.core.feedback.case(number)
    assert case is not None
    return case


def test_what_is_overdue_stands_first_and_a_new_one_comes_by_itself(console: Console, staff: Staff) -> None:
    late = console.complain(-2)
    page = staff.at("/complaints", "zhao-min")
    expect(page.locator("tbody tr").first).to_contain_text("逾期")
    expect(page.locator("tbody")).to_contain_text(late)
    new = console.complain(2)
    expect(page.locator("tbody")).to_contain_text(new, timeout=10_000)
    expect(page.locator("tbody tr", has_text=new)).to_contain_text("个工作日")
    shot(page, "complaints")
    today = staff.at("/", "zhao-min")
    expect(today.locator("tbody tr", has_text="投诉")).to_contain_text("投诉")
    expect(today.locator("tbody")).not_to_contain_text("检举")


def test_a_complaint_is_taken_up_passed_on_answered_and_told(console: Console, staff: Staff) -> None:
    number = console.complain(1, mobile="13912340077")
    page = staff.at(f"/complaints/{number}", "zhao-min")
    expect(page.locator(".facts").first).to_contain_text("问材料时不耐烦")
    expect(page.locator(".facts").first).to_contain_text("139****0077")
    expect(page.locator(".page")).not_to_contain_text("13912340077")
    press(page, "受理")
    expect(page.locator(".timeline")).to_contain_text("zhao-min 受理")
    press(page, "转办")
    expect(page.locator(".q-notification")).to_contain_text("请填写“承办单位”")
    page.get_by_label("承办单位").fill("书院税务所")
    page.get_by_label("理由（留在卷里）").fill("属地办理")
    press(page, "转办")
    expect(page.locator(".timeline")).to_contain_text("zhao-min 转办：属地办理")
    page.get_by_label("查明了什么").fill("已核实，并向您致歉。")
    shot(page, "complaint")
    press(page, "答复", sure=True)
    expect(page.locator(".timeline")).to_contain_text("zhao-min 答复：已核实，并向您致歉。")
    expect(page.locator(".decide")).to_have_count(0)
    case = _case(console, number)
    assert (case.state, case.unit) == ("answered", "书院税务所")
    done = [
        ("zhao-min", f"complaint.{act}", how)
        for act in ("accept", "transfer", "answer")
        for how in ("begun", "done")
    ]
    assert console.acts_of(number) == done
    with console.database.read() as connection:
        told = (
            connection.execute(select(tables.sms.c.text).where(tables.sms.c.mobile == "13912340077"))
            .scalars()
            .all()
        )
    assert any("已有答复" in one for one in told) and not any("致歉" in one for one in told)
    page = staff.at("/complaints?tab=decided", "zhao-min")
    expect(page.locator("tbody")).to_contain_text(number)


def test_a_later_day_takes_two_officers(console: Console, staff: Staff) -> None:
    number = console.complain(1)
    page = staff.at(f"/complaints/{number}", "zhao-min")
    press(page, "受理")
    page.get_by_label("为什么要延").fill("要调监控")
    press(page, "申请延期")
    expect(page.locator(".timeline")).to_contain_text("zhao-min 申请延期：要调监控")
    expect(page.get_by_role("button", name="同意延期")).to_have_count(0)
    before = _case(console, number).answer_by
    other = staff.at(f"/complaints/{number}", "sun-wei")
    press(other, "同意延期", sure=True)
    expect(other.locator(".timeline")).to_contain_text("zhao-min 申请、sun-wei 同意延期")
    assert _case(console, number).answer_by > before
    assert console.acts_of(number)[-1] == ("sun-wei", "complaint.extend", "done")


def test_nobody_decides_what_has_changed_since_they_saw_it(console: Console, staff: Staff) -> None:
    number = console.complain(1)
    stale = staff.at(f"/complaints/{number}", "zhao-min")
    other = staff.at(f"/complaints/{number}", "sun-wei")
    other.get_by_text("同一件事已经办结").click()
    press(other, "不予受理", sure=True)
    expect(other.locator(".timeline")).to_contain_text("sun-wei 不予受理：同一件事已经办结")
    press(stale, "受理")
    expect(stale.locator(".q-notification")).to_contain_text("有了变化")
    assert _case(console, number).state == "refused"
    assert console.acts_of(number)[-1] == ("zhao-min", "complaint.accept", "refused")


def test_nobody_reads_what_is_about_themselves(console: Console, staff: Staff) -> None:
    console.officer("qian-chuang", "钱窗口", Role.COMPLAINTS)
    number = console.complain(1)
    page = staff.at(f"/complaints/{number}", "qian-chuang")
    expect(page.get_by_role("heading", level=1)).to_contain_text("说到您本人")
    expect(page.locator(".page")).not_to_contain_text("不耐烦")


def test_a_tip_off_is_held_and_its_words_are_for_its_officers_alone(console: Console, staff: Staff) -> None:
    number = console.tip_off()
    page = staff.at(f"/tip-offs/{number}", "qian-yi")
    expect(page.locator(".facts").first).to_contain_text("翠湖小吃店")
    press(page, "受理")
    expect(page.locator(".q-notification")).to_contain_text("请填写“怎样处理”")
    page.get_by_text("暂存待查", exact=True).click()
    shot(page, "tip-off")
    press(page, "受理")
    expect(page.locator(".lead")).to_contain_text("暂存待查")
    expect(page.locator(".decide")).to_contain_text("只告诉对方已处理完毕")
    assert (_case(console, number).state, _case(console, number).course) == ("accepted", "hold")
    wrong = staff.at(f"/complaints/{number}", "zhao-min")
    expect(wrong.get_by_role("heading", level=1)).to_contain_text("没有这一件")
    assert "翠湖" not in wrong.content()


def test_what_is_no_number_is_not_kept_on_the_trail(console: Console, staff: Staff) -> None:
    staff.at("/complaints/110101199003078515", "zhao-min")
    assert console.trail.latest(officer="zhao-min", limit=1)[0].subject == ""


def test_what_others_wrote_is_text(console: Console, staff: Staff) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    number = console.complain(1, facts=hostile, wish=f"{hostile}!", officer=None)
    page = staff.at(f"/complaints/{number}", "zhao-min")
    expect(page.locator(".facts").first).to_contain_text(hostile)
    assert page.locator(".facts img").count() == 0


def test_a_low_rating_is_looked_into_once(console: Console, staff: Staff) -> None:
    number = console.low_rating()
    page = staff.at("/ratings?tab=all", "zhao-min")
    expect(page.locator(f'a[href="/ratings/{number}"]')).to_be_visible()
    page = staff.at(f"/ratings/{number}", "zhao-min")
    expect(page.locator(".facts")).to_contain_text("慢、设备")
    page.get_by_role("radio", name="已整改", exact=True).click()
    page.get_by_label("查到什么，做了什么").fill("已清理卡纸")
    press(page, "记下处理结果", sure=True)
    expect(page.locator(".timeline")).to_contain_text("zhao-min 已整改：已清理卡纸")
    expect(page.locator(".decide")).to_have_count(0)
    assert console.acts_of(number)[-1] == ("zhao-min", "rating.follow", "done")
    done = staff.at("/ratings?tab=followed", "zhao-min")
    expect(done.locator("tbody tr").first).to_contain_text("已整改")
