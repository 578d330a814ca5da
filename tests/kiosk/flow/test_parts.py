"""A due paid in parts: how much is asked of one due alone, and the amount typed is answered in plain words."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.effects import Pay, PrintSlip
from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, Page, PayPage
from kiosk.intents import intent_of
from tests.kiosk.flow.test_declare import DUE
from tests.kiosk.flow.visitor import Visitor

LATE: dict[str, Any] = {**DUE, "amount_fen": 405_620, "late_fee_fen": 18_050}
OTHER: dict[str, Any] = {**DUE, "due": "D2"}
BASIS = {"zh-CN": "税收征收管理法第三十二条", "en-US": "art. 32"}


def choosing(*dues: dict[str, Any], service: str = "pay.due", **devices: bool) -> Visitor:
    visitor = Visitor().world(**devices)
    visitor.sign_in(service)
    visitor.touch(Action.PROCEED)
    if service == "pay.due":
        visitor.answer({"dues": list(dues), "total_fen": 0})
    else:
        rows = [{**d, "owed_fen": d["amount_fen"] + d["late_fee_fen"], "basis": BASIS} for d in dues]
        visitor.answer({"arrears": rows, "total_fen": 0})
    visitor.touch(Action.PROCEED)
    return visitor


def chosen(visitor: Visitor, way: str) -> Page:
    visitor.touch(Action.CHOOSE, way)
    return visitor.touch(Action.PROCEED)


def typed(visitor: Visitor, text: str) -> Page:
    visitor.touch(Action.FILL, "now_fen", text)
    return visitor.touch(Action.PROCEED)


def slip(visitor: Visitor) -> str:
    assert isinstance(visitor.asked, PrintSlip)
    return " ".join(str(block) for block in visitor.asked.blocks)


def paid(visitor: Visitor, amount: int) -> None:
    visitor.answer({"state": "paid", "order": "O1", "voucher": "V1", "amount_fen": amount, "key": "k1"})


@pytest.mark.parametrize("service", ["pay.due", "pay.arrears"])
def test_one_due_is_shown_with_tax_and_surcharge_and_paid_whole_unless_asked_otherwise(service: str) -> None:
    visitor = choosing(LATE, service=service)
    page = visitor.page
    assert isinstance(page, ChoosePage)
    assert [option.id for option in page.options] == ["all", "tax", "part"]
    assert page.selected == ("all",)
    assert (
        "4,236.70" in str(page.options) and "4,056.20" in str(page.options) and "180.50" in str(page.options)
    )
    visitor.touch(Action.CHOOSE, "nothing-of-this")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Pay(("D1",), 423_670)
    assert "part" not in intent_of(Pay(("D1",), 423_670))[1]
    paid(visitor, 423_670)
    assert "还欠" not in slip(visitor)


def test_several_are_paid_whole_and_nothing_is_asked() -> None:
    assert choosing(LATE, OTHER).asked == Pay(("D1", "D2"), 423_670 + 409_584)


def test_without_a_surcharge_there_is_no_tax_to_be_paid_before_it() -> None:
    page = choosing(DUE).page
    assert isinstance(page, ChoosePage) and [option.id for option in page.options] == ["all", "part"]


def test_where_the_surcharge_alone_is_left_a_part_of_it_may_be_paid() -> None:
    visitor = choosing({**LATE, "amount_fen": 0})
    page = visitor.page
    assert isinstance(page, ChoosePage) and [option.id for option in page.options] == ["all", "part"]
    chosen(visitor, "part")
    typed(visitor, "80")
    assert visitor.asked == Pay(("D1",), 8_000, part=True)
    paid(visitor, 8_000)
    assert "80.00" in slip(visitor) and "100.50" in slip(visitor)


def test_one_fen_is_not_divided() -> None:
    assert choosing({**LATE, "amount_fen": 0, "late_fee_fen": 1}).asked == Pay(("D1",), 1)


def test_the_tax_first_leaves_its_surcharge() -> None:
    visitor = choosing(LATE, service="pay.arrears")
    page = chosen(visitor, "tax")
    assert isinstance(page, PayPage) and page.amount == "4,056.20" and page.amount_note == ""
    assert visitor.asked == Pay(("D1",), 405_620, part=True)
    assert intent_of(visitor.asked)[1]["part"] is True
    paid(visitor, 405_620)
    assert "4,056.20" in slip(visitor) and "还欠" in slip(visitor) and "180.50" in slip(visitor)
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage)
    assert (done.title, done.stamp) == ("这一部分已缴", "部分已缴")
    assert any("余款" in step.title for step in done.next_steps)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "请填"),
        ("0", "不能少于 ¥0.01"),
        ("4236.71", "不能超过 ¥4,236.70"),
        ("99999999", "不能超过"),
        ("1.234", "请填"),
    ],
)
def test_a_bad_amount_is_answered_in_plain_words_and_nothing_is_paid(text: str, word: str) -> None:
    visitor = choosing(LATE)
    assert isinstance(chosen(visitor, "part"), FormPage)
    page = typed(visitor, text)
    assert isinstance(page, FormPage)
    assert word in str(page.errors) + str([row.error for row in page.rows])
    assert not [i for i in visitor.issued if isinstance(i.effect, Pay)]


@pytest.mark.parametrize(
    ("text", "amount", "late", "left"),
    [("0.01", 1, "", "4,236.69"), ("1000", 100_000, "", "3,236.70"), ("4200", 420_000, "143.80", "36.70")],
)
def test_a_part_is_paid_and_the_slip_says_what_is_left(text: str, amount: int, late: str, left: str) -> None:
    visitor = choosing(LATE)
    chosen(visitor, "part")
    page = typed(visitor, text)
    assert isinstance(page, PayPage)
    assert late in page.amount_note and bool(late) == bool(page.amount_note)
    assert visitor.asked == Pay(("D1",), amount, part=True)
    paid(visitor, amount)
    assert left in slip(visitor)


def test_all_of_it_typed_is_all_of_it() -> None:
    visitor = choosing(LATE)
    chosen(visitor, "part")
    typed(visitor, "4236.70")
    assert visitor.asked == Pay(("D1",), 423_670)


def test_who_goes_back_from_the_amount_and_pays_all_pays_all() -> None:
    visitor = choosing(LATE)
    chosen(visitor, "part")
    visitor.touch(Action.FILL, "now_fen", "10")
    assert isinstance(visitor.touch(Action.BACK), ChoosePage)
    chosen(visitor, "all")
    assert visitor.asked == Pay(("D1",), 423_670)


def test_by_card_it_is_the_same_part() -> None:
    visitor = choosing(LATE, paymentTerminal=True)
    chosen(visitor, "part")
    typed(visitor, "1000")
    visitor.answer({"state": "waiting", "qr": "Q", "order": "O1", "seconds_left": 120}, partial=True)
    visitor.touch(Action.SECOND, "card")
    visitor.answer({"state": "expired", "order": "O1", "key": "k1"})
    assert visitor.asked == Pay(("D1",), 100_000, "card", part=True)


def test_a_part_in_doubt_is_no_part_paid() -> None:
    visitor = choosing(LATE)
    chosen(visitor, "part")
    typed(visitor, "1000")
    visitor.answer({"state": "doubt", "order": "O1", "key": "k9"})
    visitor.touch(Action.PROCEED)
    assert "还欠" not in slip(visitor)
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage) and done.stamp == "待确认"
