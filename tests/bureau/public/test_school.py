"""A seat on the phone of whoever holds its slip: seen and given back; and courseware that anybody reads."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from bureau.ports.public import SeatShown
from config.school import courses
from tests.bureau.public.conftest import KEY, Pages
from tests.bureau.public.test_browser import AUDIT, browser, visit

__all__ = ["browser"]
SEAT = SeatShown(
    number="10000012",
    state="seated",
    state_text={"zh-CN": "已有座位", "en-US": "You have a seat"},
    course=courses()["buying-a-home"].title,
    audience=courses()["buying-a-home"].audience,
    when={"zh-CN": "10月20日 周二 09:30–10:30", "en-US": "Tue 20 Oct 09:30–10:30"},
    where={"zh-CN": "中心大厅 二楼培训教室", "en-US": "Central hall Training room, 2nd floor"},
    teacher="顾明远",
    reason={},
    courseware="/w/buying-a-home",
    changeable=True,
)


def test_looking_shows_the_seat_and_changes_nothing(pages: Pages) -> None:
    pages.register.seats[KEY] = SEAT
    answer = pages.get(f"/t/{KEY}", do="cancel")
    wanted = (
        "10000012",
        "买房缴契税",
        "10月20日 周二 09:30–10:30",
        "中心大厅",
        "取消报名",
        "/w/buying-a-home",
    )
    assert answer.status_code == 200 and all(words in answer.text for words in wanted)
    assert "<script" not in answer.text and not pages.register.asked
    assert "You have a seat" in pages.get(f"/t/{KEY}", "en").text


def test_it_is_given_back_once(pages: Pages) -> None:
    pages.register.seats[KEY] = SEAT
    done = pages.post(f"/t/{KEY}", do="cancel")
    assert done.status_code == 200 and "取消报名" not in done.text
    again = pages.post(f"/t/{KEY}", do="cancel")
    assert again.status_code == 409 and "不能取消" in again.text
    assert f'method="get" action="/t/{KEY}"' in done.text, (
        "the other language shows it, and changes nothing again"
    )


def test_a_course_that_is_not_held_says_why(pages: Pages) -> None:
    why = {"zh-CN": "讲师生病", "en-US": "The teacher is ill"}
    pages.register.seats[KEY] = replace(SEAT, state="dropped", reason=why, changeable=False)
    answer = pages.get(f"/t/{KEY}")
    assert "这一场不办了" in answer.text and "讲师生病" in answer.text and "取消报名" not in answer.text


@pytest.mark.parametrize("token", ["10000012", "1", KEY.replace("a", "b", 1), "<b>"])
def test_whoever_does_not_hold_the_slip_sees_and_changes_nothing(pages: Pages, token: str) -> None:
    pages.register.seats[KEY] = SEAT
    seen, changed = pages.get(f"/t/{token}"), pages.post(f"/t/{token}", do="cancel")
    assert seen.status_code == 404 and changed.status_code in (404, 409)
    assert "顾明远" not in seen.text + changed.text and "<b>" not in seen.text + changed.text
    assert pages.register.seats[KEY] == SEAT


@pytest.mark.parametrize("name", courses())
def test_each_course_is_read_with_its_rules_and_their_source(pages: Pages, name: str) -> None:
    course = courses()[name]
    for lang in ("zh", "en"):
        answer = pages.get(f"/w/{name}", lang)
        tag = "zh-CN" if lang == "zh" else "en-US"
        assert answer.status_code == 200 and course.title[tag] in answer.text.replace("&#39;", "'")
        assert all(part.title[tag] in answer.text.replace("&#39;", "'") for part in course.parts)
    assert pages.get("/w/alchemy").status_code == 404


@pytest.mark.parametrize(("size", "lang"), [("phone", "zh-CN"), ("small", "en-US")])
@pytest.mark.parametrize("page_of", [f"/t/{KEY}", "/w/selling-a-home"])
def test_it_fits_a_phone(browser: Browser, pages: Pages, size: str, lang: str, page_of: str) -> None:
    pages.register.seats[KEY] = SEAT
    page = visit(browser, size, lang)
    page.goto(f"{pages.url}{page_of}")
    assert page.evaluate(AUDIT) == []
    page.context.close()
