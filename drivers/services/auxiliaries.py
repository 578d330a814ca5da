"""The service of the cabinet's board: Auxiliaries, Lights, our CabinetBoard, and the watchdog on the board."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from drivers.books.alarms import Alarm, AlarmBook
from drivers.cabinet_ports import CabinetBoard, StartupTime, day_there_is
from drivers.errors import InvalidData, UnsupportedData
from drivers.services.base import DeviceService, Identity
from drivers.services.board_words import OUTPUT_S, auxiliaries_of, capabilities
from drivers.services.cabinet import Cabinet
from drivers.services.lighting import Lighting
from drivers.services.watchdog import Keeper
from drivers.store import Store
from drivers.supervision import Supervisor
from drivers.xfs.envelope import write_unsolicited
from drivers.xfs.messages import auxiliaries, cabinet_board, lights, watchdog
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request
from drivers.xfs.service import Line

log = logging.getLogger("kiosk.devices.auxiliaries")

JOURNALED: Final = {
    **dict.fromkeys(
        (
            "cabinetDoor", "safeDoor", "cabinetFrontDoor", "cabinetRearDoor", "cabinetLeftDoor",
            "cabinetRightDoor",
        ),
        ("closed", "locked", "bolted"),
    ),
    **dict.fromkeys(("tamperSensor", "internalTamperSensor", "seismicSensor", "heatSensor"), ("off",)),
    "operatorSwitch": ("run",),
    "vandalShield": ("closed", "open", "locked", "service", "keyboard", "partiallyOpen"),
}  # fmt: skip
"""What is entered when it changes, and the words that are nothing special when they are the first ones seen."""
MOVING: Final = "vandalShield"
"""It opens and closes for every visitor: only what is not usual is entered, and its end."""
DOORS: Final = frozenset(name for name in JOURNALED if name.endswith("Door"))


class AuxiliariesService(DeviceService[CabinetBoard]):
    """One board. Every change of a door or an alarm is entered into ``devices.db`` with its time and told to all."""

    def __init__(self, identity: Identity, supervisor: Supervisor[CabinetBoard], store: Store) -> None:
        self._lighting = Lighting(identity.name, supervisor)
        self._keeper: Keeper = Keeper(self, identity, self._has_watchdog)
        super().__init__(
            identity,
            supervisor,
            (auxiliaries.INTERFACE, lights.INTERFACE, cabinet_board.INTERFACE, watchdog.INTERFACE),
        )
        self._book = AlarmBook(store, identity.name)
        self._last: dict[str, str] = {}
        self._early: list[Mapping[str, Any]] | None = []
        """What the board has told before the book was read, which knows what an earlier program has entered."""
        self._registered: dict[Line, set[str]] = {}
        self.offer(auxiliaries.SET_AUXILIARIES, self._set_auxiliaries)
        self.offer(auxiliaries.REGISTER, self._register)
        self.offer(auxiliaries.SET_STARTUP, self._set_startup)
        self.offer(auxiliaries.GET_STARTUP, self._get_startup)
        self.offer(auxiliaries.CLEAR_STARTUP, self._clear_startup)
        self.offer(lights.SET_LIGHT, self._lighting.set_light)
        self.offer(cabinet_board.GET_EVENTS, self._get_events)
        self.offer(cabinet_board.RESET, self._reset)
        self._keeper.offer()

    def join_cabinet(self, cabinet: Cabinet) -> None:
        """Light the guides of all services, and tell them of the doors."""
        super().join_cabinet(cabinet)
        cabinet.guidance.switch = self._lighting.guide

    def start(self) -> None:
        """Connect, serve, and begin to light guides."""
        super().start()
        self._lighting.start()

    async def close(self) -> None:
        """Leave outputs as they are, and close."""
        await self._keeper.close()
        await self._lighting.close()
        await super().close()

    async def starting(self) -> None:
        """What has changed while no program ran is told as soon as the board is there; a known alarm is none again."""
        try:
            self._last = await self._book.last()
        finally:  # a book that cannot be read keeps no alarm back
            early, self._early = self._early or [], None
            for told in early:
                self._enter(told)

    async def connected(self) -> None:
        """Guides that changed while the board was away."""
        self._lighting.again()

    def leave(self, line: Line) -> None:
        """A registration ends with its connection."""
        self._registered.pop(line, None)
        super().leave(line)

    @property
    def wiring(self) -> Mapping[str, Any]:
        """What the board has; known before it has ever answered."""
        found = self.supervisor.device.snapshot.details.get("wiring")
        return found if isinstance(found, Mapping) else {}

    def _has_watchdog(self) -> None:
        if self.wiring and not self.wiring.get("watchdog"):
            raise UnsupportedData("this board has no watchdog; name the machine's own (watchdog-linux)")

    # -- commands -----------------------------------------------------------------------------------

    async def _set_auxiliaries(self, request: Request, payload: auxiliaries.SetAuxiliariesIn) -> Nothing:
        values = payload.wire()
        if not values:
            raise InvalidData("nothing is set; name one auxiliary at least")
        named = {auxiliaries.STATUS_OF_SET.get(name, name): _word(value) for name, value in values.items()}
        with self.supervisor.using() as board:
            await board.set_auxiliaries(named, request.deadline.within(OUTPUT_S))
        return Nothing()

    async def _register(self, request: Request, payload: auxiliaries.RegisterIn) -> Nothing:
        """Nobody misses a change for not having registered: StatusChangedEvent goes to all."""
        asked = payload.__pydantic_extra__
        known = auxiliaries_of(self.wiring)
        named = {auxiliaries.STATUS_OF_REGISTER.get(name, name): how for name, how in asked.items()}
        if unknown := sorted(named.keys() - known):
            raise InvalidData(f"this cabinet has no {unknown[0]}", "invalidAuxiliary")
        if isinstance(request.peer, Line):
            mine = self._registered.setdefault(request.peer, set())
            for name, how in named.items():
                (mine.add if how is auxiliaries.Registration.REGISTER else mine.discard)(name)
        return Nothing()

    async def _set_startup(self, request: Request, payload: auxiliaries.AutoStartupIn) -> Nothing:
        time = _startup(payload)
        with self.supervisor.using() as board:
            await board.set_startup(time, request.deadline.within(OUTPUT_S))
        return Nothing()

    async def _get_startup(self, request: Request, payload: Nothing) -> auxiliaries.AutoStartup:
        with self.supervisor.using() as board:
            time = await board.startup(request.deadline.within(OUTPUT_S))
        if time is None:
            return auxiliaries.AutoStartup()
        start = auxiliaries.StartTime(hour=time.hour, minute=time.minute)
        if time.mode == "weekly":
            start = start.model_copy(update={"day_of_week": auxiliaries.DAYS[(time.weekday - 1) % 7]})
        elif time.mode == "specific":
            start = start.model_copy(update={"year": time.year, "month": time.month, "day": time.day})
        return auxiliaries.AutoStartup(mode=auxiliaries.StartupMode(time.mode), start_time=start)

    async def _clear_startup(self, request: Request, payload: Nothing) -> Nothing:
        with self.supervisor.using() as board:
            await board.set_startup(None, request.deadline.within(OUTPUT_S))
        return Nothing()

    async def _get_events(self, request: Request, payload: cabinet_board.EventsIn) -> cabinet_board.EventsOut:
        found = await self._book.newest(payload.limit)
        return cabinet_board.EventsOut(events=[_body(alarm) for alarm in found])

    async def _reset(self, request: Request, payload: Nothing) -> Nothing:
        with self.supervisor.using() as board:
            await board.reset(request.deadline.within(OUTPUT_S))
        return Nothing()

    # -- status -------------------------------------------------------------------------------------

    def class_status(self) -> Mapping[str, object]:
        """The board's measures, with what the interlock says, and the watchdog."""
        found = self.supervisor.known.details.get("cabinetBoard")
        measures = dict(found) if isinstance(found, Mapping) else {}
        motion = "blocked" if self.cabinet.interlock.why else "allowed"
        return {"cabinetBoard": measures | {"motion": motion}, "watchdog": self._keeper.status()}

    def class_capabilities(self) -> Mapping[str, object]:
        """What is wired."""
        return capabilities(self.wiring)

    def publish(self) -> None:
        """Doors first, so that the interlock is shut before anybody hears of it."""
        seen = self.supervisor.known
        told = seen.details.get("auxiliaries") if seen.believed else None
        if isinstance(told, Mapping):
            guarded = {name: str(told[name]) for name in self.wiring.get("interlock", ()) if name in told}
            self.cabinet.interlock.see(guarded)
        super().publish()

    def changed(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Enter and tell what happened to doors, alarms and the key switch."""
        old, new = before.get("auxiliaries", {}), after.get("auxiliaries", {})
        if self._early is None:
            self._enter(new)
        else:
            self._early.append(new)
        self._tell_registered({name: value for name, value in new.items() if old.get(name) != value})

    def _enter(self, new: Mapping[str, Any]) -> None:
        for name, usual in JOURNALED.items():
            value = new.get(name)
            last = self._last.get(name, value if value in usual else None)
            if value is None or value == last or (name == MOVING and {value, last} <= set(usual)):
                self._last |= {name: value} if value is not None else {}
                continue
            self._last[name] = value
            alarm = Alarm(name, value, self._book.now())
            log.warning("%s: %s is %s", self.name, name, value)
            self.broadcast(cabinet_board.SENSOR, _body(alarm))
            self.by_itself(lambda alarm=alarm: self._book.enter(alarm))  # type: ignore[misc]

    def _tell_registered(self, news: Mapping[str, Any]) -> None:
        event = auxiliaries.STATUS_EVENT
        for line, wanted in self._registered.items():
            if mine := {name: value for name, value in news.items() if name in wanted}:
                line.send(write_unsolicited(event.name, event.version, mine, line.unsolicited_as))


def _word(value: Any) -> str | int:
    """A value as the port takes it: the audio indicator's rate and signal in one."""
    if isinstance(value, Mapping):
        return " ".join(str(value[part]) for part in ("rate", "signal") if value.get(part))
    return value if isinstance(value, int) else str(value)


def _body(alarm: Alarm) -> cabinet_board.SensorBody:
    return cabinet_board.SensorBody(sensor=alarm.sensor, value=alarm.value, at=alarm.at)


def _startup(payload: auxiliaries.AutoStartupIn) -> StartupTime:
    """The time asked for; raise ``InvalidData`` for a part that its mode needs and that is missing."""
    start, mode = payload.start_time, payload.mode
    if start.hour is None or start.minute is None:
        raise InvalidData("a start-up time needs hour and minute")
    time = StartupTime(mode.value, start.hour, start.minute)
    if mode is auxiliaries.StartupMode.WEEKLY:
        days = {day.lower(): number for number, day in enumerate(auxiliaries.DAYS, 1)}
        number = days.get((start.day_of_week or "").lower())
        if number is None:
            raise InvalidData("a weekly start-up needs dayOfWeek, such as Monday")
        return replace(time, weekday=number)
    if mode is auxiliaries.StartupMode.SPECIFIC:
        if start.year is None or start.month is None or start.day is None:
            raise InvalidData("a specific start-up needs year, month and day")
        if not day_there_is(start.year, start.month, start.day):
            raise InvalidData("the calendar has no such day; an alarm on it would wake nobody")
        return replace(time, year=start.year, month=start.month, day=start.day)
    return time
