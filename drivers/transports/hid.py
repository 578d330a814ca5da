"""A USB HID device as the kernel shows it: ``/dev/input/event*`` held for this program alone, or ``/dev/hidraw*``.

Not to be confused with a keyboard in use: whoever has the focus gets nothing of a device that is held here.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import os
import select
import threading
from typing import Final, Literal

from drivers.binding import finding, identity
from drivers.errors import LinkLost

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
_GONE: Final = select.POLLHUP | select.POLLERR | select.POLLNVAL


class HidLink:
    """One input device.

    Args:
        path: best a link that udev makes for the socket (``/dev/kiosk/scanner-…``): numbers change.
        kind: ``keyboard`` for key events, ``raw`` for reports.
        simulated: the path is a pseudo terminal of the simulated cabinet, which cannot be held alone and has no
            vendor. Anything else that cannot is refused: a scanner that also types into the screen is no scanner.
    """

    def __init__(self, path: str, kind: Kind, *, simulated: bool = False) -> None:
        self._path = path
        self._kind = kind
        self._simulated = simulated
        self._reading = threading.Lock()
        self._device = -1
        self._wake = -1

    @property
    def name(self) -> str:
        """The device's path."""
        return finding.shown(self._path)

    def open(self) -> None:
        """Open the device, hold it, and forget what it sent before; raise ``LinkLost``."""
        self.close()
        access = os.O_RDONLY if self._kind == "keyboard" else os.O_RDWR
        try:
            device = os.open(
                finding.node(self._path, identity.Kind.HID),
                access | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC,
            )
        except OSError as error:
            raise LinkLost(
                f"{self._path} cannot be opened; check cable and permission ({_why(error)})"
            ) from error
        try:
            self._hold(device)
            with contextlib.suppress(BlockingIOError):
                while os.read(device, _CHUNK):
                    pass
        except OSError as error:
            os.close(device)
            raise self._vanished(error) from error
        except LinkLost:
            os.close(device)
            raise
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._device = device

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
                raise LinkLost(f"{self._path} is held by another program; end it") from error
            what = "an input device (/dev/input/event…)" if self._kind == "keyboard" else "a /dev/hidraw…"
            raise LinkLost(f"{self._path} is not {what}; choose another path ({_why(error)})") from error
        _log.info("%s is %s", self._path, name.decode("utf-8", "replace"))

    def _must_be_keyboard(self, device: int) -> None:
        """A mouse or the touch screen must never be held: nobody could use the terminal any more."""
        types = _bits(device, 0)
        points = any(types >> kind & 1 and _bits(device, kind) & codes for kind, codes in _POINTS.items())
        if not types >> _EV_KEY & 1 or points:
            raise LinkLost(f"{self._path} is no keyboard; name the scanner's own device")

    def check(self) -> None:
        """Ask the kernel whether the open device is still there. Raise ``LinkLost``."""
        device = self._device
        if device < 0:
            raise LinkLost(f"{self._path} is closed")
        poll = select.poll()
        poll.register(device, 0)
        if any(what & _GONE for _, what in poll.poll(0)):
            raise self._vanished(None)

    def close(self) -> None:
        """Let the device go; a waiting read ends."""
        if self._device < 0:
            return
        os.eventfd_write(self._wake, 1)
        # A descriptor must not be closed, and given to somebody else, while the reader waits for it.
        with self._reading:
            device, self._device = self._device, -1
            wake, self._wake = self._wake, -1
            for descriptor in (device, wake):
                with contextlib.suppress(OSError):
                    os.close(descriptor)

    def read(self) -> bytes:
        """Wait for key events or for a report."""
        with self._reading:
            device, wake = self._device, self._wake
            if device < 0:
                return b""
            poll = select.poll()
            poll.register(device, select.POLLIN)
            poll.register(wake, select.POLLIN)
            while True:
                ready = dict(poll.poll())
                if wake in ready:
                    return b""
                try:
                    data = os.read(device, _CHUNK)
                except BlockingIOError:
                    if ready.get(device, 0) & _GONE:
                        raise self._vanished(None) from None
                    continue
                except OSError as error:
                    raise self._vanished(error) from error
                if not data:
                    raise self._vanished(None)
                return data

    def write(self, data: bytes) -> None:
        """Send an output report, its id in front; a keyboard takes none."""
        device = self._device
        if device < 0:
            raise LinkLost(f"{self._path} is closed")
        try:
            os.write(device, data)
        except OSError as error:
            raise self._vanished(error) from error

    def _vanished(self, error: OSError | None) -> LinkLost:
        why = f" ({_why(error)})" if error is not None else ""
        return LinkLost(f"{self._path} has vanished; check its cable{why}")


def _bits(device: int, kind: int) -> int:
    return int.from_bytes(fcntl.ioctl(device, _BITS + kind, bytes(8)), "little")


def _why(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
