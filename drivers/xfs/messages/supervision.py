"""Our interface for the bench: how a device is watched, how old its status is, and when it last failed."""

from __future__ import annotations

from typing import Final

from drivers.xfs.catalogue import Command, Event, Interface
from drivers.xfs.payload import Nothing, Payload


class Health(Payload):
    """How the watching goes. Ages in milliseconds; ``tripped``: it fell too often and is left alone.

    ``cause`` is the last failure, for the technician.
    """

    state: str
    role: str
    driver: str
    isolation: str
    source: str | None = None
    age_ms: int | None = None
    stale: bool = False
    attempts: int = 0
    drops: int = 0
    tripped: bool = False
    cause: str | None = None


GET_HEALTH: Final = Command(
    "Supervision.GetHealth", Nothing, Health, version="1.0", completion="1.0", beside=True
)
RECONNECT: Final = Command(
    "Supervision.Reconnect", Nothing, Nothing, version="1.0", completion="1.0", operator=True, moves=True
)
HEALTH_CHANGED: Final = Event("Supervision.HealthChangedEvent", Health, "1.0", unsolicited=True)
INTERFACE: Final = Interface("Supervision", (GET_HEALTH, RECONNECT), (HEALTH_CHANGED,))
