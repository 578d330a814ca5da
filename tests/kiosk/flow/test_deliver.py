"""Paper invoices by courier, at the terminal: a kind, how many, where to; orders followed and cancelled."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask, PrintSlip, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import DonePage, FormPage, MessagePage, ReviewPage
from tests.kiosk.flow.visitor import CARD, PASSED, ROLE, Visitor

NAME = {"zh-CN": "增值税普通发票（二联）", "en-US": "VAT ordinary invoice (2 copies)"}
WHY = {"zh-CN": "每次最多领 25 份", "en-US": "25 at a time at most"}
KIND: dict[str, Any] = {
    "id": "ordinary", "kind_name": NAME, "allowed": 25, "orderable": True, "binding_text": WHY,
    "collected_this_month": 0, "monthly_max": 50, "unused_held": 12, "hold_max": 60,
    "address": "云川市书院区文庙街18号", "phone": "19900001004",
}  # fmt: skip
WAITS = {"zh-CN": "已有订单还没有签收", "en-US": "An order has not arrived yet"}
SPECIAL = {**KIND, "id": "special", "orderable": False, "allowed": 0, "binding_text": WAITS}
CASE = "63990026101200000015"
OPENED: dict[str, Any] = {
    "state": "accepted", "key": "id-9", "accepted_at": "2026-10-12T09:43:00+08:00", "case": CASE,
    "state_text": {"zh-CN": "已办结", "en-US": "Done"}, "due_on": None, "effective_on": "2026-10-12",
    "basis": {"zh-CN": "发票管理办法第十五条", "en-US": "Invoice Measures art. 15"},
}  # fmt: skip
ORDER: dict[str, Any] = {
    "order": CASE, "kind_name": NAME, "count": 5, "state": "ordered", "ordered_on": "2026-10-12", "numbers": "",
    "next_step": {"zh-CN": "备货中", "en-US": "Being prepared"}, "cancellable": True, "why_not": None,
}  # fmt: skip
SENT = {
    **ORDER, "order": "63990026101100000018", "state": "sent", "numbers": "00274901–00274905", "cancellable": False,
    "why_not": {"zh-CN": "已装箱，不能撤销", "en-US": "Packed already"},
}  # fmt: skip


def at_the_form(rows: list[dict[str, Any]]) -> Visitor:
    visitor = Visitor().world()
    visitor.sign_in("invoice.deliver")
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Ask) and visitor.asked.query == "invoice.deliverable"
    listed = visitor.answer({"rows": rows})
    assert isinstance(listed, ListPage)
    visitor.touch(Action.PROCEED)
    return visitor


def test_an_order_goes_to_the_registered_address_unless_another_is_typed() -> None:
    visitor = at_the_form([KIND, SPECIAL])
    page = visitor.page
    assert isinstance(page, FormPage)
    rows = {row.id: row for row in page.rows}
    assert list(rows) == ["kind", "count", "name", "phone", "address"]
    assert rows["phone"].value == "199****1004" and rows["address"].value == KIND["address"]
    assert all(rows[name].source for name in ("kind", "name", "phone", "address"))
    empty = visitor.touch(Action.PROCEED)
    assert isinstance(empty, FormPage) and "申领份数" in str(empty.errors)
    visitor.touch(Action.FILL, "count", "26")
    beyond = visitor.touch(Action.PROCEED)
    assert isinstance(beyond, FormPage) and "25" in str(beyond.errors)
    visitor.touch(Action.FILL, "count", "5")
    visitor.touch(Action.FILL, "address", "云川市湖东区翠湖路9号")
    review = visitor.touch(Action.PROCEED)
    assert isinstance(review, ReviewPage)
    shown = str(review.sections)
    assert "翠湖路9号" in shown and "199****1004" in shown and KIND["phone"] not in shown
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.kind == "matter.submit"
    given = {name: effect.data[name] for name in ("kind", "count", "phone", "address")}
    assert given == {
        "kind": "ordinary", "count": 5, "phone": KIND["phone"], "address": "云川市湖东区翠湖路9号",
    }  # fmt: skip
    visitor.answer(OPENED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    values = str([block.get("value") for block in slip.blocks])
    assert CASE in values and KIND["phone"] not in values and "翠湖路" not in values
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage) and done.reference == CASE


def test_a_kind_with_an_open_order_says_so_and_cannot_be_chosen() -> None:
    visitor = Visitor().world()
    visitor.sign_in("invoice.deliver")
    visitor.touch(Action.PROCEED)
    page = visitor.answer({"rows": [SPECIAL, KIND]})
    assert isinstance(page, ListPage)
    assert "已有订单" in str(page.rows) and page.selected == ("ordinary",)


def test_back_from_the_review_keeps_what_was_typed() -> None:
    visitor = at_the_form([KIND])
    visitor.touch(Action.FILL, "count", "5")
    assert isinstance(visitor.touch(Action.PROCEED), ReviewPage)
    page = visitor.touch(Action.BACK)
    assert isinstance(page, FormPage)
    assert next(row.value for row in page.rows if row.id == "count") == "5"


def test_offline_kind_and_address_are_given_and_taken_for_later() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "invoice.deliver")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(fault="unreachable")
    visitor.touch(Action.FILL, "uscc", str(ROLE["taxpayer"]))
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage)
    assert [row.id for row in page.rows if row.value] == ["name"]
    visitor.touch(Action.EDIT, "kind")
    visitor.touch(Action.CHOOSE, "special")
    for row, text in (("count", "7"), ("phone", "139"), ("address", "云川市湖东区翠湖路9号")):
        visitor.touch(Action.FILL, row, text)
    wrong = visitor.touch(Action.PROCEED)
    assert isinstance(wrong, FormPage) and "11位" in str(wrong.errors)
    visitor.touch(Action.FILL, "phone", "13900002345")
    assert isinstance(visitor.touch(Action.PROCEED), ReviewPage)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.queue
    assert (effect.data["kind"], effect.data["count"]) == ("special", 7)


def test_orders_are_seen_and_one_that_is_not_packed_is_cancelled() -> None:
    visitor = Visitor().world()
    visitor.sign_in("invoice.deliveries")
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Ask) and visitor.asked.query == "invoice.deliveries"
    page = visitor.answer({"rows": [SENT, ORDER], "as_of": "2026-10-12T09:40:00+08:00"})
    assert isinstance(page, ListPage) and page.selected == (CASE,)
    assert "00274901" in str(page.rows) and "不能撤销" in str(page.rows)
    assert isinstance(visitor.touch(Action.PROCEED), ReviewPage)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.data == {"order": CASE} and not effect.queue
    visitor.answer(OPENED)
    assert isinstance(visitor.asked, PrintSlip)
    assert isinstance(visitor.answer({"outcome": "printed"}), DonePage)


def test_who_never_ordered_is_told_what_to_do() -> None:
    visitor = Visitor().world()
    visitor.sign_in("invoice.deliveries")
    visitor.touch(Action.PROCEED)
    page = visitor.answer({"rows": [], "as_of": "2026-10-12T09:40:00+08:00"})
    assert isinstance(page, MessagePage) and "邮寄申领" in str(page.body)
