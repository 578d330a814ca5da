"""The receipt printer at the USB and the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drivers.devices.options import Value
from drivers.transports.usb_printer import UsbPrinterLink
from tests.drivers.contract.machines import SerialReceipts
from tests.drivers.contract.tap import SerialTap


class UsbReceipts(SerialReceipts):
    """A pseudo terminal stands for the kernel's node: docs/receipt-printer.md says what that does not show."""

    name = "escpos-usb"
    node = "lp{}"
    node_class = "usbmisc"
    exempt = frozenset({"flipped"})  # USB has a check sum of its own

    def line(self) -> Any:
        tap = SerialTap(self.sim.port.link, self.directory / "tty-near")
        return tap, lambda: UsbPrinterLink(str(tap.link), 2.0, simulated=True)

    def options(self) -> Mapping[str, Value]:
        return {"port": str(self.directory / "tty-near"), "simulated_port": True}
