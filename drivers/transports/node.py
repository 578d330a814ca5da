"""A device node of the kernel that is waited for by ``poll``: what keyboards, reports and USB printers do alike."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import threading
from typing import Final

from drivers.binding import finding, identity
from drivers.errors import LinkLost

_GONE: Final = select.POLLHUP | select.POLLERR | select.POLLNVAL


class NodeLink:
    """One node, opened without blocking. What opens it, and what a read of nothing means, is the subclass's.

    Args:
        path: path of the node, ``kiosk/<role>`` for what is bound to a role, or a written-out identity.
        kind: what kind of node it is.
        chunk: bytes taken by one read.
    """

    def __init__(self, path: str, kind: identity.Kind, chunk: int) -> None:
        self._path = path
        self._of = kind
        self._chunk = chunk
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._device = -1
        self._wake = -1

    @property
    def name(self) -> str:
        """The node as it was named."""
        return finding.shown(self._path)

    def open(self) -> None:
        """Open the node, make sure of it, and forget what came before; raise ``LinkLost``."""
        self.close()
        node = finding.node(self._path, self._of)
        try:
            device = os.open(node, self._access() | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise self._refused(error) from error
        try:
            self._hold(device)
            with contextlib.suppress(BlockingIOError):
                while os.read(device, self._chunk):
                    pass
        except OSError as error:
            os.close(device)
            raise self._vanished(error) from error
        except LinkLost:
            os.close(device)
            raise
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._device = device

    def check(self) -> None:
        """Ask the kernel whether the open device is still there. Raise ``LinkLost``."""
        if self._hung_up(self._held()):
            raise self._vanished(None)

    def close(self) -> None:
        """Let the device go; a read and a write that wait end."""
        if self._device < 0:
            return
        os.eventfd_write(self._wake, 1)
        # A descriptor must not be closed, and given to somebody else, while anybody waits for it.
        with self._reading, self._writing:
            device, self._device = self._device, -1
            wake, self._wake = self._wake, -1
            for descriptor in (device, wake):
                with contextlib.suppress(OSError):
                    os.close(descriptor)

    def read(self) -> bytes:
        """Wait for what the device says; ``b""`` once the link is closed; raise ``LinkLost``."""
        with self._reading:
            device = self._device
            while device >= 0:
                ready = self._until(select.POLLIN)
                if ready is None:
                    break
                try:
                    data = os.read(device, self._chunk)
                except BlockingIOError:
                    if ready & _GONE:
                        raise self._vanished(None) from None
                    continue
                except OSError as error:
                    raise self._vanished(error) from error
                if data:
                    return data
                self._nothing(device)
            return b""

    def _until(self, event: int, seconds: float | None = None) -> int | None:
        """Wait for ``event`` or a hang-up: what has come, 0 when the time is over, None once the link is closed."""
        poll = select.poll()
        poll.register(self._device, event)
        poll.register(self._wake, select.POLLIN)
        ready = dict(poll.poll(None if seconds is None else max(0, round(seconds * 1000))))
        return None if self._wake in ready else ready.get(self._device, 0)

    def _held(self) -> int:
        device = self._device
        if device < 0:
            raise LinkLost(f"{self.name} is closed")
        return device

    def _hung_up(self, device: int) -> bool:
        poll = select.poll()
        poll.register(device, 0)
        return any(what & _GONE for _, what in poll.poll(0))

    def _access(self) -> int:
        return os.O_RDWR

    def _hold(self, device: int) -> None:
        """Make sure that it is such a device; raise ``LinkLost`` when it is not."""

    def _nothing(self, device: int) -> None:
        """A read gave no byte: raise ``LinkLost`` when that is the end of the device."""
        raise self._vanished(None)

    def _refused(self, error: OSError) -> LinkLost:
        return LinkLost(f"{self.name} cannot be opened; check cable and permission ({why(error)})")

    def _vanished(self, error: OSError | None) -> LinkLost:
        detail = f" ({why(error)})" if error is not None else ""
        return LinkLost(f"{self.name} has vanished; check its cable{detail}")


def why(error: OSError) -> str:
    """The error's short name, such as ``EACCES``."""
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
