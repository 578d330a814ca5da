"""A keyboard that the kernel believes in: ``/dev/uinput``, by its plain calls (linux/uinput.h)."""

from __future__ import annotations

import fcntl
import os
import struct
import time
from pathlib import Path

DEVICE = Path("/dev/uinput")
_SET_EVBIT, _SET_KEYBIT, _DEV_SETUP, _DEV_CREATE, _DEV_DESTROY = (
    0x40045564,
    0x40045565,
    0x405C5503,
    0x5501,
    0x5502,
)
_SYSNAME = 0x8040552C
_EV_KEY, _EV_MSC = 1, 4


def missing() -> str | None:
    """Why there can be no such keyboard here, None when there can."""
    if not DEVICE.exists():
        return "/dev/uinput is not there: a held keyboard can only be tried on a kernel with uinput"
    if not os.access(DEVICE, os.W_OK):
        return "/dev/uinput may not be written: run as root, or as a member of its group"
    return None


class VirtualKeyboard:
    """Created with the object; ``close`` unplugs it."""

    def __init__(self, name: str = "scanner of the tests") -> None:
        self._file = os.open(DEVICE, os.O_WRONLY | os.O_NONBLOCK)
        for kind in (_EV_KEY, _EV_MSC):
            fcntl.ioctl(self._file, _SET_EVBIT, kind)
        for key in range(1, 128):
            fcntl.ioctl(self._file, _SET_KEYBIT, key)
        setup = struct.pack("HHHH80sI", 3, 0x0C2E, 0x0B61, 1, name.encode(), 0)
        fcntl.ioctl(self._file, _DEV_SETUP, setup)
        fcntl.ioctl(self._file, _DEV_CREATE)
        system = fcntl.ioctl(self._file, _SYSNAME, bytes(64)).rstrip(b"\0").decode()
        self.path = self._event_node(Path("/sys/devices/virtual/input") / system)

    @staticmethod
    def _event_node(place: Path) -> Path:
        end = time.monotonic() + 5
        while time.monotonic() < end:
            for found in place.glob("event*"):
                node = Path("/dev/input") / found.name
                if node.exists():
                    return node
            time.sleep(0.01)
        raise RuntimeError(f"the kernel made no event node for {place}; is udev or devtmpfs there?")

    def type(self, events: bytes) -> None:
        """Let the kernel report these records."""
        size = struct.calcsize("@llHHi")
        for place in range(0, len(events), size):
            os.write(self._file, events[place : place + size])

    def close(self) -> None:
        fcntl.ioctl(self._file, _DEV_DESTROY)
        os.close(self._file)
