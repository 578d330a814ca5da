"""An enterprise's issued invoices: listed, shown, made into a file that is printed at one terminal."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.city.cast import HEMU, QINGHE
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject

SALE = tables.sale
MULAN = subject("he-mulan", HEMU, "L")
COLLECTOR = subject("zhou-mingyuan", HEMU, "B")
LIST, PRINT = "einvoice.list", "einvoice.print"


def listed(terminal: Terminal, who: dict[str, Any] = MULAN) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.data("einvoices.list", who, service=LIST)["invoices"]
    return rows


def copy(terminal: Terminal, invoice: str, who: dict[str, Any] = MULAN, **more: Any) -> Any:
    return terminal.do("einvoice.copy", {"invoice": invoice}, who, **more)


def a_digital_one(terminal: Terminal) -> dict[str, Any]:
    return next(row for row in listed(terminal) if row["digital"])


def of_somebody_else(centre: Centre) -> str:
    with centre.database.read() as connection:
        theirs = (SALE.c.taxpayer == QINGHE) & (SALE.c.code == "")
        return str(connection.execute(select(SALE.c.number).where(theirs).limit(1)).scalar_one())


def test_the_latest_invoices_come_first_and_paper_says_that_it_has_no_file(terminal: Terminal) -> None:
    rows = listed(terminal)
    assert len(rows) == 60
    days = [row["issued"] for row in rows]
    assert days == sorted(days, reverse=True)
    assert all(row["digital"] == (len(row["number"]) == 20) == (row["why_not"] == {}) for row in rows)


def test_the_preview_is_the_invoice_with_lines_that_make_its_total(terminal: Terminal) -> None:
    row = a_digital_one(terminal)
    sheet = terminal.data("einvoice.preview", MULAN, {"invoice": row["id"]}, service=PRINT)
    assert sheet["facts"][0]["value"]["zh-CN"] == row["number"]
    total = int(sheet["total"][2]["value"]["zh-CN"].replace(",", "").replace(".", ""))
    assert total == row["total_fen"]


def test_a_copy_is_a_file_for_the_terminal_that_asked_and_no_other(
    centre: Centre, terminal: Terminal
) -> None:
    row = a_digital_one(terminal)
    made = copy(terminal, row["id"]).result
    assert (made["number"], made["total_fen"]) == (row["number"], row["total_fen"])
    copies, other = centre.container.copies, centre.terminal("B-01")
    job = "0199d5f0-7c1a-7abc-8def-0123456789ab"
    pdf = copies.for_job(made["document"], job, terminal.name)
    assert pdf is not None and row["number"].encode() in pdf
    assert (
        copies.for_job(made["document"], job, terminal.name)
        == pdf
        == copies.first(made["document"], terminal.name)
    )
    assert copies.for_job(made["document"], job, other.name) is None
    assert copies.first(made["document"], other.name) is None


def test_the_same_key_makes_one_document_and_every_print_is_kept(centre: Centre, terminal: Terminal) -> None:
    signed = terminal.intent("einvoice.copy", {"invoice": a_digital_one(terminal)["id"]}, MULAN)
    first = terminal.send(signed)
    assert terminal.send(signed) == first
    document = first.result["document"]
    for outcome in ("notPrinted", "printed"):
        data = {"number": document, "outcome": outcome}
        assert terminal.do("certificate.printed", data, MULAN, service=PRINT).state == "accepted"
    with centre.database.read() as connection:
        kept = connection.execute(select(tables.einvoice_print.c.outcome)).scalars().all()
        assert sorted(kept) == ["notPrinted", "printed"]
        assert len(connection.execute(select(tables.einvoice_document)).all()) == 1
    other = centre.terminal("B-01")
    data = {"number": document, "outcome": "printed"}
    assert other.do("certificate.printed", data, MULAN, service=PRINT).state == "refused"


@pytest.mark.parametrize("what", ["none", "another's", "paper", "void"])
def test_what_cannot_be_printed_is_refused_with_what_to_do(
    centre: Centre, terminal: Terminal, what: str
) -> None:
    paper = next((row["id"] for row in listed(terminal) if not row["digital"]), None)
    if paper is None:
        with centre.database.read() as connection:
            mine = (SALE.c.taxpayer == HEMU) & (SALE.c.code != "")
            row = connection.execute(select(SALE).where(mine).limit(1)).one()
            paper = f"{row.code}-{row.number}"
    digital = a_digital_one(terminal)["id"]
    invoice, code = {
        "none": ("26991999999999999999", "invoiceUnknown"),
        "another's": (of_somebody_else(centre), "invoiceUnknown"),
        "paper": (paper, "invoiceOnPaper"),
        "void": (digital, "invoiceVoid"),
    }[what]
    if what == "void":
        with centre.database.write() as connection:
            connection.execute(update(SALE).where(SALE.c.number == digital).values(state="void"))
    answer = copy(terminal, invoice)
    assert answer.state == "refused" and answer.refusal.code == code
    assert answer.refusal.next_step["en-US"] and answer.refusal.next_step["zh-CN"]


def test_only_who_has_the_role_sees_or_prints(terminal: Terminal) -> None:
    assert copy(terminal, a_digital_one(terminal)["id"], COLLECTOR).refusal.code == "roleNotAllowed"
    refusal = terminal.ask("einvoices.list", subject("tang-yue", HEMU, "L"), service=LIST).refusal
    assert refusal is not None and refusal.code == "roleMissing"
    weak = subject("he-mulan", HEMU, "L", evidence="document", face=None)
    refusal = terminal.ask("einvoices.list", weak, service=LIST).refusal
    assert refusal is not None and refusal.code == "identityWeak"
