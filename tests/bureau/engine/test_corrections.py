"""A return is corrected: the later one stands, what was too little is due since the limit, nothing is paid twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bureau.city.cast import HEMU
from bureau.engine import corrections
from bureau.store import tables
from config.clock import CHINA
from tests.bureau.conftest import Centre
from tests.bureau.engine.mending import CORRECT, code, costs, mended, send, standing
from tests.bureau.engine.paying import SHEN, opened
from tests.bureau.terminals import Terminal, subject


def corrected(terminal: Terminal, declaration: str, uninvoiced: int) -> dict[str, Any]:
    """What the form leaves of a VAT return, by the calculator that fills it."""
    return mended(terminal, declaration, SHEN, uninvoiced=uninvoiced)


def dues(centre: Centre, declaration: str) -> dict[str, tuple[int, str]]:
    t = tables.due
    with centre.database.read() as connection:
        rows = connection.execute(select(t).where(t.c.declaration == declaration)).all()
    return {row.tax: (row.amount_fen, row.state) for row in rows}


def test_an_unpaid_return_is_replaced_and_its_dues_with_it(terminal: Terminal, centre: Centre) -> None:
    old = standing(terminal, SHEN)["declaration"]
    data = corrected(terminal, old, 1_000_000)
    answer = send(terminal, data)
    assert answer.state == "accepted", answer.refusal
    assert {state for _, state in dues(centre, old).values()} == {"cancelled"}
    new = dues(centre, answer.result["declaration"])
    assert sum(fen for fen, _ in new.values()) == data["total_fen"]
    assert {state for _, state in new.values()} == {"open"}
    states = {
        row["declaration"]: row["state"]
        for row in terminal.data("declarations.list", SHEN, service=CORRECT)["returns"]
    }
    assert (states[old], states[answer.result["declaration"]]) == ("replaced", "unpaid")
    assert code(send(terminal, data)) == "nothingToCorrect", "it stands no longer"


def test_of_a_paid_return_the_difference_alone_is_due_with_its_surcharge_since_the_limit(
    terminal: Terminal, centre: Centre
) -> None:
    created = opened(terminal, SHEN)
    centre.bank.pay(created["order"])
    terminal.data("payment.status", {}, {"order": created["order"]})
    old = standing(terminal, SHEN)
    centre.clock.at = datetime(2026, 11, 5, 9, tzinfo=CHINA)  # ten days after the limit
    data = corrected(terminal, old["declaration"], 10_000_000)
    told = costs(terminal, data, SHEN)
    answer = send(terminal, data)
    assert answer.state == "accepted", answer.refusal
    owed = sum(due["amount_fen"] for due in answer.result["dues"])
    assert owed == data["total_fen"] - old["total_fen"] > 0
    late = sum(due["late_fee_fen"] for due in answer.result["dues"])
    assert (told["days"], told["late_fee_fen"], told["total_fen"]) == (10, late, owed + late)
    assert late > 0 and answer.result["overpaid_fen"] == 0


def test_what_was_paid_too_much_is_told_and_nothing_is_due(terminal: Terminal, centre: Centre) -> None:
    first = send(terminal, corrected(terminal, standing(terminal, SHEN)["declaration"], 20_000_000))
    t = tables.due
    with centre.database.write() as connection:
        mine = t.c.declaration == first.result["declaration"]
        connection.execute(update(t).where(mine).values(state="paid"))
    data = corrected(terminal, first.result["declaration"], 0)
    answer = send(terminal, data)
    assert answer.state == "accepted", answer.refusal
    assert answer.result["dues"] == []
    assert answer.result["overpaid_fen"] == first.result["total_fen"] - data["total_fen"] > 0


def test_while_it_is_being_paid_nothing_is_corrected(terminal: Terminal) -> None:
    old = standing(terminal, SHEN)["declaration"]
    data = corrected(terminal, old, 0)
    opened(terminal, SHEN)
    asked = terminal.ask("correction.prefill", SHEN, {"declaration": old}, service=CORRECT)
    assert asked.refusal is not None and asked.refusal.code == "dueHeld"
    assert code(send(terminal, data)) == "dueHeld"


def test_a_correction_belongs_to_its_service_its_enterprise_and_a_return_that_stands(
    terminal: Terminal,
) -> None:
    old = standing(terminal, SHEN)["declaration"]
    data = corrected(terminal, old, 0)
    assert code(send(terminal, data, service="declare.vat-small")) == "notOfThisService"
    assert code(send(terminal, {**data, "corrects": "31990026101200000420"})) == "nothingToCorrect"
    assert code(send(terminal, {**data, "total_fen": 1})) == "figuresDiffer"
    assert code(send(terminal, {**data, "period_first": "2026-04-01"})) == "correctsAnother"
    lines = {**data["facts"], "ordinary_sales_fen": 0}
    assert code(send(terminal, {**data, "facts": lines})) == "salesBelowInvoices"
    assert code(send(terminal, {**data, "facts": {}})) == "factsWrong"
    other = subject("he-mulan", HEMU, "L")
    asked = terminal.ask("correction.prefill", other, {"declaration": old}, service=CORRECT)
    assert asked.refusal is not None and asked.refusal.code == "nothingToCorrect"
    assert code(send(terminal, data, who=other)) == "nothingToCorrect"
    assert standing(terminal, SHEN)["declaration"] == old


def test_left_and_overpaid_are_two_sides_of_one_difference() -> None:
    taxes, paid = {"vat": 500, "education": 10, "city": 7}, {"vat": 300, "education": 30}
    left, over = corrections.left(taxes, paid), corrections.overpaid(taxes, paid)
    assert (left, over) == ({"vat": 200, "education": 0, "city": 7}, {"vat": 0, "education": 20, "city": 0})
    assert sum(taxes.values()) - sum(paid.values()) == sum(left.values()) - sum(over.values())
