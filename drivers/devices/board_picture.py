"""From a board's bits and registers to the words of XFS4IoT, and back: pure, the profile says which is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from drivers.cabinet_ports import Color, FlashRate, Light, StartupTime, day_there_is
from drivers.devices.board_profile import (
    SENSOR_WORDS,
    SWITCHES,
    Ambient,
    BoardProfile,
    Door,
    Lamp,
    Measure,
    Point,
)
from drivers.devices.debounce import Debounced
from drivers.errors import HardwareFault, InvalidData, UnsupportedData

AMBIENT: Final = ("veryDark", "dark", "mediumLight", "light", "veryLight")
FULL_VOLUME: Final = 1000
"""XFS4IoT counts a volume from 1 to 1000."""
_CODES: Final = {"specific": 1, "daily": 2, "weekly": 3}
_MEASURES: Final = {
    "temperature": "temperatureC",
    "humidity": "humidityPercent",
    "supply_voltage": "supplyVoltage",
}
_DIGITS: Final = {"temperature": 0, "humidity": 0, "supply_voltage": 1}
"""Status is told by whole degrees and per cents: the last digit of a measure is noise, and no news."""
_HYSTERESIS: Final = 0.1
"""A limit of brightness is passed only when it is passed by a tenth: dusk is not told a hundred times."""


@dataclass(slots=True)
class Span:
    """Values read from ``first`` on."""

    first: int
    values: Sequence[int] = ()

    def __getitem__(self, address: int) -> int:
        return self.values[address - self.first]


@dataclass(slots=True)
class Outputs:
    """Coils and holding registers, by address: as wanted, or as read."""

    coils: dict[int, int] = field(default_factory=dict)
    registers: dict[int, int] = field(default_factory=dict)


class Inputs:
    """Debounced inputs; one for the life of a connection."""

    def __init__(self, profile: BoardProfile) -> None:
        self._profile = profile
        self._bits = {point.address: Debounced(point.debounce_ms / 1000) for point in profile.points()}
        self._level: int | None = None

    def forget(self) -> None:
        """The line was lost."""
        for bit in self._bits.values():
            bit.forget()
        self._level = None

    def read(self, bits: Span, registers: Span, now: float) -> tuple[dict[str, Any], dict[str, Any]]:
        """The inputs' part of ``auxiliaries``, and the measures."""
        profile = self._profile
        raw = {address: bit.take(bool(bits[address]), now) for address, bit in self._bits.items()}

        def active(point: Point | None) -> bool:
            return point is not None and raw[point.address] == (point.active == "high")

        found: dict[str, Any] = {name: _door(door, active) for name, door in profile.doors.items()}
        found |= {name: SENSOR_WORDS[name][active(point)] for name, point in profile.sensors.items()}
        if (switch := profile.operator_switch) is not None:
            supervisor, maintenance = active(switch.supervisor), active(switch.maintenance)
            found["operatorSwitch"] = "supervisor" if supervisor else "maintenance" if maintenance else "run"
        if (ambient := profile.measures.ambient_light) is not None:
            found["ambientLightSensor"] = self._brightness(ambient, registers[ambient.register_])
        measured = {}
        for name, word in _MEASURES.items():
            measure = getattr(profile.measures, name)
            if measure is not None:
                measured[word] = round(_measured(measure, registers[measure.register_]), _DIGITS[name])
        return found, measured

    def _brightness(self, ambient: Ambient, lux: int) -> str:
        """The word for ``lux``; near a limit the one before stays."""
        fresh = sum(lux >= limit for limit in ambient.levels)
        old = self._level
        if old is not None and abs(fresh - old) == 1:
            limit = ambient.levels[min(fresh, old)]
            if abs(lux - limit) < limit * _HYSTERESIS:
                fresh = old
        self._level = fresh
        return AMBIENT[fresh]


def _door(door: Door, active: Any) -> str:
    for word, point in (("tampered", door.tampered), ("open", door.open), ("bolted", door.bolted)):
        if active(point):
            return word
    return "locked" if active(door.locked) else "closed"


def _measured(measure: Measure, raw: int) -> float:
    signed = raw - 0x10000 if measure.signed and raw >= 0x8000 else raw
    return signed * measure.scale + measure.offset


# -- outputs --------------------------------------------------------------------------------------------


def auxiliary_outputs(profile: BoardProfile, values: Mapping[str, str | int]) -> Outputs:
    """What to write for ``values``; raise ``InvalidData`` for one that is not wired or not such a word."""
    wanted, coils = Outputs(), profile.outputs.coils()
    for name, value in values.items():
        if name in coils and value in SWITCHES[name]:
            on = value == SWITCHES[name][1]
            wanted.coils[coils[name].coil] = int(on == (coils[name].active == "high"))
        elif name == "volume" and profile.outputs.volume is not None and isinstance(value, int):
            if not 1 <= value <= FULL_VOLUME:
                raise InvalidData(f"a volume is 1 to {FULL_VOLUME}", "invalidAuxiliary")
            most = profile.outputs.volume.most
            wanted.registers[profile.outputs.volume.register_] = max(1, round(value * most / FULL_VOLUME))
        else:
            raise InvalidData(f"this cabinet has no {name} that can be '{value}'", "invalidAuxiliary")
    return wanted


