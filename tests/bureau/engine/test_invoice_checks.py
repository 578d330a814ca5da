"""发票查验: what the register says of an invoice, whoever asks, and how often a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.city.cast import HEMU
from bureau.engine.einvoices.checking import A_DAY
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal

SALE = tables.sale


def one(centre: Centre, *where: Any) -> Any:
    """The first invoice of the city that is so."""
    with centre.database.read() as connection:
        return connection.execute(select(SALE).where(*where).order_by(SALE.c.number).limit(1)).one()


def digital(centre: Centre, *where: Any) -> Any:
    return one(centre, SALE.c.code == "", SALE.c.taxpayer == HEMU, SALE.c.state == "valid", *where)


def told(row: Any, **other: Any) -> dict[str, Any]:
    """What stands on the invoice, as the terminal sends it; ``other`` is what somebody tells otherwise."""
    by_amount = not row.code or row.kind == "special"
    amount = row.net_fen if row.code else row.net_fen + row.tax_fen
    data = {
        "number": row.number,
        "code": row.code or None,
        "issued": row.issued_on.isoformat(),
        "amount_fen": amount if by_amount else None,
        "check": row.check_code[-6:] or None,
    }
    return {**data, **other}


def check(terminal: Terminal, data: dict[str, Any]) -> dict[str, Any]:
    answer = terminal.do("invoice.check", data)
    assert answer.state == "accepted", answer.refusal
    return answer.result


def refused(terminal: Terminal, data: dict[str, Any]) -> str:
    answer = terminal.do("invoice.check", data)
    assert answer.state == "refused" and answer.refusal is not None
    assert all(answer.refusal.next_step[lang] for lang in ("zh-CN", "en-US"))
    return answer.refusal.code


def test_a_genuine_invoice_is_shown_line_by_line_and_its_lines_add_up(
    centre: Centre, terminal: Terminal
) -> None:
    row = digital(centre)
    found = check(terminal, told(row))
    assert found["finding"] == "valid"
    assert (found["number"], found["total_fen"], found["times"]) == (row.number, row.net_fen + row.tax_fen, 1)
    assert found["seller"] == "云川禾木文具有限公司"
    cents = [
        [int(row[i]["zh-CN"].replace(",", "").replace(".", "")) for i in (1, 3)] for row in found["rows"]
    ]
    assert [sum(column) for column in zip(*cents, strict=True)] == [row.net_fen, row.tax_fen]
    assert found["total"][2]["value"]["en-US"] == f"{(row.net_fen + row.tax_fen) / 100:,.2f}"


def test_paper_is_checked_by_code_and_the_end_of_its_check_code_and_special_paper_by_its_amount(
    centre: Centre, terminal: Terminal
) -> None:
    paper = one(centre, SALE.c.code != "", SALE.c.kind == "ordinary")
    assert len(paper.check_code) == 20
    assert check(terminal, told(paper))["finding"] == "valid"
    assert check(terminal, told(paper, check=paper.check_code))["finding"] == "valid"
    wrong = f"{(int(paper.check_code[-6:]) + 1) % 1_000_000:06}"
    assert check(terminal, told(paper, check=wrong))["finding"] == "mismatch"
    special = one(centre, SALE.c.code != "", SALE.c.kind == "special")
    assert special.check_code == ""
    assert check(terminal, told(special))["finding"] == "valid"


@pytest.mark.parametrize(("name", "by"), [("amount_fen", 1), ("issued", None)])
def test_what_differs_is_told_as_such_and_nothing_of_the_invoice_is_shown(
    centre: Centre, terminal: Terminal, name: str, by: int | None
) -> None:
    row = digital(centre)
    right = told(row)
    other = right[name] + by if by else (row.issued_on - timedelta(days=1)).isoformat()
    found = check(terminal, {**right, name: other})
    assert found["finding"] == "mismatch"
    assert (found["seller"], found["total_fen"], found["rows"], found["total"]) == ("", None, [], [])


def test_an_invoice_that_nobody_issued_is_unknown_and_one_of_today_may_come_late(terminal: Terminal) -> None:
    data = {"number": "26991999999999999999", "issued": "2026-10-11", "amount_fen": 100}
    found = check(terminal, data)
    assert found["finding"] == "unknown" and len(found["statements"]) == 2
    assert len(check(terminal, {**data, "issued": "2026-10-12"})["statements"]) == 3


def test_void_and_red_letter_invoices_are_told(centre: Centre, terminal: Terminal) -> None:
    red = one(centre, SALE.c.state == "red")
    assert check(terminal, told(red))["finding"] == "red"
    assert check(terminal, told(red, amount_fen=-(red.net_fen + red.tax_fen)))["finding"] == "red"
    original = one(centre, SALE.c.number == red.red_of.split("-")[-1])
    assert check(terminal, told(original))["finding"] == "reddened"
    row = digital(centre)
    with centre.database.write() as connection:
        connection.execute(update(SALE).where(SALE.c.number == row.number).values(state="void"))
    assert check(terminal, told(row))["finding"] == "void"


def test_one_invoice_is_checked_five_times_a_day_from_wherever_and_again_tomorrow(
    centre: Centre, terminal: Terminal
) -> None:
    row, other = digital(centre), centre.terminal("B-01")
    for time in range(1, A_DAY + 1):
        assert check(terminal if time % 2 else other, told(row))["times"] == time
    for who in (terminal, other):
        assert refused(who, told(row)) == "invoiceCheckedOften"
    centre.clock.forward(days=1)
    assert check(terminal, told(row))["times"] == 1


def test_a_check_that_is_sent_again_is_counted_once(centre: Centre, terminal: Terminal) -> None:
    row = digital(centre)
    signed = terminal.intent("invoice.check", told(row))
    assert terminal.send(signed) == terminal.send(signed)
    assert check(terminal, told(row))["times"] == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "123"}, "invoiceMistyped"),
        ({"number": "12345678", "code": None}, "invoiceCodeMissing"),
        ({"code": "099002600104"}, "invoiceMistyped"),
        ({"number": "12345678", "code": "09900260010x", "check": "123456"}, "invoiceMistyped"),
        ({"issued": None}, "invoiceDateMissing"),
        ({"amount_fen": None}, "invoiceTotalMissing"),
        ({"number": "12345678", "code": "9900261130", "amount_fen": None}, "invoiceNetMissing"),
        ({"number": "12345678", "code": "099002600104", "check": None}, "invoiceCheckMissing"),
        ({"number": "12345678", "code": "099002600104", "check": "12345"}, "invoiceCheckMissing"),
        ({"issued": "2026-10-13"}, "invoiceOfFuture"),
        ({"issued": "2021-10-11"}, "invoiceTooOld"),
    ],
)
def test_what_is_missing_or_cannot_be_is_named(terminal: Terminal, change: dict[str, Any], code: str) -> None:
    data = {"number": "26991000000000000001", "code": None, "issued": "2026-10-01", "amount_fen": 100}
    assert refused(terminal, {**data, **change}) == code


def test_lines_of_every_invoice_add_up_to_the_fen_and_red_ones_take_back_what_there_was(
    centre: Centre,
) -> None:
    with centre.database.read() as connection:
        rows = connection.execute(select(SALE)).all()
    known = {f"{row.code}-{row.number}" if row.code else row.number: row for row in rows}
    assert len(known) == len(rows) > 500
    for row in rows:
        assert sum(line["net_fen"] for line in row.lines) == row.net_fen
        assert sum(line["tax_fen"] for line in row.lines) == row.tax_fen
        assert (row.state == "red") == bool(row.red_of)
        if row.red_of:
            first = known[row.red_of]
            assert (first.taxpayer, first.net_fen, first.tax_fen) == (
                row.taxpayer,
                -row.net_fen,
                -row.tax_fen,
            )
            assert first.issued_on <= row.issued_on <= date(2026, 10, 12)
