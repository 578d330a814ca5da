"""The simulated cabinet's board: doors, sensors and lights on Modbus RTU, and a watchdog that cuts the power."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

from pydantic import Field

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.modbus_slave import RequestReader, Slave, Tables
from drivers.simulators.serial_device import SerialSimulator

BAUD = 9600
UNIT = 1
_SILENCE_S = 0.05
"""A request that stops for so long in the middle is forgotten."""
_BOUNCE_S = 0.004

# How this cabinet is wired: address of each contact, lamp and register.
CONTACTS = {
    "cabinetDoorOpen": 0, "cabinetDoorLocked": 1, "frontDoorOpen": 2, "tamper": 3, "internalTamper": 4, "seismic": 5,
    "heat": 6, "proximity": 7, "maintenance": 8, "supervisor": 9, "callButton": 10, "headset": 11,
}  # fmt: skip
LOOPS = ("tamper", "internalTamper")
"""Contacts that are closed at rest: a cut wire is an alarm too."""
COILS = {"buzzer": 0, "screen": 1, "sign": 2, "heater": 3, "statusGood": 8, "statusBad": 9}
LAMPS = {
    "contactless": 10, "cardReader": 11, "receiptPrinter": 12, "documentPrinter": 13, "scanner": 14,
    "envelopeDispenser": 15, "fasciaLight": 16,
}  # fmt: skip
VOLUME, WATCHDOG, ALARM_CLOCK = 0, 20, 24
_RATES = ("off", "slow", "medium", "quick", "continuous")
_COLORS = ("", "red", "green", "yellow", "blue", "cyan", "magenta", "white")


class Door(Parameters):
    """Somebody opens, shuts or locks a door; the front door has no lock contact."""

    which: Literal["cabinet", "front"] = "cabinet"
    state: Literal["open", "closed", "locked"]


class Alarm(Parameters):
    """An alarm contact."""

    sensor: Literal["tamper", "internalTamper", "seismic", "heat"]
    on: bool = True


class Switch(Parameters):
    """The key switch inside."""

    to: Literal["run", "maintenance", "supervisor"]


class On(Parameters):
    """Yes or no."""

    on: bool = True


class PressFor(Parameters):
    """How long the button is held."""

    seconds: float = Field(0.8, gt=0, le=60)


class Bounce(Parameters):
    """A contact that chatters and comes to rest as it was."""

    contact: str = "cabinetDoorOpen"
    times: int = Field(6, ge=1, le=200)


class Climate(Parameters):
    """What the sensors measure: lux, °C, %, V."""

    lux: int | None = Field(None, ge=0, le=65535)
    temperature: float | None = Field(None, ge=-40, le=120)
    humidity: float | None = Field(None, ge=0, le=100)
    voltage: float | None = Field(None, ge=0, le=60)


class Stick(Parameters):
    """An output that does not follow any more: a lamp or a relay by its name."""

    output: str
    on: bool = True


class Refuse(Parameters):
    """The next answers are exceptions with this code."""

    code: int = Field(2, ge=1, le=255)
    count: int = Field(1, ge=1, le=100)


class PowerState(Parameters):
    """The board's own supply."""

    state: Literal["on", "off"]


