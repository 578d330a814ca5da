"""What the cabinet itself can do: its board, watchdog, UPS and stamp; ports like those of ``drivers.ports``."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from config.clock import Deadline
from drivers.ports import Device


class FlashRate(enum.StrEnum):
    """XFS4IoT ``flashRate`` of a light."""

    OFF = "off"
    SLOW = "slow"
    MEDIUM = "medium"
    QUICK = "quick"
    CONTINUOUS = "continuous"


class Color(enum.StrEnum):
    """XFS4IoT ``color`` of a light."""

    RED = "red"
    GREEN = "green"
    YELLOW = "yellow"
    BLUE = "blue"
    CYAN = "cyan"
    MAGENTA = "magenta"
    WHITE = "white"


AUDIO_RATES: Final = ("on", "off", "continuous")
AUDIO_SIGNALS: Final = ("keypress", "exclamation", "warning", "error", "critical")
"""XFS4IoT's audio indicator. Here it is set in one word of both, ``continuous warning``."""
SHIELD_WORDS: Final = (
    "closed", "open", "locked", "service", "keyboard", "partiallyOpen", "jammed", "tampered",
)  # fmt: skip
"""XFS4IoT's states of a vandal shield."""


@dataclass(frozen=True, slots=True)
class Light:
    """How one light shines; without ``color`` in the colour it has by itself."""

    rate: FlashRate = FlashRate.OFF
    color: Color | None = None


@dataclass(frozen=True, slots=True)
class StartupTime:
    """When the cabinet switches itself on; XFS4IoT's three modes. ``weekday`` 1 is Monday (ISO 8601)."""

    mode: str  # specific, daily, weekly
    hour: int
    minute: int
    year: int = 0
    month: int = 0
    day: int = 0
    weekday: int = 0


def day_there_is(year: int, month: int, day: int) -> bool:
    """Whether the calendar has that day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


class Watchdog(Device, Protocol):
    """Hardware that cuts the power, or resets the machine, when nobody feeds it any more."""

    async def feed(self, timeout_s: int, deadline: Deadline) -> None:
        """Arm it, or feed it: it bites ``timeout_s`` from now. 0 disarms it."""
        ...


class CabinetBoard(Watchdog, Protocol):
    """The cabinet's input and output board.

    Its status has the objects ``auxiliaries`` and ``lights`` of XFS4IoT, ``cabinetBoard`` (measures), and
    ``wiring``: what of all this the board has. Outputs once set are set again whenever the board comes back.
    """

    async def set_auxiliaries(self, values: Mapping[str, str | int], deadline: Deadline) -> None:
        """Set outputs by their status names; raise ``InvalidData`` (``invalidAuxiliary``) for one not wired."""
        ...

    async def set_lights(self, lights: Mapping[str, Light], deadline: Deadline) -> None:
        """Set lights; raise ``InvalidData`` (``invalidLight``) or ``HardwareFault`` (``lightError``)."""
        ...

    async def set_startup(self, time: StartupTime | None, deadline: Deadline) -> None:
        """Set or clear the time at which the board switches the cabinet on; ``UnsupportedData`` without a clock."""
        ...

    async def startup(self, deadline: Deadline) -> StartupTime | None:
        """The time that the board holds."""
        ...


@dataclass(frozen=True, slots=True)
class PowerReading:
    """What a UPS tells now; None where it does not tell.

    ``on_battery`` is mains lost; ``shutdown`` the UPS' own order to end (forced shutdown).
    """

    on_battery: bool
    low: bool
    shutdown: bool = False
    replace_battery: bool = False
    charging: bool | None = None
    charge_percent: float | None = None
    runtime_s: float | None = None
    load_percent: float | None = None
    input_voltage: float | None = None
    battery_voltage: float | None = None


class Ups(Device, Protocol):
    """Uninterruptible power supply. Its status has ``auxiliaries`` (UPS), ``powerManagement`` and ``upsMonitor``."""

    async def read(self, deadline: Deadline) -> PowerReading:
        """Ask now."""
        ...


@dataclass(frozen=True, slots=True)
class StampCounts:
    """What a stamp unit knows of itself, kept without power: impressions ever made, and the last job's number."""

    impressions: int
    last_job: int
    sheet: bool


class StampUnit(Device, Protocol):
    """自动盖章机: takes one sheet, stamps it once, puts it out."""

    async def counts(self, deadline: Deadline) -> StampCounts:
        """Impressions, last job, and whether a sheet is inside."""
        ...

    async def stamp(self, job: int, deadline: Deadline) -> StampCounts:
        """Stamp one sheet under ``job``, a number above the unit's last; the counts after it.

        Raise ``HardwareFault`` (``noMedia``, ``inkOut``, ``coverOpen``, ``mediaJammed``) or ``SequenceError``
        for a number that is not new; ``LinkLost`` or ``DeadlinePassed`` when it is not known whether the stamp
        came down: ask ``counts``.
        """
        ...
