"""What is due at the devices and what is left of paper, blanks and wearing parts, for the staff and for the centre."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from drivers.client.care import Cared, CareItem
from sync.models import Supply

log = logging.getLogger("kiosk.care")
DISPENSER: Final = "invoiceDispenser"
BLANKS: Final = "sheets"


def due_now(cared: Cared, before: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What is due, by role. A service that does not answer is believed what it said before: wear does not heal."""
    found: dict[str, list[str]] = {}
    for item in cared.items:
        if item.due:
            found.setdefault(item.role, []).append(item.name)
    for role, why in cared.silent.items():
        log.debug("%s does not say what is due: %s", role, why)
        if before.get(role):
            found[role] = list(before[role])
    return found


def supplies(cared: Cared, units: Sequence[Mapping[str, Any]]) -> list[Supply]:
    """What is left of all that was counted, and of the blanks in ``units`` (``Machines.units``)."""
    counted = [_counted(item) for item in cared.items if item.kind != "task"]
    blanks = [
        Supply(role=DISPENSER, name=unit["unit"], counter=BLANKS, left=unit["count"], code=unit["code"])
        for unit in units
    ]
    return sorted(counted + blanks, key=lambda one: (one.role, one.name))


def _counted(item: CareItem) -> Supply:
    return Supply(role=item.role, name=item.name, counter=item.counter, left=item.left, full=item.limit)
