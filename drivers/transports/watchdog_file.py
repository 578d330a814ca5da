"""The kernel's watchdog file: opening it arms it, any byte feeds it, the letter V before closing disarms it.

Source: Linux kernel documentation, "The Linux Watchdog driver API" (magic close, WDIOC_SETTIMEOUT).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import struct
from pathlib import Path
from typing import Final

from drivers.errors import LinkLost

_SET_TIMEOUT: Final = 0xC0045706
"""WDIOC_SETTIMEOUT: _IOWR('W', 6, int)."""
_FEED, _MAGIC_CLOSE = b"\0", b"V"


class WatchdogFile:
    """One watchdog. Nothing is opened before the first ``feed``: looking at it must not arm it."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._file: int | None = None
        self._timeout_s = 0

    @property
    def armed(self) -> bool:
        """Whether it counts."""
        return self._file is not None

    def check(self) -> None:
        """Raise ``LinkLost`` when there is no such watchdog, or this program may not write it."""
        try:
            mode = self._path.stat().st_mode
        except OSError as error:
            raise LinkLost(f"{self._path} is not there; load the watchdog's kernel module") from error
        if stat.S_ISDIR(mode) or not os.access(self._path, os.W_OK):
            raise LinkLost(f"{self._path} cannot be written; give its group to this program")

    def feed(self, timeout_s: int) -> None:
        """Arm it if need be and feed it; raise ``LinkLost``."""
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_CLOEXEC)
                self._timeout_s = 0
            if timeout_s != self._timeout_s:
                self._set(self._file, timeout_s)
                self._timeout_s = timeout_s
            os.write(self._file, _FEED)
        except OSError as error:
            self.abandon()
            raise LinkLost(f"{self._path} does not take its food ({error.strerror})") from error

    def disarm(self) -> None:
        """Tell it that all is well, and close it. A kernel built with NOWAYOUT goes on counting."""
        file, self._file = self._file, None
        if file is None:
            return
        try:
            os.write(file, _MAGIC_CLOSE)
        except OSError as error:
            raise LinkLost(f"{self._path} cannot be disarmed ({error.strerror})") from error
        finally:
            os.close(file)

    def abandon(self) -> None:
        """Close it as it is: it goes on counting, and bites. Never raises."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                os.close(file)

    @staticmethod
    def _set(file: int, timeout_s: int) -> None:
        """Set the time; a watchdog of a fixed time keeps its own, as does a plain file in a test."""
        with contextlib.suppress(OSError):
            fcntl.ioctl(file, _SET_TIMEOUT, struct.pack("i", timeout_s))
