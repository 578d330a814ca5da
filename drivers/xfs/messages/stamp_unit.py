"""Our interface for a stamp unit: a job has the client's key, and a key stamps once for ever."""

from __future__ import annotations

import enum
from typing import Annotated, Final, Literal

from drivers.xfs.catalogue import Command, Event, Interface, words
from drivers.xfs.payload import JobKey, Nothing, Payload, word


class StampOutcome(enum.StrEnum):
    """What became of a job. Only ``uncertain`` asks a person."""

    STAMPED = "stamped"
    NOT_STAMPED = "notStamped"
    UNCERTAIN = "uncertain"


class StampIn(Payload):
    """Which job."""

    job_key: JobKey


class StampOut(Payload):
    """What became of it; ``impressions`` is the unit's total after it."""

    outcome: Annotated[StampOutcome, word(StampOutcome)]
    error_code: str | None = None
    impressions: int | None = None


class QueryOut(Payload):
    """What is known of a job; ``outcome`` is absent while it is being stamped."""

    known: bool
    outcome: Annotated[StampOutcome, word(StampOutcome)] | None = None
    error_code: str | None = None


class StampUnitStatus(Payload):
    """The ``stampUnit`` object of Common.Status."""

    ink: Literal["full", "low", "out", "unknown"] | None = None
    media: Literal["present", "notPresent", "jammed", "unknown"] | None = None
    cover: Literal["open", "closed", "unknown"] | None = None
    feeder: Literal["notEmpty", "empty", "unknown"] | None = None
    impressions: int | None = None


class InkBody(Payload):
    """The pad's level."""

    ink: Literal["full", "low", "out"]


STAMP: Final = Command(
    "StampUnit.Stamp",
    StampIn,
    StampOut,
    version="1.0",
    completion="1.0",
    errors=words("keyReused noMedia inkOut coverOpen mediaJammed cabinetOpen"),
    moves=True,
    graceful=True,
)
QUERY: Final = Command("StampUnit.Query", StampIn, QueryOut, version="1.0", completion="1.0", beside=True)
RESET: Final = Command(
    "StampUnit.Reset", Nothing, Nothing, version="1.0", completion="1.0",
    errors=words("mediaJammed coverOpen"), moves=True,
)  # fmt: skip
INK: Final = Event("StampUnit.InkThresholdEvent", InkBody, "1.0", unsolicited=True)
INTERFACE: Final = Interface("StampUnit", (STAMP, QUERY, RESET), (INK,), StampUnitStatus)
