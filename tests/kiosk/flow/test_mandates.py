"""For another person: whoever holds a mandate is asked for whom, and what follows is asked and done by it."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.effects import Ask, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, FormPage, MessagePage, Page, ReviewPage, SignPage
from kiosk.flow.state import Phase
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, ROLE, Visitor

MANDATE = "61990026091700000018"
WARDS = "63990026082700000019"
HELD = {"mandate": MANDATE, "name": "王**", "number": "539***********0969", "scope": "all", "own": True}
MONTHS = {"first": "2026-01", "last": "2026-09", "with_income": ["2026-09"]}
RECORD, CONTRIBUTIONS = "certificate.iit-record", "declare.social-insurance"


def signed_in(service: str, *held: dict[str, Any], **more: Any) -> Visitor:
    """Somebody with these mandates, in the first step behind the sign-in."""
    visitor = Visitor().world(signaturePad=True)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, service)
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer({**PROFILE, "roles": [], "mandates": list(held), **more})
    return visitor


def for_whom(visitor: Visitor) -> list[str]:
    page = visitor.page
    assert isinstance(page, ChoosePage)
    return [option.title for option in page.options]


def sent(visitor: Visitor) -> Any:
    """By which mandate the last question or effect goes out."""
    return visitor.issued[-1].subject["mandate"]


def test_nobody_is_asked_for_whom_who_acts_for_nobody() -> None:
    visitor = signed_in(RECORD)
    assert visitor.asked == Ask("iit.months") and sent(visitor) is None
    page = visitor.answer(MONTHS)
    assert isinstance(page, ChoosePage) and page.shape == "months"
    visitor.touch(Action.BACK)
    assert visitor.state.phase is Phase.HOME, "the way back is no page that nobody saw"


def test_what_is_chosen_for_another_goes_to_the_centre_by_the_mandate_and_is_shown() -> None:
    visitor = signed_in(RECORD, HELD)
    assert for_whom(visitor) == ["我本人", "王**（您代办）"]
    visitor.touch(Action.CHOOSE, "1")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("iit.months") and sent(visitor) == MANDATE
    visitor.answer(MONTHS)
    assert isinstance(visitor.page, ChoosePage) and visitor.page.owner == "王**（您代办）"
    assert visitor.issued[-1].subject["taxpayer"] is None and visitor.issued[-1].subject["role"] is None
    visitor.touch(Action.BACK)
    assert for_whom(visitor) == ["我本人", "王**（您代办）"], "and may be chosen again"
    visitor.touch(Action.CHOOSE, "0")
    visitor.touch(Action.PROCEED)
    assert sent(visitor) is None


@pytest.mark.parametrize(
    ("service", "scope", "offered"),
    [
        (RECORD, "papers", True),
        (RECORD, "taxes", False),
        (CONTRIBUTIONS, "taxes", True),
        (CONTRIBUTIONS, "papers", False),
        (CONTRIBUTIONS, "all", True),
        ("privacy.my-data", "all", False),
    ],
)
def test_a_mandate_is_offered_where_it_says_so(service: str, scope: str, offered: bool) -> None:
    page = signed_in(service, {**HELD, "scope": scope}).page
    assert (isinstance(page, ChoosePage) and len(page.options) == 2 and page.shape == "list") is offered


def test_firms_own_name_and_principals_stand_together_where_all_of_them_may() -> None:
    visitor = signed_in("query.due", HELD, roles=[ROLE], own=True)
    assert for_whom(visitor) == ["云川禾木文具有限公司", "我本人", "王**（您代办）"]
    assert for_whom(signed_in("declare.vat-small", HELD, roles=[ROLE])) == ["云川禾木文具有限公司"]
    alone = signed_in("query.due", HELD)
    assert for_whom(alone) == ["王**（您代办）"]
    alone.touch(Action.PROCEED)
    assert sent(alone) == MANDATE, "the only one is chosen already"
    nothing = signed_in("query.due", {**HELD, "own": False}).page
    assert isinstance(nothing, MessagePage) and "还没有以自己的名义申报过" in str(nothing)


def test_a_mandate_ends_with_the_service_it_was_chosen_in() -> None:
    visitor = signed_in(RECORD, HELD)
    visitor.touch(Action.CHOOSE, "1")
    visitor.touch(Action.PROCEED)
    visitor.answer(MONTHS)
    while visitor.state.phase is Phase.SERVICE:
        visitor.touch(Action.BACK)
    visitor.touch(Action.OPEN, "privacy.my-data")
    assert sent(visitor) is None, "the next service is one's own again"


def test_a_mandate_that_was_taken_back_meanwhile_is_told() -> None:
    visitor = signed_in(RECORD, HELD)
    visitor.touch(Action.CHOOSE, "1")
    visitor.touch(Action.PROCEED)
    words = {"zh-CN": "委托已经到期或解除", "en-US": "over"}
    page = visitor.answer({"refusal": {"code": "mandateGone", "text": words, "next_step": words}})
    assert isinstance(page, MessagePage) and "委托已经到期或解除" in str(page)


def test_what_was_typed_for_one_is_not_found_under_another() -> None:
    visitor = signed_in(CONTRIBUTIONS, HELD)
    visitor.touch(Action.CHOOSE, "1")
    visitor.touch(Action.PROCEED)
    hers = {"level": "level-300", "pension": True, "medical": False, "months": 3, "first": "2026-07"}
    visitor.answer({"facts": hers, "sources": [], "earliest": "2026-01"})
    visitor.touch(Action.BACK)
    visitor.touch(Action.CHOOSE, "0")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("return.prefill") and sent(visitor) is None
    own = {"level": "level-60", "pension": True, "medical": True, "months": 1, "first": "2026-10"}
    page = visitor.answer({"facts": own, "sources": [], "earliest": "2026-01"})
    assert isinstance(page, FormPage) and "300" not in str([row.value for row in page.rows])


def test_a_ward_is_one_by_name_and_goes_to_the_centre_like_any_principal() -> None:
    visitor = signed_in(RECORD, HELD, {**HELD, "mandate": WARDS, "name": "许**", "ground": "guardian"})
    assert for_whom(visitor) == ["我本人", "王**（您代办）", "许**（您监护）"]
    visitor.touch(Action.CHOOSE, "2")
    visitor.touch(Action.PROCEED)
    assert sent(visitor) == WARDS
    visitor.answer(MONTHS)
    assert isinstance(visitor.page, ChoosePage) and visitor.page.owner == "许**（您监护）"


def test_two_of_one_name_are_told_apart() -> None:
    other = {**HELD, "mandate": "6199002609170000002X", "number": "539***********0977"}
    page = signed_in(RECORD, HELD, other).page
    assert isinstance(page, ChoosePage)
    assert [option.note for option in page.options[1:]] == ["539***********0969", "539***********0977"]


def test_who_declared_for_another_just_now_may_pay_for_them_in_the_same_visit() -> None:
    visitor = signed_in(CONTRIBUTIONS, {**HELD, "own": False})
    while visitor.state.phase is Phase.SERVICE:
        visitor.touch(Action.BACK)
    visitor.touch(Action.OPEN, "pay.due")
    assert visitor.asked == Ask("person.profile"), "her first return has made her a taxpayer"
    visitor.answer({**PROFILE, "roles": [], "mandates": [HELD]})
    assert for_whom(visitor) == ["王**（您代办）"]


def given(visitor: Visitor) -> Page:
    """The rows of the form as somebody gives them."""
    number = "110101198001010010"
    for row, value in (("relation", "child"), ("scope", "papers"), ("term", "year-1")):
        visitor.touch(Action.EDIT, row)
        visitor.touch(Action.CHOOSE, value)
    visitor.touch(Action.EDIT, "number")
    visitor.touch(Action.FILL, "number", number)
    return visitor.touch(Action.PROCEED)


def test_what_is_signed_names_who_what_and_how_long_and_is_handed_in_whole() -> None:
    visitor = signed_in("identity.delegate")
    assert isinstance(visitor.page, FormPage)
    given(visitor)
    assert visitor.asked == Ask("mandate.attorney", {"number": "110101198001010010"})
    page = visitor.answer({"attorney": "陈*"})
    assert isinstance(page, ReviewPage) and "陈*" in str(page) and "110101198001010010" not in str(page)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, SignPage)
    assert dict(page.facts) == {
        "委托人": "李秀兰",
        "受托人": "陈*",
        "受托人身份证号码": "110101198001010010",
        "关系": "子女",
        "代理事项和权限": "查询、打印证明",
        "期限": "一年",
    }
    visitor.touch(Action.PROCEED)
    visitor.answer({"signature": "aW5r", "png": "cG5n"})
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.kind == "matter.submit"
    assert effect.data["number"] == "110101198001010010" and effect.data["scope"] == "papers"
    assert {"text", "sha256", "signature", "lang", "signed_on"} <= effect.data.keys()


def test_whoever_has_no_mandate_is_told_and_loses_nothing() -> None:
    visitor = signed_in("identity.undelegate")
    page = visitor.answer({"rows": [], "as_of": "2026-10-12T09:42:00+08:00"})
    assert isinstance(page, (MessagePage, ListPage)) and "没有委托" in str(page)
