"""A UPS behind Network UPS Tools: ``upsd`` speaks with the hardware, this with ``upsd`` (TCP 3493)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from config.clock import Clock, Deadline
from drivers.cabinet_ports import PowerReading
from drivers.devices.line_device import LineDevice
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Traits
from drivers.errors import DeadlinePassed, DeviceError, DeviceNotReady, DriverConfigError, ProtocolError
from drivers.ports import DeviceState
from drivers.protocols import nut
from drivers.protocols.nut_wire import NutWire
from drivers.transports.channel import Channel
from drivers.transports.tcp import TcpLink
from drivers.transports.waiting import Mailbox

_T = TypeVar("_T")
PORT: Final = 3493
"""IANA's number for NUT."""
_MOST: Final = 500
"""A UPS has some fifty variables; ten times as many are no UPS."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds: how long ``upsd`` may take for an answer, and between two looks (its drivers look every 2)."""

    reply: float = 3.0
    poll: float = 2.0


@dataclass(frozen=True, slots=True)
class Login:
    """A user of ``upsd.users``; without one, reading is allowed to everybody that upsd listens to."""

    user: str = ""
    password: str = ""


class NutUps(LineDevice):
    """Implements ``Ups``. ``recovered`` is told when mains are back, until the next failure."""

    def __init__(
        self,
        channel: Channel,
        clock: Clock,
        ups: str,
        login: Login | None = None,
        timings: Timings | None = None,
    ) -> None:
        super().__init__("ups", clock, channel)
        self._ups = nut.quoted(ups)
        self._name = ups
        self._login = login or Login()
        self._timings = timings or Timings()
        self._lines = nut.Lines()
        self._inbox: Mailbox[str | ProtocolError] = Mailbox()
        self._lock = asyncio.Lock()
        self._reading: PowerReading | None = None
        self._failed_once = False

    async def read(self, deadline: Deadline) -> PowerReading:
        """Ask now; raise ``DeviceNotReady`` when upsd, or the UPS behind it, does not answer."""
        self._require()
        found = await self._within(self._look(), deadline)
        self._show("polled")
        return found

    async def reset(self, deadline: Deadline) -> None:
        """There is nothing to reset: a UPS is only looked at."""
        await self.read(deadline)

    async def _within(self, work: Awaitable[_T], deadline: Deadline) -> _T:
        try:
            async with asyncio.timeout(deadline.remaining):
                return await work
        except TimeoutError:
            raise DeadlinePassed("upsd did not answer in time") from None

    async def _look(self) -> PowerReading:
        async with self._lock:
            found = nut.reading(await self._variables())
        self._failed_once = self._failed_once or found.on_battery
        self._reading = found
        return found

    async def _variables(self) -> dict[str, str]:
        """LIST VAR, all of it. A torn or strange list is never half believed."""
        try:
            await self._send(f"LIST VAR {self._ups}")
            patience = Deadline.after(self._timings.reply)
            await self._skip_to(["BEGIN", "LIST", "VAR", self._name], patience)
            found: dict[str, str] = {}
            while len(found) < _MOST:
                parts = await self._words(patience)
                if parts == ["END", "LIST", "VAR", self._name]:
                    return found
                if len(parts) != 4 or parts[:2] != ["VAR", self._name]:
                    raise ProtocolError("upsd sent a list that is none")
                found[parts[2]] = parts[3]
            raise ProtocolError("upsd's list has no end")
        except BaseException:
            # What is left of this answer must not become the next one's: the line is opened anew.
            self._connected = False
            self._line_lost(DeviceNotReady("an answer of upsd was left; the connection is made anew"))
            raise

    async def _skip_to(self, wanted: list[str], patience: Deadline) -> None:
        parts = await self._words(patience)
        if parts != wanted:
            raise ProtocolError("upsd answered another question")

    async def _send(self, line: str) -> None:
        self._inbox.drain()
        await self.channel.write(f"{line}\n".encode(), Deadline.after(self._timings.reply))

    async def _words(self, patience: Deadline) -> list[str]:
        line = await self._inbox.get(patience)
        if line is None:
            raise DeviceNotReady("upsd does not answer; check that nut-server runs")
        if isinstance(line, ProtocolError):
            raise line
        parts = nut.words(line)
        if parts[:1] == ["ERR"]:
            raise nut.refusal(parts)
        return parts

    async def _greet(self) -> None:
        self._lines.reset()
        self._inbox.clear()
        for word, value in (("USERNAME", self._login.user), ("PASSWORD", self._login.password)):
            if value:
                await self._send(f"{word} {nut.quoted(value)}")
                await self._skip_to(["OK"], Deadline.after(self._timings.reply))
        await self._look()

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._timings.poll)
            await self._look()
            self._show("polled")

    def _received(self, data: bytes) -> None:
        try:
            for line in self._lines.feed(data):
                self._inbox.put(line)
        except ProtocolError as error:
            self._inbox.put(error)

    def _broken(self, error: DeviceError) -> None:
        self._inbox.fail(error)

    def _announce(self) -> None:
        self._show("polled")

    def _show(self, source: str) -> None:
        if self._connected and self._reading is not None:
            details = _details(self._reading, self._failed_once)
            self._board.publish(DeviceState.ONLINE, details, source)

    def _away(self) -> Mapping[str, object]:
        return {"upsMonitor": {"shutdown": "unknown"}}


def _details(now: PowerReading, failed_once: bool) -> Mapping[str, object]:
    battery = "failure" if now.replace_battery else "low" if now.low else "operational"
    if now.charge_percent is not None and now.charge_percent >= 100 and battery == "operational":
        battery = "full"
    charging = {
        True: "charging",
        False: "discharging" if now.on_battery else "notCharging",
        None: "notCharging",
    }
    measures: dict[str, Any] = {
        "chargePercent": _whole(now.charge_percent),
        "runtimeS": _whole(now.runtime_s),
        "loadPercent": _whole(now.load_percent),
        "inputVoltage": _whole(now.input_voltage),
        "batteryVoltage": now.battery_voltage and round(now.battery_voltage, 1),
    }
    return {
        "auxiliaries": {
            "UPS": {
                "low": now.low,
                "engaged": now.on_battery,
                "powering": True,
                "recovered": failed_once and not now.on_battery,
            }
        },
        "powerManagement": {
            "info": {
                "powerInStatus": "noPower" if now.on_battery else "powering",
                "powerOutStatus": "powering",
                "batteryStatus": "critical" if now.low and now.on_battery else battery,
                "batteryChargingStatus": charging[now.charging],
            }
        },
        "upsMonitor": {name: value for name, value in measures.items() if value is not None},
        "forced": now.shutdown,
    }


def _whole(value: float | None) -> float | None:
    return None if value is None else float(round(value))


@driver("ups-nut", Traits(wire=NutWire))
def _create(options: Options, clock: Clock) -> NutUps:
    link = TcpLink(options.text("host", "127.0.0.1"), options.integer("port", PORT, 1, 65535))
    login = Login(options.text("user", ""), options.text("password", ""))
    timings = Timings(poll=options.number("poll_s", 2.0, 0.2, 10.0))
    try:
        return NutUps(Channel(link, options.tap), clock, options.text("ups"), login, timings)
    except ValueError as error:
        raise DriverConfigError(f"driver 'ups-nut': option 'ups' cannot be that; {error}") from None
