"""The stamp unit on its serial line: one sheet, one impression, and a number by which it is known for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from config.clock import Clock, Deadline
from drivers.cabinet_ports import StampCounts
from drivers.devices.dispenser_exchange import Timings
from drivers.devices.frame_exchange import FrameExchange
from drivers.devices.moving_device import MovingDevice
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Probe, Traits
from drivers.errors import DeviceError, DeviceNotReady, HardwareFault, LinkLost, ProtocolError, SequenceError
from drivers.ports import DeviceState
from drivers.protocols import stamp as words
from drivers.protocols.dispenser import ACK, FIRST_SEQ, encode, first_body
from drivers.protocols.stamp import Ink, Result, Sensors, UnitState
from drivers.protocols.stamp_wire import StampWire
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink

_FAULTS: Final = {
    Result.EMPTY: ("noMedia", "there is no sheet in the stamp unit; put one in"),
    Result.NONE: ("noMedia", "no sheet lies under the stamp; put one in"),
    Result.INK: ("inkOut", "the stamp pad is empty; change it"),
    Result.COVER: ("coverOpen", "the stamp unit is open; close it"),
    Result.JAM: ("mediaJammed", "a sheet is jammed in the stamp unit; open it and take it out"),
}


class SerialStampUnit(MovingDevice):
    """Implements ``StampUnit``. A motion once begun runs to its end, whatever happens to its caller."""

    not_begun = "notBegun"

    def __init__(self, channel: Channel, clock: Clock, timings: Timings | None = None) -> None:
        self._timings = timings or Timings()
        exchange = FrameExchange("stampUnit", channel, self._timings, self._noticed, self._wait)
        super().__init__("stampUnit", "the stamp unit", clock, channel, exchange)
        self._sensors: Sensors | None = None

    async def counts(self, deadline: Deadline) -> StampCounts:
        """What the unit knows of itself, once it stands still: a head on its way down is no proof of anything."""

        async def look() -> Sensors:
            while True:
                async with self._lock:
                    found = await self._look()
                if found.state is not UnitState.BUSY:
                    return found
                await asyncio.sleep(self._timings.gap)

        found = await self._within(look, deadline)
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
            self._log.warning("the stamped sheet did not come out: %s", result)
            return
        raise HardwareFault(*_FAULTS[result])

    async def _look(self) -> Sensors:
        self._sensors = words.sensors(await self._exchange.command("S"))
        return self._sensors

    async def _greet(self) -> None:
        await self._introduced(words.identity)
        async with self._lock:
            await self._look()

    def _pause(self) -> float:
        return self._timings.poll

    async def _see(self) -> None:
        await self._look()
        self._show("polled")

    def _settled(self) -> None:
        self._show("pushed")

    def _broken(self, error: DeviceError) -> None:
        super()._broken(error)
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


def _who(answer: bytes) -> str | None:
    found = first_body(answer, words.identity)
    return None if found is None else f"stamp unit {found[0]}, serial {found[1]}, firmware {found[2]}"


def _is_one(answer: bytes) -> bool:
    """A dispenser tells who it is in the same words, but has other sensors."""
    return first_body(answer, words.sensors) is not None


_PROBE: Final = Probe(
    encode(FIRST_SEQ, "I"),
    _who,
    (19200, 38400, 9600),
    goodbye=bytes((ACK,)),
    proof=encode(FIRST_SEQ + 1, "S"),
    proven=_is_one,
)


@driver("stamp-serial", Traits(_PROBE, StampWire))
def _create(options: Options, clock: Clock) -> SerialStampUnit:
    link = SerialLink(options.text("port"), options.integer("baud", 19200, 1200, 921600))
    return SerialStampUnit(Channel(link, options.tap), clock)
