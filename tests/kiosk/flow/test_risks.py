"""Hints at the terminal: read, one opened, the service that mends it opened from there; the same without the network."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import DonePage, ReviewPage
from kiosk.steps.review import OPENS
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, Visitor

SERVICE = "risk.self-check"


def texts(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en-US": words}


def hint(rule: str, state: str, service: str) -> dict[str, Any]:
    words = {name: texts(name) for name in ("compared", "why", "law", "mend")}
    return {"rule": rule, "title": texts(rule), "state": state, "grade": "high", "service": service, **words}


HINTS = {
    "name": "云川禾木文具有限公司", "taxpayer": "91110108MA01K1050C", "count": 1, "as_of": "2026-10-12T08:30:00+08:00",
    "rows": [hint("overdue", "hint", "pay.arrears"), hint("unfiled", "clear", "query.due")],
}  # fmt: skip


def at_hints() -> Visitor:
    visitor = Visitor().world()
    visitor.sign_in(SERVICE)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("risk.hints")
    return visitor


def test_one_hint_is_opened_and_leads_to_the_service_that_mends_it() -> None:
    visitor = at_hints()
    page = visitor.answer(HINTS)
    assert isinstance(page, ListPage) and [row.tags for row in page.rows] == [("有提示",), ("未发现",)]
    visitor.touch(Action.CHOOSE, "overdue")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage) and page.title == "overdue"
    assert page.second is not None and page.second.title == "去办理：清缴欠税"
    visitor.touch(Action.SECOND, OPENS)
    assert visitor.state.service is not None and visitor.state.service.service.id == "pay.arrears"
    assert visitor.state.person is not None, "nobody signs in again"


def test_who_has_read_enough_goes_on_without_opening_one() -> None:
    visitor = at_hints()
    visitor.answer(HINTS)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, DonePage)


def test_without_the_network_a_kept_answer_is_read_in_full_and_leads_to_nothing_that_needs_the_centre() -> (
    None
):
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, SERVICE)
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(PROFILE)
    visitor.touch(Action.PROCEED)
    page = visitor.answer(HINTS)
    assert isinstance(page, ListPage) and page.pick == "one"
    visitor.touch(Action.CHOOSE, "overdue")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage) and page.second is None
