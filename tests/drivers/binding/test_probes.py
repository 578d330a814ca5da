"""Each device that can be asked is told from those that answer alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drivers.binding.probing import ask, probes
from drivers.simulators.base import Pace
from drivers.simulators.invoice_dispenser import InvoiceDispenserSimulator
from drivers.simulators.io_board import IoBoardSimulator
from drivers.simulators.pin_pad import PinPadSimulator
from drivers.simulators.printed import PrintedStore
from drivers.simulators.signature_pad import SignaturePadSimulator
from drivers.simulators.stamp_unit import StampUnitSimulator
from tests.drivers.contract.subject import CLOCK

UNITS: dict[str, Callable[[Path], Any]] = {
    "stamp-serial": lambda place: StampUnitSimulator(place / "tty", Pace(50), place / "stamp.json"),
    "pin-pad-serial": lambda place: PinPadSimulator(place / "tty", Pace(50)),
    "signature-pad-serial": lambda place: SignaturePadSimulator(place / "tty", Pace(50)),
    "board-modbus": lambda place: IoBoardSimulator(place / "tty", Pace(1)),
    "invoice-dispenser-serial": lambda place: InvoiceDispenserSimulator(
        place / "tty", PrintedStore(place / "printed", CLOCK), Pace(50), place / "machine.json", units=1
    ),
}


@pytest.mark.parametrize("driver", UNITS)
async def test_who_is_there_is_told_whoever_is_asked_for_first(tmp_path: Path, driver: str) -> None:
    sim = UNITS[driver](tmp_path)
    await sim.start()
    try:
        known = {name: probe for name, probe in probes().items() if name in UNITS}
        for others in (known, dict(reversed(known.items()))):
            found = await asyncio.to_thread(ask, str(sim.port.link), others)
            assert found is not None and found.driver == driver
    finally:
        await sim.stop()


@pytest.mark.parametrize("driver", ["escp-serial", "escp-tcp", "ups-nut", "scanner-sane", "mrz-serial"])
def test_what_cannot_be_asked_has_no_probe(driver: str) -> None:
    assert driver not in probes()
