"""How a cabinet's board is wired, as data: every maker puts doors, lights and sensors on other addresses.

A profile is a TOML file in ``config/boards``, or a maker's own (docs/cabinet-board.md).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from drivers.cabinet_ports import Color, FlashRate
from drivers.errors import DriverConfigError
from drivers.protocols.modbus_rtu import MOST_BITS, MOST_REGISTERS

Address = Annotated[int, Field(ge=0, le=0xFFFF)]
Code = Annotated[int, Field(ge=0, le=15)]
DoorName = Literal[
    "cabinetDoor", "safeDoor", "cabinetFrontDoor", "cabinetRearDoor", "cabinetLeftDoor", "cabinetRightDoor"
]
SENSOR_WORDS: Final = {
    **dict.fromkeys(("tamperSensor", "internalTamperSensor", "seismicSensor", "heatSensor"), ("off", "on")),
    **dict.fromkeys(("bootSwitchSensor", "operatorCallButtonSensor"), ("off", "on")),
    **dict.fromkeys(("proximitySensor", "headsetMicrophoneSensor"), ("notPresent", "present")),
    "handsetSensor": ("onTheHook", "offTheHook"),
}
"""XFS4IoT's two words of each sensor: at rest, and active."""
SWITCHES: Final = {
    **dict.fromkeys(("audibleAlarm", "heating", "consumerDisplayBacklight", "signageDisplay"), ("off", "on")),
    "openClosedIndicator": ("closed", "open"),
}
"""XFS4IoT's two words of each output that is a coil."""
STARTUP_REGISTERS: Final = 7
"""Mode (0 none, 1 specific, 2 daily, 3 weekly), year, month, day, weekday (1 Monday), hour, minute."""


def _color(value: object) -> object:
    return Color(value) if isinstance(value, str) else value


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Point(_Table):
    """A discrete input. It counts when it has been steady for ``debounce_ms``."""

    address: Address
    active: Literal["high", "low"] = "high"
    debounce_ms: int = Field(50, ge=0, le=60_000)


class Door(_Table):
    """A door; the strongest word wins: tampered, open, bolted, locked, closed."""

    open: Point
    locked: Point | None = None
    bolted: Point | None = None
    tampered: Point | None = None


class OperatorSwitch(_Table):
    """The key switch inside; neither contact means run."""

    maintenance: Point
    supervisor: Point | None = None


class Measure(_Table):
    """An input register: its value times ``scale``, plus ``offset``, in the unit of its field."""

    register_: Address = Field(alias="register")
    scale: float = Field(1.0, gt=0)
    offset: float = 0.0
    signed: bool = False


class Ambient(_Table):
    """Light before the cabinet; four limits part the five words of XFS4IoT."""

    register_: Address = Field(alias="register")
    levels: list[int] = Field(min_length=4, max_length=4)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if sorted(set(self.levels)) != self.levels:
            raise ValueError("levels rise from dark to light")
        return self


class Measures(_Table):
    """Input registers: lux, °C, %, V."""

    ambient_light: Ambient | None = None
    temperature: Measure | None = None
    humidity: Measure | None = None
    supply_voltage: Measure | None = None


class Coil(_Table):
    """An output that is on or off."""

    coil: Address
    active: Literal["high", "low"] = "high"


class Volume(_Table):
    """The headset amplifier: a holding register from 0 to ``most``."""

    register_: Address = Field(alias="register")
    most: int = Field(ge=1, le=0xFFFF)


class Outputs(_Table):
    """Outputs by their status names."""

    audible_alarm: Coil | None = Field(None, alias="audibleAlarm")
    heating: Coil | None = None
    consumer_display_backlight: Coil | None = Field(None, alias="consumerDisplayBacklight")
    signage_display: Coil | None = Field(None, alias="signageDisplay")
    open_closed_indicator: Coil | None = Field(None, alias="openClosedIndicator")
    volume: Volume | None = None

    def coils(self) -> dict[str, Coil]:
        """Every coil by its status name."""
        fields = type(self).model_fields.items()
        found = {field.alias or name: getattr(self, name) for name, field in fields}
        return {name: value for name, value in found.items() if isinstance(value, Coil)}


class Lamp(_Table):
    """A light on a coil (on or off), or on a register: rate in bits 0 to 3, colour in bits 4 to 7."""

    coil: Address | None = None
    register_: Address | None = Field(None, alias="register")
    active: Literal["high", "low"] = "high"
    colors: list[Annotated[Color, BeforeValidator(_color)]] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.coil is None) == (self.register_ is None):
            raise ValueError("write either 'coil' or 'register'")
        if self.coil is not None and self.colors:
            raise ValueError("a light on a coil has one colour only; leave 'colors' out")
        return self

    @property
    def rates(self) -> tuple[FlashRate, ...]:
        """What it can do."""
        return tuple(FlashRate) if self.coil is None else (FlashRate.OFF, FlashRate.CONTINUOUS)


