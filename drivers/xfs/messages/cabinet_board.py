"""Our interface beside Auxiliaries: measures, the times of alarms, and whether paper may move."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from drivers.xfs.catalogue import Command, Event, Interface
from drivers.xfs.payload import Nothing, Payload


class SensorBody(Payload):
    """A door, an alarm or the key switch changed, in the words of Auxiliaries; ``at`` is ISO 8601."""

    sensor: str
    value: str
    at: str


class EventsIn(Payload):
    """How many, from the newest back."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100


class EventsOut(Payload):
    """The journal, newest first."""

    events: list[SensorBody]


class CabinetBoardStatus(Payload):
    """Measures, and ``motion``: ``blocked`` while an open door forbids that paper moves."""

    temperature_c: float | None = None
    humidity_percent: float | None = None
    supply_voltage: float | None = None
    motion: Literal["allowed", "blocked"] | None = None


GET_EVENTS: Final = Command("CabinetBoard.GetEvents", EventsIn, EventsOut, version="1.0", completion="1.0")
"""In the queue: behind the entries that are still being made."""
RESET: Final = Command("CabinetBoard.Reset", Nothing, Nothing, version="1.0", completion="1.0", acts=True)
SENSOR: Final = Event("CabinetBoard.SensorEvent", SensorBody, "1.0", unsolicited=True)
INTERFACE: Final = Interface("CabinetBoard", (GET_EVENTS, RESET), (SENSOR,), CabinetBoardStatus)
