"""The centres below, in a real browser: who tells, who is silent, and their sums as a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bureau.officers.roles import Role
from tests.bureau.console.conftest import LEVELS, SILENT, Console, Staff


@pytest.fixture(autouse=True, scope="module")
def _levels(console: Console) -> None:
    console.levels()
    console.officer("luo-han", "罗涵", Role.ANALYSIS)


def test_each_centre_stands_behind_the_one_above_it_and_who_is_silent_is_marked(staff: Staff) -> None:
    page = staff.at("/centres", "luo-han")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(len(LEVELS))
    city, county, silent = rows.all()
    expect(city).to_contain_text("云川市税务局")
    expect(city).to_contain_text("1,300")  # 310 and 320 and 330 and 340
    expect(city).to_contain_text("18,271,560.48")
    expect(county).to_contain_text("石桥县<税务局>")
    assert county.locator(".level").bounding_box()["x"] >= city.locator(".level").bounding_box()["x"]  # type: ignore[index]
    expect(county.locator(".level")).to_have_attribute("style", "--level: 1")
    expect(silent.locator(".badge.bad")).to_have_text("一天没有上报")
    expect(page.locator(".page")).to_contain_text("没有接入上级机关")
    page.get_by_role("link", name="昨天").click()
    expect(rows.first).to_contain_text("310")


def test_who_is_silent_comes_to_the_first_page(staff: Staff) -> None:
    page = staff.at("/", "luo-han")
    card = page.locator("section", has_text="请留意")
    expect(card.locator("tr", has_text=LEVELS[SILENT]["texts"]["zh-CN"])).to_contain_text("没有上报")


def test_the_sums_are_taken_away_as_a_file(staff: Staff) -> None:
    page = staff.at("/centres?days=28", "luo-han")
    with page.expect_download() as waited:
        page.get_by_role("link", name="下载 CSV").click()
    lines = list(csv.DictReader(Path(waited.value.path()).read_text("utf-8-sig").splitlines()))
    assert [line["centre"] for line in lines] == list(LEVELS)
    assert [line["visits"] for line in lines] == ["1300", "1300", "0"]
    assert {line["under"] for line in lines} == {"", "15301000000"}
