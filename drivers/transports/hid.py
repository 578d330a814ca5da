"""A USB HID device as the kernel shows it: ``/dev/input/event*`` held for this program alone, or ``/dev/hidraw*``.

Not to be confused with a keyboard in use: whoever has the focus gets nothing of a device that is held here.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
from typing import Final, Literal

from drivers.binding import identity
from drivers.errors import LinkLost
from drivers.transports.node import NodeLink, why

Kind = Literal["keyboard", "raw"]
_log = logging.getLogger("kiosk.devices.link")
_GRAB: Final = 0x40044590
"""EVIOCGRAB, _IOW('E', 0x90, int) in linux/input.h: this program alone gets the device's events."""
_RAW_INFO: Final = 0x80084803
"""HIDIOCGRAWINFO, _IOR('H', 0x03, struct hidraw_devinfo) in linux/hidraw.h: bus, vendor, product."""
_BITS: Final = 0x80084520
"""EVIOCGBIT(0, 8), _IOC(_IOC_READ, 'E', 0x20, 8): the types of event a device has; with a type added, its codes."""
_NAMES: Final = {"keyboard": 0x81004506, "raw": 0x81004804}
"""EVIOCGNAME(256) and HIDIOCGRAWNAME(256): what the device calls itself."""
_EV_KEY, _EV_REL, _EV_ABS = 1, 2, 3
_POINTS: Final = {_EV_REL: 1 << 0, _EV_ABS: 1 << 0 | 1 << 0x35}
"""REL_X, ABS_X and ABS_MT_POSITION_X: what a mouse or a touch screen has. A volume wheel is none."""
_CHUNK: Final = 64 * 24
"""The kernel keeps 64 input events for a keyboard; of a raw device one read gives one report."""


class HidLink(NodeLink):
    """One input device.

    Args:
        path: ``kiosk/<role>``, a written-out identity, or a link that udev makes for the socket: numbers change.
        kind: ``keyboard`` for key events, ``raw`` for reports.
        simulated: the path is a pseudo terminal of the simulated cabinet, which cannot be held alone and has no
            vendor. Anything else that cannot is refused: a scanner that also types into the screen is no scanner.
    """

    def __init__(self, path: str, kind: Kind, *, simulated: bool = False) -> None:
        super().__init__(path, identity.Kind.INPUT if kind == "keyboard" else identity.Kind.HID, _CHUNK)
        self._kind = kind
        self._simulated = simulated

    def _access(self) -> int:
        return os.O_RDONLY if self._kind == "keyboard" else os.O_RDWR

    def _hold(self, device: int) -> None:
        """Make sure that it is such a device and, for keys, that nobody else gets them; raise ``LinkLost``."""
        try:
            if self._kind == "keyboard":
                self._must_be_keyboard(device)
                fcntl.ioctl(device, _GRAB, 1)
            else:
                fcntl.ioctl(device, _RAW_INFO, bytes(8))
            name = fcntl.ioctl(device, _NAMES[self._kind], bytes(256)).partition(b"\0")[0]
        except OSError as error:
            if self._simulated and os.isatty(device):
                return
            if error.errno == errno.EBUSY:
                raise LinkLost(f"{self.name} is held by another program; end it") from error
            what = "an input device (/dev/input/event…)" if self._kind == "keyboard" else "a /dev/hidraw…"
            raise LinkLost(f"{self.name} is not {what}; choose another path ({why(error)})") from error
        _log.info("%s is %s", self.name, name.decode("utf-8", "replace"))

    def _must_be_keyboard(self, device: int) -> None:
        """A mouse or the touch screen must never be held: nobody could use the terminal any more."""
        types = _bits(device, 0)
        points = any(types >> kind & 1 and _bits(device, kind) & codes for kind, codes in _POINTS.items())
        if not types >> _EV_KEY & 1 or points:
            raise LinkLost(f"{self.name} is no keyboard; name the scanner's own device")

    def write(self, data: bytes) -> None:
        """Send an output report, its id in front; a keyboard takes none."""
        with self._writing:
            try:
                os.write(self._held(), data)
            except OSError as error:
                raise self._vanished(error) from error


def _bits(device: int, kind: int) -> int:
    return int.from_bytes(fcntl.ioctl(device, _BITS + kind, bytes(8)), "little")
