"""The evidence of one visit among others: what is its own stays in, above all what should not be there."""

from __future__ import annotations

import json
from typing import Any

from ui.walk.certified import certified
from ui.walk.since import Mark, of_visit

SINCE = Mark("A-07", 40, frozenset({"k1"}), frozenset({"001-slip.png"}))
Rows = list[dict[str, Any]]


def effect(key: str, terminal: str = "A-07") -> dict[str, Any]:
    return {"key": key, "terminal": terminal}


def tables(**rows: Rows) -> dict[str, Rows]:
    """The visit before (k1), this visit (k2), another terminal's (k9)."""
    made: dict[str, Rows] = {
        "effect": [effect("k1"), effect("k2"), effect("k9", "A-08")],
        "payment_order": [
            {"key": "k1", "order_no": "O1"},
            {"key": "k2", "order_no": "O2"},
            {"key": "k9", "order_no": "O9"},
        ],
    }
    for name in ("certificate", "reservation", "rating", "stock_movement", "certificate_copy", "booking"):
        made[name] = []
    return {**made, "payment_due": [], **rows}


def names(rows: Rows, column: str) -> list[str]:
    return [row[column] for row in rows]


def test_effects_of_the_visit_before_and_of_others_are_left_out() -> None:
    kept, _ = of_visit(tables(), {}, SINCE)
    assert names(kept["effect"], "key") == ["k2"]


def test_an_effect_that_the_journal_knows_nothing_of_stays_in() -> None:
    kept, _ = of_visit(tables(effect=[effect("k1"), effect("stray")]), {}, SINCE)
    assert names(kept["effect"], "key") == ["stray"]


def test_what_an_effect_made_follows_it() -> None:
    given = tables(
        certificate=[{"key": "k1", "number": "C1"}, {"key": "k2", "number": "C2"}],
        certificate_copy=[{"number": "C1"}, {"number": "C2"}],
        reservation=[{"key": "k2", "reservation": "R2"}, {"key": "k9", "reservation": "R9"}],
        stock_movement=[{"reservation": "R2"}, {"reservation": "R9"}, {"reservation": None}],
    )
    kept, _ = of_visit(given, {}, SINCE)
    assert names(kept["certificate"], "number") == names(kept["certificate_copy"], "number") == ["C2"]
    assert names(kept["reservation"], "reservation") == names(kept["stock_movement"], "reservation") == ["R2"]


def test_what_a_voucher_is_of_may_have_been_paid_before() -> None:
    asked = {"certificate": "payment-voucher", "item": "O1"}
    given = tables(
        certificate=[{"key": "k2", "number": "C2", "asked": json.dumps(asked)}],
        payment_due=[{"order_no": order, "amount_fen": 100, "late_fee_fen": 7} for order in ("O1", "O9")],
    )
    kept, _ = of_visit(given, {}, SINCE)
    assert kept["payment_due"] == [], "it was not paid by this visit"
    assert names(kept["paid_before"], "order_no") == ["O1"]
    assert certified(asked, {}, kept) == {100, 7, 107}


def test_an_invoice_that_an_earlier_visitor_printed_is_left_out() -> None:
    rows = [{"key": "k1", "document": "D1"}, {"key": "k2", "document": "D2"}]
    kept, _ = of_visit(tables(einvoice_document=rows, einvoice_print=rows), {}, SINCE)
    assert names(kept["einvoice_document"], "document") == names(kept["einvoice_print"], "document") == ["D2"]


def test_numbers_that_a_case_moved_follow_it() -> None:
    given = tables(
        matter_case=[{"key": "k1", "case_no": "M1"}, {"key": "k2", "case_no": "M2"}],
        stock_movement=[{"reservation": None, "cause": cause} for cause in ("M1", "M2", "notTaken", None)],
    )
    kept, _ = of_visit(given, {}, SINCE)
    assert names(kept["stock_movement"], "cause") == ["M2"]


def test_money_of_others_is_left_out_and_money_of_nobody_stays_in() -> None:
    lines = [{"order_no": name} for name in ("O1", "O2", "O9", "UNKNOWN")]
    given = tables(booking=lines, payment_due=lines)
    kept, ledger = of_visit(given, {"payments": lines, "cards": lines}, SINCE)
    for rows in (kept["booking"], kept["payment_due"], ledger["payments"], ledger["cards"]):
        assert names(rows, "order_no") == ["O2", "UNKNOWN"]


def test_registers_that_belong_to_no_visit_stay_whole() -> None:
    income = [{"person_number": "1"}, {"person_number": "2"}]
    kept, _ = of_visit(tables(income=income), {}, SINCE)
    assert kept["income"] == income
