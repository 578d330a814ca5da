"""The stamp unit on its serial line: one sheet, one impression, and a number by which it is known for ever."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeVar

from config.clock import Clock, Deadline
from drivers.cabinet_ports import StampCounts
from drivers.devices.dispenser_exchange import Timings
from drivers.devices.frame_exchange import FrameExchange
from drivers.devices.line_device import LineDevice
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    DeviceNotReady,
    HardwareFault,
    LinkLost,
    ProtocolError,
    SequenceError,
)
from drivers.ports import DeviceState
from drivers.protocols import stamp as words
from drivers.protocols.stamp import Ink, Result, Sensors, UnitState
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink

_T = TypeVar("_T")
_log = logging.getLogger("kiosk.devices.stampUnit")
_MISSES: Final = 2
_FAULTS: Final = {
    Result.EMPTY: ("noMedia", "there is no sheet in the stamp unit; put one in"),
    Result.NONE: ("noMedia", "no sheet lies under the stamp; put one in"),
    Result.INK: ("inkOut", "the stamp pad is empty; change it"),
    Result.COVER: ("coverOpen", "the stamp unit is open; close it"),
    Result.JAM: ("mediaJammed", "a sheet is jammed in the stamp unit; open it and take it out"),
}


class SerialStampUnit(LineDevice):
    """Implements ``StampUnit``. A motion once begun runs to its end, whatever happens to its caller."""

    def __init__(self, channel: Channel, clock: Clock, timings: Timings | None = None) -> None:
        super().__init__("stampUnit", clock, channel)
        self._timings = timings or Timings()
        self._exchange = FrameExchange("stampUnit", channel, self._timings, self._noticed, self._wait)
        self._lock = asyncio.Lock()
        self._sensors: Sensors | None = None
        self._motions: set[asyncio.Task[object]] = set()

    async def counts(self, deadline: Deadline) -> StampCounts:
        """What the unit knows of itself, once it stands still: a head on its way down is no proof of anything."""
        self._require()

        async def look() -> Sensors:
            while True:
                async with self._lock:
                    found = await self._look()
                if found.state is not UnitState.BUSY:
                    return found
                await asyncio.sleep(self._timings.gap)

        try:
            async with asyncio.timeout(deadline.remaining):
                found = await look()
        except TimeoutError:
            raise DeadlinePassed("the stamp unit did not answer in time") from None
        self._show("polled")
        return _counts(found)

    async def stamp(self, job: int, deadline: Deadline) -> StampCounts:
        """Stamp one sheet under ``job``; see ``StampUnit.stamp`` for what is raised."""
        command = words.stamping(job)
        return await self._motion(lambda: self._stamped(command, job), deadline)

    async def reset(self, deadline: Deadline) -> None:
        """Head up, sheet out; raise ``HardwareFault`` when a hand is needed."""

        async def work() -> None:
            await self._move("Z")
            await self._look()

        await self._motion(work, deadline)

    async def _stamped(self, command: str, job: int) -> StampCounts:
        before = await self._look()
        if job <= before.last_job:
            raise SequenceError(f"job {job} is not new: the unit has stamped {before.last_job}")
        try:
            if before.bed:  # left by a job that was cut off: nobody knows whether it is stamped
                await self._move("E")
            await self._move("F")
            await self._move(command)
            await self._move("E", after_stamp=True)
            return _counts(await self._look())
        except (DeviceNotReady, ProtocolError) as error:
            raise LinkLost(f"whether the stamp came down is not known; ask the unit ({error})") from error

    async def _move(self, command: str, *, after_stamp: bool = False) -> None:
        result = words.moved(await self._exchange.command(command), command)
        if result is Result.OK:
            return
        if result is Result.DONE:
            raise SequenceError("the unit has stamped this job before")
        if after_stamp:
            # The impression is made: what the sheet does now is the unit's state, and no failure of the job.
            _log.warning("the stamped sheet did not come out: %s", result)
            return
        raise HardwareFault(*_FAULTS[result])

    async def _motion(self, work: Callable[[], Awaitable[_T]], deadline: Deadline) -> _T:
        """Begin only while the caller waits."""
        self._require()
        try:
            async with asyncio.timeout(deadline.remaining):
                await self._lock.acquire()
        except TimeoutError:
            raise DeadlinePassed("the stamp unit was busy; nothing has moved", "notBegun") from None
        if deadline.passed:
            self._lock.release()
            raise DeadlinePassed("there was no time left; nothing has moved", "notBegun")
        task = asyncio.ensure_future(self._alone(work))
        self._motions.add(task)
        task.add_done_callback(self._ended)
        try:
            async with asyncio.timeout(deadline.remaining):
                return await asyncio.shield(task)
        except TimeoutError:
            raise DeadlinePassed("the motion takes longer than allowed; it goes on to its end") from None

    async def _alone(self, work: Callable[[], Awaitable[_T]]) -> _T:
        try:
            return await work()
        finally:
            self._lock.release()
            self._show("pushed")

    def _ended(self, task: asyncio.Task[_T]) -> None:
        self._motions.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            _log.warning("a motion ended with: %s", error)

    async def _look(self) -> Sensors:
        self._sensors = words.sensors(await self._exchange.command("S"))
        return self._sensors

    async def _greet(self) -> None:
        self._exchange.restart()
        try:
            words.identity(await self._exchange.command("I"))
        except ProtocolError:
            # The stored reply to an earlier program's command lay behind our SEQ; the next one is fresh.
            words.identity(await self._exchange.command("I"))
        async with self._lock:
            await self._look()

    async def _poll(self) -> None:
        misses = 0
        while True:
            await asyncio.sleep(self._timings.poll)
            try:
                async with self._lock:
                    await self._look()
                misses = 0
                self._show("polled")
            except (DeviceNotReady, ProtocolError) as error:
                misses += 1
                if misses >= _MISSES or isinstance(error, LinkLost):
                    raise

    def _received(self, data: bytes) -> None:
        self._exchange.received(data)

    def _broken(self, error: DeviceError) -> None:
        self._exchange.broken(error)
        self._sensors = None

    def _wait(self, body: str) -> float:
        return self._timings.motion if body[0] in words.MOTIONS else self._timings.reply

    def _noticed(self, body: str) -> None:
        """The cover was opened or closed; the next look brings the rest."""
        states = {"E|cover|open": UnitState.COVER, "E|cover|closed": UnitState.IDLE}
        if body not in states:
            raise ProtocolError("the stamp unit sent an event the protocol does not have; check its firmware")
        self._show("pushed", states[body])

    def _announce(self) -> None:
        self._show("polled")

    def _show(self, source: str, state: UnitState | None = None) -> None:
        sensors = self._sensors
        if not self._connected or sensors is None:
            return
        state = state or sensors.state
        device = {
            UnitState.IDLE: DeviceState.ONLINE,
            UnitState.BUSY: DeviceState.DEVICE_BUSY,
            UnitState.COVER: DeviceState.USER_ERROR,
        }.get(state, DeviceState.HARDWARE_ERROR)
        media = "jammed" if state is UnitState.JAM else "present" if sensors.bed else "notPresent"
        details = {
            "ink": {Ink.OK: "full", Ink.LOW: "low", Ink.OUT: "out"}[sensors.ink],
            "media": media,
            "cover": "open" if state is UnitState.COVER else "closed",
            "feeder": "notEmpty" if sensors.feeder else "empty",
            "impressions": sensors.impressions,
        }
        self._board.publish(device, {"stampUnit": details}, source)

    def _away(self) -> Mapping[str, object]:
        return {"stampUnit": dict.fromkeys(("ink", "media", "cover", "feeder"), "unknown")}


def _counts(found: Sensors) -> StampCounts:
    return StampCounts(found.impressions, found.last_job, found.bed)


@driver("stamp-serial")
def _create(options: Options, clock: Clock) -> SerialStampUnit:
    link = SerialLink(options.text("port"), options.integer("baud", 19200, 1200, 921600))
    return SerialStampUnit(Channel(link, options.tap), clock)
