"""Every part asked for real: the engine over the city, on both stores."""

from __future__ import annotations

from datetime import date
from typing import Any

from bureau.city.city import City, personas
from bureau.city.stock import code_of, load_terminal
from bureau.engine.reference.context import Context
from tests.bureau.conftest import Centre
from tests.bureau.returns import filled
from tests.bureau.terminals import Terminal, subject

DAY = date(2026, 10, 12)
CAST = {
    part: p
    for p in reversed(personas(City(7, DAY, 0, 0, made=True, filing_open=True)))
    for part in p["plays"]  # type: ignore[attr-defined]
}


def who(part: str) -> dict[str, Any]:
    persona: Any = CAST[part]
    roles = persona["roles"]
    first = (roles[0]["taxpayer"], roles[0]["role"]) if roles else (None, None)
    return subject(persona["id"], *first)


def stocked(centre: Centre, terminal: Terminal) -> dict[str, Any]:
    """Twenty sheets in unit1, and what the terminal says of them."""
    with centre.database.write() as connection:
        context = Context(connection, centre.clock.now(), "")
        numbers = load_terminal(context, terminal.name, 20, "04", "unit1", DAY.year)
    unit = {"unit": "unit1", "code": code_of("04", DAY.year), "count": numbers.count}
    return {"units": [{**unit, "next_number": numbers.first, "last_number": numbers.last}]}


def test_each_part_meets_what_it_is_there_for(centre: Centre, terminal: Terminal) -> None:
    units = stocked(centre, terminal)

    def collect(part: str) -> Any:
        return terminal.data("invoice.entitlement", who(part), units)

    def prefill(part: str) -> Any:
        return terminal.data("vat.prefill", who(part))

    def dues(part: str) -> Any:
        return terminal.data("dues.list", who(part))

    def refused(part: str) -> str:
        answer = terminal.ask("invoice.entitlement", who(part), units)
        assert answer.refusal is not None
        return answer.refusal.code

    assert collect("collector")["kinds"][0]["allowed"] == 20
    assert collect("blocked")["blocked"]["code"] == "unfiledPeriod"
    assert collect("limit")["kinds"][0]["binding"] == "hold"
    assert collect("limit")["kinds"][0]["allowed"] == 0
    assert collect("abnormal")["blocked"]["code"] == "taxpayerAbnormal"
    assert collect("debtor")["blocked"]["code"] == "arrears"
    assert refused("agent") == "roleNotAllowed"

    hemu = prefill("handler")
    assert (hemu["invoice_count"], hemu["ordinary_sales_fen"], hemu["declared_already"]) == (
        128,
        35_240_000,
        None,
    )
    assert filled(hemu, 3_400_000)["total_fen"] == 409_584
    county = prefill("county")
    assert county["city_rate"] == "0.05"
    assert filled(county, city_rate="0.07")["total_fen"] != filled(county)["total_fen"]
    assert filled(prefill("exempt"))["total_fen"] == 0
    special = prefill("special")
    assert special["special_sales_fen"] > 0
    assert filled(special)["vat_fen"] * 100 == special["special_sales_fen"] + special["ordinary_sales_fen"]

    assert [due["tax"] for due in dues("handler")["dues"]] == ["stamp"]
    assert len(dues("payer")["dues"]) == 4
    assert all(due["late_fee_fen"] > 0 for due in dues("debtor")["dues"])

    for part in ("employee", "elder", "foreigner", "hmt", "chooser", "expired"):
        assert len(terminal.data("iit.months", who(part))["with_income"]) >= 6, part
    assert len(terminal.data("iit.months", who("employee"))["with_income"]) >= 12
    nobody = terminal.data("person.profile", who("nobody"))
    assert (nobody["known"], nobody["roles"]) == (True, [])
    assert terminal.data("person.profile", who("stranger"))["known"] is False
    assert len(terminal.data("person.profile", who("chooser"))["roles"]) == 3
    assert len(terminal.data("person.profile", who("agent"))["roles"]) == 3


def test_a_terminal_is_loaded_from_the_number_of_the_mock_ups(centre: Centre, terminal: Terminal) -> None:
    unit = stocked(centre, terminal)["units"][0]
    assert (unit["code"], unit["next_number"]) == ("099002600104", "00274801")
