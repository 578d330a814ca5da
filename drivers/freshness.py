"""How old a device's word is, and for how long it has owed one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from drivers.errors import DeadlinePassed, DeviceError, DeviceNotReady, MediaMissing


class Freshness:
    """When a device last confirmed its status.

    Its own word may have to wait while somebody uses it: that time is not held against it. A use that ends with an
    answer is a confirmation itself; one that ends for want of an answer confirms nothing.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._stamp: datetime | None = None
        self._confirmed = self._owed_from = monotonic()
        self._uses = 0
        self._busy_from = 0.0

    @property
    def used(self) -> bool:
        """Whether somebody is asking something of it now."""
        return self._uses > 0

    @property
    def age_s(self) -> float:
        """Seconds since the last confirmation."""
        return max(0.0, self._monotonic() - self._confirmed)

    @property
    def silent_s(self) -> float:
        """For how long it could have said something and did not."""
        until = self._busy_from if self._uses else self._monotonic()
        return max(0.0, until - self._owed_from)

    def confirm(self) -> None:
        """It has said something."""
        self._confirmed = self._owed_from = self._monotonic()

    def look(self, stamp: datetime | None) -> None:
        """The time of its status: another one than before is a confirmation."""
        if stamp != self._stamp:
            self._stamp = stamp
            self.confirm()

    def begin(self) -> None:
        """It has been connected."""
        self._stamp = None
        self.confirm()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Around whatever somebody asks of it."""
        if self._uses == 0:
            self._busy_from = self._monotonic()
        self._uses += 1
        answered = False
        try:
            yield
            answered = True
        except DeviceError as error:
            answered = isinstance(error, MediaMissing) or not isinstance(
                error, DeviceNotReady | DeadlinePassed
            )
            raise
        finally:
            self._uses -= 1
            if answered:
                self.confirm()
            elif self._uses == 0:
                self._owed_from += self._monotonic() - max(self._busy_from, self._owed_from)
