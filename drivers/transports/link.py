"""The blocking side of a line: what a transport implements, and what a tap may see and change."""

from __future__ import annotations

from typing import Protocol, TypeVar

_T = TypeVar("_T")


class Link(Protocol):
    """A line of bytes. All calls block, on worker threads; ``close`` may come from another one."""

    @property
    def name(self) -> str:
        """What the line is called in logs: its path or address."""
        ...

    def open(self) -> None:
        """Open the port; raise ``LinkLost`` when it is not there."""
        ...

    def close(self) -> None:
        """Release the port and end a read that waits; never raises."""
        ...

    def read(self) -> bytes:
        """Wait for bytes; ``b""`` once the link is closed; raise ``LinkLost`` when the port vanished."""
        ...

    def write(self, data: bytes) -> None:
        """Send all of ``data``; raise ``LinkLost``, also when the device does not take it."""
        ...


class Tap(Protocol):
    """Sees every byte of a line and may change it: recording, replay checks, faults on purpose.

    Called on the link's threads; it must not block and must be safe to call from two of them.
    """

    @property
    def running(self) -> bool:
        """Whether anybody looks: a transport need not prepare what nobody sees."""
        ...

    def line(self, real: _T) -> _T:
        """What the transport uses in place of ``real``, its way to the hardware: ``real`` itself, or a recording."""
        ...

    def opened(self) -> None:
        """The line is open."""
        ...

    def incoming(self, data: bytes) -> bytes:
        """Bytes from the device; what is returned goes on."""
        ...

    def outgoing(self, data: bytes) -> bytes:
        """Bytes to the device; what is returned is sent."""
        ...

    def closed(self, reason: str) -> None:
        """The line is closed, or was lost for ``reason``."""
        ...
