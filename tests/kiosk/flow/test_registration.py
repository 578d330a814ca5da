"""Registration and progress at the terminal: prefilled, only what changed is sent, offline it is taken unaided."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.effects import Ask, PrintSlip, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, ReviewPage
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, ROLE, Visitor

KNOWN: dict[str, Any] = {
    "taxpayer": ROLE["taxpayer"],
    "name": ROLE["name"],
    "state": {"zh-CN": "正常", "en-US": "Normal"},
    "taxation": {"zh-CN": "小规模纳税人", "en-US": "Small-scale taxpayer"},
    "industry": "文具用品零售",
    "registered_on": "2020-03-02",
    "address": "云川市书院区书院街40号",
    "phone": "19900001004",
    "bank": "icbc",
    "bank_name": {"zh-CN": "工商银行", "en-US": "ICBC"},
    "account": "6222000000000000001",
    "accounting": None,
    "accounting_name": None,
    "confirmed_on": None,
    "officers": [
        {"id": "1", "role": {"zh-CN": "法定代表人", "en-US": "x"}, "name": "何木兰", "since": "2020-03-02"}
    ],
    "as_of": "2026-10-12T09:42:00+08:00",
}
OPENED: dict[str, Any] = {
    "state": "accepted",
    "key": "id-9",
    "accepted_at": "2026-10-12T09:43:00+08:00",
    "case": "63990026101200000015",
    "state_text": {"zh-CN": "已办结", "en-US": "Done"},
    "basis": {"zh-CN": "税务登记管理办法第十八条", "en-US": "Tax Registration Rules art. 18"},
    "due_on": None,
    "effective_on": "2026-10-12",
}


def form(service: str) -> tuple[Visitor, FormPage]:
    visitor = Visitor().world()
    visitor.sign_in(service)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Ask) and visitor.asked.query == "registration.details"
    page = visitor.answer(KNOWN)
    assert isinstance(page, FormPage)
    return visitor, page


def test_the_form_is_prefilled_and_the_phone_masked() -> None:
    _, page = form("registration.change")
    shown = {row.id: row.value for row in page.rows}
    assert shown["bank"] == "工商银行"
    assert shown["address"] == KNOWN["address"]
    assert KNOWN["phone"] not in shown["phone"] and "*" in shown["phone"]
    assert all(row.source for row in page.rows)


def test_a_corrected_phone_is_checked_submitted_and_printed_with_its_case() -> None:
    visitor, _ = form("registration.change")
    visitor.touch(Action.FILL, "phone", "13900002345")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    read = [row.value for section in page.sections for row in section.rows]
    assert "139 0000 2345" in read and "6222 0000 0000 0000 001" in read
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.kind == "matter.submit"
    assert effect.data == {
        "phone": "13900002345",
        "bank": "icbc",
        "account": KNOWN["account"],
        "address": KNOWN["address"],
    }
    visitor.answer(OPENED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    values = [block.get("value") for block in slip.blocks]
    assert OPENED["case"] in values and "已办结" in values
    assert not any("13900002345" in str(block) for block in slip.blocks)
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage) and done.reference == OPENED["case"]


@pytest.mark.parametrize(("row", "text"), [("phone", "139"), ("account", "123")])
def test_what_is_no_number_stays_on_the_form_with_what_to_mend(row: str, text: str) -> None:
    visitor, _ = form("registration.change")
    visitor.touch(Action.FILL, row, text)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage)
    assert page.errors


def test_offline_the_change_is_taken_with_what_was_typed_alone() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "registration.change")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(fault="unreachable")
    visitor.touch(Action.FILL, "uscc", str(ROLE["taxpayer"]))
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage)
    assert not any(row.value for row in page.rows)
    visitor.touch(Action.FILL, "phone", "13900002345")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.queue
    assert effect.data == {"phone": "13900002345", "bank": None, "account": None, "address": None}


def test_the_registration_is_read_on_two_pages() -> None:
    visitor = Visitor().world()
    visitor.sign_in("registration.query")
    visitor.touch(Action.PROCEED)
    page = visitor.answer(KNOWN)
    assert isinstance(page, ReviewPage)
    rows = {row.label: row for section in page.sections for row in section.rows}
    assert rows["开户银行"].value == "工商银行"
    assert rows["会计制度"].note == "未登记"
    officers = visitor.touch(Action.PROCEED)
    assert isinstance(officers, ListPage)
    assert officers.rows[0].tags == ("法定代表人",)
    assert isinstance(visitor.touch(Action.PROCEED), DonePage)


def test_progress_needs_the_document_alone_and_tells_each_case() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "progress.query")
    visitor.answer(CARD)
    visitor.answer(PROFILE)
    assert isinstance(visitor.asked, Ask) and visitor.asked.query == "progress.list"
    row = {
        "case": OPENED["case"],
        "title": {"zh-CN": "变更登记", "en-US": "Change of registration"},
        "owner": ROLE["name"],
        "state": "open",
        "accepted_on": "2026-10-12",
        "due_on": "2026-10-19",
        "next_step": {"zh-CN": "税务人员在10月19日前作出决定", "en-US": "An officer decides by 2026-10-19"},
    }
    page = visitor.answer({"rows": [row], "as_of": KNOWN["as_of"]})
    assert isinstance(page, ListPage)
    assert (page.rows[0].title, page.rows[0].tags) == ("变更登记", ("办理中",))
    assert isinstance(visitor.touch(Action.PROCEED), DonePage)


def test_a_release_offers_every_post_but_the_legal_representatives() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "identity.unbind-role")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer({**PROFILE, "roles": [{**ROLE, "role": "L"}]})
    visitor.touch(Action.PROCEED)
    why = {"zh-CN": "以市场监管登记为准", "en-US": "x"}
    posts = [
        {**KNOWN["officers"][0], "id": "L-1", "releasable": False, "why_not": why},
        {**KNOWN["officers"][0], "id": "T-2", "name": "沈知舟", "releasable": True, "why_not": None},
    ]
    page = visitor.answer({**KNOWN, "officers": posts})
    assert isinstance(page, ChoosePage)
    assert [(o.id, o.enabled, o.reason) for o in page.options] == [
        ("L-1", False, "以市场监管登记为准"),
        ("T-2", True, ""),
    ]
    visitor.touch(Action.CHOOSE, "T-2")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.data == {"post": "T-2"}


def test_a_registration_is_checked_by_anybody_without_a_document() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "registration.verify")
    page = visitor.touch(Action.SECOND, "type")
    assert isinstance(page, FormPage)
    visitor.touch(Action.FILL, "taxpayer", str(ROLE["taxpayer"]))
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Ask)
    assert (visitor.asked.query, visitor.asked.params) == (
        "registration.verify",
        {"taxpayer": ROLE["taxpayer"]},
    )
    page = visitor.answer(KNOWN)
    assert isinstance(page, ReviewPage)
    assert isinstance(visitor.touch(Action.PROCEED), DonePage)
