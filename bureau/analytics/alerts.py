"""What somebody should look at unasked: topics that rise, terminals that are worse, supplies, centres not heard of."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bureau.analytics.peers import Peer
from bureau.analytics.reports import Analytics
from bureau.analytics.scope import Scope
from bureau.analytics.supplies import ONE_DAY, SupplyLeft
from bureau.analytics.topics import Topic
from bureau.levels.centres import CentreView
from config.clock import CHINA, Clock

DAYS: Final = 28
"""What the terminals are compared over."""
AHEAD: Final = ONE_DAY
"""A supply that has to be filled by tomorrow is told today: somebody has to take it there."""
ANEW_S: Final = 60.0
"""Sums of days change slowly; all open pages share one look a minute."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """What stands out on a day, the worst of each first."""

    topics: tuple[Topic, ...] = ()
    terminals: tuple[Peer, ...] = ()
    supplies: tuple[SupplyLeft, ...] = ()
    centres: tuple[CentreView, ...] = ()

    @property
    def mark(self) -> tuple[object, ...]:
        """Differs when something new stands out, or something does not any more."""
        return (
            tuple((one.source, one.topic) for one in self.topics),
            tuple((one.terminal, one.worse) for one in self.terminals),
            tuple((one.terminal, one.role, one.name, one.left) for one in self.supplies),
            tuple(one.centre for one in self.centres),
        )


def alerts(reports: Analytics, now: datetime) -> Alerts:
    """What stands out today, by the days before it."""
    today = now.astimezone(CHINA).date()
    scope = Scope(today - timedelta(days=DAYS), today - ONE_DAY)
    return Alerts(
        topics=tuple(one for one in reports.topics.weeks(scope.last) if one.rises),
        terminals=tuple(one for one in reports.peers.terminals(scope) if one.worse),
        supplies=tuple(one for one in reports.supplies.left(scope) if _soon(one, today)),
        centres=tuple(reports.centres.silent(now)),
    )


def _soon(one: SupplyLeft, today: date) -> bool:
    by = one.forecast.fill_by if one.forecast else None
    return by is not None and by <= today + AHEAD


class Alarm:
    """The day's alerts, looked at once a minute however many ask. Thread-safe."""

    def __init__(self, reports: Analytics, clock: Clock) -> None:
        self._reports, self._clock = reports, clock
        self._lock = threading.Lock()
        self._until_s = float("-inf")
        self._found = Alerts()

    def now(self) -> Alerts:
        """What stands out."""
        with self._lock:
            now_s = self._clock.monotonic()
            if now_s >= self._until_s:
                self._found = alerts(self._reports, self._clock.now())
                self._until_s = now_s + ANEW_S
            return self._found
