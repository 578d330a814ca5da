"""``last-states.json``: how each device stood when the device program last knew, for whoever asks when it does not run.

A convenience, no book: it is written every minute and at the program's end, without waiting for the disk, and a file
that is torn, or not there, tells nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from drivers.ports import DeviceState
from drivers.services.base import DeviceService

log = logging.getLogger("kiosk.devices")

FILE: Final = "last-states.json"
EVERY_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class LastState:
    """A device's last word. ``at`` is by the machine's clock, ISO 8601 with offset; ``due`` as it was then."""

    device: str
    at: str
    due: tuple[str, ...] = ()

    def age_s(self, now: datetime) -> float:
        """Seconds since then; 0 when the clock was set back meanwhile."""
        return max(0.0, (now - datetime.fromisoformat(self.at)).total_seconds())


def read(path: Path) -> dict[str, LastState]:
    """By the service's name; empty for a file that is not there or says nothing."""
    try:
        told = json.loads(path.read_text("utf-8"))
        found = {
            str(name): LastState(str(row["device"]), str(row["at"]), tuple(map(str, row["due"])))
            for name, row in told.items()
        }
        now = datetime.now(UTC)
        for row in found.values():
            row.age_s(now)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return found


class LastStates:
    """Keeps the file of ``services`` while the program runs. Never raises: the devices work without it."""

    def __init__(self, path: Path, services: Mapping[str, DeviceService[Any]]) -> None:
        self._path = path
        self._services = services
        self._kept = read(path)

    async def keep(self) -> None:
        """Write the file every minute until this is cancelled, and then once more."""
        try:
            while True:
                await asyncio.sleep(EVERY_S)
                await asyncio.to_thread(self._write, self._now())
        finally:
            self._write(self._now())

    def _now(self) -> dict[str, LastState]:
        """Every device's last word; of one that has said nothing since the start, what was kept before."""
        now = datetime.now(UTC)
        for name, service in self._services.items():
            known = service.supervisor.known
            if known.device is DeviceState.STARTING:
                continue
            at = now - timedelta(seconds=service.supervisor.age_s)
            due = tuple(service.care.due() or ())
            self._kept[name] = LastState(known.device.value, at.isoformat(timespec="seconds"), due)
        self._kept = {name: row for name, row in self._kept.items() if name in self._services}
        return dict(self._kept)

    def _write(self, rows: Mapping[str, LastState]) -> None:
        part = self._path.with_suffix(".part")
        try:
            part.write_text(json.dumps({name: asdict(row) for name, row in rows.items()}), "utf-8")
            part.replace(self._path)
        except OSError as error:
            log.warning("%s cannot be written: %s", self._path, os.strerror(error.errno or 0))
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
