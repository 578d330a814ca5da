"""Takes our own bytes out of what a line sends back, so that an echo is never read as an answer.

The echo of ``GS r 1`` contains 0x72, which is a well-formed "paper end" answer. Whether a line echoes is
learnt once from the first question of a connection: an answer never begins with ``10 04 01``.
"""

from __future__ import annotations

import enum
from collections import deque
from typing import Final

PROBE: Final = b"\x10\x04\x01"
"""DLE EOT 1, the first thing sent on a fresh connection."""


class EchoMode(enum.Enum):
    """What is known of the line."""

    UNKNOWN = "unknown"
    CLEAN = "clean"
    ECHOING = "echoing"


class EchoFilter:
    """Drops the echo of what was sent; ``quiet`` must be called when the line has been silent for a while."""

    def __init__(self) -> None:
        self.mode = EchoMode.UNKNOWN
        self._sent: deque[int] = deque()
        self._held = bytearray()

    def sent(self, data: bytes) -> None:
        """``data`` goes out now."""
        if self.mode is EchoMode.ECHOING:
            self._sent.extend(data)

    def quiet(self) -> None:
        """Nothing has come for a while: no echo is outstanding any more."""
        self._sent.clear()
        self._held.clear()

    def feed(self, chunk: bytes) -> bytes:
        """``chunk`` without our own bytes."""
        if self.mode is EchoMode.CLEAN:
            return chunk
        if self.mode is EchoMode.UNKNOWN:
            chunk = self._learn(chunk)
        if self.mode is not EchoMode.ECHOING:
            return chunk
        return bytes(byte for byte in chunk if not self._is_echo(byte))

    def _learn(self, chunk: bytes) -> bytes:
        """Hold back what may be the probe's echo until it is told apart."""
        self._held += chunk
        if PROBE.startswith(bytes(self._held)) and len(self._held) < len(PROBE):
            return b""
        rest = bytes(self._held)
        self._held.clear()
        if rest.startswith(PROBE):
            self.mode = EchoMode.ECHOING
            return rest[len(PROBE) :]
        self.mode = EchoMode.CLEAN
        return rest

    def _is_echo(self, byte: int) -> bool:
        if self._sent and self._sent[0] == byte:
            self._sent.popleft()
            return True
        return False
