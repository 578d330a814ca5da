"""A release of open data is made by one officer, looked at and opened by another, and withdrawn, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bureau.officers.roles import Role
from tests.bureau.console.conftest import Console, Staff, press, shot

pytestmark = pytest.mark.timeout(180)
"""A browser beside three other workers on two processors."""
NAME = "invoices-2026-08-1"


@pytest.fixture(autouse=True, scope="module")
def _officers(console: Console) -> None:
    console.officer("he-yi", "何一", Role.OPEN_DATA)
    console.officer("shi-er", "施二", Role.PUBLISHING)


def published(console: Console) -> set[str]:
    return {one.release for one in console.open_data.published()}


def test_one_makes_it_another_opens_it_and_it_is_withdrawn(console: Console, staff: Staff) -> None:
    page = staff.at("/open-data", "he-yi")
    expect(page.get_by_role("link", name=NAME)).to_have_count(0)
    page.get_by_text("开具发票 · 可制作 2026-08").click()
    for period, told in (
        ("2026年", "填得不对"),
        ("2026-13", "期间写得不对"),
        ("2026-09", "这一期还没有结清"),
    ):
        page.get_by_label("期间", exact=True).fill(period)
        press(page, "制作")
        expect(page.locator(".q-notification").last).to_contain_text(told)
    page.get_by_label("期间", exact=True).fill("2026-08")
    press(page, "制作")
    page.wait_for_url(f"**/open-data/{NAME}")
    expect(page.locator(".deed")).to_have_count(0)
    other = staff.at(f"/open-data/{NAME}", "shi-er")
    expect(other.locator("main")).to_contain_text("不到 5 户")
    shot(other, "open-data-proposed")
    press(other, "开放", sure=True)
    expect(other.locator(".timeline")).to_contain_text("shi-er 开放")
    assert NAME in published(console)
    page = staff.at(f"/open-data/{NAME}", "he-yi")
    expect(page.locator("main")).to_contain_text("/open/invoices/2026-08")
    page.get_by_label("原因（中文）").fill("漏了一天")
    page.get_by_label("原因（英文）").fill("A day is missing")
    press(page, "撤下", sure=True)
    expect(page.locator(".timeline")).to_contain_text("he-yi 撤下： 漏了一天")
    assert NAME not in published(console)
    acts = [one for one in console.acts_of(NAME) if one[2] == "done"]
    assert acts == [("shi-er", "open-data.publish", "done"), ("he-yi", "open-data.withdraw", "done")]
