"""What the terminal tells the centre at once: doors, tamper switches, mains and battery, and a batch not settled."""

from __future__ import annotations

from typing import Final

from pydantic import AwareDatetime, Field

from sync.models.base import Wire

DOORS: Final = (
    "cabinetDoor", "safeDoor", "cabinetFrontDoor", "cabinetRearDoor", "cabinetLeftDoor", "cabinetRightDoor",
)  # fmt: skip
USUAL: Final = {
    **dict.fromkeys(DOORS, ("closed", "locked", "bolted")),
    **dict.fromkeys(("tamperSensor", "internalTamperSensor", "seismicSensor", "heatSensor"), ("off",)),
    "operatorSwitch": ("run",),
    "vandalShield": ("closed", "open", "locked", "service", "keyboard", "partiallyOpen"),
    "mains": ("on",),
    "battery": ("full", "operational"),
    "shutdown": ("none",),
    "settlement": ("settled",),
}
"""By sensor (the words of XFS4IoT's Auxiliaries; the last four are ours), the values that end an alarm."""
NEVER_ALARMS: Final = ("operatorSwitch",)
"""Whoever turns the key has the key: it is logged alone."""


class Reading(Wire):
    """One value, who said so (a role), and how many seconds ago it was last confirmed; ``unknown`` when too old."""

    value: str = Field(max_length=32)
    source: str = Field(max_length=32)
    age_s: float | None = None


class CabinetEvent(Wire):
    """One change at the terminal, at its own time; ``staff`` is who was signed in there, empty for nobody."""

    sensor: str = Field(max_length=32)
    value: str = Field(max_length=32)
    at: AwareDatetime
    staff: str = Field("", max_length=64)


def usual(sensor: str, value: str) -> bool:
    """Whether this value ends what the sensor raised."""
    return value in USUAL.get(sensor, ())
