"""The step that signs in by phone: number, code, and what the centre says to either."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from kiosk.flow.effects import Ask, ReadCode
from kiosk.flow.events import Action
from kiosk.flow.pages import FormPage, MessagePage, Page
from kiosk.flow.state import Phase
from tests.kiosk.flow.visitor import Visitor

MOBILE, CHALLENGE = "13912340007", "0199d5f0-7c1a-4abc-8def-0123456789ab"
SENT = {"challenge": CHALLENGE, "mobile_masked": "139****0007", "digits": 6}


@pytest.fixture
def visitor() -> Visitor:
    """At the page that asks for the number."""
    made = Visitor().world()
    made.touch(Action.BEGIN)
    made.touch(Action.OPEN, "lottery.draw")
    return made


def form(page: Page) -> FormPage:
    assert isinstance(page, FormPage)
    return page


def no(why: str, then: str) -> dict[str, Any]:
    return {
        "refusal": {
            "code": "x",
            "text": {"zh-CN": why, "en-US": why},
            "next_step": {"zh-CN": then, "en-US": then},
        }
    }


def sent(visitor: Visitor) -> FormPage:
    visitor.touch(Action.FILL, "mobile", MOBILE)
    visitor.touch(Action.PROCEED)
    return form(visitor.answer(SENT))


def proven(visitor: Visitor) -> Page:
    sent(visitor)
    visitor.touch(Action.FILL, "sms", "123456")
    visitor.touch(Action.PROCEED)
    return visitor.answer({"mobile_masked": "139****0007"})


def test_the_number_then_the_code_then_on(visitor: Visitor) -> None:
    page = form(visitor.page)
    assert (page.rows[0].keypad, page.focused, page.action_enabled) == ("phone", "mobile", False)
    assert form(visitor.touch(Action.FILL, "mobile", MOBILE + "99")).rows[0].value == MOBILE
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("phone.code", {"mobile": MOBILE})
    page = form(visitor.answer(SENT))
    assert "139****0007" in page.lead and MOBILE not in str(page)
    assert not page.action_enabled
    page = form(visitor.touch(Action.FILL, "sms", "1234567"))
    assert (page.rows[0].value, page.action_enabled) == ("123456", True)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("phone.check", {"challenge": CHALLENGE, "code": "123456"})
    visitor.answer({"mobile_masked": "139****0007"})
    assert visitor.asked == ReadCode()
    assert visitor.issued[-1].subject["phone"] == {"mobile": MOBILE, "challenge": CHALLENGE}


def test_a_number_that_is_none_is_told_at_its_row(visitor: Visitor) -> None:
    visitor.touch(Action.FILL, "mobile", "12345678901")
    page = form(visitor.touch(Action.PROCEED))
    assert page.rows[0].error and page.errors == (page.rows[0].error,)
    assert not any(isinstance(i.effect, Ask) and i.effect.query == "phone.code" for i in visitor.issued)


def test_a_wrong_code_is_typed_again_and_one_that_did_not_come_is_sent_again(visitor: Visitor) -> None:
    sent(visitor)
    visitor.touch(Action.FILL, "sms", "000000")
    visitor.touch(Action.PROCEED)
    page = form(visitor.answer(no("验证码不对", "还可以试4次")))
    assert (page.rows[0].value, page.rows[0].error) == ("", "验证码不对。还可以试4次")
    visitor.touch(Action.SECOND, "resend")
    assert visitor.asked == Ask("phone.code", {"mobile": MOBILE})
    page = form(visitor.answer(no("刚刚发出", "请过50秒再试")))
    assert page.rows[0].id == "sms" and "50" in page.errors[0]
    visitor.touch(Action.SECOND, "resend")
    assert form(visitor.answer({**SENT, "challenge": "another"})).rows[0].id == "sms"
    visitor.touch(Action.FILL, "sms", "123456")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("phone.check", {"challenge": "another", "code": "123456"})


def test_back_from_the_code_leads_to_the_number_and_from_there_out(visitor: Visitor) -> None:
    sent(visitor)
    page = form(visitor.touch(Action.BACK))
    assert (page.rows[0].id, page.rows[0].value) == ("mobile", MOBILE)
    visitor.touch(Action.BACK)
    assert visitor.state.phase is Phase.HOME


def test_without_the_centre_it_says_so_and_tries_again(visitor: Visitor) -> None:
    visitor.touch(Action.FILL, "mobile", MOBILE)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.answer(fault="unreachable"), MessagePage)


def test_a_second_service_of_the_visit_does_not_ask_again_and_the_next_visit_does(visitor: Visitor) -> None:
    proven(visitor)
    visitor.touch(Action.BACK)
    assert visitor.state.phase is Phase.HOME
    visitor.touch(Action.OPEN, "lottery.draw")
    assert visitor.asked == ReadCode()
    assert visitor.issued[-1].subject["phone"] == {"mobile": MOBILE, "challenge": CHALLENGE}
    visitor.touch(Action.LEAVE)
    assert visitor.state.phone is None and MOBILE not in str(asdict(visitor.state))
    visitor.touch(Action.LEAVE)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "lottery.draw")
    assert form(visitor.page).rows[0].value == ""


@pytest.mark.parametrize("touched", [Action.BACK, Action.PROCEED])
def test_touches_while_the_centre_is_asked_change_nothing(visitor: Visitor, touched: Action) -> None:
    visitor.touch(Action.FILL, "mobile", MOBILE)
    visitor.touch(Action.PROCEED)
    visitor.touch(touched)
    assert form(visitor.answer(SENT)).rows[0].id == "sms"
    visitor.touch(Action.FILL, "sms", "123456")
    visitor.touch(Action.PROCEED)
    visitor.touch(touched)
    visitor.answer({"mobile_masked": "139****0007"})
    assert visitor.asked == ReadCode()
