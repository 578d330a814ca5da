"""The receipt printer at the USB as devices.toml names it; what it does with a slip is the contract suite's affair."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from config.clock import Deadline
from drivers.assembly import DeviceSpec, build
from drivers.binding.identity import Kind
from drivers.devices import registry
from drivers.devices.escpos import EscposPrinter
from drivers.errors import DriverConfigError
from drivers.ports import PrintOutcome
from drivers.simulators.base import Pace
from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.simulators.devices_toml import devices_toml
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from tests.drivers.contract.subject import CLOCK


async def test_a_slip_is_printed_as_over_any_other_line(tmp_path: Path) -> None:
    store = PrintedStore(tmp_path / "printed", CLOCK)
    printer = ReceiptPrinterSimulator(tmp_path / "lp0", store, Pace(400))
    await printer.start()
    device = registry.create("escpos-usb", {"port": str(tmp_path / "lp0"), "simulated_port": True})
    assert isinstance(device, EscposPrinter)
    await device.open()
    told = await device.print_receipt([{"type": "text", "text": "凭条"}], Deadline.after(10))
    await device.close()
    await printer.stop()
    assert told.outcome is PrintOutcome.PRINTED
    assert len(store.items()) == 1


def test_it_is_bound_as_a_usb_printer_and_simulated_in_no_hall() -> None:
    assert registry.traits("escpos-usb").node is Kind.PRINTER
    options: dict[str, Any] = {"port": "/dev/usb/lp0", "simulated_port": True}
    with pytest.raises(DriverConfigError, match="simulated cabinet"):
        build(DeviceSpec("Printer", "receiptPrinter", "escpos-usb", options, True))


def test_the_simulated_cabinet_names_its_printer_so_when_asked(tmp_path: Path) -> None:
    cabinet = Cabinet(CabinetOptions(tmp_path, receipt="usb"))
    services = tomllib.loads(devices_toml(cabinet))["services"]
    (printer,) = (s for s in services if s["role"] == "receiptPrinter")
    assert printer["driver"] == "escpos-usb"
    assert printer["options"] == {"port": str(tmp_path / "tty-receipt"), "simulated_port": True}
