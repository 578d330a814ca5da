"""How the terminal's devices are, handed from the program that sees them to the one that reports to the centre.

A small file in the state directory: replaced whole, never appended, and worth nothing once it is old.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from sync.journal.moments import boot_id
from sync.models.alarms import Reading
from sync.models.terminal import Supply

HEALTH_FILE = "health.json"
"""``{"devices": {"idReader": "online", …}, "due": {"idReader": ["cleaning"]}, "readings": {"cabinetDoor": …},
"supplies": [{"role": "receiptPrinter", "name": "paper", …}], "boot": …, "mono_ms": …}``;
written by ``kiosk run``."""
UNKNOWN = "unknown"
OLD_AFTER_S = 60.0
"""Older states are not believed: whoever wrote them has stopped looking."""


def write_health(
    state_dir: Path,
    devices: Mapping[str, str],
    monotonic_s: float,
    due: Mapping[str, Sequence[str]] | None = None,
    readings: Mapping[str, Mapping[str, object]] | None = None,
    supplies: Sequence[Supply] = (),
) -> None:
    """Leave the devices' states as of ``monotonic_s`` (the machine's monotonic clock); raises ``OSError``.

    A reader finds the old file or the new one. Nothing is flushed to the medium: after a power cut the states
    are of another boot and would not be believed anyway.
    """
    care = {role: list(names) for role, names in (due or {}).items()}
    around = {name: dict(told) for name, told in (readings or {}).items()}
    used_up = [supply.model_dump() for supply in supplies]
    moment = {"due": care, "readings": around, "supplies": used_up}
    moment |= {"boot": boot_id(), "mono_ms": int(monotonic_s * 1000)}
    path = state_dir / HEALTH_FILE
    temporary = path.with_name(f".{HEALTH_FILE}.{os.getpid()}")
    temporary.write_text(json.dumps({"devices": dict(devices), **moment}), "utf-8")
    temporary.replace(path)


def read_health(state_dir: Path, monotonic_s: float) -> dict[str, str]:
    """State by role; ``unknown`` for each when they are too old to be believed, empty when there are none."""
    try:
        found = json.loads((state_dir / HEALTH_FILE).read_bytes())
        devices = {str(role): str(state) for role, state in found["devices"].items()}
        age_s = monotonic_s - found["mono_ms"] / 1000
        believed = found["boot"] == boot_id() and age_s <= OLD_AFTER_S
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return devices if believed else dict.fromkeys(devices, UNKNOWN)


def read_readings(state_dir: Path, monotonic_s: float) -> dict[str, Reading]:
    """Doors, switches and battery with their age by now; ``unknown`` when they are too old to be believed."""
    try:
        found = json.loads((state_dir / HEALTH_FILE).read_bytes())
        read = {str(name): Reading.model_validate(told) for name, told in found["readings"].items()}
        passed_s = monotonic_s - found["mono_ms"] / 1000
        same_boot = found["boot"] == boot_id()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {name: _aged(told, passed_s if same_boot else None) for name, told in read.items()}


def _aged(told: Reading, passed_s: float | None) -> Reading:
    """``passed_s`` None: of another boot, so nobody knows how old it is."""
    age_s = None if passed_s is None or told.age_s is None else round(told.age_s + passed_s, 1)
    believed = age_s is not None and age_s <= OLD_AFTER_S
    return Reading(value=told.value if believed else UNKNOWN, source=told.source, age_s=age_s)


def read_due(state_dir: Path) -> dict[str, list[str]]:
    """What is due, by role, however old the file is: wear does not heal; empty when there is nothing."""
    try:
        due = json.loads((state_dir / HEALTH_FILE).read_bytes())["due"]
        return {str(role): [str(name) for name in names] for role, names in due.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def read_supplies(state_dir: Path) -> list[Supply]:
    """What was left of each supply, however old the file is: nothing is filled while nobody looks; else nothing."""
    try:
        found = json.loads((state_dir / HEALTH_FILE).read_bytes())["supplies"]
        return [Supply.model_validate(told) for told in found]
    except (OSError, ValueError, KeyError, TypeError):
        return []
