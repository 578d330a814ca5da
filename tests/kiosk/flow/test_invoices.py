"""Issued invoices at the terminal: what is asked of the centre for what the person gave."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.effects import Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import ReviewPage
from tests.kiosk.flow.test_paper import VERDICT, scan
from tests.kiosk.flow.visitor import Visitor

CHECK_CODE = "12345678901234567890"
DIGITAL = "01,32,,26991000000000000001,1675.15,20260701,,0000,"
PAPER = f"01,04,099002600104,00270001,104.72,20261001,{CHECK_CODE},1774,"
FOUND: dict[str, Any] = {
    **VERDICT, "number": "26991000000000000001", "code": "", "issued": "2026-07-01", "seller": "云川禾木文具有限公司",
    "total_fen": 167_515, "times": 1, "state": "accepted", "key": "k1", "accepted_at": "2026-10-12T01:51:00+00:00",
}  # fmt: skip


def at_the_reader() -> Visitor:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "group:invoices")
    assert visitor.touch(Action.OPEN, "invoice.verify").kind == "scan"
    return visitor


@pytest.mark.parametrize(
    ("payload", "number", "code", "fen", "day", "check"),
    [
        (DIGITAL, "26991000000000000001", "", 167_515, "2026-07-01", ""),
        (PAPER, "00270001", "099002600104", 10_472, "2026-10-01", CHECK_CODE),
    ],
)
def test_what_the_code_says_is_shown_and_then_asked(
    payload: str, number: str, code: str, fen: int, day: str, check: str
) -> None:
    visitor = at_the_reader()
    scan(visitor, payload)
    visitor.touch(Action.PROCEED)
    told = {"number": number, "code": code, "issued": day, "amount_fen": fen, "check": check}
    assert visitor.asked == Submit("invoice.check", told, queue=False)


def test_what_was_found_is_a_sheet_and_no_preview() -> None:
    visitor = at_the_reader()
    scan(visitor, DIGITAL)
    visitor.touch(Action.PROCEED)
    page = visitor.answer(FOUND)
    assert isinstance(page, ReviewPage) and page.sheet is not None
    assert (page.sheet.title, page.sheet.subtitle) == ("真实有效", "")
