"""What a dot-matrix invoice printer senses, as its answers to DLE EOT say it.

A skewed sheet that the sensors notice is a recoverable error, like a jam; the ribbon is not sensed at all.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Sensors:
    """The mechanical truth. ``fault`` is one of jam, skew, broken, or None; ``waiting``: data and no paper."""

    paper: bool = False
    cover_open: bool = False
    paused: bool = False
    fault: str | None = None
    waiting: bool = False

    @property
    def stopped(self) -> bool:
        """Whether the head stands still whatever is in the buffer."""
        return self.cover_open or self.paused or self.fault is not None or not self.paper

    def answer(self, question: int) -> int:
        """The byte that answers ``DLE EOT question``."""
        broken = self.fault == "broken"
        return (
            0x12
            | {
                1: 0x08 * self.stopped,
                2: 0x04 * self.cover_open
                | 0x20 * (self.waiting and not self.paper)
                | 0x40 * (self.fault is not None),
                3: 0x04 * (self.fault in ("jam", "skew")) | 0x20 * broken,
                4: 0x6C * (not self.paper),
            }[question]
        )
