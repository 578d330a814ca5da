"""What a serial MRZ reader sends: the lines of a zone, framed by STX and ETX, or each ended by CR.

Both habits are common; the reader's manual or its setting card says which. A reader repeats nothing and adds no
check of its own: the zone's check digits are the only ones there are.
"""

from __future__ import annotations

import enum
from typing import Final

from drivers.protocols.mrz import cleaned

STX: Final = 0x02
ETX: Final = 0x03
MOST: Final = 160
"""Bytes of one document: 2 × 44 or 3 × 30, with ends of lines and whatever a reader puts around."""
_COUNT: Final = {30: 3, 36: 2, 44: 2}
"""Lines of a zone by their length."""


class Framing(enum.StrEnum):
    """How documents are told apart."""

    STX_ETX = "stx-etx"
    CR = "cr"


class MrzFrames:
    """Cuts a stream into documents, each a list of lines; what is too long is dropped whole."""

    def __init__(self, framing: Framing = Framing.STX_ETX) -> None:
        self._framing = framing
        self._kept = bytearray()
        self._inside = False
        self._lines: list[str] = []

    def reset(self) -> None:
        """Forget the beginning of a document."""
        self._wipe()
        self._inside = False
        self._lines = []

    def feed(self, chunk: bytes) -> list[list[str]]:
        """The documents complete with ``chunk``. With CR one that is no zone comes as it is, to be refused."""
        found = []
        for byte in chunk:
            done = self._framed(byte) if self._framing is Framing.STX_ETX else self._lined(byte)
            if done:
                found.append(done)
        return found

    def _framed(self, byte: int) -> list[str] | None:
        if byte == STX:
            self._inside = True
            self._wipe()
        elif byte == ETX and self._inside:
            self._inside = False
            return cleaned(self._taken())
        elif self._inside:
            self._kept.append(byte)
            if len(self._kept) > MOST:
                self.reset()
        return None

    def _lined(self, byte: int) -> list[str] | None:
        if byte not in b"\r\n":
            self._kept.append(byte)
            if len(self._kept) > MOST:
                self.reset()
            return None
        line = "".join(cleaned(self._taken()))
        if not line:
            return None
        if self._lines and len(line) != len(self._lines[0]):
            # The rest of another document, or a torn one: what came before it is lost.
            self._lines = []
        self._lines.append(line)
        if len(self._lines) < _COUNT.get(len(line), 1):
            return None
        done, self._lines = self._lines, []
        return done

    def _taken(self) -> str:
        text = self._kept.decode("ascii", "replace")
        self._wipe()
        return text

    def _wipe(self) -> None:
        """What was kept is a person's data: it is overwritten before its place is given up."""
        self._kept[:] = bytes(len(self._kept))
        self._kept.clear()
