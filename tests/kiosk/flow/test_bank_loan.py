"""Loans by tax credit at the terminal: those of the grade may be chosen, what is given is chosen, then one signs."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import FormPage, ReviewPage, SignPage
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, ROLE, Visitor

REFER = "share.bank-loan"
HEAD = {**PROFILE, "roles": [{**ROLE, "role": "L"}]}


def texts(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en-US": words}


OPEN: dict[str, Any] = {
    "product": "rural-easy", "title": texts("税易贷"), "bank": texts("农商行"), "terms": texts("最高 100 万元"), "grades": "A B M",
    "data_text": texts("登记信息"), "state": "open", "open": True, "why_not": None,
}  # fmt: skip
CLOSED = {
    **OPEN,
    "product": "changhe-top",
    "state": "closed",
    "open": False,
    "why_not": texts("只面向 A 级企业"),
}
LOANS = {"grade": texts("B 级"), "year": "2025", "rows": [OPEN, CLOSED], "as_of": "2026-10-12T08:30:00+08:00"}
CHECK = {
    "firm": "云川禾木文具有限公司", "loan": texts("农商行：税易贷"), "terms": texts("最高 100 万元"), "grade": texts("B 级"),
    "purpose": texts("审查贷款申请"), "data_text": texts("登记信息"),
}  # fmt: skip


def begun() -> Visitor:
    """Card, consent, face, the one enterprise, and the loans."""
    visitor = Visitor().world(signaturePad=True)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, REFER)
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(HEAD)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("loans.list")
    visitor.answer(LOANS)
    return visitor


def test_a_loan_for_another_grade_is_closed_with_its_reason() -> None:
    page = begun().page
    assert isinstance(page, ListPage) and page.pick == "one"
    assert [(row.enabled, row.reason) for row in page.rows] == [(True, ""), (False, "只面向 A 级企业")]


def test_what_is_given_and_for_how_long_is_chosen_and_checked_before_one_signs() -> None:
    visitor = begun()
    visitor.touch(Action.PROCEED)
    page = visitor.page
    assert isinstance(page, FormPage) and [row.id for row in page.rows] == ["width", "term"]
    for row, option in (("width", "wider"), ("term", "days-30")):
        visitor.touch(Action.EDIT, row)
        visitor.touch(Action.CHOOSE, option)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("loans.check", {"product": "rural-easy", "width": "wider"})
    assert isinstance(visitor.answer(CHECK), ReviewPage)
    assert isinstance(visitor.touch(Action.PROCEED), SignPage)
