"""Full jitter: wait a random part of a time that doubles, so that terminals do not come back in step."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """``U(0, min(cap, first * 2^n))`` seconds for the n-th try, n from 0."""

    first_s: float
    cap_s: float
    uniform: Callable[[float, float], float] = random.uniform

    def delay(self, tries: int) -> float:
        """Seconds to wait after ``tries`` earlier failures."""
        return self.uniform(0.0, self.limit(tries))

    def limit(self, tries: int) -> float:
        """The longest this wait can be."""
        return float(min(self.cap_s, self.first_s * 2.0 ** min(tries, 40)))
