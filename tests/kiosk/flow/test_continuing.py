"""A visit that goes on on the person's phone: handed over from form, review or payment, and ended cleanly here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kiosk.flow.effects import ClosePayment, Submit, Wait, Wipe
from kiosk.flow.events import Action
from kiosk.flow.pages import (
    ContinuePage,
    DonePage,
    FarewellPage,
    FormPage,
    MessagePage,
    Page,
    PayPage,
    ReviewPage,
)
from kiosk.flow.state import Phase
from tests.kiosk.flow.test_agency import APPLIED, BUYER, at_the_check, at_the_payment, signed_in
from tests.kiosk.flow.visitor import Visitor


def link(visitor: Visitor, seconds: int = 1800) -> dict[str, Any]:
    until = visitor.engine.around.now() + timedelta(seconds=seconds)
    return {
        "state": "accepted", "key": "k9", "url": "https://bureau.example/c/k9.s", "seconds": seconds,
        "expires_at": until.isoformat(),
    }  # fmt: skip


def handed(visitor: Visitor) -> dict[str, Any]:
    asked = visitor.asked
    assert isinstance(asked, Submit) and asked.kind == "visit.continue" and not asked.queue
    return dict(asked.data["answers"])  # type: ignore[call-overload]


def offers(page: Page) -> bool:
    return [choice.title for choice in page.quiet if choice.id == "phone"] == ["在手机上继续"]


def test_from_the_first_form_with_what_was_typed_so_far_and_nothing_wrong() -> None:
    visitor = signed_in(roles=[], own=False)
    visitor.touch(Action.PROCEED)
    page = visitor.touch(Action.SECOND, "type")
    assert isinstance(page, FormPage) and offers(page)
    visitor.touch(Action.FILL, "name", BUYER.name)
    visitor.touch(Action.FILL, "number", "91")
    visitor.touch(Action.SECOND, "phone")
    answers = handed(visitor)
    assert answers["buyer"] == {"name": BUYER.name} and answers["enterprise"]["name"] == "我本人"
    assert set(answers) == {"enterprise", "title", "buyer"}


def test_from_the_review_with_everything_and_shown_with_its_time() -> None:
    visitor = at_the_check()
    assert isinstance(visitor.page, ReviewPage) and offers(visitor.page)
    visitor.touch(Action.SECOND, "phone")
    answers = handed(visitor)
    assert answers["buyer"]["number"] == BUYER.taxpayer and answers["goods"]["gross_fen"] == 1_010_000
    assert not {"known", "typed", "asked"} & set(answers["goods"])
    page = visitor.answer(link(visitor))
    assert isinstance(page, ContinuePage) and page.qr == "https://bureau.example/c/k9.s"
    assert (page.seconds_left, page.seconds_total) == (1800, 1800) and visitor.asked == Wait(1.0)
    assert not visitor.screen.can_back


def test_its_time_is_counted_down_and_then_no_code_is_shown() -> None:
    visitor = at_the_check()
    visitor.touch(Action.SECOND, "phone")
    visitor.answer(link(visitor))
    assert isinstance(visitor.answer({}), ContinuePage) and visitor.asked == Wait(1.0)
    visitor = at_the_check()
    visitor.touch(Action.SECOND, "phone")
    visitor.answer({**link(visitor), "expires_at": visitor.engine.around.now().isoformat()})
    page = visitor.answer({})
    assert isinstance(page, ContinuePage) and (page.state, page.qr) == ("over", "")
    assert visitor.state.waiting == frozenset(), "nothing ticks any more"


def test_the_visit_ends_and_nothing_of_it_is_left() -> None:
    visitor = at_the_check()
    visitor.touch(Action.SECOND, "phone")
    visitor.answer(link(visitor))
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FarewellPage) and [thing.id for thing in page.take] == ["id", "phone"]
    assert any(isinstance(issued.effect, Wipe) for issued in visitor.issued)
    assert visitor.state.phase is Phase.FAREWELL and visitor.state.person is None
    assert BUYER.taxpayer not in str(visitor.state)


def test_whoever_goes_away_leaves_nothing_either() -> None:
    visitor = at_the_check()
    visitor.touch(Action.SECOND, "phone")
    visitor.answer(link(visitor))
    visitor.touch(Action.EXPIRE)
    assert visitor.state.phase is Phase.FAREWELL and BUYER.taxpayer not in str(visitor.state)


def test_from_the_payment_the_order_here_is_closed_first() -> None:
    visitor = at_the_payment()
    visitor.answer({"state": "waiting", "qr": "http://bank/p/O1", "order": "O1"}, partial=True)
    assert isinstance(visitor.page, PayPage) and offers(visitor.page)
    visitor.touch(Action.SECOND, "phone")
    assert visitor.asked == ClosePayment(), "never two orders beside each other"
    visitor.answer({"state": "closed", "order": "O1", "key": "k2"})
    answers = handed(visitor)
    assert answers["file"]["application"] == APPLIED["application"] and answers["file"]["dues"]


@pytest.mark.parametrize("paid", [True, False])
def test_what_was_paid_or_is_in_doubt_meanwhile_stays_here(paid: bool) -> None:
    visitor = at_the_payment()
    visitor.answer({"state": "waiting", "qr": "http://bank/p/O1", "order": "O1"}, partial=True)
    visitor.touch(Action.SECOND, "phone")
    if paid:
        visitor.answer({"state": "paid", "amount_fen": 10_350, "voucher": "399", "order": "O1", "key": "k2"})
        assert visitor.asked == Submit("invoice.issue", {"application": APPLIED["application"]})
    else:
        page = visitor.answer(fault="in-doubt", data={"key": "k2"})
        assert isinstance(page, PayPage) and page.state == "doubt" and not offers(page)


def test_an_order_that_has_lapsed_may_be_paid_on_the_phone() -> None:
    visitor = at_the_payment()
    page = visitor.answer({"state": "expired", "order": "O1", "key": "k2"})
    assert offers(page)
    visitor.touch(Action.SECOND, "phone")
    assert handed(visitor)["file"]["application"] == APPLIED["application"]


def test_a_no_of_the_centre_or_silence_ends_in_a_page_that_says_so() -> None:
    visitor = at_the_check()
    visitor.touch(Action.SECOND, "phone")
    words = {"text": {"zh-CN": "不行"}, "next_step": {"zh-CN": "请到窗口"}}
    page = visitor.answer({"state": "refused", "refusal": {"code": "roleMissing", **words}})
    assert isinstance(page, MessagePage) and "请到窗口" in page.body
    visitor = at_the_check()
    visitor.touch(Action.SECOND, "phone")
    assert isinstance(visitor.answer(fault="unreachable"), MessagePage)


def test_nobody_comes_to_it_who_did_not_choose_it() -> None:
    visitor = at_the_payment()
    visitor.answer({"state": "expired", "order": "O1", "key": "k2"})
    visitor.touch(Action.SECOND, "later")
    assert isinstance(visitor.answer({"outcome": "printed"}), DonePage)
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.SECOND, "skip")
    assert not isinstance(visitor.page, ContinuePage)
    assert not any(
        isinstance(issued.effect, Submit) and issued.effect.kind == "visit.continue"
        for issued in visitor.issued
    )
