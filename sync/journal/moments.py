"""Tells when something is recorded, by the business clock and by the machine's own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from config.clock import Clock
from sync.records import Moment

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@cache
def boot_id() -> str:
    """The kernel's id of this boot; where there is none, one of this process."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return str(uuid.uuid4())


class MomentSource:
    """Makes ``Moment``s from a clock and the present bound of its error (milliseconds, None if unknown)."""

    def __init__(self, clock: Clock, error_ms: Callable[[], int | None]) -> None:
        self._clock = clock
        self._error_ms = error_ms

    def now(self) -> Moment:
        """The present moment."""
        wall = (self._clock.now() - _EPOCH) // _MICROSECOND
        return Moment(max(0, wall), self._error_ms(), boot_id(), int(self._clock.monotonic() * 1000))
