"""Tax credit at the terminal: grade, points lost, repair, years; and the same of what was kept."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask
from kiosk.flow.events import Action, Outcome
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import DonePage, MessagePage, ReviewPage
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, Visitor

SERVICE, MOMENT = "credit.query", "2026-10-12T08:30:00+08:00"


def both(text: str) -> dict[str, str]:
    return {"zh-CN": text, "en-US": text}


LOST = {
    "indicator": both("没有按期缴税"), "points": 5, "taken": both("扣 5 分"), "happened_on": "2025-05-16",
    "mended_on": None, "state": "open",
}  # fmt: skip
RECORD: dict[str, Any] = {
    "name": "云川禾木文具有限公司", "taxpayer": "91990199MA607F0M7X", "year": "2025", "letter": "B",
    "grade": both("B级"), "points": 85, "points_told": both("85 分"), "start": 90, "published_on": "2026-04-30",
    "invoices": both("按正常规定领用"), "service": both("正常管理"), "next_year": both("变好可升"),
    "mend": both("先补办"), "mend_until": "2026-12-31", "review": both("可复评"), "review_until": "2026-12-31",
    "lost": [LOST], "years": [{"year": "2025", "grade": both("B级"), "points": both("85 分"), "published_on": "2026-04-30"}],
    "as_of": MOMENT,
}  # fmt: skip


def test_it_is_read_from_the_grade_to_the_years() -> None:
    visitor = Visitor().world()
    visitor.sign_in(SERVICE)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("credit.record")
    page = visitor.answer(RECORD)
    assert isinstance(page, ReviewPage)
    rows = {row.label: row.value for section in page.sections for row in section.rows}
    assert (rows["级别"], rows["得分"], rows["起评分"]) == ("B级", "85 分", "90")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ListPage)
    (row,) = page.rows
    assert (row.title, row.amount, row.tags) == ("没有按期缴税", "扣 5 分", ("还没纠正",))
    assert [label for label, _ in row.lines] == ["发生日期"], "nobody has made it good yet"
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    assert ("最晚", "2026年12月31日") in [(r.label, r.value) for s in page.sections for r in s.rows]
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ListPage) and page.rows[0].title == "2025"
    assert isinstance(visitor.touch(Action.PROCEED), DonePage)


def test_without_points_no_line_says_from_how_many() -> None:
    visitor = Visitor().world()
    visitor.sign_in(SERVICE)
    visitor.touch(Action.PROCEED)
    page = visitor.answer({**RECORD, "points": None, "start": None, "lost": [], "mend_until": None})
    assert isinstance(page, ReviewPage)
    assert "起评分" not in [row.label for section in page.sections for row in section.rows]
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ListPage) and page.empty_title == "没有扣分"


def signed_in_offline() -> Visitor:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, SERVICE)
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    return visitor


def kept(visitor: Visitor, data: dict[str, Any]) -> None:
    waiting = [i for i in visitor.issued if i.id in visitor.state.waiting]
    assert waiting[-1].cached
    visitor._step(Outcome(waiting[-1].id, data, kept_at=MOMENT))


def test_without_the_network_each_page_says_of_which_day_it_is() -> None:
    visitor = signed_in_offline()
    kept(visitor, PROFILE)
    visitor.touch(Action.PROCEED)
    kept(visitor, RECORD)
    for kind in (ReviewPage, ListPage, ReviewPage, ListPage):
        page = visitor.page
        assert isinstance(page, kind) and "2026年10月12日 8:30" in page.lead
        visitor.touch(Action.PROCEED)
    assert isinstance(visitor.page, DonePage)


def test_who_was_not_here_before_is_told_so() -> None:
    visitor = signed_in_offline()
    page = visitor.answer({}, "notKept")
    assert isinstance(page, MessagePage) and "没有网络" in page.title
