"""A queue number's place, for whoever holds the slip."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from bureau.ports.public import QueuePlace
from tests.bureau.certificates import samples
from tests.bureau.public.conftest import KEY, Pages
from tests.bureau.public.test_browser import AUDIT, browser, visit

__all__ = ["browser"]
PLACE = QueuePlace(
    number="A012",
    line={"zh-CN": "综合业务", "en-US": "General matters"},
    state="waiting",
    over=False,
    taken_at=samples.ISSUED_AT,
    window=None,
    ahead={"zh-CN": "前面 3 人", "en-US": "3 before you"},
    minutes=16,
    wait={"zh-CN": "约等 16 分钟", "en-US": "about 16 min"},
    windows={"zh-CN": "1、2 号窗口", "en-US": "Windows 1, 2"},
    turn={"zh-CN": "按取号顺序", "en-US": "In the order of numbers"},
    now=samples.ISSUED_AT,
)


def test_who_waits_sees_how_many_are_before_and_the_page_asks_again(pages: Pages) -> None:
    pages.register.places[KEY] = PLACE
    answer = pages.get(f"/q/{KEY}")
    assert all(words in answer.text for words in ("A012", "前面 3 人", "约等 16 分钟", "1、2 号窗口"))
    assert answer.headers["Refresh"] == "30" and "<script" not in answer.text
    assert "about 16 min" in pages.get(f"/q/{KEY}", "en").text


@pytest.mark.parametrize(
    ("changed", "told", "absent", "again"),
    [
        ({"state": "called", "window": 3}, "请到 3 号窗口", "约等", True),
        ({"state": "served", "window": 3}, "已办理", "约等", False),
        ({"state": "missed", "window": 3}, "重新取号", "约等", False),
        ({"over": True}, "已过期", "约等", False),
        ({"over": True, "state": "served", "window": 3}, "已办理", "已过期", False),
    ],
)
def test_each_state_says_what_to_do(
    pages: Pages, changed: dict[str, object], told: str, absent: str, again: bool
) -> None:
    pages.register.places[KEY] = replace(PLACE, **changed)  # type: ignore[arg-type]
    answer = pages.get(f"/q/{KEY}")
    assert told in answer.text and absent not in answer.text
    assert ("Refresh" in answer.headers) is again


@pytest.mark.parametrize("key", ["A013", "1", KEY.replace("a", "b", 1), "<b>"])
def test_whoever_does_not_hold_the_slip_sees_nothing(pages: Pages, key: str) -> None:
    pages.register.places[KEY] = PLACE
    answer = pages.get(f"/q/{key}")
    assert answer.status_code == 404 and "A012" not in answer.text and "<b>" not in answer.text


@pytest.mark.parametrize(("size", "lang"), [("phone", "zh-CN"), ("small", "en-US")])
@pytest.mark.parametrize("state", ["waiting", "called"])
def test_it_fits_a_phone(browser: Browser, pages: Pages, size: str, lang: str, state: str) -> None:
    pages.register.places[KEY] = replace(PLACE, state=state, window=3)  # type: ignore[arg-type]
    page = visit(browser, size, lang)
    page.goto(f"{pages.url}/q/{KEY}")
    assert page.evaluate(AUDIT) == []
    page.context.close()
