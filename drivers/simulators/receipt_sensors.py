"""What a receipt printer senses, and how it says so: DLE EOT, automatic status back, GS r.

Bit places follow the domain note, section 4.1, and for the automatic report the ESC/POS command reference.
"""

from __future__ import annotations

from dataclasses import dataclass

ROLL_MM = 80_000.0
"""A full 80 mm roll holds about 80 m."""
NEAR_END_MM = 3_000.0
DOTS_PER_MM = 8


@dataclass(slots=True)
class Sensors:
    """The mechanical truth, and the paper sensor that may be ``stuck`` at full, low or out.

    ``fault`` is one of paperJam, cutterJam, overheat, broken, or None.
    """

    roll_mm: float = ROLL_MM
    cover_open: bool = False
    fault: str | None = None
    stuck: str | None = None

    @property
    def paper(self) -> str:
        """What the sensor sees: ``full``, ``low`` (near end) or ``out``."""
        if self.stuck is not None:
            return self.stuck
        if self.roll_mm <= 0:
            return "out"
        return "low" if self.roll_mm <= NEAR_END_MM else "full"

    @property
    def offline(self) -> bool:
        """True while nothing can be printed."""
        return self.cover_open or self.paper == "out" or self.fault is not None

    def real_time(self, question: int) -> int | None:
        """The answer to ``DLE EOT question``; None when there is no such question."""
        out, low = self.paper == "out", self.paper != "full"
        if question == 1:
            return 0x12 | 0x08 * self.offline
        if question == 2:
            return 0x12 | 0x04 * self.cover_open | 0x20 * out | 0x40 * (self.fault is not None)
        if question == 3:
            return 0x12 | self._errors()
        if question == 4:
            return 0x12 | 0x0C * low | 0x60 * out
        return None

    def automatic(self) -> bytes:
        """The four bytes of the automatic report."""
        first = 0x10 | 0x08 * self.offline | 0x20 * self.cover_open
        return bytes([first, self._errors(), self.queued_paper(), 0x0F])

    def queued_paper(self) -> int:
        """The answer to ``GS r 1``: bits 0, 1 near end, bits 2, 3 end."""
        return 0x03 * (self.paper != "full") | 0x0C * (self.paper == "out")

    def _errors(self) -> int:
        bits = {"paperJam": 0x04, "cutterJam": 0x08, "broken": 0x20, "overheat": 0x40}
        return bits.get(self.fault or "", 0)
