"""A service of offline class ``cached``: it goes on with kept answers, says so with their moment, or says why not."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask, PrintSlip
from kiosk.flow.events import Action, Outcome
from kiosk.flow.pages import ChoosePage, DonePage, MessagePage, Page, ReviewPage
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, ROLE, Visitor

SERVICE = "invoice.title-code"
MOMENT, EARLIER = "2026-10-12T08:30:00+08:00", "2026-10-12T08:29:00+08:00"
CODE = "$015LqR5bed56a+5pyo5paH5YW35pyJ6ZmQ5YWs5Y+4$"
TITLE: dict[str, Any] = {"name": ROLE["name"], "taxpayer": ROLE["taxpayer"], "code": CODE, "as_of": MOMENT}
LEAD = "没有网络，这是 2026年10月12日 8:29 的数据"


def kept(visitor: Visitor, data: dict[str, Any], moment: str) -> Page:
    """The answer that the terminal kept."""
    waiting = [i for i in visitor.issued if i.id in visitor.state.waiting]
    assert waiting[-1].cached
    visitor._step(Outcome(waiting[-1].id, data, kept_at=moment))
    return visitor.page


def recognised(*, online: bool) -> Visitor:
    visitor = Visitor().world(online=online)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, SERVICE)
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    return visitor


def test_with_the_network_the_code_is_the_centres_and_nothing_is_said_of_its_age() -> None:
    visitor = recognised(online=True)
    visitor.answer(PROFILE)
    visitor.touch(Action.PROCEED)
    page = visitor.answer(TITLE)
    assert isinstance(page, ReviewPage) and "没有网络" not in page.lead
    visitor.touch(Action.PROCEED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    assert [block["data"] for block in slip.blocks if block["type"] == "qr"] == [CODE]
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage)
    assert (done.qr, done.reference) == (CODE, ROLE["taxpayer"])
    assert done.reference_notes == ("打印的纸上也有这个码。",)


def test_without_it_each_page_says_of_when_the_data_is() -> None:
    visitor = recognised(online=False)
    page = kept(visitor, PROFILE, EARLIER)
    assert isinstance(page, ChoosePage) and page.lead == LEAD
    visitor.touch(Action.PROCEED)
    page = kept(visitor, TITLE, MOMENT)
    assert isinstance(page, ReviewPage) and page.lead == LEAD  # the oldest of what it goes by
    assert visitor.state.offline
    visitor.touch(Action.PROCEED)
    done = visitor.answer({"outcome": "notPrinted"}, "notPrinted")
    assert isinstance(done, DonePage) and done.qr == CODE
    assert done.reference_notes == ("请用手机拍下右边的码，随时出示。",)


def test_who_was_not_here_is_told_what_to_do() -> None:
    visitor = recognised(online=False)
    page = visitor.answer({}, "notKept")
    assert isinstance(page, MessagePage)
    assert "没有网络" in page.title and "换一台终端" in page.body[0]


def test_kept_roles_are_asked_for_again_when_the_centre_is_back() -> None:
    visitor = recognised(online=False)
    kept(visitor, PROFILE, EARLIER)
    visitor.touch(Action.PROCEED)
    kept(visitor, TITLE, MOMENT)
    visitor.touch(Action.PROCEED)
    visitor.answer({"outcome": "printed"})
    visitor.touch(Action.SECOND, "another")
    visitor.world(online=True)
    visitor.touch(Action.OPEN, "einvoice.list")
    assert visitor.asked == Ask("person.profile")
    page = visitor.answer(PROFILE)
    assert isinstance(page, ChoosePage) and "没有网络" not in page.lead


def test_notices_are_told_by_the_centre_alone() -> None:
    text = {"zh-CN": "到期", "en-US": "Due"}
    visitor = recognised(online=False)
    page = kept(visitor, {**PROFILE, "notices": [{"id": "n", "title": text, "text": text}]}, MOMENT)
    assert isinstance(page, ChoosePage)
