"""What the core asks of the dispenser's book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from kiosk.machines import Machines

FULL = {
    "code": "053001900104",
    "kind": "04",
    "next": "00000004",
    "last": "00000020",
    "count": 17,
    "status": "ok",
}


class Hub:
    """A device program that answers one question."""

    def __init__(self, units: Mapping[str, Mapping[str, Any]]) -> None:
        self.units = units

    async def request(self, role: str, name: str, *_: object) -> Mapping[str, Any]:
        assert name == "InvoiceDispenser.GetRanges"
        return {"units": self.units}


async def told(**units: Mapping[str, Any]) -> list[dict[str, Any]]:
    return await Machines(cast("Any", Hub(units))).units()


async def test_units_are_told_with_their_numbers_and_a_locked_one_gives_nothing() -> None:
    assert await told(unit1=FULL, unit2={**FULL, "status": "locked"}) == [
        {
            "unit": "unit1",
            "code": FULL["code"],
            "next_number": "00000004",
            "last_number": "00000020",
            "count": 17,
        },
        {
            "unit": "unit2",
            "code": FULL["code"],
            "next_number": "00000004",
            "last_number": "00000020",
            "count": 0,
        },
    ]


async def test_a_unit_whose_stock_was_handed_out_holds_nothing() -> None:
    """Its code stays in the book; what is not there is left out on the wire."""
    emptied = {"code": FULL["code"], "kind": "04", "count": 0, "status": "ok"}
    assert await told(unit1=emptied, unit2={"count": 0, "status": "ok"}) == []
