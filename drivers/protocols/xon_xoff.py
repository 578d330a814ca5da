"""The printer's word on a serial line that it can take no more for now: XOFF (DC3), and XON (DC1) to go on.

The driver obeys them itself and not the kernel, so that real-time questions still go out while data is held.
Neither byte can be a status answer: those of DLE EOT have the fixed bits ``0xx1xx10``.
"""

from __future__ import annotations

from typing import Final

XON: Final = 0x11
XOFF: Final = 0x13


class FlowControl:
    """Takes the two bytes out of what the printer sends and remembers the last."""

    def __init__(self) -> None:
        self.held = False
        """Whether the printer has asked to wait."""

    def feed(self, data: bytes) -> bytes:
        """``data`` without flow control."""
        if XON not in data and XOFF not in data:
            return data
        for byte in data:
            if byte in (XON, XOFF):
                self.held = byte == XOFF
        return bytes(byte for byte in data if byte not in (XON, XOFF))
