"""Tells the centre how the terminal is, and learns from the answer how wrong the terminal's clock is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from config.clock import Clock
from sync.alarms import MARK, untold
from sync.client import BureauClient
from sync.health import read_due, read_health, read_readings, read_supplies
from sync.journal.moments import boot_id
from sync.models import Heartbeat, ServerTime
from sync.receipts import ClockEstimate
from sync.software import software_version

_MILLISECOND = timedelta(milliseconds=1)


class Facts(Protocol):
    """Where the sync program keeps what it must remember (``sync.db``)."""

    def get(self, name: str) -> Any:
        """A fact, or None."""
        ...

    def put(self, facts: Mapping[str, object]) -> None:
        """Keep facts."""
        ...


class Heart:
    """Beats when asked to; not thread-safe, one loop uses it."""

    def __init__(
        self, terminal: str, state_dir: Path, client: BureauClient, clock: Clock, facts: Facts
    ) -> None:
        self._terminal, self._client, self._clock = terminal, client, clock
        self._state_dir, self._facts = state_dir, facts
        self.estimate: ClockEstimate | None = None

    def beat(self, queue_depth: int, oldest_unacked_s: float | None) -> ServerTime:
        """Report and take the time; raises ``BureauError``. Doors and alarms go again until an answer came."""
        batch = untold(self._state_dir, self._facts.get(MARK))
        beat = Heartbeat(
            terminal=self._terminal,
            sent_at=self._clock.now(),
            devices=read_health(self._state_dir, self._clock.monotonic()),
            due=read_due(self._state_dir),
            readings=read_readings(self._state_dir, self._clock.monotonic()),
            supplies=read_supplies(self._state_dir),
            events=batch.events,
            queue_depth=queue_depth,
            oldest_unacked_s=oldest_unacked_s,
            software=software_version(),
        )
        answer = self._timed(lambda: self._client.heartbeat(beat))
        if batch.events:
            self._facts.put({MARK: batch.mark})
        return answer

    def probe(self) -> ServerTime:
        """See whether the centre is there; raises ``BureauError``."""
        return self._timed(self._client.time)

    def _timed(self, ask: Callable[[], ServerTime]) -> ServerTime:
        """Compare clocks by the midpoint of the exchange; half its length is what may be wrong with that."""
        begun, wall = self._clock.monotonic(), self._clock.now()
        answer = ask()
        half = (self._clock.monotonic() - begun) / 2
        offset = answer.server_time - (wall + timedelta(seconds=half))
        self.estimate = ClockEstimate(
            offset_ms=offset // _MILLISECOND,
            error_ms=int(half * 1000) + 1,
            boot_id=boot_id(),
            mono_ms=int((begun + half) * 1000),
        )
        return answer
