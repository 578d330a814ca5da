"""identity.guardian at the terminal: who the ward is comes before the papers, and what is signed names them."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.availability import NOT_HERE, service_state
from kiosk.flow.effects import Ask, Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, FormPage, MessagePage, Page, PagesPage, ReviewPage, SignPage
from kiosk.flow.state import ServiceState
from tests.kiosk.flow.test_pages import HELD, keep
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, Visitor
from tests.shipped import CATALOGUE

GUARD = "identity.guardian"
NUMBER = "110101201603120019"
WARD = {"number": NUMBER, "name": "林小禾", "kind": "parent"}
LASTS = {"zh-CN": "至2034年3月11日", "en-US": "To 2034-03-11"}


def at_the_form() -> Visitor:
    visitor = Visitor().world(signaturePad=True, documentCamera=True)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, GUARD)
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer({**PROFILE, "roles": []})
    return visitor


def fill(visitor: Visitor, number: str = NUMBER) -> Page:
    """The rows of the form as somebody gives them."""
    visitor.touch(Action.EDIT, "kind")
    assert isinstance(visitor.page, ChoosePage)
    assert [option.title for option in visitor.page.options] == [
        "未成年人的父母",
        "未成年人的其他监护人",
        "成年人的监护人",
    ]
    visitor.touch(Action.CHOOSE, "parent")
    visitor.touch(Action.EDIT, "number")
    visitor.touch(Action.FILL, "number", number)
    visitor.touch(Action.EDIT, "name")
    visitor.touch(Action.FILL, "name", "林小禾")
    return visitor.touch(Action.PROCEED)


def test_the_ward_is_judged_before_a_page_is_scanned() -> None:
    visitor = at_the_form()
    assert isinstance(visitor.page, FormPage)
    fill(visitor)
    assert visitor.asked == Ask("guardian.ward", WARD)
    words = {"zh-CN": "没有查到姓名和号码都相符的被监护人", "en-US": "No ward is found"}
    page = visitor.answer({"refusal": {"code": "wardUnknown", "text": words, "next_step": words}})
    assert isinstance(page, MessagePage) and words["zh-CN"] in str(page)


def test_a_number_that_cannot_be_right_goes_nowhere() -> None:
    visitor = at_the_form()
    page = fill(visitor, NUMBER[:17] + "6")
    assert isinstance(page, FormPage) and page.errors
    assert not isinstance(visitor.asked, Ask) or visitor.asked.query != "guardian.ward"


def test_what_is_signed_names_the_ward_and_is_handed_in_with_the_papers() -> None:
    visitor = at_the_form()
    fill(visitor)
    page = visitor.answer({"lasts": LASTS})
    assert isinstance(page, ReviewPage) and LASTS["zh-CN"] in str(page) and NUMBER not in str(page)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, PagesPage)
    keep(visitor, "a")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, SignPage)
    assert dict(page.facts) == {
        "监护人": "李秀兰",
        "被监护人": "林小禾",
        "被监护人身份证号码": NUMBER,
        "监护人身份": "未成年人的父母",
    }
    visitor.touch(Action.PROCEED)
    visitor.answer({"signature": "aW5r", "png": "cG5n"})
    visitor.touch(Action.PROCEED)
    sent: Any = visitor.asked
    assert isinstance(sent, Submit) and sent.kind == "material.page"
    visitor.answer({**HELD, "key": "k1"})
    sent = visitor.asked
    assert isinstance(sent, Submit) and sent.kind == "matter.submit"
    assert {name: sent.data[name] for name in WARD} == WARD
    assert sent.data["pages"] == [{"key": "k1", "sha256": "a" * 64}]
    assert {"text", "sha256", "signature", "lang", "signed_on"} <= sent.data.keys()


@pytest.mark.parametrize(
    ("devices", "reason"),
    [
        ({"signaturePad": True, "documentScanner": True}, ""),
        ({"signaturePad": True, "documentCamera": False, "documentScanner": True}, ""),
        ({"documentCamera": True}, NOT_HERE),
        ({"signaturePad": False, "documentCamera": True}, "signaturePad"),
        ({"signaturePad": True}, NOT_HERE),
        ({"signaturePad": True, "documentCamera": False}, "documentCamera"),
    ],
)
def test_it_needs_a_pad_and_one_of_two_ways_to_take_a_page(devices: dict[str, bool], reason: str) -> None:
    """A terminal that was built without says that the service is not here, and announces nothing broken."""
    state = service_state(CATALOGUE[GUARD].service, True, {"idReader": True, **devices}, (), False)
    assert state == (ServiceState(False, reason) if reason else ServiceState(True))


def test_nothing_of_it_is_taken_without_the_centre() -> None:
    devices = {"idReader": True, "signaturePad": True, "documentCamera": True}
    assert service_state(CATALOGUE[GUARD].service, False, devices, (), False) == ServiceState(
        False, "network"
    )
