"""Faults on order: which of the next requests goes wrong, counted down as they come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Literal

from bureau.acquirer.models import FaultSettings

Fault = Literal[
    "silent",
    "slow",
    "doubtful",
    "paid_at_close",
    "unknown",
    "decline",
    "refuse_refund",
    "debit_silent",
    "debit_doubtful",
]
_POLL_S = 0.1


class Faults:
    """The counters, used on one event loop; ``monotonic`` counts the seconds of a doubt."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self.settings = FaultSettings()
        self._doubt: dict[str, float] = {}
        self._stopping = asyncio.Event()

    def set(self, settings: FaultSettings) -> None:
        """Replace all counters; orders in doubt stay in doubt until their time is over."""
        self.settings = settings

    def take(self, fault: Fault) -> bool:
        """Whether this request has the fault; counts it."""
        left: int = getattr(self.settings, fault)
        if left:
            self.settings = self.settings.model_copy(update={fault: left - 1})
        return left > 0

    def doubt(self, order: str) -> None:
        """From now on nobody learns about this order, for ``doubt_s`` seconds."""
        self._doubt[order] = self._monotonic() + self.settings.doubt_s

    def doubted(self, order: str) -> bool:
        """Whether the order gives no answer now."""
        until = self._doubt.get(order)
        if until is not None and self._monotonic() >= until:
            del self._doubt[order]
            return False
        return until is not None

    def stop(self) -> None:
        """End every silence: the program closes."""
        self._stopping.set()

    async def hold(self, seconds: float) -> None:
        """Say nothing for so long, or until the program closes."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self._stopping.is_set():
            await asyncio.sleep(min(_POLL_S, seconds))
