"""What the hands at the simulated A4 printer can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import AliasChoices, Field

from drivers.simulators.base import Parameters
from drivers.simulators.laser_engine import TRAY_SHEETS


class AfterSheets(Parameters):
    """The fault comes now, or when ``afterSheets`` more sheets have come out."""

    after_sheets: int | None = Field(None, ge=0)


class Load(Parameters):
    """Paper put into the tray."""

    sheets: int = Field(TRAY_SHEETS, ge=1, le=2000)


class Toner(Parameters):
    """Level of the cartridge in per cent."""

    percent: int = Field(ge=0, le=100)


class Cover(Parameters):
    """The front door."""

    state: Literal["open", "closed"] = Field("open", validation_alias=AliasChoices("state", "cover"))


class Stall(Parameters):
    """A job that is accepted and never completes: ``begin`` before its first sheet, ``end`` after its last."""

    at: Literal["begin", "end"] = "begin"


class Switch(Parameters):
    """A fault that stays until switched off or cleared."""

    on: bool = True


class Silent(Parameters):
    """Never answer; with ``afterHeaders`` send the HTTP head and then nothing more."""

    on: bool = True
    after_headers: bool = False


class GarbageReply(Parameters):
    """The next ``count`` answers are random bytes."""

    count: int = Field(1, ge=1)
    seed: int = 0


class Power(Parameters):
    """The mains switch: off loses the jobs, not the paper."""

    state: Literal["on", "off"] = Field(validation_alias=AliasChoices("state", "power"))


class Delay(Parameters):
    """The next ``count`` answers come so late."""

    seconds: float = Field(ge=0, le=600)
    count: int = Field(1, ge=1)