class WatchdogRegister(_Table):
    """A holding register that counts down by itself; what is written are the seconds until the power is cut."""

    register_: Address = Field(alias="register")
    longest_s: int = Field(600, ge=5, le=0xFFFF)


class AutoStartup(_Table):
    """The first of seven holding registers of the board's alarm clock (``STARTUP_REGISTERS``)."""

    register_: Address = Field(alias="register")


class Codes(_Table):
    """What rates and colours are called in a lamp's register."""

    rates: dict[str, Code] = {"off": 0, "slow": 1, "medium": 2, "quick": 3, "continuous": 4}
    colors: dict[str, Code] = {
        "red": 1, "green": 2, "yellow": 3, "blue": 4, "cyan": 5, "magenta": 6, "white": 7,
    }  # fmt: skip

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for kind, codes in ((FlashRate, self.rates), (Color, self.colors)):
            if set(codes) != set(kind) or len(set(codes.values())) != len(codes):
                raise ValueError(f"give each of {', '.join(kind)} a code of its own")
        return self


class BoardProfile(_Table):
    """One board as it is wired in one cabinet."""

    name: str = Field(min_length=1)
    unit: int = Field(1, ge=1, le=247)
    interlock: list[DoorName] = Field(default_factory=list)
    doors: dict[DoorName, Door] = Field(default_factory=dict)
    sensors: dict[str, Point] = Field(default_factory=dict)
    operator_switch: OperatorSwitch | None = None
    measures: Measures = Measures()
    outputs: Outputs = Outputs()
    lights: dict[Annotated[str, Field(pattern=r"^[a-zA-Z][a-zA-Z0-9]*$")], Lamp] = Field(default_factory=dict)
    watchdog: WatchdogRegister | None = None
    auto_startup: AutoStartup | None = None
    codes: Codes = Codes()

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if unknown := sorted(self.sensors.keys() - SENSOR_WORDS.keys()):
            raise ValueError(f"there is no sensor {unknown[0]}; use one of {', '.join(SENSOR_WORDS)}")
        if missing := sorted(set(self.interlock) - self.doors.keys()):
            raise ValueError(f"interlock names {missing[0]}, which has no table under [doors]")
        if not self.points():
            raise ValueError("the board has no input; wire one door or sensor at least")
        for what, addresses, most in (
            ("discrete inputs", [point.address for point in self.points()], MOST_BITS),
            ("input registers", self.input_registers(), MOST_REGISTERS),
            ("coils", self.coils(), MOST_BITS),
            ("holding registers", self.registers(), MOST_REGISTERS),
        ):
            if addresses and max(addresses) - min(addresses) >= most:
                raise ValueError(f"{what} are read at once: they must lie within {most} addresses")
        for what, used in (("coil", self.coils()), ("holding register", self.registers())):
            if twice := [address for address in used if used.count(address) > 1]:
                raise ValueError(f"{what} {twice[0]} is used twice")
        return self

    def points(self) -> list[Point]:
        """Every discrete input."""
        doors = (p for d in self.doors.values() for p in (d.open, d.locked, d.bolted, d.tampered))
        switch = self.operator_switch
        keys = (switch.maintenance, switch.supervisor) if switch else ()
        return [point for point in (*doors, *self.sensors.values(), *keys) if point is not None]

    def input_registers(self) -> list[int]:
        """Every input register."""
        found = (getattr(self.measures, name) for name in type(self.measures).model_fields)
        return [measure.register_ for measure in found if measure is not None]

    def coils(self) -> list[int]:
        """Every coil."""
        lamps = (lamp.coil for lamp in self.lights.values())
        return [*(c.coil for c in self.outputs.coils().values()), *_given(lamps)]

    def registers(self) -> list[int]:
        """Every holding register."""
        found = [*_given(lamp.register_ for lamp in self.lights.values())]
        for one in (self.outputs.volume, self.watchdog):
            found += [one.register_] if one is not None else []
        if self.auto_startup is not None:
            found += range(self.auto_startup.register_, self.auto_startup.register_ + STARTUP_REGISTERS)
        return found


def _given(addresses: Iterable[int | None]) -> list[int]:
    return [address for address in addresses if address is not None]


def load_board(name: str) -> BoardProfile:
    """The profile called ``name`` in ``config/boards``, or in the file ``name`` when it ends in ``.toml``.

    Raise ``DriverConfigError`` with what is wrong in it.
    """
    source = Path(name) if name.endswith(".toml") else files("config") / "boards" / f"{name}.toml"
    try:
        return BoardProfile.model_validate(tomllib.loads(source.read_text("utf-8")))
    except OSError as error:
        known = sorted(p.name.removesuffix(".toml") for p in (files("config") / "boards").iterdir())
        raise DriverConfigError(
            f"board profile '{name}' cannot be read ({error.strerror}); write one of {', '.join(known)} or a path"
        ) from None
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DriverConfigError(f"board profile '{name}': {problems}") from None
    except ValueError as error:
        raise DriverConfigError(f"board profile '{name}' is no TOML: {error}") from None
