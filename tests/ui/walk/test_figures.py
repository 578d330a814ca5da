"""What must stand on a slip is looked for whatever its length."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest

from ui.walk.figures import Held, held, slip_against
from ui.walk.paper import Line


@pytest.mark.parametrize("code", ["9900261130", "099002600104"])
def test_an_invoice_code_of_ten_or_twelve_digits_must_stand_on_the_slip(code: str) -> None:
    known = Held()
    known.name("the invoices' code", code)
    assert list(slip_against([Line(("发票代码", code))], known)) == []
    other = f"{code[:-1]}9"
    assert f"does not show the invoices' code {code}" in list(
        slip_against([Line(("发票代码", other))], known)
    )


def test_the_relief_that_a_return_took_may_stand_beside_its_number() -> None:
    facts = {"facts": {"relief": "63990026101200000018"}}
    tables: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    tables["effect"] = [
        {"key": "k", "transaction": "t", "state": "done", "kind": "declare.fixed-quota", "person_number": "",
         "reference": "31990026101200000011"}
    ]  # fmt: skip
    tables["declaration"] = [
        {"key": "k", "declaration": "31990026101200000011", "total_fen": 61_250, "figures": json.dumps(facts)}
    ]
    known = held("t", [], tables, defaultdict(list))
    assert known.numbers == {"31990026101200000011", "63990026101200000018"}
    other = Line(("减免依据", "63990026101200000019"))
    assert "shows the number 63990026101200000019, which the centre does not hold" in list(
        slip_against([other], known)
    )
