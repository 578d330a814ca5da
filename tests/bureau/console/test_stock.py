"""Blank invoices at the console: one officer writes a slip, another confirms it, and a third closes what a count found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from bureau.engine import stockkeeping
from bureau.engine.stockkeeping import COUNT
from bureau.officers.roles import Role
from bureau.ports.stock import Held, Slip, SlotView
from kiosk.domain.invoices import InvoiceRange
from tests.bureau.console.conftest import Console, Staff, press, shot

pytestmark = pytest.mark.timeout(180)
"""A browser beside three other workers on two processors."""
NEW = "099002700104"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True, scope="module")
def _officers(console: Console) -> None:
    console.month()
    console.officer("duan-li", "段丽", Role.STOCK)
    console.officer("jiang-ming", "蒋明", Role.STOCK)
    console.officer("lei-yan", "雷燕", Role.STOCK, Role.REMOTE)


def _lies(console: Console, numbers: InvoiceRange) -> list[Held]:
    with console.system.read() as work:
        return list(work.core.stock.lies(NEW, numbers))


def _slips(console: Console, errand: str) -> list[Slip]:
    with console.system.read() as work:
        return [one for one in work.core.stock.slips(["proposed"], 100) if one.wanted.errand == errand]


def _fill(page: Page, button: str, **values: str) -> None:
    """The form of a deed: inputs by their labels, and its button, twice as nervous people press it."""
    deed = page.locator(".deed", has=page.get_by_role("button", name=button, exact=True))
    for label, value in values.items():
        deed.get_by_label(label.replace("_", " "), exact=False).first.fill(value)
    deed.get_by_role("button", name=button, exact=True).dblclick()


def test_numbers_come_to_the_shelf_and_go_to_a_terminal_by_two(console: Console, staff: Staff) -> None:
    page = staff.at("/stock", "duan-li")
    _fill(page, "开入库单", 发票代码=NEW, 起始号码="00000002", 终止号码="00000001")
    expect(page.locator(".q-notification").last).to_contain_text("起始号码不能大于终止号码")
    _fill(page, "开入库单", 发票代码=NEW, 起始号码="00000001", 终止号码="00000100")
    row = page.locator("tbody tr", has_text=f"{NEW} 00000001–00000100")
    expect(row).to_have_count(1)
    (slip,) = _slips(console, "receive")
    page = staff.at(f"/stock/{slip.slip}", "duan-li")
    expect(page.locator(".lead")).to_contain_text("要由另一位到场核对后确认")
    expect(page.get_by_role("button", name="确认", exact=True)).to_have_count(0)
    stale = staff.at(f"/stock/{slip.slip}", "lei-yan")
    page = staff.at(f"/stock/{slip.slip}", "jiang-ming")
    shot(page, "stock-slip")
    press(page, "确认", sure=True)
    expect(page.locator(".timeline")).to_contain_text("jiang-ming 确认")
    assert [held.numbers.count for held in _lies(console, InvoiceRange("00000001", "00000100"))] == [100]
    press(stale, "确认", sure=True)
    expect(stale.locator(".q-notification").last).to_contain_text("有了变化")
    assert console.acts_of(slip.slip)[-1] == ("lei-yan", "stock.confirm", "refused")
    with console.system.write() as work:
        left = stockkeeping.propose(
            work, "no-longer-there", replace(slip.wanted, numbers=InvoiceRange.starting("00000101", 5))
        )
    page = staff.at(f"/stock/{left.slip}", "jiang-ming")
    press(page, "确认", sure=True)
    expect(page.locator(".q-notification").last).to_contain_text("开单的人已经不在库存岗")
    page.get_by_label("原因").fill("请重新办")
    press(page, "不同意")
    expect(page.locator(".timeline")).to_contain_text("jiang-ming 不同意")
    page = staff.at("/stock/shelf@1", "duan-li", "phone")
    page.locator(".deed", has_text="开调拨单").get_by_text(NEW).click()
    _fill(page, "开调拨单", 终端编号="B-99", 票箱="3", 起始号码="00000001", 终止号码="00000050")
    expect(page.locator(".q-notification").last).to_contain_text("没有叫“B-99”的终端")
    _fill(page, "开调拨单", 终端编号=HOSTILE, 票箱="3")
    expect(page.locator(".q-notification").last).to_contain_text("终端编号")
    _fill(page, "开调拨单", 终端编号="B-01", 票箱="3")
    expect(page.get_by_label("终端编号")).to_have_value("")
    (slip,) = [one for one in _slips(console, "hand-out") if one.wanted.code == NEW]
    page = staff.at(f"/stock/{slip.slip}", "jiang-ming")
    expect(page.locator(".facts")).to_contain_text("库房 → B-01 3 号票箱")
    press(page, "确认", sure=True)
    expect(page.locator(".timeline")).to_contain_text("jiang-ming 确认")
    assert [held.where.place for held in _lies(console, InvoiceRange("00000001", "00000100"))] == [
        "B-01",
        "shelf",
    ]
    ended = [(who, act) for who, act, how in console.acts_of(slip.slip) if how == "done"]
    assert ended == [("jiang-ming", "stock.confirm")]


def test_what_a_count_did_not_find_is_closed_by_who_did_not_count(console: Console, staff: Staff) -> None:
    with console.system.read() as work:
        (case,) = work.core.cases.listed(COUNT, 10)
    ((code, missing),) = stockkeeping.missing(case)
    page = staff.at("/stock?tab=differences", "duan-li")
    expect(page.locator("tbody tr", has_text=case.case)).to_contain_text(f"{code} {missing.first}")
    page = staff.at(f"/stock/{case.case}", "duan-li")
    expect(page.locator(".lead")).to_contain_text("要由没有参加盘点的人来处理")
    expect(page.locator(".decide")).to_have_count(0)
    page = staff.at(f"/stock/{case.case}", "lei-yan")
    page.get_by_text("重新盘点，已经相符").click()
    page.get_by_label("说明（查明的情况）").fill("调了监控")
    press(page, "处理差异", sure=True)
    expect(page.locator(".q-notification").last).to_contain_text("请先重新盘点到相符")
    page.get_by_text("确认丢失，少的号码注销").click()
    press(page, "处理差异", sure=True)
    expect(page.locator(".timeline")).to_contain_text("lei-yan 处理")
    unit = staff.at("/stock/C-02@unit1", "duan-li")
    expect(unit.locator(".timeline").first).to_contain_text("丢失注销")
    unit.get_by_label("清点到的号码").fill(HOSTILE)
    press(unit, "登记盘点")
    expect(unit.locator(".q-notification").last).to_contain_text("第 1 行看不懂")
    unit.get_by_label("清点到的号码").fill("\n".join(_written(_slot(console, "C-02", "unit1"))))
    press(unit, "登记盘点")
    expect(unit.get_by_label("清点到的号码")).to_have_value("")
    (slip,) = _slips(console, "count")
    page = staff.at(f"/stock/{slip.slip}", "jiang-ming")
    shot(page, "stock-count")
    press(page, "确认", sure=True)
    expect(page.locator(".facts").first).to_contain_text("账实相符")
    assert not _slot(console, "C-02", "unit1").locked


def test_what_a_hand_over_brought_is_looked_at_beside_what_was_on_its_way(
    console: Console, staff: Staff
) -> None:
    way = console.hand_over("unit7")
    ((code, numbers),) = way.numbers
    page = staff.at("/stock?tab=way", "duan-li")
    row = page.locator("tbody tr", has_text=numbers.first)
    expect(row).to_contain_text("办税厅保险柜")
    row.get_by_role("link").click()
    page.get_by_label("收到的号码").fill(f"{code} {numbers.first}-{int(numbers.last) - 1:08}")
    press(page, "交接到库")
    expect(page.get_by_label("收到的号码")).to_have_value("")
    (slip,) = [one for one in _slips(console, "arrive") if one.wanted.note == way.note]
    page = staff.at(f"/stock/{slip.slip}", "jiang-ming", "phone")
    expect(page.locator("table", has_text="账上的")).to_contain_text(numbers.last)
    shot(page, "stock-arrive")
    press(page, "确认", sure=True)
    page.locator(".facts a").click()
    expect(page.locator(".lead")).to_contain_text("要由没有参加盘点的人来处理")
    expect(page.locator(".facts").first).to_contain_text(f"库房 {code} {numbers.last} 少了")
    page = staff.at(page.url.removeprefix(console.url), "lei-yan")
    page.get_by_text("已经找到，没有差异").click()
    shot(page, "stock-arrive-differs")
    assert console.acts_of(slip.slip)[-1] == ("jiang-ming", "stock.confirm", "done")


def _slot(console: Console, place: str, unit: str) -> SlotView:
    with console.system.read() as work:
        found = work.core.stock.slot(place, unit)
    assert found is not None
    return found


def _written(slot: SlotView) -> list[str]:
    return [f"{code} {n.first}-{n.last}" for code, n in stockkeeping.book_of(slot)]
