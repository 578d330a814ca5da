"""Invoices that an enterprise holds, at the terminal: the run is chosen and narrowed; offline its numbers are typed."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest

from kiosk.domain.own_numbers import make_number
from kiosk.flow.effects import Ask, PrintSlip, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import DonePage, FormPage, MessagePage, ReviewPage, ScanPage
from tests.kiosk.flow.visitor import CARD, PASSED, ROLE, Visitor

SERVICES = ("invoice.check-used", "invoice.return", "invoice.void-return", "invoice.report-loss")
RUN: dict[str, Any] = {
    "id": "099002600104-00270101",
    "kind": "04",
    "kind_name": {"zh-CN": "增值税普通发票（二联）", "en-US": "VAT ordinary invoice (2 copies)"},
    "code": "099002600104",
    "first": "00270101",
    "last": "00270126",
    "count": 26,
    "amount_fen": None,
}
CASE = make_number("63", "9900", date(2026, 10, 12), 1)
OPENED: dict[str, Any] = {
    "state": "accepted",
    "key": "id-9",
    "accepted_at": "2026-10-12T09:43:00+08:00",
    "case": CASE,
    "state_text": {"zh-CN": "已受理", "en-US": "Accepted"},
    "basis": {"zh-CN": "发票管理办法", "en-US": "Invoice Measures"},
    "due_on": "2026-10-19",
    "effective_on": None,
}


def fill_what_is_asked(visitor: Visitor, service: str) -> None:
    """The rows that nobody can know beforehand."""
    if service == "invoice.report-loss":
        visitor.touch(Action.EDIT, "found_on")
        for value in ("2026", "2026-10", "2026-10-12"):
            visitor.touch(Action.CHOOSE, value)
    if service in ("invoice.report-loss", "invoice.void-return"):
        visitor.touch(Action.EDIT, "reason")
        visitor.touch(Action.CHOOSE, "lost" if service == "invoice.report-loss" else "misprint")


@pytest.mark.parametrize("service", SERVICES)
def test_a_run_is_chosen_narrowed_and_submitted(service: str) -> None:
    visitor = Visitor().world()
    visitor.sign_in(service)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Ask) and visitor.asked.query == "invoice.holdings"
    listed = visitor.answer({"rows": [RUN], "count": 26})
    assert isinstance(listed, ListPage) and listed.selected == (RUN["id"],)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage)
    assert [row.value for row in page.rows][:3] == [RUN["code"], RUN["first"], RUN["last"]]
    assert all(row.source for row in page.rows[:3])
    visitor.touch(Action.FILL, "last", "00270110")
    fill_what_is_asked(visitor, service)
    review = visitor.touch(Action.PROCEED)
    assert isinstance(review, ReviewPage)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.kind == "matter.submit"
    given = {name: effect.data[name] for name in ("code", "first", "last")}
    assert given == {"code": RUN["code"], "first": RUN["first"], "last": "00270110"}
    visitor.answer(OPENED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    (code,) = [block["data"] for block in slip.blocks if block["type"] == "qr"]
    assert code == f"https://bureau.example/s/id-9?n={CASE}", "read by a terminal without the network"
    values = [block.get("value") for block in slip.blocks]
    assert {CASE, RUN["code"], RUN["first"], "00270110"} <= set(values)
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage) and done.reference == CASE


def test_offline_code_and_first_number_are_read_from_the_first_invoice() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "invoice.check-used")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(fault="unreachable")
    visitor.touch(Action.FILL, "uscc", str(ROLE["taxpayer"]))
    assert isinstance(visitor.touch(Action.PROCEED), ScanPage)
    code = f"01,04,{RUN['code']},{RUN['first']},100.00,20261001,12345678901234567890,1774,"
    page = visitor.answer({"symbology": "qrCode", "data": base64.b64encode(code.encode()).decode()})
    assert isinstance(page, FormPage)
    shown = [(row.id, row.value, row.source) for row in page.rows]
    assert shown == [
        ("code", RUN["code"], "扫码读到"),
        ("first", RUN["first"], "扫码读到"),
        ("last", "", ""),
    ]
    visitor.touch(Action.FILL, "first", RUN["last"])
    visitor.touch(Action.FILL, "last", RUN["last"])
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit)
    assert (effect.data["code"], effect.data["first"]) == (RUN["code"], RUN["last"]), "a correction counts"


@pytest.mark.parametrize("service", SERVICES)
def test_offline_the_numbers_are_typed_and_taken_for_later(service: str) -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, service)
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(fault="unreachable")
    visitor.touch(Action.FILL, "uscc", str(ROLE["taxpayer"]))
    page = visitor.touch(Action.PROCEED)
    if isinstance(page, ScanPage):
        page = visitor.touch(Action.SECOND, "type")
    assert isinstance(page, FormPage)
    assert not any(row.value for row in page.rows)
    for row, text in (("code", RUN["code"]), ("first", "270101"), ("last", RUN["last"])):
        visitor.touch(Action.FILL, row, text)
    fill_what_is_asked(visitor, service)
    wrong = visitor.touch(Action.PROCEED)
    assert isinstance(wrong, FormPage) and wrong.errors  # a number has eight digits
    visitor.touch(Action.FILL, "first", RUN["first"])
    assert isinstance(visitor.touch(Action.PROCEED), ReviewPage)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.queue
    assert (effect.data["first"], effect.data["last"]) == (RUN["first"], RUN["last"])


@pytest.mark.parametrize("service", SERVICES)
def test_who_holds_nothing_of_it_is_told_what_to_do(service: str) -> None:
    visitor = Visitor().world()
    visitor.sign_in(service)
    visitor.touch(Action.PROCEED)
    page = visitor.answer({"rows": [], "count": 0})
    assert isinstance(page, MessagePage) and page.title and page.body


def test_a_kind_that_is_not_approved_yet_can_be_asked_for() -> None:
    visitor = Visitor().world()
    visitor.sign_in("invoice.quota")
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Ask) and visitor.asked.query == "invoice.approvals"
    none = {"approved": False, "face_limit": None, "face_limit_fen": None, "monthly_max": None}
    some = {"approved": True, "face_limit": "upto-100k", "face_limit_fen": 10_000_000, "monthly_max": 50}
    counts = {"collected_this_month": 0, "unused_held": 12}
    listed = visitor.answer(
        {
            "rows": [
                {"id": "ordinary", "kind_name": RUN["kind_name"], **some, **counts},
                {"id": "special", "kind_name": {"zh-CN": "专票", "en-US": "special"}, **none, **counts},
            ]
        }
    )
    assert isinstance(listed, ListPage)
    assert [row.tags for row in listed.rows] == [("已核定",), ("未核定",)]
    visitor.touch(Action.CHOOSE, "special")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage)
    assert [row.value for row in page.rows][1:] == ["", "", ""]
    visitor.touch(Action.EDIT, "face_limit")
    visitor.touch(Action.CHOOSE, "upto-10k")
    visitor.touch(Action.FILL, "monthly_max", "20")
    visitor.touch(Action.EDIT, "reason")
    visitor.touch(Action.CHOOSE, "new-trade")
    assert isinstance(visitor.touch(Action.PROCEED), ReviewPage)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit)
    assert effect.data == {
        "kind": "special",
        "face_limit": "upto-10k",
        "monthly_max": 20,
        "reason": "new-trade",
    }
