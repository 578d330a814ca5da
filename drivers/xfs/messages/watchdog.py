"""Our interface for hardware that cuts the power when the terminal hangs: a program proves that it lives."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from drivers.xfs.catalogue import Command, Event, Interface
from drivers.xfs.payload import Nothing, Payload


class ProveIn(Payload):
    """I live; if nothing more is heard from me for ``withinS`` seconds, let the watchdog bite."""

    within_s: Annotated[int, Field(ge=5, le=3600)] = 60


class WatchdogStatus(Payload):
    """``off`` nothing is armed; ``fed``, the hardware has taken it; ``starving``, it is fed no more.

    It starves when nobody proves that they live, or when the hardware has taken nothing for as long as it waits.
    """

    state: Literal["off", "fed", "starving"] | None = None


PROVE: Final = Command(
    "Watchdog.Prove", ProveIn, Nothing, version="1.0", completion="1.0", beside=True, acts=True
)
DISARM: Final = Command("Watchdog.Disarm", Nothing, Nothing, version="1.0", completion="1.0", acts=True)
STARVING: Final = Event("Watchdog.StarvingEvent", Nothing, "1.0", unsolicited=True)
INTERFACE: Final = Interface("Watchdog", (PROVE, DISARM), (STARVING,), WatchdogStatus)