def light_outputs(profile: BoardProfile, lights: Mapping[str, Light]) -> Outputs:
    """What to write for ``lights``; raise ``InvalidData`` (``invalidLight``)."""
    wanted = Outputs()
    for name, light in lights.items():
        lamp = profile.lights.get(name)
        if lamp is None:
            raise InvalidData(f"this cabinet has no light {name}", "invalidLight")
        if light.rate not in lamp.rates or (light.color is not None and light.color not in lamp.colors):
            raise InvalidData(f"the light {name} cannot shine so", "invalidLight")
        if lamp.coil is not None:
            lit = light.rate is not FlashRate.OFF
            wanted.coils[lamp.coil] = int(lit == (lamp.active == "high"))
        elif lamp.register_ is not None:
            color = light.color or (lamp.colors[0] if lamp.colors else None)
            code = profile.codes.colors[color] if color and light.rate is not FlashRate.OFF else 0
            wanted.registers[lamp.register_] = code << 4 | profile.codes.rates[light.rate]
    return wanted


def seen_auxiliaries(profile: BoardProfile, seen: Outputs) -> dict[str, Any]:
    """The outputs' part of ``auxiliaries`` as the board itself tells it."""
    found: dict[str, Any] = {}
    for name, coil in profile.outputs.coils().items():
        if coil.coil in seen.coils:
            found[name] = SWITCHES[name][bool(seen.coils[coil.coil]) == (coil.active == "high")]
    volume = profile.outputs.volume
    if volume is not None and volume.register_ in seen.registers:
        found["volume"] = max(1, round(seen.registers[volume.register_] * FULL_VOLUME / volume.most))
    return found


def seen_lights(profile: BoardProfile, seen: Outputs) -> dict[str, Any]:
    """``lights`` as the board itself tells them."""
    found = {name: _seen(profile, lamp, seen) for name, lamp in profile.lights.items()}
    return {name: {"default": state} for name, state in found.items() if state is not None}


def _seen(profile: BoardProfile, lamp: Lamp, seen: Outputs) -> dict[str, str] | None:
    if lamp.coil is not None:
        if lamp.coil not in seen.coils:
            return None
        lit = bool(seen.coils[lamp.coil]) == (lamp.active == "high")
        return {"flashRate": (FlashRate.CONTINUOUS if lit else FlashRate.OFF).value}
    word = seen.registers.get(lamp.register_ if lamp.register_ is not None else -1)
    if word is None:
        return None
    rates = {code: FlashRate(name) for name, code in profile.codes.rates.items()}
    colors = {code: Color(name) for name, code in profile.codes.colors.items()}
    if word & 0xF not in rates:
        return None
    state = {"flashRate": rates[word & 0xF].value}
    color = colors.get(word >> 4 & 0xF)
    return state | ({"color": color.value} if color is not None else {})


def wiring(profile: BoardProfile) -> dict[str, Any]:
    """What of all this the board has, for the capabilities."""
    doors = {
        name: [
            "closed",
            "open",
            *(w for w in ("locked", "bolted", "tampered") if getattr(door, w) is not None),
        ]
        for name, door in profile.doors.items()
    }
    switch = profile.operator_switch
    positions = ["run", "maintenance", *(["supervisor"] if switch and switch.supervisor else [])]
    sensors = [*profile.sensors, *(["ambientLightSensor"] if profile.measures.ambient_light else [])]
    lights = {
        name: {"rates": [rate.value for rate in lamp.rates], "colors": [c.value for c in lamp.colors]}
        for name, lamp in profile.lights.items()
    }
    return {
        "doors": doors,
        "sensors": sensors,
        "operatorSwitch": positions if switch else [],
        "outputs": sorted(profile.outputs.coils()),
        "volume": FULL_VOLUME if profile.outputs.volume else 0,
        "lights": lights,
        "watchdog": profile.watchdog.longest_s if profile.watchdog else 0,
        "autoStartup": profile.auto_startup is not None,
        "interlock": list(profile.interlock),
    }


# -- the board's alarm clock ------------------------------------------------------------------------------


def startup_words(time: StartupTime | None) -> list[int]:
    """The seven registers of an alarm; raise ``UnsupportedData`` for a time that none can hold."""
    if time is None:
        return [0] * 7
    if time.mode not in _CODES or not (0 <= time.hour <= 23 and 0 <= time.minute <= 59):
        raise UnsupportedData("a start-up time is specific, daily or weekly, with hour and minute")
    return [_CODES[time.mode], time.year, time.month, time.day, time.weekday, time.hour, time.minute]


def startup_of(words: Sequence[int]) -> StartupTime | None:
    """The alarm in seven registers; raise ``HardwareFault`` for what is none."""
    mode, year, month, day, weekday, hour, minute = words
    if mode == 0:
        return None
    modes = {code: name for name, code in _CODES.items()}
    found = modes.get(mode)
    whole = {"weekly": 1 <= weekday <= 7, "specific": day_there_is(year, month, day)}.get(str(found), True)
    if found is None or hour > 23 or minute > 59 or not whole:
        raise HardwareFault("hardwareError", "the board's start-up time is no time; set it again")
    return StartupTime(found, hour, minute, year, month, day, weekday)
