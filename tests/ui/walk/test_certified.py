"""Which amounts a certificate must show, by the centre's tables alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ui.walk.certified import certified, matter_number
from ui.walk.figures import certificate_against

HOLDER = {"person_number": "P1", "taxpayer": "T1"}
BUREAU: dict[str, list[dict[str, Any]]] = {
    "due": [
        {"due": "D1", "taxpayer": "T1", "tax": "vat", "declaration": "R1", "state": "paid"},
        {"due": "D2", "taxpayer": "T1", "tax": "stamp", "declaration": None, "state": "paid"},
        {"due": "D3", "taxpayer": "T1", "tax": "vat", "declaration": None, "state": "paid"},
        {"due": "D4", "taxpayer": "T2", "tax": "vat", "declaration": None, "state": "paid"},
        {"due": "D5", "taxpayer": "P1", "tax": "medical", "declaration": "R4", "state": "open"},
        {"due": "D6", "taxpayer": "P1", "tax": "vehicle-purchase", "declaration": "R5", "state": "open"},
    ],
    "booking": [{"order_no": "O1", "entry_date": "2026-08-01"}],
    "payment_due": [
        {"order_no": "O1", "due": "D1", "amount_fen": 10_000, "late_fee_fen": 25},
        {"order_no": "O1", "due": "D4", "amount_fen": 77_700, "late_fee_fen": 0},
        {"order_no": "O2", "due": "D3", "amount_fen": 88_800, "late_fee_fen": 0},
    ],
    "treasury_entry": [
        {"due": "D2", "amount_fen": 300, "late_fee_fen": 0, "entry_date": "2026-07-31"},
        {"due": "D3", "amount_fen": 500, "late_fee_fen": 0, "entry_date": "2026-09-01"},
    ],
    "social_payment": [
        {"person_number": "P1", "month": "2026-07", "base_fen": 1_000, "own_fen": 80, "unit_fen": 160},
        {"person_number": "P1", "month": "2026-08", "base_fen": 1_000, "own_fen": 20, "unit_fen": 60},
        {"person_number": "P2", "month": "2026-08", "base_fen": 9_999, "own_fen": 9, "unit_fen": 9},
    ],
    "vehicle_tax": [
        {"person_number": "P1", "vin": "V1", "price_fen": 100, "tax_fen": 10},
        {"person_number": "P1", "vin": "V2", "price_fen": 900, "tax_fen": 90},
        {"person_number": "P2", "vin": "V1", "price_fen": 5, "tax_fen": 6},
    ],
    "firm_vehicle": [
        {"taxpayer": "T1", "vin": "F1", "price_fen": 4_000, "tax_fen": 400},
        {"taxpayer": "T2", "vin": "F2", "price_fen": 5, "tax_fen": 6},
    ],
    "unit_payment": [
        {"taxpayer": "T1", "month": "2026-08", "base_fen": 3_000, "own_fen": 240, "unit_fen": 480},
        {"taxpayer": "T1", "month": "2026-08", "base_fen": 3_000, "own_fen": 60, "unit_fen": 240},
        {"taxpayer": "T1", "month": "2026-09", "base_fen": 9_999, "own_fen": 9, "unit_fen": 9},
        {"taxpayer": "T2", "month": "2026-08", "base_fen": 9_998, "own_fen": 8, "unit_fen": 8},
    ],
    "declaration": [
        {
            "declaration": "R1",
            "key": "k1",
            "taxpayer": "T1",
            "tax": "vat-small",
            "state": "filed",
            "total_fen": 42,
            "figures": json.dumps({"vat_fen": 40, "city_fen": 2, "levy_rate": "0.01"}),
        },
        {
            "declaration": "R2", "key": "k2", "taxpayer": "T1", "tax": "stamp", "state": "filed",
            "total_fen": 1, "figures": "{}",
        },
    ],
}  # fmt: skip


def own(declaration: str, tax: str, *lines: tuple[str, int, int], **more: str) -> dict[str, Any]:
    """A person's own return: code, base and tax of each line."""
    figures = {"lines": [{"code": code, "base_fen": base, "tax_fen": fen} for code, base, fen in lines]}
    about = {"subject": "", "period_first": "2026-06-01", "period_last": "2026-08-31", **more}
    return {
        "declaration": declaration, "key": declaration, "taxpayer": "P1", "tax": tax, "state": "filed",
        "total_fen": 0, "figures": json.dumps(figures), **about,
    }  # fmt: skip


