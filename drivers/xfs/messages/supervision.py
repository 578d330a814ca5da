"""Our interface for the bench: how a device is watched, how old its status is, and when it last failed."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from drivers.xfs.catalogue import Command, Event, Interface
from drivers.xfs.payload import Nothing, Payload


class Health(Payload):
    """How the watching goes. Ages in milliseconds; ``tripped``: it fell too often and is left alone.

    ``tries`` counts how often the device was connected, or was tried to be, since the program began.
    ``cause`` is the last failure, for the technician. ``due`` names the parts and tasks that somebody should look
    after (Care.GetCare says more).
    """

    state: str
    role: str
    driver: str
    isolation: str
    source: str | None = None
    age_ms: int | None = None
    tries: int | None = None
    stale: bool = False
    attempts: int = 0
    drops: int = 0
    tripped: bool = False
    cause: str | None = None
    due: list[str] | None = None


GET_HEALTH: Final = Command(
    "Supervision.GetHealth", Nothing, Health, version="1.0", completion="1.0", beside=True
)
RECONNECT: Final = Command(
    "Supervision.Reconnect",
    Nothing,
    Nothing,
    version="1.0",
    completion="1.0",
    operator=True,
    moves=True,
    frees=True,
)


class RecordIn(Payload):
    """For how long, in seconds; without it until the request is cancelled or its time is up."""

    seconds: Annotated[float, Field(gt=0, le=86400)] | None = None


class RecordOut(Payload):
    """How many lines were told."""

    lines: int


class RecordedBody(Payload):
    """One line of a recording, without anybody's data (``drivers/recording/lines.py``)."""

    line: str


RECORDED: Final = Event("Supervision.RecordedEvent", RecordedBody, "1.0")
RECORD: Final = Command(
    "Supervision.Record",
    RecordIn,
    RecordOut,
    version="1.0",
    completion="1.0",
    events=(RECORDED,),
    beside=True,
    operator=True,
)
HEALTH_CHANGED: Final = Event("Supervision.HealthChangedEvent", Health, "1.0", unsolicited=True)
INTERFACE: Final = Interface("Supervision", (GET_HEALTH, RECONNECT, RECORD), (HEALTH_CHANGED,))
