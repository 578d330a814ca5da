"""An officer plans, moves and cancels sessions of the tax school and marks who came, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from bureau.engine.queue.visitors import PHONE, Visitor
from bureau.engine.school import planning, seats
from bureau.officers.roles import Role
from bureau.ports.school import Session
from bureau.store import tables
from config.clock import CHINA
from tests.bureau.console.conftest import Console, Staff, press, shot

pytestmark = pytest.mark.timeout(180)
"""A browser beside three other workers on two processors."""
MOBILE = "13912340088"


@pytest.fixture(autouse=True, scope="module")
def _officer(console: Console) -> None:
    console.officer("ma-ning", "马宁", Role.TRAINING)


def _planned(console: Console, room: str, teacher: str, days: int = 40) -> str:
    """A session with one seat, which somebody has, and somebody who waits."""
    with console.system.write() as work:
        day = work.core.now.astimezone(CHINA) + timedelta(days)
        at = day.replace(hour=9, minute=30, second=0, microsecond=0)
        wanted = planning.Plan("vat-small", "H-01", {"zh-CN": room, "en-US": "Room"}, teacher, at, 1)
        number = planning.plan(work.core, "ma-ning", wanted).session
        for name in (f"{PHONE}{MOBILE}", f"{PHONE}13912340089"):
            seats.enrol(work.core, Visitor(name, frozenset({name}), None), number)
    return number


def _now(console: Console, number: str) -> Session:
    with console.system.read() as work:
        found = work.core.school.session(number)
    assert found is not None
    return found


def test_a_session_is_planned_and_stands_in_every_open_list(console: Console, staff: Staff) -> None:
    page = staff.at("/school", "ma-ning")
    page.locator(".decide").get_by_text("小规模纳税人增值税").click()
    with console.system.read() as work:
        at = work.core.now.astimezone(CHINA) + timedelta(days=50)
    page.get_by_label("开始时间").fill(f"{at:%Y-%m-%d}T14:30")
    page.locator(".decide .q-radio").last.click()
    page.get_by_label("教室（中文）").fill("五楼教室")
    page.get_by_label("主讲").fill("周讲师")
    page.get_by_label("名额").fill("0x")
    press(page, "安排一场")
    expect(page.locator(".q-notification")).to_contain_text("请填写“教室（英文）”")
    page.get_by_label("教室（英文）").fill("Room 5")
    page.get_by_label("名额").fill("30")
    shot(page, "school-plan")
    press(page, "安排一场")
    expect(page.locator("tbody")).to_contain_text("五楼教室")
    with console.system.read() as work:
        made = next(one for one in work.core.school.sessions(work.core.now) if one.teacher == "周讲师")
    assert (f"{made.begins.astimezone(CHINA):%H:%M}", made.seats) == ("14:30", 30)
    with console.system.read() as work:
        assert [one.officer for one in work.core.school.history(made.session)] == ["ma-ning"]
    begun = console.trail.latest(officer="ma-ning", limit=2)[-1]
    assert (begun.act, begun.details["begins"]) == ("school.plan", f"{at:%Y-%m-%d}T14:30")


def test_who_waits_moves_up_and_everybody_is_told_of_another_room(console: Console, staff: Staff) -> None:
    number = _planned(console, "六楼教室", "吴讲师")
    page = staff.at(f"/school/{number}", "ma-ning")
    expect(page.locator(".rows")).to_contain_text("139****0088")
    expect(page.locator(".page")).not_to_contain_text(MOBILE)
    press(page, "调整")
    expect(page.locator(".q-notification").last).to_contain_text("什么都没有改")
    page = staff.at(f"/school/{number}", "ma-ning")
    page.get_by_label("教室（中文）").fill("七楼教室")
    page.get_by_label("名额").fill("2")
    press(page, "调整")
    expect(page.locator(".lead")).to_contain_text("七楼教室")
    expect(page.locator(".rows")).not_to_contain_text("候补")
    shot(page, "session")
    page.get_by_label("理由（中文").fill("讲师生病")
    page.get_by_label("理由（英文").fill("The teacher is ill")
    press(page, "取消这一场", sure=True)
    expect(page.locator(".timeline")).to_contain_text("ma-ning 取消：讲师生病")
    assert _now(console, number).state == "cancelled"
    with console.database.read() as connection:
        query = select(tables.sms.c.text).where(tables.sms.c.mobile == MOBILE)
        told = list(connection.execute(query).scalars())
    assert any("七楼教室" in one for one in told) and any("讲师生病" in one for one in told)


def test_who_came_is_marked_once_it_has_begun(console: Console, staff: Staff) -> None:
    number = _planned(console, "八楼教室", "郑讲师")
    page = staff.at(f"/school/{number}", "ma-ning")
    expect(page.get_by_role("button", name="记到课")).to_have_count(0)
    t = tables.school_session
    with console.database.write() as connection:  # the day has come
        row = connection.execute(select(t.c.begins, t.c.ends).where(t.c.session == number)).one()
        earlier = {"begins": row.begins - timedelta(days=41), "ends": row.ends - timedelta(days=41)}
        connection.execute(t.update().where(t.c.session == number).values(earlier))
    page = staff.at("/school?tab=past", "ma-ning")
    expect(page.locator("tbody tr", has_text=number)).to_contain_text("待记到课")
    page = staff.at(f"/school/{number}", "ma-ning")
    page.locator(".decide .q-checkbox").first.click()
    shot(page, "came")
    press(page, "记到课")
    expect(page.locator(".rows")).to_contain_text("到了")
    expect(page.locator(".timeline")).to_contain_text("1 人里到了 1 人")
    assert console.acts_of(number)[-1] == ("ma-ning", "school.mark", "done")


def test_fewer_seats_than_are_taken_are_refused_in_plain_words(console: Console, staff: Staff) -> None:
    with console.system.read() as work:
        full = next(
            one
            for one in work.core.school.sessions(work.core.now)
            if seats.taken(work.core.school.of_session(one.session)) > 1
        )
        taken = seats.taken(work.core.school.of_session(full.session))
    page = staff.at(f"/school/{full.session}", "ma-ning")
    page.get_by_label("名额").fill("1")
    press(page, "调整")
    expect(page.locator(".q-notification").last).to_contain_text(f"已经报了 {taken} 人")
    assert _now(console, full.session) == full
