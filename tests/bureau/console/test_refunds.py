"""Refunds that one officer allowed are ordered by another, in a real browser; what came back is for a third."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bureau.engine.refunds import ordering
from bureau.officers.roles import Role
from bureau.ports.refunds import Refund
from config.clock import CHINA
from tests.bureau import stores
from tests.bureau.console.conftest import Console, Staff, press, shot

pytestmark = pytest.mark.timeout(180)
"""A browser beside three other workers on two processors."""


@pytest.fixture(autouse=True, scope="module")
def _officers(console: Console) -> None:
    console.officer("tian-yu", "田雨", Role.REFUNDS, Role.APPROVAL)
    console.officer("bai-lu", "白璐", Role.REFUNDS)
    console.officer("xia-he", "夏荷", Role.REFUNDS)


def _now(console: Console, number: str) -> Refund:
    with console.system.read() as work:
        found = work.core.refunds.refund(number)
    assert found is not None
    return found


def test_one_allows_another_orders_and_the_treasury_pays(console: Console, staff: Staff) -> None:
    number = console.allow_refund("tian-yu")
    own = staff.at(f"/refunds/{number}", "tian-yu")
    expect(own.locator(".lead")).to_contain_text("要由另一位下达")
    expect(own.locator(".decide")).to_have_count(0)
    page = staff.at("/refunds", "bai-lu")
    expect(page.locator("tbody tr", has_text=number)).to_contain_text("待下达")
    page = staff.at(f"/refunds/{number}", "bai-lu")
    expect(page.locator(".facts")).to_contain_text("**** 1234")
    expect(page.locator(".page")).not_to_contain_text("6217000000000001234")
    expect(page.locator(".facts")).to_contain_text("利息（按今天下达）")
    shot(page, "refund")
    press(page, "下达退税", sure=True)
    expect(page.locator(".timeline")).to_contain_text("bai-lu 下达")
    assert (_now(console, number).state, _now(console, number).ordered_by) == ("ordered", "bai-lu")
    assert _now(console, number).interest_fen > 0
    page.get_by_label("国库回单上的日期").fill("2099-01-01")
    press(page, "登记已退", sure=True)
    expect(page.locator(".q-notification").last).to_contain_text("日期还没有到")
    page = staff.at(f"/refunds/{number}", "bai-lu")
    press(page, "登记已退", sure=True)
    expect(page.locator(".timeline")).to_contain_text("国库已退")
    assert _now(console, number).state == "paid"
    ended = [(act, how) for _, act, how in console.acts_of(number) if how != "begun"]
    assert ended == [("refund.order", "done"), ("refund.paid", "refused"), ("refund.paid", "done")]


def test_what_came_back_is_ordered_again_by_a_third(console: Console, staff: Staff) -> None:
    number = console.allow_refund("tian-yu")
    with console.system.write() as work:
        ordering.order(work.core, number, "bai-lu", stores.published()[1])
    page = staff.at(f"/refunds/{number}", "bai-lu")
    page.get_by_label("原因（会告诉申请人）").fill("账户已销户")
    press(page, "登记被退回", sure=True)
    expect(page.locator(".timeline")).to_contain_text("银行退回：账户已销户")
    expect(page.locator(".lead")).to_contain_text("要由第三个人重新下达")
    expect(page.locator(".decide")).to_have_count(0)
    third = staff.at(f"/refunds/{number}", "xia-he")
    third.locator(".decide").get_by_text("工商银行").click()
    third.get_by_label("账号", exact=True).fill("12")
    press(third, "改账号重新下达", sure=True)
    expect(third.locator(".q-notification").last).to_contain_text("账号是 9 到 28 位数字")
    third.get_by_label("账号", exact=True).fill("6217000000000005678")
    press(third, "改账号重新下达", sure=True)
    expect(third.locator(".facts")).to_contain_text("**** 5678")
    done = _now(console, number)
    assert (done.state, done.ordered_by, done.account.number[-4:]) == ("ordered", "xia-he", "5678")
    assert not any("5678" in str(one.details) for one in console.trail.latest(subject=number))


def test_a_page_that_is_out_of_date_orders_nothing(console: Console, staff: Staff) -> None:
    number = console.allow_refund("tian-yu")
    stale = staff.at(f"/refunds/{number}", "bai-lu")
    with console.system.write() as work:
        ordering.order(work.core, number, "xia-he", stores.published()[1])
        today = work.core.now.astimezone(CHINA).date()
        ordering.returned(work.core, number, today, "账户已销户")
    press(stale, "下达退税", sure=True)
    expect(stale.locator(".q-notification").last).to_contain_text("有了变化")
    assert _now(console, number).state == "returned"
