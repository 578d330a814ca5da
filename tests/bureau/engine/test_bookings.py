"""入账标识: who marks a fully digital invoice as booked, what a check then tells, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from bureau.city.cast import CHENXING, HEMU
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import code
from tests.bureau.engine.test_invoice_checks import SALE, check, digital, one, told
from tests.bureau.terminals import Terminal, subject

TEA = subject("lin-tao", CHENXING, "L")
MULAN = subject("he-mulan", HEMU, "L")


def private(centre: Centre) -> Any:
    """An invoice without a buyer's number: whoever reimburses it has it in their books."""
    return digital(centre, SALE.c.buyer_number == "")


def mark(terminal: Terminal, row: Any, who: dict[str, Any] = TEA, how: str = "deducted", **other: Any) -> Any:
    data = {
        "number": row.number,
        "issued": row.issued_on.isoformat(),
        "amount_fen": row.net_fen + row.tax_fen,
        "booked_as": how,
        **other,
    }
    return terminal.do("matter.submit", data, who, service="invoice.book")


def marked(terminal: Terminal, row: Any, who: dict[str, Any] = TEA, how: str = "deducted") -> None:
    answer = mark(terminal, row, who, how)
    assert answer.state == "accepted", answer.refusal


def seen(terminal: Terminal, row: Any) -> tuple[str, str, str]:
    """What a check tells: the state, its words, and whatever is said about it besides."""
    found = check(terminal, told(row))
    said = " ".join(words["zh-CN"] for words in found["statements"])
    return found["booked"], found["booked_text"].get("zh-CN", ""), said


def test_a_check_tells_whether_an_invoice_was_booked_how_and_when_and_not_by_whom(
    centre: Centre, terminal: Terminal
) -> None:
    row = private(centre)
    assert seen(terminal, row)[:2] == ("none", "未入账")
    marked(terminal, row, how="not-deducted")
    state, words, said = seen(terminal, row)
    assert (state, words) == ("once", "已入账（企业所得税不扣除），2026年10月12日标识")
    assert "请勿再报销" in said and "晨星" not in str(check(terminal, told(row)))


def test_an_invoice_in_the_books_of_two_is_warned_of(centre: Centre, terminal: Terminal) -> None:
    row = private(centre)
    marked(terminal, row)
    marked(terminal, row, MULAN)
    state, words, said = seen(terminal, row)
    assert (state, words) == ("twice", "2 家单位已入账，最近一次2026年10月12日")
    assert "可能重复报销" in said
    marked(terminal, row, how="withdrawn")
    assert seen(terminal, row)[0] == "once"


def test_a_mark_is_taken_back_and_made_again(centre: Centre, terminal: Terminal) -> None:
    row = private(centre)
    marked(terminal, row)
    marked(terminal, row, how="withdrawn")
    state, words, said = seen(terminal, row)
    assert (state, words) == ("withdrawn", "入账已撤销，2026年10月12日")
    assert "报销" not in said
    marked(terminal, row)
    assert seen(terminal, row)[0] == "once"


def test_nobody_books_one_invoice_twice(centre: Centre, terminal: Terminal) -> None:
    row = private(centre)
    marked(terminal, row)
    again = mark(terminal, row)
    assert code(again) == "bookingDone"
    assert "2026年10月12日" in again.refusal.text["zh-CN"]
    marked(terminal, row, how="not-deducted")  # it is in the same books, in another way
    assert seen(terminal, row)[0] == "once"


def test_only_the_buyer_on_it_books_an_invoice(centre: Centre, terminal: Terminal) -> None:
    other = digital(centre, SALE.c.buyer_number != "")
    assert code(mark(terminal, other)) == "bookingOfAnother"
    with centre.database.write() as connection:
        connection.execute(SALE.update().where(SALE.c.number == other.number).values(buyer_number=CHENXING))
    marked(terminal, other)


@pytest.mark.parametrize("other", [{"amount_fen": 12_345}, {"issued": "2026-10-11"}, {"number": "9" * 20}])
def test_what_does_not_agree_is_not_found_and_counts_as_a_check(
    centre: Centre, terminal: Terminal, other: dict[str, Any]
) -> None:
    row = private(centre)
    assert code(mark(terminal, row, **other)) == "bookingUnknown"
    times = check(terminal, told(row))["times"]
    assert times == (1 if "number" in other else 2)


def test_what_was_taken_back_or_is_void_is_not_booked_and_a_mark_that_is_not_there_not_withdrawn(
    centre: Centre, terminal: Terminal
) -> None:
    row = private(centre)
    assert code(mark(terminal, row, how="withdrawn")) == "bookingNone"
    with centre.database.write() as connection:
        connection.execute(SALE.update().where(SALE.c.number == row.number).values(state="void"))
    assert code(mark(terminal, row)) == "bookingNotValid"


def test_paper_is_not_marked_and_nothing_is_told_of_it(centre: Centre, terminal: Terminal) -> None:
    paper = one(centre, SALE.c.code != "", SALE.c.kind == "ordinary")
    assert seen(terminal, paper)[:2] == ("", "")
    assert code(mark(terminal, paper)) == "fieldWrong", "a number of 8 digits"


def test_a_booked_invoice_is_taken_back_with_its_buyer_alone(centre: Centre, terminal: Terminal) -> None:
    row = one(centre, SALE.c.code == "", SALE.c.taxpayer == HEMU, SALE.c.state == "valid", SALE.c.kind == "ordinary",
              SALE.c.buyer_number == "")  # fmt: skip
    data = {"invoice": row.number, "reason": "returned", "amount_fen": 100}
    marked(terminal, row)
    no = terminal.do("invoice.red", data, MULAN)
    assert code(no) == "redNot" and "购买方" in no.refusal.text["zh-CN"]
    marked(terminal, row, how="withdrawn")
    assert terminal.do("invoice.red", data, MULAN).state == "accepted"
