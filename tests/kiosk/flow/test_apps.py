"""Official software at the terminal: chosen, its review read, its code scanned; the same of the kept list."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask
from kiosk.flow.events import Action, Outcome
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import DonePage, ReviewPage
from tests.kiosk.flow.visitor import Visitor

WORDS = {"zh-CN": "开票助手", "en-US": "Invoice desk"}
GONE = {"zh-CN": "已下架：收集通讯录", "en-US": "Withdrawn: it collects contacts"}
MOMENT = "2026-10-12T08:30:00+08:00"
ADDRESS = "https://apps.yunchuan-tax.example/invoice"
GOOD: dict[str, Any] = {
    "app": "invoice-desk", "name": WORDS, "publisher": WORDS, "purpose": WORDS, "runs_on": WORDS, "version": "4.1.7",
    "state": "published", "reviewed_on": "2026-09-25", "finding": WORDS, "url": ADDRESS, "open": True, "why_not": None,
}  # fmt: skip
BAD = {**GOOD, "app": "quick-scan", "state": "withdrawn", "url": "", "open": False, "why_not": GONE}
ANSWER = {"as_of": MOMENT, "apps": [GOOD, BAD]}


def opened(*, online: bool = True) -> Visitor:
    visitor = Visitor().world(online=online)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "tools.apps")
    assert visitor.asked == Ask("apps.list")
    return visitor


def test_it_is_chosen_and_its_code_is_that_of_the_official_page() -> None:
    visitor = opened()
    page = visitor.answer(ANSWER)
    assert isinstance(page, ListPage) and "2026年10月12日 8:30" in page.as_of
    visitor.touch(Action.PROCEED)
    page = visitor.page
    assert isinstance(page, ReviewPage)
    assert ("审核日期", "2026年9月25日") in [(row.label, row.value) for s in page.sections for row in s.rows]
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage)
    assert (done.qr, done.reference) == (ADDRESS, "4.1.7")
    assert done.reference_notes == ("请用手机扫右边的码，打开页面。",)


def test_what_was_withdrawn_says_why_and_cannot_be_chosen() -> None:
    visitor = opened()
    page = visitor.answer({**ANSWER, "apps": [GOOD, {**GOOD, "app": "other"}, BAD]})
    assert isinstance(page, ListPage)
    assert [(row.enabled, row.reason) for row in page.rows] == [
        (True, ""),
        (True, ""),
        (False, "已下架：收集通讯录"),
    ]
    visitor.touch(Action.CHOOSE, "quick-scan")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ListPage) and page.errors, "nothing was chosen"


def test_without_the_network_it_is_chosen_from_what_was_kept_and_the_moment_is_told() -> None:
    visitor = opened(online=False)
    waiting = [i for i in visitor.issued if i.id in visitor.state.waiting]
    assert waiting[-1].cached
    visitor._step(Outcome(waiting[-1].id, ANSWER, kept_at=MOMENT))
    page = visitor.page
    assert isinstance(page, ListPage) and page.lead == "没有网络，这是 2026年10月12日 8:30 的数据"
    visitor.touch(Action.CHOOSE, "invoice-desk")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage) and "没有网络" in page.lead
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage) and done.qr == ADDRESS
