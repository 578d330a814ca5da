"""Which answers a terminal may keep for a time without the network (offline class ``cached``), in writing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from bureau.fleet.keys import BureauKeys
from config.clock import Clock
from sync.kept import asked_of, make_word
from sync.models import KeepWord, QueryRequest

KEPT_FOR: Final = timedelta(hours=24)
"""A list of roles counts a day without the centre (domain note, 10); what hangs on a role lives no longer."""
KEPT_LONGER: Final[Mapping[str, timedelta]] = {"library.edited": timedelta(days=30)}
"""What hangs on nobody and is more right than what a terminal would have without it."""


class Keeper:
    """Signs what one terminal may answer itself. Thread-safe."""

    def __init__(self, keys: BureauKeys, clock: Clock) -> None:
        self._keys, self._clock = keys, clock

    def __call__(self, name: str, request: QueryRequest, terminal: str, data: Mapping[str, Any]) -> KeepWord:
        """The word for an answer that was true just now."""
        now = self._clock.now()
        asked = asked_of(name, request)
        return make_word(terminal, asked, data, now, now + KEPT_LONGER.get(name, KEPT_FOR), self._keys.signer)
