"""What stays the same of a plugged-in device when the kernel numbers its ports anew."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What a device node is used as: the kernel's subsystem."""

    SERIAL = "tty"
    HID = "hidraw"
    INPUT = "input"
    CAMERA = "video4linux"
    PRINTER = "usbmisc"


@dataclass(frozen=True, slots=True)
class Identity:
    """One port of one device.

    Args:
        kind: how it is used.
        place: where it is plugged in: the chain of USB sockets, such as ``1-1.4``; a built-in port's own name.
        vendor: USB vendor, four hexadecimal digits; empty for what is no USB device.
        product: USB product, likewise.
        serial: the serial number that the device tells, empty when it tells none.
        interface: number of the USB interface: one device may have several ports.
    """

    kind: Kind
    place: str
    vendor: str = ""
    product: str = ""
    serial: str = ""
    interface: str = ""

    @property
    def model(self) -> tuple[str, str]:
        """Vendor and product."""
        return self.vendor, self.product

    def __str__(self) -> str:
        """For a technician: ``1a86:7523 serial 0007 at socket 1-1.4``."""
        if not self.vendor:
            return f"built-in port {self.place}"
        serial = f" serial {self.serial}" if self.serial else ""
        return f"{self.vendor}:{self.product}{serial} at socket {self.place}"


@dataclass(frozen=True, slots=True)
class Port:
    """A device node that is there now, and whose it is. ``maker`` and ``name`` are what the device says of itself.

    ``said`` is what a USB printer tells unasked: maker and model of its IEEE 1284 device id.
    """

    node: str
    identity: Identity
    maker: str = ""
    name: str = ""
    said: str = ""
