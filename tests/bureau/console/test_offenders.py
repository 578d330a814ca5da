"""A grave offender's case is entered by one officer, published and taken off by another, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bureau.engine.publicity import deciding, showing
from bureau.officers.roles import Role
from bureau.ports.publicity import OffenderCase
from tests.bureau.console.conftest import Console, Staff, press, shot
from tests.bureau.engine.test_publicity import BOSS, PERSON

pytestmark = pytest.mark.timeout(180)
"""A browser beside three other workers on two processors."""
NAME = "云川试录贸易有限公司"
LINES = {
    "名称或姓名": NAME, "纳税人识别号，自然人填身份证号码": "91110108MA01K1050C", "单位地址": "云川市书院区一号",
    "负责人姓名": "唐悦", "违法事实（中文）": "虚开专用发票三份", "违法事实（英文）": "Three false special invoices",
    "处理处罚和依据（中文）": "罚款五万元", "处理处罚和依据（英文）": "Fined 50000 yuan",
    "决定机关（中文）": "云川市税务局稽查局", "决定机关（英文）": "Inspection Bureau",
    "决定书文号": "云税稽罚〔2026〕977 号",
}  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _officers(console: Console) -> None:
    console.officer("he-qing", "何青", Role.OFFENDERS)
    console.officer("lin-bo", "林博", Role.PUBLISHING)


def _entered(console: Console) -> OffenderCase:
    with console.system.read() as work:
        return next(case for case in work.core.publicity.entries() if case.name == NAME)


def _public(console: Console) -> set[str]:
    """The names that every terminal lists now."""
    with console.system.read() as work:
        return {case.name for one in showing.published(work.core).reasons for case in one.cases}


def _choose(page: Page, legend: str, option: str) -> None:
    page.locator(".decide fieldset", has_text=legend).get_by_text(option, exact=True).click()


def test_one_enters_another_publishes_and_it_is_taken_off_by_two(console: Console, staff: Staff) -> None:
    page = staff.at("/offenders", "he-qing")
    for label, value in LINES.items():
        page.get_by_label(label, exact=True).fill(value)
    for legend, option in (
        ("当事人是", "单位"), ("负责人身份", "法定代表人"), ("负责人性别", "女"), ("案由", "虚开专用发票"),
    ):  # fmt: skip
        _choose(page, legend, option)
    press(page, "录入案件")
    expect(page.locator(".q-notification").last).to_contain_text("要都填，或都不填")
    page.get_by_label("负责人身份证号码").fill(BOSS)
    press(page, "录入案件")
    expect(page.locator("tbody tr", has_text=NAME)).to_contain_text("待公布")
    number = _entered(console).case_no
    own = staff.at(f"/offenders/{number}", "he-qing")
    expect(own.locator(".lead")).to_contain_text("要由另一位")
    expect(own.locator(".decide")).to_have_count(0)
    expect(own.locator(".page")).not_to_contain_text(BOSS)
    assert NAME not in _public(console)
    page = staff.at(f"/offenders/{number}", "lin-bo")
    expect(page.locator(".facts").last).to_contain_text("Three false special invoices")
    shot(page, "offender-entered")
    press(page, "公布", sure=True)
    expect(page.locator(".timeline")).to_contain_text("lin-bo 公布")
    assert NAME in _public(console)
    own = staff.at(f"/offenders/{number}", "he-qing")
    _choose(own, "停止公布的理由", "已缴清税款、滞纳金和罚款")
    press(own, "提出撤下")
    expect(own.locator(".q-notification").last).to_contain_text("起才能提前停止公布")
    _choose(own, "停止公布的理由", "确定文书被撤销")
    press(own, "提出撤下")
    expect(own.locator(".timeline")).to_contain_text("he-qing 提出撤下：确定文书被撤销")
    assert NAME in _public(console), "one officer alone takes nothing off"
    page = staff.at(f"/offenders/{number}", "lin-bo")
    press(page, "确认撤下", sure=True)
    expect(page.locator(".timeline")).to_contain_text("lin-bo 确认撤下")
    assert NAME not in _public(console)
    ended = [(who, act, how) for who, act, how in console.acts_of(number) if how != "begun"]
    assert ended == [
        ("lin-bo", "offender.publish", "done"), ("he-qing", "offender.withdraw", "refused"),
        ("he-qing", "offender.withdraw", "done"), ("lin-bo", "offender.confirm", "done"),
    ]  # fmt: skip
    assert not any(BOSS in str(one.details) for one in console.trail.latest(officer="he-qing"))


def test_a_person_is_masked_in_the_list_as_long_as_nobody_else_may_read_of_it(
    console: Console, staff: Staff
) -> None:
    with console.system.write() as work:
        wanted = deciding.draft(PERSON.replace("902 号", "978 号"))
        number = deciding.enter(work.core, "he-qing", wanted).case_no
    page = staff.at("/offenders", "lin-bo")
    expect(page.locator("tbody tr", has_text=number)).to_contain_text("唐*")
    with console.system.write() as work:
        deciding.publish(work.core, number, "lin-bo")
    page = staff.at("/offenders?tab=published", "lin-bo")
    expect(page.locator("tbody tr", has_text=number)).to_contain_text("唐悦")
