"""How a complaint or a tip-off stands, for whoever holds its slip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, cast

import pytest
import requests
from fastapi import FastAPI

from bureau.api.problems import add_handlers
from bureau.engine.feedback.following import FollowDesk, Followed
from bureau.ports.feedback import FeedbackCase
from bureau.public.routes import create_router, told
from tests.bureau.certificates import samples
from tests.bureau.public.conftest import KEY, Pages
from tests.bureau.serving import served

NUMBER = "67990026101200000016"
CASE = FeedbackCase(
    number=NUMBER, key=KEY, desk="complaint", kind="manner", named=False, mobile="", terminal="A-07", hall="H-01",
    received_at=samples.ISSUED_AT, accept_by=date(2026, 10, 13), answer_by=date(2026, 10, 20), state="answered",
    code_sha256="", sealed=b"",
)  # fmt: skip
FACTS = [({"zh-CN": "编号", "en-US": "Number"}, {"zh-CN": NUMBER, "en-US": NUMBER})]


class Desk:
    """Knows one case."""

    def __init__(self, followed: Followed) -> None:
        self.followed = followed

    def shown(self, key: str) -> Followed | None:
        return self.followed if key == KEY else None


@pytest.fixture
def at(pages: Pages) -> Iterator[Any]:
    """Opens the page of a slip, the desk holding what the test says."""
    desk = Desk(Followed(CASE, FACTS, "已核实 <b>并</b> 致歉"))
    site = replace(pages.site, feedback=cast("FollowDesk", desk))
    app = FastAPI()
    app.include_router(create_router(site))
    add_handlers(app, partial(told, site))
    with served(app) as url:

        def get(key: str = KEY, lang: str = "zh-CN", followed: Followed | None = None) -> str:
            desk.followed = followed or desk.followed
            answer = requests.get(f"{url}/s/{key}", headers={"Accept-Language": lang}, timeout=10)
            assert answer.status_code == 200
            return answer.text

        yield get


def test_a_complaint_shows_how_it_stands_and_its_answer(at: Any) -> None:
    page = at()
    assert all(words in page for words in ("您的投诉", NUMBER, "已核实", "要求重新办理"))
    assert "<b>并</b>" not in page and "<script" not in page
    assert "Your complaint" in at(lang="en") and "The answer" in at(lang="en")


def test_a_tip_off_shows_how_it_stands_alone(at: Any) -> None:
    page = at(followed=Followed(replace(CASE, desk="report"), FACTS, ""))
    assert "您的检举" in page and "这里只显示进度" in page and "<h2>答复" not in page


def test_every_other_slip_is_followed_as_before(at: Any, pages: Pages) -> None:
    other = KEY[:-1] + ("0" if KEY[-1] != "0" else "1")
    assert "您的投诉" not in at(other)
    assert pages.register.asked[-1] == other
