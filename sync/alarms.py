"""Doors, alarms and power failures on their way to the centre: kept until the centre has them.

The screen program adds, the sync program reads. Each entry has a running number; sync keeps the last number that the
centre has taken (``sync.db``), so what happened while the terminal was offline goes with a later heartbeat.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from sync.files import write_private
from sync.models.alarms import CabinetEvent

log = logging.getLogger("kiosk.sync.alarms")
ALARMS_FILE: Final = "alarms.json"
MOST: Final = 500
"""Kept at the terminal; all of them are in the device program's own journal besides."""
AT_ONCE: Final = 50
"""With one heartbeat."""
MARK: Final = "alarms"
"""The fact in ``sync.db``: which book, and how far the centre has it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What the centre does not have yet, and what to keep as ``MARK`` once it has."""

    events: list[CabinetEvent]
    mark: dict[str, Any]


class AlarmBook:
    """The file as its one writer has it."""

    def __init__(self, state_dir: Path) -> None:
        """Read what is there; a file that is damaged is begun anew, and the centre drops what comes twice."""
        self._path = state_dir / ALARMS_FILE
        self._book, self._entries = _read(self._path) or (secrets.token_hex(8), [])

    def last(self, sensor: str) -> CabinetEvent | None:
        """What was last entered of a sensor."""
        return next((event for _, event in reversed(self._entries) if event.sensor == sensor), None)

    def has(self, event: CabinetEvent) -> bool:
        """Whether it is entered, whoever was there."""
        what = (event.sensor, event.value, event.at)
        return any((known.sensor, known.value, known.at) == what for _, known in self._entries)

    def enter(self, events: Sequence[CabinetEvent]) -> None:
        """Add what happened, oldest first; durable when this returns. Raises ``OSError``: then nothing is entered."""
        number = self._entries[-1][0] if self._entries else 0
        entries = [*self._entries, *((number + i, event) for i, event in enumerate(events, 1))][-MOST:]
        written = [[n, event.model_dump(mode="json")] for n, event in entries]
        write_private(self._path, json.dumps({"book": self._book, "events": written}).encode())
        self._entries = entries


def untold(state_dir: Path, mark: object) -> Batch:
    """What is behind ``mark`` (as kept, or None), oldest first and ``AT_ONCE`` at most."""
    found = _read(state_dir / ALARMS_FILE)
    if found is None:
        return Batch([], {})
    book, entries = found
    known = mark if isinstance(mark, dict) and mark.get("book") == book else {}
    told = int(known.get("number", 0))
    batch = [(number, event) for number, event in entries if number > told][:AT_ONCE]
    return Batch([event for _, event in batch], {"book": book, "number": batch[-1][0] if batch else told})


def _read(path: Path) -> tuple[str, list[tuple[int, CabinetEvent]]] | None:
    try:
        found = json.loads(path.read_bytes())
        entries = [(int(n), CabinetEvent.model_validate(event)) for n, event in found["events"]]
        return str(found["book"]), entries
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        log.error("%s cannot be read and is begun anew: %s", path, type(error).__name__)
        return None
