"""Keeps every sheet that left a simulated device, as it came out, with an index and counters.

``index.json`` is what a checker reads: ``{"version": 1, "items": [...], "counters": {device: {name: n}}}``.
An item is ``{n, file, kind, device, at, place, sha256, ...facts}``; ``place`` is ``tray`` (waiting to be
taken), ``taken``, ``retracted`` or ``removed`` (by staff, after a jam).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from config.clock import Clock
from drivers.simulators.files import write_json, write_whole

TRAY, TAKEN, RETRACTED, REMOVED = "tray", "taken", "retracted", "removed"


class PrintedStore:
    """One directory of printed sheets; numbering and counters go on over restarts. One loop only."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        self.directory = directory
        self._clock = clock
        self._items: list[dict[str, Any]] = []
        self._counters: dict[str, dict[str, int]] = {}
        directory.mkdir(parents=True, exist_ok=True)
        if self._index.exists():
            kept = json.loads(self._index.read_text("utf-8"))
            self._items, self._counters = kept["items"], kept["counters"]
        else:
            self._save()

    @property
    def _index(self) -> Path:
        return self.directory / "index.json"

    def _save(self) -> None:
        write_json(self._index, {"version": 1, "items": self._items, "counters": self._counters})

    def add(
        self, device: str, kind: str, tail: str, data: bytes, facts: Mapping[str, object], place: str = TRAY
    ) -> dict[str, Any]:
        """Keep one sheet or document as ``NNN-tail`` and put it into the index; the item."""
        number = len(self._items) + 1
        name = f"{number:03d}-{tail}"
        write_whole(self.directory / name, data)
        item = {
            "n": number,
            "file": name,
            "kind": kind,
            "device": device,
            "at": self._clock.now().isoformat(timespec="milliseconds"),
            "place": place,
            "sha256": sha256(data).hexdigest(),
            **facts,
        }
        self._items.append(item)
        self._save()
        return dict(item)

    def count(self, device: str, **steps: int) -> None:
        """Add to a device's counters, as the device itself counts."""
        counters = self._counters.setdefault(device, {})
        for name, step in steps.items():
            counters[name] = counters.get(name, 0) + step
        self._save()

    def counters(self, device: str) -> dict[str, int]:
        """The counters of one device."""
        return dict(self._counters.get(device, {}))

    def waiting(self, device: str) -> list[dict[str, Any]]:
        """What lies in the device's tray."""
        return [dict(item) for item in self._items if item["device"] == device and item["place"] == TRAY]

    def move(self, device: str, place: str, count: int | None = None) -> list[str]:
        """The first ``count`` sheets of the device's tray, or all, go to ``place``; the files that moved."""
        moved: list[str] = []
        for item in self._items:
            if item["device"] == device and item["place"] == TRAY and (count is None or len(moved) < count):
                item["place"] = place
                moved.append(str(item["file"]))
        if moved:
            self._save()
        return moved

    def items(self) -> list[dict[str, Any]]:
        """All items, oldest first."""
        return [dict(item) for item in self._items]