BUREAU["income"] = [{"person_number": "P1", "month": "2026-07", "income_fen": 7_000, "tax_fen": 70}]
BUREAU["declaration"] += [
    own("R3", "vehicle-purchase", ("vehicle-purchase", 8_000, 800), subject="V3"),
    own("R4", "social-insurance", ("pension", 6_000, 600), ("medical", 6_000, 240)),
    own("R5", "vehicle-purchase", ("vehicle-purchase", 7_777, 777), subject="V4"),
    own("R6", "iit-annual", ("iit-annual", 1, 33), period_last="2026-08-31"),
]
FACTS = {
    "facts": {"vin": "V7", "gross_fen": 113, "rent_fen": None},
    "lines": [
        {"code": "a", "base_fen": 100, "rate": "0.1", "tax_fen": 10},
        {"code": "b", "base_fen": 12, "rate": "1", "tax_fen": 12},
    ],
    "total_fen": 0,
    "refund_fen": 0,
}
BUREAU["declaration"].append({**own("R7", "rental"), "taxpayer": "T1", "figures": json.dumps(FACTS)})
MONTHS = {"first": "2026-07", "last": "2026-08"}


@pytest.mark.parametrize(
    ("asked", "amounts"),
    [
        ({"certificate": "tax-payment", "form": "list", **MONTHS}, {10_000, 25, 300, 10_325}),
        (
            {"certificate": "tax-payment", "form": "text", **MONTHS},
            {10_000, 25, 10_025, 300, 0, 10_300, 10_325},
        ),
        ({"certificate": "social-insurance", **MONTHS}, {1_000, 80, 160, 20, 60, 2_000, 200, 0, 500, 220}),
        ({"certificate": "vehicle-purchase", "item": "V3"}, {8_000, 800}),
        ({"certificate": "vehicle-purchase", "item": "V4"}, set()),
        ({"certificate": "iit-record", **MONTHS}, {7_000, 70, 0, 33, 103}),
        ({"certificate": "vehicle-purchase", "item": "V1"}, {100, 10}),
        ({"certificate": "declaration-copy", "item": "R1"}, {40, 2, 42}),
        ({"certificate": "declaration-copy", "item": "R7"}, {113, 100, 10, 12, 0}),
        ({"certificate": "no-arrears"}, set()),
        ({"certificate": "matter-notice", "item": "k1"}, {42}),
        ({"certificate": "matter-notice", "item": "of a case"}, set()),
    ],
)
def test_the_amounts_are_those_of_what_was_asked_for_and_of_nobody_else(
    asked: dict[str, str], amounts: set[int]
) -> None:
    assert certified(asked, HOLDER, BUREAU) == amounts


def test_an_enterprise_s_own_vehicles_and_contributions_are_its_alone() -> None:
    asked = {"certificate": "vehicle-purchase", "item": "F1"}
    assert certified(asked, {**HOLDER, "kind": "firm-vehicle-purchase"}, BUREAU) == {4_000, 400}
    assert certified({**asked, "item": "F2"}, {**HOLDER, "kind": "firm-vehicle-purchase"}, BUREAU) == set()
    months = {"certificate": "social-insurance", **MONTHS}
    found = certified(months, {**HOLDER, "kind": "firm-social-insurance"}, BUREAU)
    assert found == {3_000, 240, 480, 720, 60, 300, 1_020}


def test_what_a_person_paid_in_their_own_name_is_theirs_by_their_number() -> None:
    own = {**HOLDER, "taxpayer": "", "person_number": "T1"}
    asked = {"certificate": "tax-payment", "form": "list", **MONTHS}
    assert certified(asked, own, BUREAU) == certified(asked, HOLDER, BUREAU) != {0}


def test_a_slip_s_matter_has_the_number_of_its_case_or_return() -> None:
    bureau = {**BUREAU, "matter_case": [{"key": "k3", "case_no": "M3"}]}
    assert [matter_number(key, bureau) for key in ("k1", "k3", "k9")] == ["R1", "M3", ""]


def test_an_amount_too_many_and_one_too_few_are_both_told() -> None:
    assert list(certificate_against("VAT 100.00\nTotal 103.25", {10_000, 10_325})) == []
    assert list(certificate_against("VAT 100.01\nTotal 103.25", {10_000, 10_325})) == [
        "shows 100.01, which the centre does not hold",
        "does not show 100.00",
    ]
    assert list(certificate_against("¥1.00", set())) == ["shows 1.00, which the centre does not hold"]
