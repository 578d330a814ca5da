"""What the core asks of the dispenser's book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from drivers.ports import PrintOutcome
from drivers.protocols.escpos_raster import bands
from drivers.receipt import parse_receipt
from drivers.receipt_raster import render
from drivers.transports.serial import LINE_BITS
from kiosk.machines import SLIP_WITHIN_S, Machines
from tests.drivers.devices.ipp_bench import pdf

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
    return await Machines(cast("Any", Hub(units)), 10).units()


@pytest.mark.parametrize(
    ("document", "within_s"), [(pdf(1), 96.0), (pdf(60), 450.0), (b"%PDF-1.4 cut off", 96.0)]
)
async def test_a_document_is_waited_for_as_long_as_its_pages_need(document: bytes, within_s: float) -> None:
    """Ten pages a minute: told uncertain after the time of one, it would be looked for, or printed again."""
    limits: list[float] = []

    class Printer:
        async def request(self, role: str, name: str, _: object, timeout_s: float) -> Mapping[str, Any]:
            limits.append(timeout_s)
            return {"outcome": "printed", "sheets": 1}

    told = await Machines(cast("Any", Printer()), 10).print_pdf("key-1", "C-1", document)
    assert (told.outcome, limits) == (PrintOutcome.PRINTED, [within_s])


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


def test_a_slip_has_time_enough_on_the_slowest_line() -> None:
    """One that is torn off for want of time is printed again, and torn off again."""
    rows = [{"type": "row", "label": "统一社会信用代码", "value": f"9153000{n}MA6K0042X7"} for n in range(10)]
    slip: list[dict[str, object]] = [
        {"type": "title", "text": "国家税务总局云川市税务局"},
        {"type": "text", "text": "申报缴款回单", "align": "center", "size": "large", "bold": True},
        *rows,
        {"type": "total", "label": "已缴合计", "value": "¥4,095.84"},
        {
            "type": "qr",
            "data": "https://tax.example.test/s/01JABCDEFGHJKMNPQRSTVWXYZ0",
            "caption": "扫码查看",
        },
    ]
    size = sum(len(band.data) for band in bands(render(parse_receipt(slip)), 24))
    assert size * LINE_BITS / 9600 < SLIP_WITHIN_S / 2
