"""Tries a device out many times and says how often it failed, and how long it took."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from drivers.bench import Check


@dataclass(slots=True)
class Tally:
    """One check, over all runs."""

    name: str
    seconds: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)

    def facts(self) -> dict[str, Any]:
        """Counts, and the times of those that went well: median, 95th percentile and the longest."""
        failed = sum(self.failures.values())
        facts: dict[str, Any] = {"name": self.name, "ok": len(self.seconds), "failed": failed}
        if self.seconds:
            ordered = sorted(self.seconds)
            facts["median_s"] = round(statistics.median(ordered), 3)
            facts["p95_s"] = round(ordered[math.ceil(0.95 * len(ordered)) - 1], 3)
            facts["longest_s"] = round(ordered[-1], 3)
        if self.failures:
            facts["failures"] = dict(self.failures.most_common())
        return facts


class Soak:
    """Runs, and what came of them so far: it may be ended at any moment."""

    def __init__(self) -> None:
        self._tallies: dict[str, Tally] = {}
        self.runs = 0

    async def run(
        self, once: Callable[[], Awaitable[Sequence[Check]]], times: int, told: Callable[[int], None]
    ) -> None:
        """``times`` runs of ``once``; ``told`` hears how many have ended."""
        for _ in range(times):
            checks = await once()
            self.runs += 1
            for check in checks:
                self._count(check)
            told(self.runs)

    def _count(self, check: Check) -> None:
        tally = self._tallies.setdefault(check.name, Tally(check.name))
        if check.ok:
            tally.seconds.append(check.seconds)
        else:
            tally.failures[check.detail] += 1

    @property
    def good(self) -> bool:
        """Whether nothing has failed."""
        return self.runs > 0 and not any(tally.failures for tally in self._tallies.values())

    def facts(self) -> dict[str, Any]:
        """All checks."""
        return {"runs": self.runs, "checks": [tally.facts() for tally in self._tallies.values()]}
