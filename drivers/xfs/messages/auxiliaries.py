"""Auxiliaries: doors, sensors, switches and indicators of the cabinet.

The standard has four spellings of one door (capabilities ``frontCabinet``, status ``cabinetFrontDoor``, register
``cabinetFront``, set ``frontCabinetDoors``); the tables here are the only place that knows them.
"""

from __future__ import annotations

import enum
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from drivers.xfs.catalogue import Command, Event, Interface, words
from drivers.xfs.messages.common import Free
from drivers.xfs.payload import Nothing, Payload, word


class Bolt(enum.StrEnum):
    """What to do with a door's bolt."""

    BOLT = "bolt"
    UNBOLT = "unbolt"


class OnOff(enum.StrEnum):
    """A switch."""

    ON = "on"
    OFF = "off"


class OpenClosed(enum.StrEnum):
    """The open/closed indicator."""

    OPEN = "open"
    CLOSED = "closed"


class Engage(enum.StrEnum):
    """What to do with a UPS."""

    ENGAGE = "engage"
    DISENGAGE = "disengage"


class Registration(enum.StrEnum):
    """Whether changes of an auxiliary are to be told."""

    REGISTER = "register"
    DEREGISTER = "deregister"


_Bolt = Annotated[Bolt, word(Bolt)] | None
_OnOff = Annotated[OnOff, word(OnOff)] | None
_Volume = Annotated[int, Field(ge=1, le=1000)] | None


class SetAuxiliariesIn(Payload):
    """What to set; absent means leave as it is."""

    cabinet_doors: _Bolt = None
    safe_door: _Bolt = None
    front_cabinet_doors: _Bolt = None
    rear_cabinet_doors: _Bolt = None
    left_cabinet_doors: _Bolt = None
    right_cabinet_doors: _Bolt = None
    vandal_shield: str | None = None
    open_close: Annotated[OpenClosed, word(OpenClosed)] | None = None
    audio: dict[str, Any] | None = None
    heating: _OnOff = None
    consumer_display_back_light: _OnOff = None
    signage_display: _OnOff = None
    volume: _Volume = None
    microphone_volume: _Volume = None
    ups: Annotated[Engage, word(Engage)] | None = None
    audible_alarm: _OnOff = None
    enhanced_audio_control: str | None = None
    enhanced_microphone_control: str | None = None


STATUS_OF_SET: Final = {
    "openClose": "openClosedIndicator",
    "consumerDisplayBackLight": "consumerDisplayBacklight",
}
"""Status names of what is set under another one; all others are the same, or cannot be set by a board."""


class RegisterIn(Payload):
    """Names of auxiliaries, each ``register`` or ``deregister``."""

    model_config = ConfigDict(extra="allow")

    __pydantic_extra__: dict[str, Annotated[Registration, word(Registration)]]


STATUS_OF_REGISTER: Final = {
    "cabinetFront": "cabinetFrontDoor",
    "cabinetRear": "cabinetRearDoor",
    "cabinetLeft": "cabinetLeftDoor",
    "cabinetRight": "cabinetRightDoor",
    "openCloseIndicator": "openClosedIndicator",
    "heatingIndicator": "heating",
    "audioIndicator": "audio",
    "ups": "UPS",
}
"""Status names of what is registered under another one."""
CAPABILITY_OF_STATUS: Final = {
    "cabinetFrontDoor": "frontCabinet",
    "cabinetRearDoor": "rearCabinet",
    "cabinetLeftDoor": "leftCabinet",
    "cabinetRightDoor": "rightCabinet",
    "openClosedIndicator": "openCloseIndicator",
}
"""Capability names of what the status calls otherwise."""

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class StartupMode(enum.StrEnum):
    """Which parts of the time count."""

    SPECIFIC = "specific"
    DAILY = "daily"
    WEEKLY = "weekly"


