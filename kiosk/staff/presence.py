"""Who was signed in at this terminal, and when: a door opened by them is no alarm."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from config.clock import Clock

KEPT: Final = 100
SLACK: Final = timedelta(seconds=2)
"""The board's polling and debounce lie between the hand and the time that is entered."""


@dataclass(slots=True)
class _Stay:
    name: str
    since: datetime
    until: datetime | None = None


class Presence:
    """The last stays since the program began; before that nobody was signed in."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stays: deque[_Stay] = deque(maxlen=KEPT)

    def came(self, name: str) -> None:
        """They are signed in from now on."""
        self._stays.append(_Stay(name, self._clock.now()))

    def left(self) -> None:
        """Nobody is signed in from now on."""
        if self._stays and self._stays[-1].until is None:
            self._stays[-1].until = self._clock.now()

    def at(self, moment: datetime) -> str:
        """Who was signed in then; empty for nobody."""
        for stay in reversed(self._stays):
            if stay.since <= moment and (stay.until is None or moment < stay.until + SLACK):
                return stay.name
        return ""
