"""红字发票: an invoice is taken back in parts that make the whole to the fen, and never more than is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bureau.city.cast import FIRMS, HEMU
from bureau.engine.einvoices.red import Taken, red_letter
from bureau.ports.einvoices import InvoiceLine, IssuedInvoice
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject

SALE = tables.sale
MULAN = subject("he-mulan", HEMU, "L")
SPECIALS = next(firm for firm in FIRMS if firm.sales.special_count)
DAY = date(2026, 10, 12)
FIRST = IssuedInvoice(
    code="", number="26991000000000000001", kind="ordinary", issued_on=date(2026, 7, 1), seller=HEMU,
    seller_name="云川禾木文具有限公司", buyer="个人", buyer_number="", net_fen=0, tax_fen=0, state="valid",
    check_code="", red_of="", lines=(),
)  # fmt: skip


def listed(
    terminal: Terminal, who: dict[str, Any] = MULAN, service: str = "invoice.red"
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.data("einvoices.list", who, service=service)["invoices"]
    return rows


def whole_one(terminal: Terminal) -> dict[str, Any]:
    return next(row for row in listed(terminal) if row["reversible"] and row["left_fen"] == row["total_fen"])


def red(
    terminal: Terminal, invoice: str, amount: int, reason: str = "returned", who: dict[str, Any] = MULAN
) -> Any:
    return terminal.do("invoice.red", {"invoice": invoice, "reason": reason, "amount_fen": amount}, who)


def code(answer: Any) -> str:
    assert answer.state == "refused" and answer.refusal is not None
    assert answer.refusal.next_step["zh-CN"] and answer.refusal.next_step["en-US"]
    return str(answer.refusal.code)


def net_of(centre: Centre, *numbers: str) -> int:
    with centre.database.read() as connection:
        rows = connection.execute(select(SALE.c.net_fen).where(SALE.c.number.in_(numbers))).scalars()
        return sum(rows)


def test_in_parts_until_nothing_is_left_and_the_books_hold_zero(centre: Centre, terminal: Terminal) -> None:
    row = whole_one(terminal)
    third = row["total_fen"] // 3
    first = red(terminal, row["id"], third).result
    assert (first["total_fen"], first["left_fen"]) == (-third, row["total_fen"] - third)
    assert code(red(terminal, row["id"], row["total_fen"] - third + 1)) == "redTooMuch"
    last = red(terminal, row["id"], row["total_fen"] - third, "mistake").result
    assert last["left_fen"] == 0
    assert net_of(centre, row["number"], first["number"], last["number"]) == 0
    assert first["number"] != last["number"] and first["confirmation"] != last["confirmation"]
    assert code(red(terminal, row["id"], 1)) == "redNot"
    states = {one["number"]: one["state"] for one in listed(terminal)}
    assert states[last["number"]] == "red" and states.get(row["number"], "reddened") == "reddened"


def test_the_sales_of_the_day_are_less_by_the_net_of_it(centre: Centre, terminal: Terminal) -> None:
    def sold() -> int:
        with centre.system.read() as work:
            return work.core.returns.sales(HEMU, DAY, DAY).ordinary_fen

    before, row = sold(), whole_one(terminal)
    made = red(terminal, row["id"], row["total_fen"]).result
    assert sold() == before + net_of(centre, made["number"]) == before - net_of(centre, row["number"])


def test_a_red_letter_invoice_is_found_by_the_check_and_has_a_file(terminal: Terminal) -> None:
    row = whole_one(terminal)
    made = red(terminal, row["id"], row["total_fen"]).result
    told = {"number": made["number"], "issued": "2026-10-12", "amount_fen": made["total_fen"]}
    assert terminal.do("invoice.check", told).result["finding"] == "red"
    told = {"number": row["number"], "issued": row["issued"], "amount_fen": row["total_fen"]}
    assert terminal.do("invoice.check", told).result["finding"] == "reddened"
    copied = terminal.do("einvoice.copy", {"invoice": made["number"]}, MULAN)
    assert copied.result["total_fen"] == made["total_fen"]


def test_the_same_key_takes_back_once(terminal: Terminal) -> None:
    row = whole_one(terminal)
    data = {"invoice": row["id"], "reason": "discount", "amount_fen": 1000}
    signed = terminal.intent("invoice.red", data, MULAN)
    assert terminal.send(signed) == terminal.send(signed)
    left = next(one["left_fen"] for one in listed(terminal) if one["id"] == row["id"])
    assert left == row["total_fen"] - 1000


def test_a_mistake_is_taken_back_in_whole(terminal: Terminal) -> None:
    row = whole_one(terminal)
    assert code(red(terminal, row["id"], row["total_fen"] - 1, "mistake")) == "redWhole"


def test_paper_special_void_and_red_letter_invoices_say_why_not(centre: Centre, terminal: Terminal) -> None:
    with centre.database.read() as connection:
        paper = connection.execute(
            select(SALE).where(SALE.c.taxpayer == HEMU, SALE.c.code != "").limit(1)
        ).one()
    assert code(red(terminal, f"{paper.code}-{paper.number}", 100)) == "redNot"
    row = whole_one(terminal)
    made = red(terminal, row["id"], 100).result
    assert code(red(terminal, made["number"], 100)) == "redNot"
    with centre.database.write() as connection:
        connection.execute(update(SALE).where(SALE.c.number == row["number"]).values(state="void"))
    assert code(red(terminal, row["id"], 100)) == "redNot"
    handler = subject("dong-hao", SPECIALS.taxpayer, "T")
    special = next(
        one for one in listed(terminal, handler) if one["digital"] and "专用" in one["kind_name"]["zh-CN"]
    )
    assert special["why_not_reversible"]["en-US"]
    assert code(red(terminal, special["id"], 100, who=handler)) == "redNot"


def test_nobody_else_takes_back_and_nothing_of_anothers(centre: Centre, terminal: Terminal) -> None:
    row = whole_one(terminal)
    assert code(red(terminal, row["id"], 100, who=subject("zhou-mingyuan", HEMU, "B"))) == "roleNotAllowed"
    assert (
        code(red(terminal, row["id"], 100, who=subject("dong-hao", SPECIALS.taxpayer, "T")))
        == "invoiceUnknown"
    )
    with centre.database.write() as connection:
        t = tables.taxpayer
        connection.execute(update(t).where(t.c.taxpayer == HEMU).values(state="abnormal"))
    assert code(red(terminal, row["id"], 100)) == "redAbnormal"


def test_what_had_to_wait_is_told(terminal: Terminal) -> None:
    row = whole_one(terminal)
    data = {"invoice": row["id"], "reason": "returned", "amount_fen": 1000}
    assert terminal.send(terminal.intent("invoice.red", data, MULAN), queued=True).state == "accepted"
    kinds = [n["kind"] for n in terminal.data("person.profile", subject("he-mulan"))["notices"]]
    assert "red-issued" in kinds
    much = terminal.intent("invoice.red", {**data, "amount_fen": 10**12}, MULAN)
    assert terminal.send(much, queued=True).state == "refused"
    kinds = [n["kind"] for n in terminal.data("person.profile", subject("he-mulan"))["notices"]]
    assert "red-refused" in kinds


parts = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**8)), min_size=1, max_size=5)


@given(parts.filter(lambda found: sum(map(sum, found)) > 0), st.lists(st.floats(0.001, 1), max_size=8))
def test_parts_make_the_whole_to_the_fen_whatever_is_taken_when(
    found: Sequence[tuple[int, int]], cuts: list[float]
) -> None:
    lines = tuple(
        InvoiceLine(f"*文具*{i}", "个", "3", net, "0.01", tax) for i, (net, tax) in enumerate(found)
    )
    net, tax = (sum(part[i] for part in found) for i in (0, 1))
    invoice = replace(FIRST, net_fen=net, tax_fen=tax, lines=lines)
    taken = Taken(0, 0)
    for cut in [*cuts, 1.0]:
        left = invoice.total_fen - taken.total_fen
        if not left:
            break
        amount = max(1, int(left * cut)) if cut < 1 else left
        made = red_letter(invoice, taken, amount, "26992101200000000001", DAY)
        assert made.total_fen == -amount
        assert made.net_fen <= 0 and made.tax_fen <= 0
        assert sum(line.net_fen for line in made.lines) == made.net_fen
        assert sum(line.tax_fen for line in made.lines) == made.tax_fen
        taken = Taken(taken.net_fen - made.net_fen, taken.tax_fen - made.tax_fen)
        for much in (0, -1, invoice.total_fen - taken.total_fen + 1):
            with pytest.raises(ValueError, match="no more than is left"):
                red_letter(invoice, taken, much, "26992101200000000002", DAY)
    assert (taken.net_fen, taken.tax_fen) == (net, tax)


def test_no_two_invoices_have_one_number(centre: Centre, terminal: Terminal) -> None:
    other = centre.terminal("B-01")
    row = whole_one(terminal)
    numbers = [red(terminal if i % 2 else other, row["id"], 10).result["number"] for i in range(8)]
    centre.clock.forward(days=1)
    numbers += [red(terminal, row["id"], 10).result["number"] for _ in range(3)]
    assert len(set(numbers)) == len(numbers) and all(len(n) == 20 for n in numbers)
    with centre.database.read() as connection:
        assert len(connection.execute(select(SALE.c.number).where(SALE.c.number.in_(numbers))).all()) == 11
