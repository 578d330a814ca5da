"""How the halls do, in a real browser: what stands out is found, step by step, and taken away as a file."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from playwright.sync_api import expect

from bureau.city.visits import FORGOTTEN, ILL, OWN, REFUSALS, TERMINALS
from bureau.console.analytics_words import told_last
from bureau.console.desk import Desk
from bureau.console.pages.analytics import SUPPLIES_SHOWN
from bureau.console.parts import words
from bureau.officers.roles import Role
from bureau.texts import has
from drivers.books.care import load_profile
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
    expect(page.locator("section", has_text="没办成的原因")).to_contain_text("现在不能再领：…")
    shot(page, "steps")


def test_what_stands_out_is_told_on_the_first_page(staff: Staff) -> None:
    page = staff.at("/", "luo-han")
    card = page.locator("section", has_text="请留意")
    expect(card.locator("tr", has_text=ILL).first).to_contain_text("问题偏多")
    expect(card.locator("tr", has_text=FORGOTTEN).first).to_contain_text("请马上补充")
    card.get_by_role("link", name="运行分析").click()
    expect(page.locator("h1")).to_contain_text("大厅运行情况")


def test_what_has_to_be_filled_first_stands_first(staff: Staff) -> None:
    page = staff.at("/analytics", "luo-han")
    rows = page.locator("section", has_text="耗材还能用多久").locator("tbody tr")
    expect(rows).to_have_count(SUPPLIES_SHOWN)
    expect(rows.first).to_contain_text(FORGOTTEN)
    expect(rows.first.locator(".badge.bad")).to_be_visible()


@pytest.mark.parametrize("file", sorted(path.name for path in (files("config") / "care").iterdir()))
def test_every_supply_and_part_that_is_counted_has_words(file: str) -> None:
    profile = load_profile(file.removesuffix(".toml"))
    for texts in words().values():
        for entry in (*profile.parts, *profile.supplies):
            assert f"analytics.supply.{entry.name}" in texts.all()
            assert f"analytics.counter.{entry.counter}" in texts.all()


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


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("alreadyFiled", "这个所属期已经申报过，编号 …"),
        ("paperJammed", "卡纸"),
        ("of-another-release", "of-another-release"),
        ("", "—"),
    ],
)
def test_why_somebody_did_not_go_on_is_told_in_words(code: str, told: str) -> None:
    desk = cast(Desk, SimpleNamespace(lang="zh-CN", told=lambda texts: texts["zh-CN"]))
    assert told_last(desk, code) == told


def test_the_demonstration_s_refusals_are_the_centre_s() -> None:
    assert all(has(f"refusal.{code}") for code, _ in REFUSALS.values())
