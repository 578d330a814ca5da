"""How the halls do, in a real browser: what stands out is found, step by step, and taken away as a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bureau.city.visits import ILL, OWN, TERMINALS
from bureau.officers.roles import Role
from tests.bureau.console.conftest import Console, Staff, shot


@pytest.fixture(autouse=True, scope="module")
def _month(console: Console) -> None:
    console.month()
    console.officer("luo-han", "罗涵", Role.ANALYSIS)


def test_the_ill_terminal_is_found_and_where_people_turn_back(console: Console, staff: Staff) -> None:
    page = staff.at("/analytics", "luo-han")
    peers = page.locator("section", has_text="各终端比一比").locator("tbody tr")
    expect(peers).to_have_count(len(TERMINALS) - 1)  # our own is not enrolled here
    expect(peers.first).to_contain_text(ILL)
    expect(peers.first).to_contain_text("问题偏多")
    expect(page.locator("section .badge.bad").last).to_be_visible()
    assert OWN not in peers.all_inner_texts()
    for plot in (0, 1):
        expect(page.locator(".plot").nth(plot).locator("canvas").first).to_be_visible()
    shot(page, "analytics")
    page.get_by_role("link", name="领取纸质发票").click()
    expect(page.locator("h1")).to_contain_text("领取纸质发票")
    steps = page.locator("section", has_text="在哪一步退出").locator("tbody tr")
    came = [int(row.locator("td").nth(1).inner_text()) for row in steps.all()]
    assert came == sorted(came, reverse=True)
    assert came[0] > 100
    expect(page.locator("section", has_text="没办成的原因")).to_contain_text("limitReached")
    shot(page, "steps")


def test_days_and_hall_are_chosen_and_stay_chosen(staff: Staff) -> None:
    page = staff.at("/analytics", "luo-han")
    page.get_by_role("link", name="近 7 天").click()
    page.get_by_role("link", name="云岭分厅").click()
    expect(page.locator("nav.tabs a[aria-current]").first).to_have_text("近 7 天")
    rows = page.locator("section", has_text="各终端比一比").locator("tbody tr")
    expect(rows).to_have_count(2)
    page.locator("section", has_text="各项业务").locator("tbody a").first.click()
    assert "days=7" in page.url and "hall=H-02" in page.url


def test_the_figures_are_taken_away_as_a_file(staff: Staff, tmp_path: Path) -> None:
    page = staff.at("/analytics", "luo-han")
    with page.expect_download() as coming:
        page.locator("section", has_text="各终端比一比").get_by_role("link", name="下载 CSV").click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert rows[0]["terminal"] == ILL
    assert "trouble" in rows[0]["worse"]
    assert file.suffix == ".csv"


def test_sums_of_nobody_leave_no_entry_on_the_trail(console: Console, staff: Staff) -> None:
    before = len(console.trail.latest(limit=500))
    staff.at("/analytics", "luo-han")
    staff.at("/analytics/services/pay.due", "luo-han")
    after = [entry.act for entry in console.trail.latest(limit=500)]
    assert len(after) - before <= 1, "a sign-in at most"


def test_what_there_is_not_is_told(staff: Staff) -> None:
    page = staff.at("/analytics/services/none", "luo-han")
    expect(page.locator("h1")).to_have_text("没有这项业务")
    page = staff.at("/analytics?days=28&hall=H-99", "luo-han")
    expect(page.locator(".empty")).to_contain_text("没有记录")
