"""Stock that changes cabinets by its signed paper."""

from __future__ import annotations

from typing import Protocol

from sync.models import StockIn, StockMoved
from sync.stock_note import StockNote


class Handovers(Protocol):
    """Stock that changes cabinets by its signed paper."""

    def out(self, note: StockNote, paper: str) -> StockMoved:
        """Take what was counted out of the terminal's units; the same ``paper`` again changes nothing."""
        ...

    def take_up(self, note: StockNote, data: StockIn, terminal: str) -> tuple[StockMoved, str]:
        """Put what was found into the terminal's units; and the code of a refusal when nothing was."""
        ...

    def watch(self) -> int:
        """Open cases for what was not taken up, settled or told in its time."""
        ...
