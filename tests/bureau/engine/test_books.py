"""What was declared, what is due when and what was paid, as the centre's books have it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from bureau.city.cast import HEMU, QINGHE, SHIGUANG
from bureau.store import tables
from config.clock import CHINA
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN as PAYER
from tests.bureau.engine.paying import opened
from tests.bureau.engine.test_returns import COFFEE, file, filled, prefill
from tests.bureau.terminals import Terminal, subject

HANDLER = subject("shen-zhizhou", HEMU, "T")


def books(terminal: Terminal, name: str, who: dict[str, Any]) -> dict[str, Any]:
    service = {"declarations": "query.declarations", "obligations": "query.due", "payments": "query.payments"}
    found: dict[str, Any] = terminal.data(f"{name}.list", who, service=service[name])
    return found


def test_every_return_of_the_enterprise_is_listed_with_what_is_left_of_it(
    terminal: Terminal, centre: Centre
) -> None:
    found = books(terminal, "declarations", PAYER)["returns"]
    t = tables.declaration
    with centre.database.read() as connection:
        kept = set(connection.execute(select(t.c.declaration).where(t.c.taxpayer == QINGHE)).scalars())
    assert {row["declaration"] for row in found} == kept
    assert [row["filed_at"] for row in found] == sorted((r["filed_at"] for r in found), reverse=True)
    assert [row["state"] for row in found] == ["unpaid", *["paid"] * (len(found) - 1)]
    assert all(row["tax_name"]["zh-CN"].startswith("增值税") for row in found)


def test_what_is_due_is_what_is_not_filed_and_what_is_not_paid(terminal: Terminal, centre: Centre) -> None:
    found = books(terminal, "obligations", HANDLER)
    rows = found["obligations"]
    assert {(row["what"], row["tax"]) for row in rows} == {("file", "vat-small"), ("pay", "stamp")}
    assert {row["limit_date"] for row in rows} == {"2026-10-26"}
    assert not any(row["overdue"] for row in rows)
    assert found["total_fen"] == next(row["amount_fen"] for row in rows if row["what"] == "pay")
    centre.clock.at = datetime(2026, 11, 5, 9, tzinfo=CHINA)
    late = books(terminal, "obligations", HANDLER)
    assert all(row["overdue"] for row in late["obligations"])
    assert late["total_fen"] > found["total_fen"]
    assert late["total_fen"] == terminal.data("dues.list", HANDLER)["total_fen"]


def test_a_tax_that_is_registered_besides_vat_is_due_until_it_is_filed(terminal: Terminal) -> None:
    rows = books(terminal, "obligations", COFFEE)["obligations"]
    assert {row["tax"] for row in rows} == {"stamp", "iit-business"}
    assert (
        file(terminal, "zero", filled("zero", prefill(terminal, "zero", COFFEE)), COFFEE).state == "accepted"
    )
    assert books(terminal, "obligations", COFFEE)["obligations"] == []
    listed = books(terminal, "declarations", COFFEE)["returns"]
    assert {row["tax"] for row in listed[:2]} == {"stamp", "iit-business"}


def test_what_was_paid_is_listed_once_it_is(terminal: Terminal, centre: Centre) -> None:
    assert books(terminal, "payments", PAYER) | {"as_of": ""} == {"payments": [], "total_fen": 0, "as_of": ""}
    created = opened(terminal, PAYER)
    centre.bank.pay(created["order"])
    terminal.data("payment.status", {}, {"order": created["order"]})
    (row,) = books(terminal, "payments", PAYER)["payments"]
    assert (row["order"], row["amount_fen"]) == (created["order"], created["amount_fen"])
    assert row["voucher"]
    assert "VAT" in row["taxes"]["en-US"]
    assert {one["state"] for one in books(terminal, "declarations", PAYER)["returns"]} == {"paid"}


def test_who_declared_in_their_own_name_has_books_and_dues_of_their_own(terminal: Terminal) -> None:
    who = subject("lin-tao")
    before = terminal.ask("obligations.list", who, service="query.due")
    assert before.refusal is not None and before.refusal.code == "taxpayerMissing"
    assert terminal.data("person.profile", who)["own"] is False
    answer = file(terminal, "stamp", filled("stamp", prefill(terminal, "stamp", who)), who)
    assert terminal.data("person.profile", who)["own"] is True
    (row,) = books(terminal, "declarations", who)["returns"]
    assert (row["declaration"], row["state"]) == (answer.result["declaration"], "unpaid")
    listed = terminal.data("dues.list", who)["dues"]
    assert [due["due"] for due in listed] == [due["due"] for due in answer.result["dues"]]
    (due,) = books(terminal, "obligations", who)["obligations"]
    assert (due["what"], due["tax"], due["amount_fen"]) == ("pay", "stamp", answer.result["total_fen"])


def test_the_books_of_others_stay_closed(terminal: Terminal) -> None:
    for name, service in (("declarations", "query.declarations"), ("payments", "query.payments")):
        for who, code in (
            (subject("li-xiulan", HEMU, "T"), "roleMissing"),
            (subject("zhou-mingyuan", HEMU, "B"), "roleNotAllowed"),
            (subject("shen-zhizhou", SHIGUANG, "L", evidence="document", face=None), "identityWeak"),
        ):
            told = terminal.ask(f"{name}.list", who, service=service)
            assert told.refusal is not None and told.refusal.code == code


def test_limits_follow_the_holidays(terminal: Terminal, centre: Centre) -> None:
    """国庆 postpones October's limit; a return of the quarter is due on the published day."""
    (row, *_) = books(terminal, "obligations", HANDLER)["obligations"]
    assert date.fromisoformat(row["limit_date"]) == date(2026, 10, 26)