class StartTime(Payload):
    """The parts of a start-up time."""

    year: Annotated[int, Field(ge=1601, le=30827)] | None = None
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    day_of_week: str | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    hour: Annotated[int, Field(ge=0, le=23)] | None = None
    minute: Annotated[int, Field(ge=0, le=59)] | None = None


class AutoStartup(Payload):
    """When the cabinet switches itself on."""

    mode: Annotated[StartupMode, word(StartupMode)] | None = None
    start_time: StartTime | None = None


class AutoStartupIn(AutoStartup):
    """The same, with nothing left out."""

    mode: Annotated[StartupMode, word(StartupMode)]
    start_time: StartTime


class UpsState(Payload):
    """What a UPS does now."""

    low: bool | None = None
    engaged: bool | None = None
    powering: bool | None = None
    recovered: bool | None = None


class AudioState(Payload):
    """The audio indicator."""

    rate: Literal["on", "off", "continuous"] | None = None
    signal: Literal["keypress", "exclamation", "warning", "error", "critical"] | None = None


Door = Literal["closed", "open", "locked", "bolted", "tampered"]
Alarm = Literal["on", "off"]
Presence = Literal["present", "notPresent"]
Shield = Literal["closed", "open", "locked", "service", "keyboard", "partiallyOpen", "jammed", "tampered"]


class AuxiliariesStatus(Payload):
    """The ``auxiliaries`` object of Common.Status; what a cabinet lacks is absent, and so is what is not known."""

    operator_switch: Literal["run", "maintenance", "supervisor"] | None = None
    tamper_sensor: Alarm | None = None
    internal_tamper_sensor: Alarm | None = None
    seismic_sensor: Alarm | None = None
    heat_sensor: Alarm | None = None
    proximity_sensor: Presence | None = None
    ambient_light_sensor: Literal["veryDark", "dark", "mediumLight", "light", "veryLight"] | None = None
    boot_switch_sensor: Alarm | None = None
    operator_call_button_sensor: Alarm | None = None
    handset_sensor: Literal["onTheHook", "offTheHook"] | None = None
    headset_microphone_sensor: Presence | None = None
    cabinet_door: Door | None = None
    safe_door: Door | None = None
    cabinet_front_door: Door | None = None
    cabinet_rear_door: Door | None = None
    cabinet_left_door: Door | None = None
    cabinet_right_door: Door | None = None
    vandal_shield: Shield | None = None
    open_closed_indicator: Literal["closed", "open"] | None = None
    audio: AudioState | None = None
    heating: Alarm | None = None
    consumer_display_backlight: Alarm | None = None
    signage_display: Alarm | None = None
    audible_alarm: Alarm | None = None
    volume: int | None = None
    ups: UpsState | None = Field(None, alias="UPS")


_INVALID: Final = words("invalidAuxiliary")

SET_AUXILIARIES: Final = Command(
    "Auxiliaries.SetAuxiliaries", SetAuxiliariesIn, Nothing, errors=_INVALID, acts=True
)
REGISTER: Final = Command("Auxiliaries.Register", RegisterIn, Nothing, errors=_INVALID)
SET_STARTUP: Final = Command("Auxiliaries.SetAutoStartupTime", AutoStartupIn, Nothing, operator=True)
GET_STARTUP: Final = Command("Auxiliaries.GetAutoStartupTime", Nothing, AutoStartup)
CLEAR_STARTUP: Final = Command("Auxiliaries.ClearAutoStartupTime", Nothing, Nothing, operator=True)
STATUS_EVENT: Final = Event("Auxiliaries.AuxiliaryStatusEvent", Free, unsolicited=True)
"""Of earlier releases of the standard: to connections that have registered, what they registered for. Later ones
tell every change by Common.StatusChangedEvent, which is sent here as well, to everybody."""

INTERFACE: Final = Interface(
    "Auxiliaries",
    (SET_AUXILIARIES, REGISTER, SET_STARTUP, GET_STARTUP, CLEAR_STARTUP),
    (STATUS_EVENT,),
    AuxiliariesStatus,
)
