"""The business clock shared by all programs, and deadlines on the monotonic clock.

Business time (what is printed, filed, compared with a limit date) comes from a ``Clock`` and may be
shifted for demonstrations (``--as-of``); durations never do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
"""China has one legal time, UTC+8 (国务院, 1949), and no summer time."""


class Clock(Protocol):
    """Tells business time (aware, China time) and monotonic seconds."""

    def now(self) -> datetime:
        """The business time."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow, for durations."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock, moved by ``offset`` so that all programs of a demonstration share one day."""

    offset: timedelta = timedelta()

    @classmethod
    def as_of(cls, moment: datetime) -> SystemClock:
        """A clock that reads ``moment`` now and runs on from there; a naive moment is China time."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
        return cls(aware - datetime.now(CHINA))

    def now(self) -> datetime:
        """The machine's time moved by the offset, in China time."""
        return datetime.now(CHINA) + self.offset

    def monotonic(self) -> float:
        """``time.monotonic``."""
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock; ``None`` seconds never passes."""

    at: float | None
    monotonic: Callable[[], float] = field(default=time.monotonic, compare=False, repr=False)

    @classmethod
    def after(cls, seconds: float | None) -> Deadline:
        """The deadline ``seconds`` from now."""
        return cls(None if seconds is None else time.monotonic() + seconds)

    @property
    def remaining(self) -> float | None:
        """Seconds left, never below zero; None when there is no limit."""
        return None if self.at is None else max(0.0, self.at - self.monotonic())

    @property
    def passed(self) -> bool:
        """True once the moment has come."""
        return self.at is not None and self.monotonic() >= self.at

    def within(self, seconds: float) -> Deadline:
        """The earlier of this deadline and ``seconds`` from now."""
        other = self.monotonic() + seconds
        return Deadline(other if self.at is None else min(self.at, other), self.monotonic)
