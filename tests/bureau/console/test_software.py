"""A version of official software is proposed by one officer, reviewed and published by another, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bureau.engine import apps
from bureau.officers.roles import Role
from tests.bureau.console.conftest import Console, Staff, press, shot

pytestmark = pytest.mark.timeout(180)
"""A browser beside three other workers on two processors."""
NUMBER = "stamp-helper@1.0"
LINES = {
    "短名（小写字母、数字、-）": "stamp-helper", "版本号": "1.0",
    "名称（中文）": "印花税助手", "名称（英文）": "Stamp tax helper",
    "发布者（中文）": "云川市税务局", "发布者（英文）": "Yunchuan Tax Bureau",
    "用途（中文）": "算印花税", "用途（英文）": "Works out stamp tax",
    "适用设备（中文）": "手机", "适用设备（英文）": "Phones",
    "官方网址（https://…）": "http://apps.yunchuan-tax.example/stamp",
}  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _officers(console: Console) -> None:
    console.officer("gu-yi", "顾一", Role.SOFTWARE)
    console.officer("shen-er", "沈二", Role.PUBLISHING)


def _listed(console: Console) -> dict[str, bool]:
    """What every terminal lists now, and whether it may be opened."""
    with console.system.read() as work:
        return {one.app: one.open for one in apps.shown(work.core).apps}


def test_one_proposes_another_reviews_and_publishes_and_it_is_withdrawn(
    console: Console, staff: Staff
) -> None:
    page = staff.at("/software", "gu-yi")
    for label, value in LINES.items():
        page.get_by_label(label, exact=True).fill(value)
    press(page, "提出一个版本")
    expect(page.locator(".q-notification").last).to_contain_text("网址要以 https:// 开头")
    page.get_by_label("官方网址（https://…）").fill("https://apps.yunchuan-tax.example/stamp")
    press(page, "提出一个版本")
    expect(page.locator("tbody tr", has_text=NUMBER)).to_contain_text("待审核")
    own = staff.at(f"/software/{NUMBER}", "gu-yi")
    expect(own.locator(".lead")).to_contain_text("要由另一位")
    expect(own.locator(".decide")).to_have_count(0)
    page = staff.at(f"/software/{NUMBER}", "shen-er")
    page.locator(".decide").get_by_text("通过，可以发布", exact=True).click()
    page.get_by_label("查了什么，查到什么（中文）").fill("已核查权限")
    page.get_by_label("查了什么，查到什么（英文）").fill("Permissions were checked")
    shot(page, "software-proposed")
    press(page, "登记审核结论", sure=True)
    expect(page.locator(".timeline")).to_contain_text("shen-er 审核通过：已核查权限")
    assert "stamp-helper" not in _listed(console), "what is reviewed is not published yet"
    press(page, "发布", sure=True)
    expect(page.locator(".timeline")).to_contain_text("shen-er 发布")
    assert _listed(console)["stamp-helper"]
    own = staff.at(f"/software/{NUMBER}", "gu-yi")
    own.get_by_label("理由（中文，所有人看得到）").fill("停止维护")
    own.get_by_label("理由（英文）").fill("No longer maintained")
    press(own, "下架", sure=True)
    expect(own.locator(".timeline")).to_contain_text("gu-yi 下架：停止维护")
    assert not _listed(console)["stamp-helper"]
    acts = [one for one in console.acts_of(NUMBER) if one[2] == "done"]
    assert acts == [
        ("shen-er", "app.review", "done"), ("shen-er", "app.publish", "done"), ("gu-yi", "app.withdraw", "done"),
    ]  # fmt: skip
