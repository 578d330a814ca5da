"""A pool is worked out, proposed by one officer and published by another; a prize is paid; nobody sees a seed too soon."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bureau.city import lottery as city
from bureau.engine.lottery import pools, rounds
from bureau.engine.lottery.standing import standing
from bureau.fleet.vault import SealingVault
from bureau.officers.roles import Role
from config.clock import CHINA
from tests.bureau.console.conftest import Console, Staff, press, shot

pytestmark = pytest.mark.timeout(180)
"""A browser beside three other workers on two processors."""
PRIZES = "奖项（每行：元 | 每百万次）"
PUBLISH_SEEDS = "公布到期的种子"


@pytest.fixture(autouse=True, scope="module")
def _officers(console: Console) -> None:
    console.officer("tao-ran", "陶然", Role.LOTTERY)
    console.officer("mei-ting", "梅婷", Role.PUBLISHING)


def test_one_works_it_out_and_proposes_another_publishes(console: Console, staff: Staff) -> None:
    with console.system.read() as work:
        last = next(one.last for one in work.core.lottery.pools() if one.pool == city.WAITING)
    page = staff.at("/lottery", "tao-ran")
    first = (last + timedelta(days=1)).isoformat()
    told = {
        "短名（小写字母、数字、-）": "spring", "名称（中文）": "春季奖池", "名称（英文）": "<b>Spring</b> pool",
        "第一天": first, "最后一天": first, "预算（整元）": "800", "预计开奖次数": "1000", PRIZES: "800 | 200\n5|",
    }  # fmt: skip
    for label, value in told.items():
        page.get_by_label(label, exact=True).fill(value)
    press(page, "提出奖池")
    expect(page.locator(".q-notification").last).to_contain_text("第 2 行：请写成")
    page.get_by_label(PRIZES, exact=True).fill("800 | 200\n5 | 120000")
    press(page, "提出奖池")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("超出预算，会提前发完")
    expect(dialog).to_contain_text("760.00")  # 1,000 draws at 0.16 and 0.60 yuan each
    shot(page, "lottery-worked-out")
    dialog.get_by_role("button", name="先不办").click()
    expect(page.locator("tbody tr", has_text="spring")).to_have_count(0)
    page.get_by_label("预算（整元）").fill("2400")
    press(page, "提出奖池")
    expect(dialog).to_contain_text("很少超过")
    dialog.get_by_role("button", name="提出奖池", exact=True).dblclick()
    expect(page.locator("tbody tr", has_text="spring")).to_contain_text("待发布", timeout=30_000)
    own = staff.at("/lottery/spring", "tao-ran")
    expect(own.locator(".lead")).to_contain_text("要由另一位")
    expect(own.locator(".decide")).to_have_count(0)
    page = staff.at("/lottery/spring", "mei-ting")
    expect(page.locator(".page")).to_contain_text("<b>Spring</b> pool")
    press(page, "发布", sure=True)
    expect(page.locator(".timeline")).to_contain_text("mei-ting 发布")
    own.reload()
    own.get_by_label("理由（中文）").fill("经费调整")
    own.get_by_label("理由（英文）").fill("The budget was changed")
    press(own, "提前结束", sure=True)
    expect(own.locator(".timeline")).to_contain_text("tao-ran 提前结束")
    acts = [one for one in console.acts_of("spring") if one[2] == "done"]
    assert acts == [("mei-ting", "lottery.publish", "done"), ("tao-ran", "lottery.close", "done")]
    tried = [one for one in console.trail.latest(officer="tao-ran") if one.act == "lottery.propose"]
    assert [one.phase for one in tried] == ["done", "begun"], "pressed twice, proposed once"


def test_seeds_are_told_when_their_day_is_over_and_never_before(console: Console, staff: Staff) -> None:
    vault = SealingVault(console.keys.sealing)
    with console.system.write() as work:
        day = work.core.now.astimezone(CHINA).date()
        today, ahead = (rounds.opened(work.core, vault, day + timedelta(days=days)) for days in (0, 1))
        assert today is not None and ahead is not None
        due = [one.day for one in standing(work.core, city.RUNNING).due]
    page = staff.at(f"/lottery/{city.RUNNING}", "tao-ran")
    expect(page.locator(".page")).to_contain_text("当天结束前封存")
    expect(page.locator(".page")).to_contain_text(today.commitment)
    for one in (today, ahead):
        seed = rounds.seed_of(vault, one)
        assert seed.hex() not in page.content() and one.sealed.hex() not in page.content()
        assert seed.hex() not in str(console.trail.latest(officer="tao-ran"))
    assert not due
    expect(page.get_by_role("button", name=PUBLISH_SEEDS)).to_have_count(0)
    expect(page.locator("tbody tr", has_text="相符").first).to_be_visible()
    with console.system.read() as work:
        assert pools.at(work.core, day) is not None


def test_a_prize_is_entered_as_paid_and_its_winner_is_masked(console: Console, staff: Staff) -> None:
    with console.system.read() as work:
        ticket = work.core.lottery.listed(["ordered"], 1)[0]
        assert ticket.person is not None
        winner = work.core.registration.person(ticket.person)
    assert winner is not None
    page = staff.at("/prizes", "tao-ran")
    page.get_by_role("link", name=ticket.ticket).click()
    expect(page.get_by_role("button", name="登记已付")).to_be_visible()
    for hidden in (winner.name, winner.key.number, ticket.account, ticket.mobile):
        assert hidden not in page.content()
    page.get_by_label("原因（会告知中奖人）").fill(" ")
    press(page, "登记退回")
    expect(page.locator(".q-notification").last).to_contain_text("原因")
    other = staff.at(f"/prizes/{ticket.ticket}", "tao-ran", "phone")
    press(page, "登记已付", sure=True)
    expect(page.locator(".timeline")).to_contain_text("已付")
    press(other, "登记已付", sure=True)  # a page that stood open
    expect(other.locator(".q-notification").last).to_contain_text("变")
    with console.system.read() as work:
        found = work.core.lottery.ticket(ticket.ticket)
    assert found is not None and found.state == "paid"
    told = console.acts_of(ticket.ticket)
    assert [one[1:] for one in told if one[2] == "done"] == [("prize.paid", "done")]
