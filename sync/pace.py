"""How often the sync program does what, and how long it waits after a failure."""

from __future__ import annotations

from dataclasses import dataclass

from sync.backoff import Backoff
from sync.outbox.lanes import URGENT, Lane


@dataclass(frozen=True, slots=True)
class Pace:
    """How often things are done (seconds), and by how many."""

    poll_s: float = 1.0
    heartbeat_s: float = 30.0
    retry_first_s: float = 2.0
    retry_last_s: float = 300.0
    senders: int = 4
    probe_cap_s: float = 15.0
    spread_s: float = 5.0
    use_every_s: float = 60.0

    def backoff(self, lane: Lane) -> Backoff:
        """Money and paper are tried again sooner than the rest (transactions note, 3.4)."""
        cap = min(60.0, self.retry_last_s) if lane in URGENT else self.retry_last_s
        return Backoff(self.retry_first_s, cap)
