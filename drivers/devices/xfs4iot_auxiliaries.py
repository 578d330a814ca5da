"""The cabinet's board behind another vendor's XFS4IoT Auxiliaries service, with its Lights where it has them.

The standard has no measures, no watchdog and no bolts that an application should move: they are not there. What is set
is set again when the service comes back, and when it is seen otherwise: it knows no such promise itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from config.clock import Clock, Deadline
from drivers.cabinet_ports import Light, StartupTime, day_there_is
from drivers.client.capabilities import spoken_versions
from drivers.client.connection import Connection
from drivers.client.errors import DeviceCommandFailed
from drivers.devices import xfs4iot_board_words as words
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.xfs4iot import TRAITS, XfsDevice, address, part_of
from drivers.errors import (
    DeadlinePassed,
    HardwareFault,
    ProtocolError,
    UnsupportedData,
)
from drivers.xfs.messages.auxiliaries import DAYS

_log = logging.getLogger("kiosk.devices.auxiliaries")

_SET: Final = "Auxiliaries.SetAuxiliaries"
_LIGHT: Final = "Lights.SetLight"
_REGISTER: Final = "Auxiliaries.Register"
_CLOCK: Final = tuple(f"Auxiliaries.{act}AutoStartupTime" for act in ("Set", "Get", "Clear"))
_LIGHTS_BY_PLACE: Final = 3
"""Major version of SetLight since which a light is set by its places."""


class XfsAuxiliaries(XfsDevice):
    """Implements ``CabinetBoard``.

    Args:
        interlock: ``all``, ``none``, or the doors that forbid motion while they are open.
    """

    interface = "Auxiliaries"
    part = "auxiliaries"
    needs = frozenset()

    def __init__(self, clock: Clock, uri: str, token: str = "", interlock: str = "all", **more: Any) -> None:
        self._wiring: Mapping[str, Any] = {}
        self._interlock = interlock
        self._offered: frozenset[str] = frozenset()
        self._values: dict[str, str | int] = {}
        self._lights: dict[str, Light] = {}
        self._turn = asyncio.Lock()
        self._odd = False
        super().__init__("auxiliaries", clock, uri, token, **more)

    # -- CabinetBoard -------------------------------------------------------------------------------

    async def set_auxiliaries(self, values: Mapping[str, str | int], deadline: Deadline) -> None:
        """Set outputs by their status names; raise ``InvalidData`` (``invalidAuxiliary``) for one that is not there."""
        self._require()
        words.checked(self._wiring, values)

        async def work() -> None:
            await self._ask(_SET, words.setting(values), deadline)
            self._values |= values
            if not str(self._values.get("audio", "")).startswith("continuous"):
                self._values.pop("audio", None)  # a signal that has sounded is not sounded again

        await self._in_turn(work, deadline)

    async def set_lights(self, lights: Mapping[str, Light], deadline: Deadline) -> None:
        """Set lights; raise ``InvalidData`` (``invalidLight``) or ``HardwareFault`` (``lightError``)."""
        self._require()
        words.checked_lights(self._wiring, lights)

        async def work() -> None:
            await self._ask(_LIGHT, words.shining(self._wiring, lights), deadline)
            self._lights |= lights

        await self._in_turn(work, deadline)

    async def feed(self, timeout_s: int, deadline: Deadline) -> None:
        """Raise ``UnsupportedData``: the standard has no watchdog."""
        self._require()
        raise UnsupportedData("a service of the standard's class has no watchdog; use the machine's own")

    async def set_startup(self, time: StartupTime | None, deadline: Deadline) -> None:
        """Set or clear the alarm clock; read back, since an alarm that is not there wakes nobody."""
        self._require()
        self._has_clock()
        name, payload = (_CLOCK[2], {}) if time is None else (_CLOCK[0], _startup(time))

        async def work() -> None:
            await self._ask(name, payload, deadline)
            if await self._held(deadline) != time:
                raise HardwareFault(
                    "hardwareError", "the service does not hold that start-up time; set it again"
                )

        await self._in_turn(work, deadline)

    async def startup(self, deadline: Deadline) -> StartupTime | None:
        """The time that the service holds."""
        self._require()
        self._has_clock()
        return await self._held(deadline)

    async def reset(self, deadline: Deadline) -> None:
        """Set every output as it was wanted, and look; the class itself has no Reset."""

        async def work() -> None:
            if self._values:
                await self._ask(_SET, words.setting(self._values), deadline)
            if self._lights:
                await self._ask(_LIGHT, words.shining(self._wiring, self._lights), deadline)

        await self._in_turn(work, deadline)

    async def _in_turn(self, work: Callable[[], Awaitable[None]], deadline: Deadline) -> None:
        """One order at a time, and a look at what came of it."""
        try:
            async with asyncio.timeout(deadline.remaining), self._turn:
                await work()
                self._status = dict(await self._ask("Common.Status", {}, deadline))
        except TimeoutError:
            raise DeadlinePassed("the service did not obey in time") from None
        self._show("polled")

    def _has_clock(self) -> None:
        if not self._wiring.get("autoStartup"):
            raise UnsupportedData("this service has no alarm clock")

    async def _held(self, deadline: Deadline) -> StartupTime | None:
        return _startup_of(await self._ask(_CLOCK[1], {}, deadline))

    # -- what was set is set again ------------------------------------------------------------------

    async def _greet(self, line: Connection) -> None:
        wanted = words.registering(self._wiring)
        if _REGISTER in self._offered and wanted:
            try:
                await line.request(_REGISTER, wanted, self._timings.answer)
            except DeviceCommandFailed as error:
                _log.info("%s: changes are not told, only seen: %s", self.label, error)
        await self._restore(line, fresh=True)

    async def _looked(self, line: Connection) -> None:
        if not self._turn.locked():  # an order under way is newer than this look
            async with self._turn:
                await self._restore(line, fresh=False)

    async def _restore(self, line: Connection, fresh: bool) -> None:
        """Set what is seen otherwise than wanted; on a ``fresh`` connection also what cannot be seen."""
        values, lights = self._otherwise(fresh)
        try:
            if values:
                await line.request(_SET, words.setting(values), self._timings.answer)
            if lights:
                await line.request(_LIGHT, words.shining(self._wiring, lights), self._timings.answer)
        except DeviceCommandFailed as error:
            _log.info("%s: an output could not be set again: %s", self.label, error)
        if values or lights:
            self._status = dict(await line.request("Common.Status", {}, self._timings.answer))
        self._complain(any(self._otherwise(False)))

    def _otherwise(self, unseen: bool) -> tuple[dict[str, str | int], dict[str, Light]]:
        """Outputs and lights that are not as wanted; with ``unseen`` also those of which nothing is told."""
        told = words.seen(part_of(self._status, self.part))
        lamps = words.seen_lights(part_of(self._status, "lights"), self._lights)
        wanted = words.as_told(self._values)
        values = {
            name: self._values[name]
            for name, value in wanted.items()
            if _has(self._wiring, name) and (told[name] != value if name in told else unseen)
        }
        lights = {
            name: light
            for name, light in self._lights.items()
            if name in self._wiring.get("lights", {})
            and (_differs(lamps[name]["default"], light) if name in lamps else unseen)
        }
        return values, lights

    def _complain(self, odd: bool) -> None:
        if odd and not self._odd:
            _log.error("%s: an output does not stay as it is set; check who else sets it", self.label)
        self._odd = odd

    # -- XfsDevice ----------------------------------------------------------------------------------

    def _fits(self, capabilities: Mapping[str, Any]) -> None:
        if not part_of(capabilities, "auxiliaries"):
            raise ProtocolError(f"the service at {self._uri} has no Auxiliaries; name another URI")

    def _known(self, capabilities: Mapping[str, Any]) -> None:
        listed = spoken_versions(capabilities)
        self._offered = frozenset(listed)
        auxiliaries = dict(part_of(capabilities, "auxiliaries"))
        by_place = int(listed.get(_LIGHT, "0").partition(".")[0]) >= _LIGHTS_BY_PLACE
        found = words.wiring(
            auxiliaries, part_of(capabilities, "lights") if by_place else {}, self._offered.issuperset(_CLOCK)
        )
        if _SET not in self._offered:
            found |= {"outputs": [], "volume": 0, "audio": False}
        self._wiring = found | {"interlock": words.interlock(self._interlock, found["doors"])}

    def _heard(self, name: str, payload: Mapping[str, Any]) -> None:
        super()._heard(*words.event(name, payload))

    def _details(self, part: Mapping[str, Any]) -> Mapping[str, object]:
        return {
            "auxiliaries": words.seen(part),
            "lights": words.seen_lights(part_of(self._status, "lights"), self._wiring.get("lights", {})),
            "cabinetBoard": {},
            "wiring": self._wiring,
        }

    def _away(self) -> Mapping[str, object]:
        return {"wiring": self._wiring}


def _has(wiring: Mapping[str, Any], name: str) -> bool:
    """Whether an output is there; another service may answer under the same address."""
    return name in wiring.get("outputs", ()) or bool(name in ("volume", "audio") and wiring.get(name))


def _differs(seen: Mapping[str, str], light: Light) -> bool:
    """Whether a light shines otherwise than wanted; one set without a colour has the service's own."""
    wanted = words.lit(light)
    return any(seen.get(part) != word for part, word in wanted.items() if part in seen or part == "flashRate")


