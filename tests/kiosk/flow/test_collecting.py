"""A certificate on the person's phone, beside paper or in its place: a code with its time, and nothing printed unasked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kiosk.flow.effects import PrintDocument, PrintSlip, Submit, Wait
from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, CollectPage, DonePage, FarewellPage, MessagePage, Page
from tests.kiosk.flow.test_certificate import ISSUED, RECORD, at_the_record, issuing
from tests.kiosk.flow.visitor import Visitor

URL = "https://bureau.example/k/k7.secret"


def link(visitor: Visitor, seconds: int = 1800) -> dict[str, Any]:
    until = visitor.engine.around.now() + timedelta(seconds=seconds)
    return {
        "state": "accepted", "key": "k7", "number": "YC260001", "url": URL, "seconds": seconds,
        "expires_at": until.isoformat(),
    }  # fmt: skip


def at_the_code(carrier: str = "phone") -> Visitor:
    visitor = issuing(at_the_record(), carrier)
    visitor.answer(ISSUED)
    if carrier == "both":
        visitor.answer({"outcome": "printed"})
        visitor.touch(Action.PROCEED)
    return visitor


def printed(visitor: Visitor) -> int:
    return sum(isinstance(i.effect, PrintDocument | PrintSlip) for i in visitor.issued)


def test_paper_phone_or_both_is_chosen_before_it_is_issued_and_can_be_taken_back() -> None:
    visitor = at_the_record()
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ChoosePage) and [one.id for one in page.options] == ["paper", "phone", "both"]
    assert not page.action_enabled and page.selected == ()
    visitor.touch(Action.BACK)
    assert visitor.answer(RECORD).kind == "review"


def test_on_the_phone_alone_nothing_is_printed_and_the_end_says_so() -> None:
    visitor = at_the_code()
    assert visitor.asked == Submit("certificate.deliver", {"number": "YC260001"}, False)
    page = visitor.answer(link(visitor))
    assert isinstance(page, CollectPage) and (page.qr, page.seconds_left) == (URL, 1800)
    assert visitor.asked == Wait(1.0) and not visitor.screen.can_back
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, DonePage) and page.title == "证明已发到手机"
    assert page.reference == "YC260001" and page.qr == ISSUED["verify_url"], (
        "how it is checked, not how it is had"
    )
    assert {one.id for one in page.take} == {"id", "phone"}
    assert page.quiet == (), "nor is it offered"
    assert printed(visitor) == 0


def test_both_is_paper_first_then_the_code_then_the_slip() -> None:
    visitor = at_the_code("both")
    visitor.answer(link(visitor))
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, PrintSlip)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and page.title == "证明已打印"
    assert {one.id for one in page.take} == {"id", "certificate", "paper", "phone"}
    assert printed(visitor) == 2


def test_on_paper_alone_there_is_no_code_and_no_phone_to_take() -> None:
    visitor = at_the_code("paper")
    visitor.answer({"outcome": "printed"})
    visitor.touch(Action.PROCEED)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and {one.id for one in page.take} == {"id", "certificate", "paper"}
    assert not any(
        isinstance(i.effect, Submit) and i.effect.kind == "certificate.deliver" for i in visitor.issued
    )


def test_the_code_ends_with_its_time_and_with_the_visit() -> None:
    visitor = at_the_code()
    visitor.answer({**link(visitor), "expires_at": visitor.engine.around.now().isoformat()})
    page = visitor.answer({})
    assert isinstance(page, CollectPage) and (page.state, page.qr) == ("over", "")
    visitor = at_the_code()
    visitor.answer(link(visitor))
    visitor.touch(Action.PROCEED)
    assert URL not in str(visitor.state), "on no later page"
    page = visitor.touch(Action.LEAVE)
    assert isinstance(page, FarewellPage) and URL not in str(visitor.state)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [({}, "unreachable"), ({"refusal": {"code": "x", "text": {"zh-CN": "没有这份证明", "en-US": "no"}}}, "")],
)
def test_without_a_link_the_visit_goes_on_and_the_certificate_is_not_called_sent(
    answer: dict[str, Any], fault: str
) -> None:
    visitor = at_the_code()
    page: Page = visitor.answer(answer, fault)
    assert isinstance(page, MessagePage)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, DonePage) and page.title.startswith("证明已开具")
    assert {one.id for one in page.take} == {"id"}
