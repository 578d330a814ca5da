"""Somebody waits at a terminal, an officer answers in a real browser and hears them; another is called back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pytest
from playwright.sync_api import expect

from bureau.engine.remote import calling, desk, talking
from bureau.engine.remote.sealing import Office
from bureau.fleet.vault import SealingVault
from bureau.officers.roles import Role
from kiosk.domain.ids import uuid7
from sync.models import CallBack, RemoteOpen, RemoteTalk, RowShown, Said, ScreenShown
from tests.bureau import stores
from tests.bureau.console.conftest import Console, Staff, press, shot

pytestmark = pytest.mark.timeout(240)
"""A browser beside three other workers on two processors."""
T = TypeVar("T")
WORDS = "个人出租住房要交增值税吗"


@pytest.fixture(autouse=True, scope="module")
def _officers(console: Console) -> None:
    console.officer("li-yuan", "李远", Role.REMOTE)
    console.officer("wang-yuan", "王远", Role.REMOTE)


def at_a_terminal(console: Console, do: Callable[[Office], T]) -> T:
    with console.system.write("A-07") as work:
        return do(Office(work.core, SealingVault(console.keys.sealing)))


def waits(console: Console, visit: str) -> str:
    """Somebody asks for an officer; the number."""
    with console.system.write() as work:
        desk.serve(work.core, "somebody")
    given = RemoteOpen(visit=visit, topic="house-car", words=WORDS)
    return at_a_terminal(console, lambda office: talking.opened(office, given, "zh-CN")).number


def tells(console: Console, visit: str, **told: object) -> None:
    """The terminal says and shows something."""
    given = RemoteTalk.model_validate({"visit": visit, **told})
    at_a_terminal(console, lambda office: talking.talked(office, given))


def test_somebody_is_answered_heard_and_seen_by_the_one_officer_who_took_them(
    console: Console, staff: Staff
) -> None:
    visit = f"visit-{time.monotonic_ns()}"
    page = staff.at("/remote", "li-yuan")
    press(page, "我来接")
    expect(page.locator(".page")).to_contain_text("您在岗")
    number = waits(console, visit)
    expect(page.locator("tbody tr", has_text=number)).to_contain_text("等待")  # it came by itself
    page = staff.at(f"/remote/{number}", "li-yuan")
    expect(page.locator(".facts")).to_contain_text(WORDS)
    tells(console, visit)  # the terminal asks again and again
    press(page, "接起")
    other = staff.at(f"/remote/{number}", "wang-yuan")
    expect(other.locator(".facts")).to_contain_text("li-yuan")
    expect(other.locator(".page")).not_to_contain_text(WORDS)
    expect(other.locator(".decide")).to_have_count(0)
    page = staff.at(f"/remote/{number}", "li-yuan")
    page.get_by_label("写给对方的话").fill("您好，月租金多少？")
    tells(console, visit, say=[Said(n=1, text="三千二")])
    expect(page.locator(".talk .theirs")).to_contain_text("三千二")
    expect(page.get_by_label("写给对方的话")).to_have_value("您好，月租金多少？")  # what is written stays
    press(page, "发送")
    expect(page.locator(".talk .ours")).to_contain_text("月租金多少")
    press(page, "请求看屏幕")
    expect(page.locator(".page")).to_contain_text("等他点")
    shown = ScreenShown(
        service="房屋出租申报",
        step="填写",
        title="请看看，再补几项",
        rows=[RowShown(label="手机号", mark="wrong")],
    )
    tells(console, visit, shares="yes", shown=shown)
    expect(page.locator(".seen")).to_contain_text("手机号")
    shot(page, "remote-seen")
    for _ in range(20):  # the library is opened when somebody asks for it first
        page = staff.at(f"/remote/{number}", "li-yuan")
        if page.get_by_role("button", name="发送出处").count():
            break
        tells(console, visit)
        page.wait_for_timeout(1000)
    page.locator(".q-radio", has_text="第").first.click()
    press(page, "发送出处")
    expect(page.locator(".talk .ours").last).to_contain_text("《")
    page = staff.at(f"/remote/{number}", "li-yuan")
    page.get_by_role("radio", name="契税申报", exact=True).click()
    press(page, "建议办理")
    expect(page.locator(".talk .ours").last).to_contain_text("建议办理")
    tells(console, visit, shares="no")
    expect(page.locator(".seen")).to_have_count(0)
    press(page, "结束对话", sure=True)
    expect(page.locator(".facts")).to_contain_text("我方结束")
    acts = [act for who, act, phase in console.acts_of(number) if (who, phase) == ("li-yuan", "done")]
    assert acts == [
        "remote.take", "remote.say", "remote.screen", "remote.say", "remote.say", "remote.end",
    ]  # fmt: skip


def test_somebody_is_called_back(console: Console, staff: Staff) -> None:
    given = CallBack(topic="house-car", words=WORDS, mobile="13912340031", slot="morning")
    by = calling.Asked(uuid7(), f"visit-{time.monotonic_ns()}", "zh-CN")
    law = stores.published()[1]
    number = at_a_terminal(console, lambda office: calling.asked(office, law, by, given)).number
    page = staff.at("/call-backs", "li-yuan")
    expect(page.locator("tbody tr", has_text=number)).to_contain_text("上午")
    expect(page.locator(".page")).not_to_contain_text("13912340031")
    page = staff.at(f"/call-backs/{number}", "li-yuan")
    expect(page.locator(".facts")).to_contain_text("13912340031")
    press(page, "没有接通")
    expect(page.locator(".timeline")).to_contain_text("没有接通")
    page.get_by_label("答复了什么").fill("月租金十万以下免税")
    press(page, "已接通", sure=True)
    expect(page.locator(".timeline")).to_contain_text("li-yuan 接通：月租金十万以下免税")
    assert [one[1] for one in console.acts_of(number) if one[2] == "done"] == ["call.missed", "call.reached"]
