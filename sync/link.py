"""Whether the centre can be reached, found out once for all who want to send; logged once down, once up."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable

from sync.backoff import Backoff

log = logging.getLogger("kiosk.sync")

PROBE_CAP_S = 15.0
"""Longest wait between probes while down, so that a queue is empty within 30 s of the network's return."""
SPREAD_S = 5.0
"""After an outage each terminal begins at a random moment within this time: they all come back at once."""


class Link:
    """Up until somebody fails; then down until a probe succeeds. Safe to use from several threads."""

    def __init__(
        self,
        *,
        probe_cap_s: float = PROBE_CAP_S,
        spread_s: float = SPREAD_S,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._backoff = Backoff(1.0, probe_cap_s, uniform)
        self._spread_s, self._uniform = spread_s, uniform
        self._lock = threading.Lock()
        self._failures = 0
        self._next_probe = 0.0
        self._resume_at = 0.0
        self._since: float | None = None
        self.reason = ""

    @property
    def up(self) -> bool:
        """True while nothing says otherwise."""
        return self._since is None

    def down_for(self, now: float) -> float | None:
        """Seconds since it went down; None while up."""
        return None if self._since is None else now - self._since

    def may_send(self, now: float) -> bool:
        """True when it is up and this terminal's turn after an outage has come."""
        return self.up and now >= self._resume_at

    def probe_due(self, now: float) -> bool:
        """True when it is time to see whether the centre is back."""
        return not self.up and now >= self._next_probe

    def wake_at(self, now: float) -> float:
        """When the answer of ``may_send`` or ``probe_due`` may change."""
        with self._lock:
            return max(now, self._resume_at if self._since is None else self._next_probe)

    def reached(self, now: float) -> None:
        """An answer of the centre came."""
        with self._lock:
            if self._since is not None:
                log.info("the centre is back after %.0f s", now - self._since)
                self._resume_at = now + self._uniform(0.0, self._spread_s)
            self._since, self._failures, self.reason = None, 0, ""

    def lost(self, reason: str, now: float, retry_after: float | None = None) -> None:
        """No answer came; ``retry_after`` is what the centre's front door asked for."""
        with self._lock:
            if self._since is None:
                log.warning("the centre cannot be reached: %s", reason)
                self._since = now
            self.reason = reason
            wait = self._backoff.delay(self._failures) if retry_after is None else retry_after
            self._next_probe = max(self._next_probe, now + wait) if retry_after else now + wait
            self._failures += 1
