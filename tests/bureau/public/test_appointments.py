"""A booked time on the phone of whoever holds its slip: seen, moved, cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from playwright.sync_api import Browser

from bureau.limits import Limiter
from bureau.ports.public import AppointmentShown
from config.clock import CHINA
from tests.bureau.certificates import samples
from tests.bureau.public.conftest import KEY, Pages
from tests.bureau.public.test_browser import AUDIT, browser, visit

__all__ = ["browser"]
AT = datetime(2026, 10, 14, 14, 0, tzinfo=CHINA)
BOOKED = AppointmentShown(
    number="Y000012",
    line={"zh-CN": "综合业务", "en-US": "General matters"},
    state="open",
    when={"zh-CN": "10月13日 周二 09:30–10:00", "en-US": "Tue 13 Oct 09:30–10:00"},
    hall={"zh-CN": "中心大厅", "en-US": "Central hall"},
    windows={"zh-CN": "1、2 号窗口", "en-US": "Windows 1, 2"},
    bring={"zh-CN": "身份证", "en-US": "ID card"},
    rule=[{"zh-CN": "迟到按未到处理。", "en-US": "Late counts as not come."}],
    changeable=True,
    offered=((AT, {"zh-CN": "10月14日 周三 14:00–14:30", "en-US": "Wed 14 Oct 14:00–14:30"}),),
    now=samples.ISSUED_AT,
)


def test_looking_shows_the_time_and_changes_nothing(pages: Pages) -> None:
    pages.register.bookings[KEY] = BOOKED
    answer = pages.get(f"/a/{KEY}", do="cancel", at=AT.isoformat())
    wanted = ("Y000012", "10月13日 周二 09:30–10:00", "中心大厅", "10月14日 周三 14:00–14:30", "取消预约")
    assert answer.status_code == 200 and all(words in answer.text for words in wanted)
    assert "<script" not in answer.text and not pages.register.asked
    assert "Central hall" in pages.get(f"/a/{KEY}", "en").text


def test_it_is_cancelled_once(pages: Pages) -> None:
    pages.register.bookings[KEY] = BOOKED
    done = pages.post(f"/a/{KEY}", do="cancel")
    assert done.status_code == 200 and "已取消" in done.text and "改到这个时间" not in done.text
    again = pages.post(f"/a/{KEY}", do="cancel")
    assert again.status_code == 409 and "不能改了" in again.text


def test_it_is_moved_in_the_language_of_the_page(pages: Pages) -> None:
    pages.register.bookings[KEY] = BOOKED
    moved = pages.post(f"/a/{KEY}", lang="en-US", at=AT.isoformat())
    assert moved.status_code == 200 and "the new time" in moved.text
    assert pages.register.asked == [f"{KEY} {AT.isoformat()}"]
    assert f'method="get" action="/a/{KEY}"' in moved.text, (
        "the other language shows it, and moves nothing again"
    )


@pytest.mark.parametrize("at", ["", "soon", "2026-10-14T14:00:00", "9" * 4000])
def test_what_is_no_time_moves_nothing(pages: Pages, at: str) -> None:
    pages.register.bookings[KEY] = BOOKED
    assert pages.post(f"/a/{KEY}", at=at).status_code == 200
    assert not pages.register.asked


@pytest.mark.parametrize("state", ["arrived", "missed", "closed"])
def test_each_state_says_so(pages: Pages, state: str) -> None:
    pages.register.bookings[KEY] = replace(BOOKED, state=state, changeable=state == "closed")  # type: ignore[arg-type]
    told = {"arrived": "已到大厅取号", "missed": "没有取号", "closed": "请改约"}[state]
    answer = pages.get(f"/a/{KEY}")
    assert told in answer.text and ("取消预约" in answer.text) is (state == "closed")


@pytest.mark.parametrize("token", ["Y000013", "1", KEY.replace("a", "b", 1), "<b>"])
def test_whoever_does_not_hold_the_slip_sees_and_changes_nothing(pages: Pages, token: str) -> None:
    pages.register.bookings[KEY] = BOOKED
    seen, changed = pages.get(f"/a/{token}"), pages.post(f"/a/{token}", do="cancel")
    assert seen.status_code == 404 and changed.status_code in (404, 409)
    assert "Y000012" not in seen.text + changed.text and "<b>" not in seen.text + changed.text
    assert pages.register.bookings[KEY] == BOOKED


def test_nobody_tries_tokens_for_long(pages: Pages) -> None:
    stands = Limiter(
        pages.site.looks.rate, monotonic=lambda: 0.0
    )  # a slow machine would fill it again meanwhile
    object.__setattr__(pages.site, "looks", stands)
    answers = [pages.post(f"/a/{KEY[:-2]}{n:02}", do="cancel").status_code for n in range(70)]
    assert answers[-1] == 429


@pytest.mark.parametrize(("size", "lang"), [("phone", "zh-CN"), ("small", "en-US")])
@pytest.mark.parametrize("state", ["open", "cancelled"])
def test_it_fits_a_phone(browser: Browser, pages: Pages, size: str, lang: str, state: str) -> None:
    pages.register.bookings[KEY] = replace(BOOKED, state=state, changeable=state == "open")  # type: ignore[arg-type]
    page = visit(browser, size, lang)
    page.goto(f"{pages.url}/a/{KEY}")
    assert page.evaluate(AUDIT) == []
    page.context.close()
