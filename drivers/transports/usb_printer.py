"""A printer at the USB itself: ``/dev/usb/lp*``, as the kernel's ``usblp`` driver shows the USB printer class.

Requests and bits: linux/drivers/usb/class/usblp.c and linux/include/uapi/linux/lp.h; what they mean on the wire: USB
Device Class Definition for Printing Devices 1.1, clauses 4.2.1 (GET_DEVICE_ID) and 4.2.2 (GET_PORT_STATUS).
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import select
import time
from typing import Final

from drivers.binding.identity import Kind
from drivers.errors import LinkLost
from drivers.transports.node import NodeLink, why

_log = logging.getLogger("kiosk.devices.link")
_VENDOR: Final = 0x80085006
"""LPIOC_GET_VID_PID(8), _IOC(_IOC_READ, 'P', 6, 8): answered by the kernel alone, and by no other kind of node."""
_STATUS: Final = 0x060B
"""LPGETSTATUS: the port status byte as an int."""
_NO_ERROR, _SELECTED, _NO_PAPER = 0x08, 0x10, 0x20
_CHUNK: Final = 8192
"""usblp moves at most that much in one USB transfer."""
_EMPTY_S: Final = 0.05
"""Many printers answer each look with an empty USB packet; so long the next look waits."""


class UsbPrinterLink(NodeLink):
    """One USB printer. The kernel gives it to one program at a time.

    Args:
        path: ``kiosk/<role>`` for the printer that is bound to a role, an identity such as
            ``usb:0416:5011@1-1.4``, or a path; ``lp0`` itself is a number that changes.
        write_timeout_s: how long the printer may refuse data.
        simulated: the path is a pseudo terminal of the simulated cabinet; anything else that is no USB printer is
            refused.
    """

    def __init__(self, path: str, write_timeout_s: float = 5.0, *, simulated: bool = False) -> None:
        super().__init__(path, Kind.PRINTER, _CHUNK)
        self._write_timeout_s = write_timeout_s
        self._simulated = simulated

    def write(self, data: bytes) -> None:
        """Send ``data`` and wait until the last of it is taken: the kernel drops what is on its way at a close.

        Raise ``LinkLost``, with what the printer's port says when it takes no data.
        """
        with self._writing:
            device = self._held()
            end = time.monotonic() + self._write_timeout_s
            rest = memoryview(data)
            while rest:
                self._free(end)
                try:
                    rest = rest[os.write(device, rest[:_CHUNK]) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise self._vanished(error) from error
            self._free(end)

    def port_status(self) -> int | None:
        """The port status byte; None where the printer or the node has none. Raise ``LinkLost`` when closed."""
        try:
            answer = fcntl.ioctl(self._held(), _STATUS, bytes(4))
        except OSError:
            return None
        return int.from_bytes(answer, "little") & 0xFF

    def _free(self, end: float) -> None:
        """Until the printer has taken what was sent."""
        ready = self._until(select.POLLOUT, end - time.monotonic())
        if ready is None:
            raise LinkLost(f"{self.name} is closed")
        if ready & ~select.POLLOUT:
            raise self._vanished(None)
        if not ready:
            raise LinkLost(f"the printer on {self.name} takes no data; {_advice(self.port_status())}")

    def _hold(self, device: int) -> None:
        try:
            answer = fcntl.ioctl(device, _VENDOR, bytes(8))
        except OSError as error:
            if self._simulated and os.isatty(device):
                return
            raise LinkLost(
                f"{self.name} is not a USB printer (/dev/usb/lp…); choose another path ({why(error)})"
            ) from error
        vendor, product = (int.from_bytes(part, "little") for part in (answer[:4], answer[4:]))
        _log.info("%s is USB printer %04x:%04x", self.name, vendor, product)

    def _nothing(self, device: int) -> None:
        if self._hung_up(device):
            raise self._vanished(None)
        self._until(0, _EMPTY_S)

    def _refused(self, error: OSError) -> LinkLost:
        if error.errno == errno.EBUSY:
            return LinkLost(
                f"{self.name} is held by another program; end it, or take the printer out of CUPS"
            )
        return super()._refused(error)


def _advice(status: int | None) -> str:
    """What a person does about a printer that takes no data, by its port status."""
    if status is not None and status & _NO_PAPER:
        return "its port says that it has no paper: put paper in"
    if status is not None and not status & _NO_ERROR:
        return "its port reports an error: close the cover, remove a jam, or switch it off and on"
    if status is not None and not status & _SELECTED:
        return "its port says that it is off line: press its on-line or feed key, or switch it off and on"
    return "switch it off and on"
