"""代开发票 at the terminal: in one's own name without any registration, tax first, and no invoice without it."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from kiosk.domain.title_code import InvoiceTitle, make_title
from kiosk.flow.effects import Ask, Pay, PrintDocument, PrintSlip, Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, ReviewPage
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, Visitor

BUYER = InvoiceTitle("云川禾木文具有限公司", "91990199MA607F0M7X")
TERMS: dict[str, Any] = {
    "goods": [{"id": "3070500000000000000", "title": {"zh-CN": "居民日常服务", "en-US": "Everyday"}, "note": {}}],
    "buyer": BUYER.name, "most_fen": 10_000_000,
}  # fmt: skip
LAW = {"zh-CN": "减半", "en-US": "Halved"}
TAXED: dict[str, Any] = {
    "net_fen": 1_000_000, "vat_fen": 10_000, "city_fen": 350, "education_fen": 0, "local_education_fen": 0,
    "total_fen": 10_350, "gross_fen": 1_010_000, "rate": "0.01", "rate_text": {"zh-CN": "1%", "en-US": "1%"},
    "vat_basis": LAW, "city_basis": LAW, "education_basis": LAW, "local_education_basis": LAW,
    "item": "*居民日常服务*居民日常服务", "remark": "税务机关代开", "parameters_hash": "a" * 64,
}  # fmt: skip
DUE = {"due": "D1", "payable": True, "amount_fen": 10_350, "late_fee_fen": 0}
APPLIED: dict[str, Any] = {
    "application": "31990026101200000011", "total_fen": 10_350, "gross_fen": 1_010_000, "dues": [DUE],
    "state": "accepted", "key": "k1", "accepted_at": "2026-10-12T01:51:00+00:00",
}  # fmt: skip
ISSUED: dict[str, Any] = {
    "number": "26992101200000000001", "issued": "2026-10-12", "document": "22990026101200000017", "pages": 1,
    "verify_url": "https://bureau.example/e/k3.s", "state": "accepted", "key": "k3",
    "accepted_at": "2026-10-12T01:52:00+00:00",
}  # fmt: skip


def signed_in(**profile: Any) -> Visitor:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "group:invoices")
    visitor.touch(Action.OPEN, "invoice.issue")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer({**PROFILE, **profile})
    return visitor


def at_the_check(**taxed: Any) -> Visitor:
    visitor = signed_in(roles=[], own=False)
    visitor.touch(Action.PROCEED)
    code = base64.b64encode(make_title(BUYER).encode()).decode()
    visitor.answer({"symbology": "qrCode", "data": code})
    visitor.touch(Action.EDIT, "kind")
    visitor.touch(Action.CHOOSE, "ordinary")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask(
        "agency.terms", {"kind": "ordinary", "buyer": BUYER.name, "buyer_number": BUYER.taxpayer}
    )
    visitor.answer(TERMS)
    visitor.touch(Action.EDIT, "goods")
    visitor.touch(Action.CHOOSE, "3070500000000000000")
    visitor.touch(Action.FILL, "gross_fen", "10100")
    visitor.touch(Action.PROCEED)
    visitor.answer({**TAXED, **taxed})
    return visitor


def at_the_payment() -> Visitor:
    visitor = at_the_check()
    visitor.touch(Action.PROCEED)
    visitor.answer(APPLIED)
    assert visitor.asked == Pay(("D1",), 10_350)
    return visitor


@pytest.mark.parametrize("own", [True, False])
def test_anybody_may_sell_in_their_own_name_and_once_only(own: bool) -> None:
    page = signed_in(roles=[], own=own).page
    assert isinstance(page, ChoosePage)
    assert [option.title for option in page.options] == ["我本人"] and page.action_enabled


def test_the_tax_is_shown_with_its_law_and_what_is_not_there_has_no_row() -> None:
    page = at_the_check().page
    assert isinstance(page, ReviewPage) and page.total == "103.50"
    labels = [row.label for section in page.sections for row in section.rows]
    assert "购买方识别号" in labels and "数量" not in labels
    vat = next(row for section in page.sections for row in section.rows if row.label == "增值税")
    assert (vat.value, vat.note) == ("100.00", "减半")
    names = [row.value for section in page.sections for row in section.rows if row.label == "销售方"]
    assert names == ["我本人"]


def test_what_is_applied_for_is_what_was_shown() -> None:
    visitor = at_the_check()
    visitor.touch(Action.PROCEED)
    told = {
        "kind": "ordinary", "buyer": BUYER.name, "buyer_number": BUYER.taxpayer, "goods": "3070500000000000000",
        "name": None, "unit": None, "quantity": None, "gross_fen": 1_010_000, "total_fen": 10_350,
        "parameters_hash": "a" * 64, "draft": None,
    }  # fmt: skip
    assert visitor.asked == Submit("invoice.apply", told)


def test_paid_issued_printed_and_the_slip_leads_to_the_files() -> None:
    visitor = at_the_payment()
    visitor.answer({"state": "paid", "amount_fen": 10_350, "voucher": "399", "order": "O1", "key": "k2"})
    assert visitor.asked == Submit("invoice.issue", {"application": APPLIED["application"]})
    visitor.answer(ISSUED)
    assert visitor.asked == PrintDocument(ISSUED["document"], 1)
    visitor.answer({"outcome": "printed"})
    visitor.touch(Action.PROCEED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    assert {"label": "发票号码", "value": ISSUED["number"]}.items() <= next(
        b for b in slip.blocks if b.get("label") == "发票号码"
    ).items()
    assert next(b for b in slip.blocks if b["type"] == "qr")["data"] == ISSUED["verify_url"]
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and page.title == "发票已开具"
    assert [thing.id for thing in page.take] == ["id", "invoices", "paper", "phone"]


@pytest.mark.parametrize(
    ("how", "title"), [("unpaid", "税款没有缴\n发票没有开具"), ("doubt", "缴款待查实\n缴成后自动开具")]
)
def test_without_the_tax_there_is_no_invoice_and_the_page_says_what_follows(how: str, title: str) -> None:
    visitor = at_the_payment()
    if how == "doubt":
        visitor.answer(fault="in-doubt", data={"key": "k2"})
        visitor.touch(Action.PROCEED)
    else:
        visitor.answer({"state": "expired", "order": "O1", "key": "k2"})
        visitor.touch(Action.SECOND, "later")
    assert isinstance(visitor.asked, PrintSlip)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and page.title == title
    assert [step.title for step in page.next_steps] == ["今天缴清，发票自动开具"]
    assert "invoices" not in [thing.id for thing in page.take]


def test_what_costs_nothing_is_issued_without_a_payment() -> None:
    visitor = at_the_check(total_fen=0)
    visitor.touch(Action.PROCEED)
    visitor.answer({**APPLIED, "total_fen": 0, "dues": []})
    assert visitor.asked == Submit("invoice.issue", {"application": APPLIED["application"]})


def test_paid_and_without_an_answer_it_follows_by_itself() -> None:
    visitor = at_the_payment()
    visitor.answer({"state": "paid", "amount_fen": 10_350, "voucher": "399", "order": "O1", "key": "k2"})
    visitor.answer({"queued": True, "key": "k3", "accepted_at": "2026-10-12T01:52:00+00:00"})
    assert isinstance(visitor.asked, PrintSlip)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and page.title == "税款已缴\n发票联网后开具"


def test_who_cannot_scan_types_the_buyer() -> None:
    visitor = signed_in(roles=[], own=False)
    visitor.touch(Action.PROCEED)
    page = visitor.touch(Action.SECOND, "type")
    assert isinstance(page, FormPage) and [row.value for row in page.rows if row.id == "name"] == [""]
