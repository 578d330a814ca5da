"""Temporary registration at the terminal: prefilled, checked row by row, taken without the network, one a person."""

from __future__ import annotations

from typing import Any

from kiosk.domain.own_numbers import make_number
from kiosk.flow.effects import Ask, PrintSlip, Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, MessagePage, ReviewPage
from tests.kiosk.flow.visitor import CARD, NOW, PASSED, PROFILE, Visitor

SERVICE = "registration.temporary"
NUMBER = make_number("01", "9900", NOW.date(), 1)
KNOWN: dict[str, Any] = {
    "phone": "19900001022",
    "earliest": "2025-10-12",
    "latest": "2027-10-12",
    "name": None,
    "address": None,
    "bank": None,
    "account": None,
}
CHOSEN = {
    "activity": ("retail",),
    "district": ("county",),
    "grounds": ("own",),
    "starts_on": ("2026", "2026-10", "2026-10-01"),
    "ends_on": ("2027", "2027-09", "2027-09-30"),
}
OPENED: dict[str, Any] = {
    "state": "accepted",
    "key": "id-9",
    "accepted_at": "2026-10-12T09:43:00+08:00",
    "case": "63990026101200000015",
    "state_text": {"zh-CN": "已办结", "en-US": "Done"},
    "basis": {"zh-CN": "税收征收管理法第十五条", "en-US": "Tax Collection Law art. 15"},
    "due_on": None,
    "effective_on": "2026-10-12",
    "taxpayer": NUMBER,
    "valid_until": "2027-09-30",
}


def fill(visitor: Visitor) -> None:
    """What the form asks for on both its pages; bank and account stay empty."""
    visitor.touch(Action.FILL, "name", "翠湖书摊")
    visitor.touch(Action.FILL, "address", "云川市书院区翠湖路51号")
    for row, touches in CHOSEN.items():
        if row == "starts_on":
            visitor.touch(Action.PROCEED)  # the second page of the form
        visitor.touch(Action.EDIT, row)
        for one in touches:
            visitor.touch(Action.CHOOSE, one)


def at_the_form(known: dict[str, Any] = KNOWN) -> tuple[Visitor, FormPage]:
    visitor = Visitor().world()
    visitor.sign_in(SERVICE)
    assert isinstance(visitor.asked, Ask) and visitor.asked.query == SERVICE
    page = visitor.answer(known)
    assert isinstance(page, FormPage)
    return visitor, page


def test_what_was_filled_in_is_registered_and_the_slip_masks_the_person_and_no_number_of_theirs() -> None:
    visitor, _ = at_the_form()
    fill(visitor)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    assert CARD["number"] not in str(page) and KNOWN["phone"] not in str(page)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and (effect.kind, effect.queue) == ("matter.submit", False)
    assert effect.data == {
        "name": "翠湖书摊",
        "activity": "retail",
        "address": "云川市书院区翠湖路51号",
        "district": "county",
        "grounds": "own",
        "starts_on": "2026-10-01",
        "ends_on": "2027-09-30",
        "phone": KNOWN["phone"],
        "bank": None,
        "account": None,
    }
    visitor.answer(OPENED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    values = [block.get("value") for block in slip.blocks]
    assert NUMBER in values and "翠湖书摊" in values and "2027年9月30日" in values
    assert CARD["number"] not in str(slip.blocks) and CARD["name"] not in str(slip.blocks)
    assert isinstance(visitor.answer({"outcome": "printed"}), DonePage)


def test_the_end_is_no_later_than_the_centre_says_and_a_business_that_is_to_begin_has_not() -> None:
    visitor, _ = at_the_form()
    visitor.touch(Action.FILL, "name", "翠湖书摊")
    visitor.touch(Action.FILL, "address", "云川市书院区翠湖路51号")
    for row in ("activity", "district", "grounds"):
        visitor.touch(Action.EDIT, row)
        visitor.touch(Action.CHOOSE, CHOSEN[row][0])
    visitor.touch(Action.PROCEED)
    years = visitor.touch(Action.EDIT, "ends_on")
    assert isinstance(years, ChoosePage)
    assert [o.id for o in years.options if o.enabled] == ["2026", "2027"]
    visitor.touch(Action.BACK)
    years = visitor.touch(Action.EDIT, "starts_on")
    assert isinstance(years, ChoosePage)
    assert [o.id for o in years.options if o.enabled] == ["2025", "2026"]


def test_an_earlier_registration_fills_in_what_may_have_stayed() -> None:
    _, page = at_the_form({**KNOWN, "name": "翠湖书摊", "address": "云川市书院区翠湖路51号"})
    rows = {row.id: row for row in page.rows}
    assert (rows["name"].value, rows["name"].source) == ("翠湖书摊", "上次登记")


def test_who_has_one_is_told_which_before_anything_is_asked() -> None:
    visitor = Visitor().world()
    visitor.sign_in(SERVICE)
    text = {"zh-CN": f"您已办临时税务登记：翠湖书摊，识别号{NUMBER}", "en-US": "x"}
    step = {"zh-CN": "不用再登记", "en-US": "x"}
    page = visitor.answer({"refusal": {"code": "temporaryHeld", "text": text, "next_step": step}})
    assert isinstance(page, MessagePage)
    assert NUMBER in str(page) and "不用再登记" in str(page)


def test_without_the_network_it_is_taken_and_the_slip_promises_no_number() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, SERVICE)
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    page = visitor.answer(fault="unreachable")
    assert isinstance(page, FormPage)
    fill(visitor)
    visitor.touch(Action.FILL, "phone", "19900001022")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Submit) and visitor.asked.queue
    visitor.answer({"key": "id-9", "accepted_at": OPENED["accepted_at"], "queued": True})
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    assert not [block for block in slip.blocks if block.get("label") in ("纳税人识别号", "有效期至")]


def test_the_head_of_a_business_is_called_that_and_claims_its_number_without_the_network() -> None:
    role = {
        "taxpayer": NUMBER,
        "name": "翠湖书摊",
        "role": "L",
        "small_scale": True,
        "state": "normal",
        "temporary": True,
    }
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "registration.change")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    page = visitor.answer({**PROFILE, "roles": [role]})
    assert isinstance(page, ChoosePage)
    assert (page.options[0].tags, page.options[0].note) == (("负责人",), NUMBER)
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "registration.change")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(fault="unreachable")
    early = visitor.touch(Action.FILL, "uscc", NUMBER[:18])
    assert isinstance(early, FormPage) and not early.action_enabled and not early.errors
    spoilt = visitor.touch(Action.FILL, "uscc", NUMBER[:19] + str((int(NUMBER[19]) + 1) % 10))
    assert isinstance(spoilt, FormPage) and spoilt.errors and not spoilt.action_enabled
    whole = visitor.touch(Action.FILL, "uscc", NUMBER)
    assert isinstance(whole, FormPage) and whole.action_enabled and not whole.errors
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.FILL, "phone", "13900002345")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Submit)
    assert visitor.state.data["enterprise"]["taxpayer"] == NUMBER


def test_a_temporary_number_is_checked_by_anybody_as_any_other() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "registration.verify")
    visitor.touch(Action.SECOND, "type")
    visitor.touch(Action.FILL, "taxpayer", NUMBER)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Ask) and visitor.asked.params == {"taxpayer": NUMBER}


def test_in_larger_words_rows_with_words_of_their_own_take_the_room_of_others() -> None:
    visitor, _ = at_the_form()
    page = visitor.touch(Action.MODE, "elder")
    assert isinstance(page, FormPage)
    assert [row.input for row in page.rows].count("text") == 2 and len(page.rows) == 3