def _startup(time: StartupTime) -> dict[str, Any]:
    """The payload of SetAutoStartupTime; raise ``UnsupportedData`` for a time that is none."""
    if time.mode not in ("specific", "daily", "weekly") or not (
        0 <= time.hour <= 23 and 0 <= time.minute <= 59
    ):
        raise UnsupportedData("a start-up time is specific, daily or weekly, with hour and minute")
    start: dict[str, Any] = {"hour": time.hour, "minute": time.minute}
    if time.mode == "weekly":
        start["dayOfWeek"] = DAYS[(time.weekday - 1) % 7]
    elif time.mode == "specific":
        start |= {"year": time.year, "month": time.month, "day": time.day}
    return {"mode": time.mode, "startTime": start}


def _startup_of(told: Mapping[str, Any]) -> StartupTime | None:
    """The time in a GetAutoStartupTime; raise ``ProtocolError`` for what is none."""
    mode, start = told.get("mode"), part_of(told, "startTime")
    if mode is None:
        return None
    numbers = {name: start.get(name) for name in ("hour", "minute", "year", "month", "day")}
    counted = {name: one for name, one in numbers.items() if isinstance(one, int)}
    days = [day.lower() for day in DAYS]
    day = str(start.get("dayOfWeek")).lower()
    needed = {"hour", "minute", *(("year", "month", "day") if mode == "specific" else ())}
    if (
        mode not in ("specific", "daily", "weekly")
        or not needed <= counted.keys()
        or (mode == "weekly" and day not in days)
        or (mode == "specific" and not day_there_is(counted["year"], counted["month"], counted["day"]))
    ):
        raise ProtocolError("the service tells a start-up time that is none; set it again")
    kept = {name: counted[name] for name in needed}
    weekday = days.index(day) + 1 if mode == "weekly" else 0
    return StartupTime(mode, **kept, weekday=weekday)


@driver("xfs4iot-auxiliaries", TRAITS)
def _auxiliaries(options: Options, clock: Clock) -> XfsAuxiliaries:
    uri, token = address(options)
    doors = words.checked_interlock(options.text("interlock", "all"))
    return XfsAuxiliaries(clock, uri, token, doors, tap=options.tap)