class IoBoardSimulator(SerialSimulator):
    """One slave on RS-485. Outputs are lost with its power; inputs are where hands left them."""

    def __init__(self, link: Path, pace: Pace, name: str = "board") -> None:
        super().__init__(name, link, pace)
        self._slave = Slave(UNIT, Tables(), self._written)
        self._reader = RequestReader()
        self._silence: asyncio.TimerHandle | None = None
        self._powered = True
        self._echo = False
        self._stuck: set[str] = set()
        self._dog: asyncio.TimerHandle | None = None
        self._power_cut = False
        self._answers = 0
        for loop in LOOPS:
            self._contact(loop, False)
        self._contact("cabinetDoorLocked", True)
        self._slave.tables.registers[:4] = [400, 235, 450, 12010]

    @property
    def tables(self) -> Tables:
        """The four tables, as the line sees them."""
        return self._slave.tables

    async def stop(self) -> None:
        """Pull the cable; the watchdog is no more."""
        self._disarm()
        await super().stop()

    # -- line ---------------------------------------------------------------------------------------

    def received(self, data: bytes) -> None:
        """Answer whole requests; a torn one is forgotten after a silence."""
        if self._echo:
            self.put(data)
        if not self._powered:
            return
        if self._silence is not None:
            self._silence.cancel()
        for request in self._reader.feed(data):
            self._show_dog()
            answer = self._slave.answer(request)
            if answer is not None:
                self._answers += 1
                self.send(answer)
        if self._reader.waiting:
            self._silence = asyncio.get_running_loop().call_later(_SILENCE_S, self._reader.reset)

    def _written(self, kind: str, address: int, value: int) -> None:
        named = COILS if kind == "coil" else LAMPS
        if any(named.get(name) == address for name in self._stuck):
            return
        (self.tables.coils if kind == "coil" else self.tables.holding)[address] = value
        if kind == "holding" and address == WATCHDOG:
            self._feed_dog(value)

    # -- watchdog -----------------------------------------------------------------------------------

    def _feed_dog(self, seconds: int) -> None:
        self._disarm()
        if seconds:
            delay = self.pace.seconds(seconds)
            self._dog = asyncio.get_running_loop().call_later(delay, self._bite)

    def _disarm(self) -> None:
        if self._dog is not None:
            self._dog.cancel()
            self._dog = None

    def _bite(self) -> None:
        self._dog = None
        self._power_cut = True
        self.tables.holding[WATCHDOG] = 0

    def _show_dog(self) -> None:
        """The register counts down by itself."""
        self.tables.holding[WATCHDOG] = self._left()

    def _left(self) -> int:
        if self._dog is None:
            return 0
        left = self._dog.when() - asyncio.get_running_loop().time()
        return max(1, round(left * self.pace.speed)) if left > 0 else 0

    # -- state --------------------------------------------------------------------------------------

    def _contact(self, name: str, active: bool) -> None:
        self.tables.inputs[CONTACTS[name]] = int(active != (name in LOOPS))

    def _active(self, name: str) -> bool:
        return bool(self.tables.inputs[CONTACTS[name]]) != (name in LOOPS)

    def _lamp(self, address: int) -> str:
        word = self.tables.holding[address]
        rate = _RATES[word & 0xF] if word & 0xF < len(_RATES) else "?"
        color = _COLORS[word >> 4 & 0xF] if word >> 4 & 0xF < len(_COLORS) else "?"
        return f"{rate} {color}".strip()

    def state(self) -> dict[str, object]:
        """Doors, sensors, lamps and relays, and whether the watchdog has cut the power."""
        tables = self.tables
        cabinet = "open" if self._active("cabinetDoorOpen") else "closed"
        locked = cabinet == "closed" and self._active("cabinetDoorLocked")
        supervisor = self._active("supervisor")
        return {
            **self.line_state(),
            "power": "on" if self._powered else "off",
            "powerCut": self._power_cut,
            "watchdog": self._left(),
            "doors": {
                "cabinet": "locked" if locked else cabinet,
                "front": "open" if self._active("frontDoorOpen") else "closed",
            },
            "alarms": [n for n in ("tamper", "internalTamper", "seismic", "heat") if self._active(n)],
            "operatorSwitch": "supervisor"
            if supervisor
            else "maintenance"
            if self._active("maintenance")
            else "run",
            "near": self._active("proximity"),
            "callButton": self._active("callButton"),
            "headset": self._active("headset"),
            "climate": dict(zip(("lux", "temperature", "humidity", "voltage"), self._climate(), strict=True)),
            "lights": {name: self._lamp(address) for name, address in LAMPS.items()},
            "relays": {name: bool(tables.coils[address]) for name, address in COILS.items()},
            "volume": tables.holding[VOLUME],
            "alarmClock": tables.holding[ALARM_CLOCK : ALARM_CLOCK + 7],
            "stuck": sorted(self._stuck),
            "counts": {"answers": self._answers, "torn": self._reader.bad},
        }

    def _climate(self) -> tuple[float, ...]:
        lux, temperature, humidity, millivolts = self.tables.registers[:4]
        signed = temperature - 0x10000 if temperature & 0x8000 else temperature
        return lux, signed / 10, humidity / 10, millivolts / 1000

    # -- hands --------------------------------------------------------------------------------------

    @action("door", Door)
    async def door(self, what: Door) -> Outcome:
        """Open, shut or lock a door."""
        if what.which == "front":
            if what.state == "locked":
                raise ActionRefusedError("the front door has no lock contact")
            self._contact("frontDoorOpen", what.state == "open")
            return {}
        self._contact("cabinetDoorOpen", what.state == "open")
        self._contact("cabinetDoorLocked", what.state == "locked")
        return {}

    @action("alarm", Alarm)
    async def alarm(self, what: Alarm) -> Outcome:
        """Set off an alarm, or end it."""
        self._contact(what.sensor, what.on)
        return {}

    @action("approach", On)
    async def approach(self, what: On) -> Outcome:
        """Step before the cabinet, or away."""
        self._contact("proximity", what.on)
        return {}

    @action("headset", On)
    async def headset(self, what: On) -> Outcome:
        """Plug a headset in, or pull it out."""
        self._contact("headset", what.on)
        return {}

    @action("press", PressFor)
    async def press(self, what: PressFor) -> Outcome:
        """Press the call button for a while."""
        self._contact("callButton", True)
        self.spawn(self._release(what.seconds))
        return {}

    async def _release(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._contact("callButton", False)

    @action("switch", Switch)
    async def switch(self, what: Switch) -> Outcome:
        """Turn the key switch."""
        self._contact("maintenance", what.to == "maintenance")
        self._contact("supervisor", what.to == "supervisor")
        return {}

    @action("climate", Climate)
    async def climate(self, what: Climate) -> Outcome:
        """Change what is measured."""
        given = (what.lux, what.temperature, what.humidity, what.voltage)
        for place, (value, scale) in enumerate(zip(given, (1, 10, 10, 1000), strict=True)):
            if value is not None:
                self.tables.registers[place] = round(value * scale) & 0xFFFF
        return {}

    @action("bounce", Bounce)
    async def bounce(self, what: Bounce) -> Outcome:
        """Let a contact chatter."""
        if what.contact not in CONTACTS:
            raise ActionRefusedError(f"there is no contact {what.contact}; there are {', '.join(CONTACTS)}")
        before = self._active(what.contact)
        for n in range(what.times):
            self._contact(what.contact, before == bool(n % 2))
            await asyncio.sleep(_BOUNCE_S)
        self._contact(what.contact, before)
        return {}

    @action("stick", Stick)
    async def stick(self, what: Stick) -> Outcome:
        """Let an output stay as it is, whatever is written."""
        if what.output not in (*LAMPS, *COILS):
            raise ActionRefusedError(f"there is no output {what.output}")
        (self._stuck.add if what.on else self._stuck.discard)(what.output)
        return {}

    @action("refuse", Refuse)
    async def refuse(self, what: Refuse) -> Outcome:
        """Answer with an exception."""
        self._slave.refuse += [what.code] * what.count
        return {}

    @action("echo", On)
    async def echo(self, what: On) -> Outcome:
        """Behave as a two-wire adapter that hears itself."""
        self._echo = what.on
        return {}

    @action("power", PowerState)
    async def power(self, what: PowerState) -> Outcome:
        """Take the board's supply away, or give it back: every output is then off."""
        self._powered = what.state == "on"
        self._reader.reset()
        if what.state == "off":
            self._disarm()
            self.tables.coils[:] = [0] * len(self.tables.coils)
            self.tables.holding[:ALARM_CLOCK] = [0] * ALARM_CLOCK  # the clock has a battery
        return {}

    @action("restorePower", NoParameters)
    async def restore_power(self, _: NoParameters) -> Outcome:
        """Switch the terminal on again after the watchdog has cut its power."""
        self._power_cut = False
        return {}

    def clear_faults(self) -> None:
        """Everything shut, quiet and powered."""
        super().clear_faults()
        self._powered = True
        self._echo = self._power_cut = False
        self._stuck.clear()
        self._slave.refuse.clear()
        for name in CONTACTS:
            self._contact(name, name == "cabinetDoorLocked")
