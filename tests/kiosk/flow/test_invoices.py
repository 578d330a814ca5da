"""Issued invoices at the terminal: what is asked of the centre for what the person gave."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.effects import Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import FormPage, ReviewPage
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


def laid(figures: dict[str, Any], digital: bool = True) -> tuple[Visitor, FormPage]:
    """An invoice without a code lies in the scanner, and its print was read."""
    visitor = Visitor().world(barcodeReader=False, documentScanner=True)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "group:invoices")
    visitor.touch(Action.OPEN, "invoice.verify")
    visitor.touch(Action.PROCEED)
    empty = dict.fromkeys(("number", "code", "issued", "net_fen", "total_fen", "check_code"))
    page = visitor.answer({"codes": [], "print": {"digital": digital, "figures": {**empty, **figures}}})
    assert isinstance(page, FormPage)
    return visitor, page


def test_what_is_read_off_the_print_stands_in_the_form_with_its_doubts_and_is_not_asked_before_it_is_confirmed() -> (
    None
):
    figures = {"number": ["26991000000000000001", True], "total_fen": [167_515, False]}
    visitor, page = laid(figures)
    told = {row.id: (row.value, row.source, row.doubtful) for row in page.rows}
    assert told == {
        "number": ("26991000000000000001", "从票面上读到", False),
        "code": ("", "", False),
        "issued": ("", "", False),
        "amount_fen": ("1,675.15", "没看清，请对照票面", True),
        "check": ("", "", False),
    }
    assert "逐项对照" in page.lead
    assert not [i for i in visitor.issued if isinstance(i.effect, Submit)]
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and page.errors, "the day was not read: it has to be given"
    assert not [i for i in visitor.issued if isinstance(i.effect, Submit)]
    page = visitor.touch(Action.FILL, "amount_fen", "1675.16")
    assert isinstance(page, FormPage)
    row = next(row for row in page.rows if row.id == "amount_fen")
    assert (row.source, row.doubtful) == ("您已填写", False)


def test_of_a_paper_invoice_the_amount_without_tax_and_the_whole_check_code_are_asked() -> None:
    visitor, _ = laid(
        {
            "number": ["00270001", True],
            "code": ["099002600104", True],
            "issued": ["2026-10-01", True],
            "net_fen": [10_368, True],
            "total_fen": [10_472, True],
            "check_code": [CHECK_CODE, True],
        },
        digital=False,
    )
    visitor.touch(Action.PROCEED)
    told = {
        "number": "00270001", "code": "099002600104", "issued": "2026-10-01", "amount_fen": 10_368, "check": CHECK_CODE,
    }  # fmt: skip
    assert visitor.asked == Submit("invoice.check", told, queue=False)


def test_a_scanned_invoice_says_nothing_of_print() -> None:
    page = scan(at_the_reader(), DIGITAL)
    assert isinstance(page, FormPage)
    assert not any(row.source or row.doubtful for row in page.rows) and "对照" not in page.lead
