"""The paper-invoice dispenser on its serial line: moves one sheet at a time and never one twice."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from functools import partial

from config.clock import Clock, Deadline
from drivers.devices.dispenser_exchange import Exchange, Timings
from drivers.devices.dispenser_sheet import SheetRules, move_sheet
from drivers.devices.moving_device import MovingDevice
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Probe, Traits
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    DeviceNotReady,
    HardwareFault,
    InvalidData,
    LinkLost,
    ProtocolError,
    SequenceError,
)
from drivers.ports import DeviceState, DispensedItem, Media
from drivers.protocols import dispenser_replies as replies
from drivers.protocols.dispenser import ACK, FIRST_SEQ, encode, first_body
from drivers.protocols.dispenser_replies import Event, Identity, Move, Notice, Sensors, UnitState, UnitStock
from drivers.protocols.dispenser_wire import DispenserWire
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink

_NUMBER = re.compile(r"[0-9]{8}([0-9]{12})?", re.ASCII)
"""Numbers of paper invoices have 8 digits, those of the unified kind 20 (domain note, section 2.3)."""


class DispenserUnit(MovingDevice):
    """Implements ``InvoiceDispenser``.

    One lock serialises all commands. What moves paper runs in a task of its own that nobody cancels: when
    the caller gives up, the sheet is still brought to a known place, and told under ``last`` in ``sensors``.
    """

    def __init__(
        self,
        channel: Channel,
        clock: Clock,
        units: int = 2,
        rules: SheetRules | None = None,
        timings: Timings | None = None,
    ) -> None:
        self._units = {f"unit{n}": n for n in range(1, units + 1)}
        self._timings = timings or Timings()
        exchange = Exchange(channel, self._timings, self._noticed)
        super().__init__("invoiceDispenser", "the dispenser", clock, channel, exchange)
        self._rules = rules or SheetRules()
        self._identity: Identity | None = None
        self._sensors: Sensors | None = None
        self._stocks: dict[str, UnitStock] = {}
        self._last: DispensedItem | None = None
        self._held: Callable[[str, str | None], Awaitable[None]] | None = None
        self._tray_stir = asyncio.Event()

    async def dispense_one(self, unit: str, expected: str, deadline: Deadline) -> DispensedItem:
        """Feed one sheet of ``unit``, read its number, and bring it to the tray or the reject bin.

        Raise ``InvalidData`` (``invalidUnit``), ``HardwareFault`` (``empty``, ``jammed``) or ``UserFault``
        when nothing has moved; ``LinkLost`` or ``DeadlinePassed`` when the fate of the sheet is not known
        (yet): ask ``sensors``.
        """
        if unit not in self._units:
            raise InvalidData(f"the dispenser has no {unit}; it has {', '.join(self._units)}", "invalidUnit")
        if not _NUMBER.fullmatch(expected):
            raise InvalidData("an invoice number has 8 or 20 digits")
        return await self._motion(lambda: self._move(unit, expected), deadline)

    def on_held(self, listener: Callable[[str, str | None], Awaitable[None]]) -> None:
        """Await ``listener(unit, number read)`` for each sheet at the gate, before it goes on."""
        self._held = listener

    async def sensors(self, deadline: Deadline) -> Mapping[str, object]:
        """Counters and sensors: fed, exited, tray, rejected, per unit what lies in front."""
        return await self._within(self._look, deadline)

    async def present(self, deadline: Deadline) -> None:
        """Open the tray to the person; raise ``SequenceError`` with nothing in it."""
        await self._motion(self._open_tray, deadline)

    async def taken(self, deadline: Deadline) -> bool:
        """Wait for the tray to be emptied; False when the deadline passes with paper in it.

        Raise ``DeadlinePassed`` when the unit has not said by then what lies in the tray.
        """
        seen = False
        try:
            async with asyncio.timeout(deadline.remaining):
                while await self._tray_paper():
                    seen = True
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(self._timings.tray_poll):
                            await self._tray_stir.wait()
        except TimeoutError:
            if not seen:
                raise DeadlinePassed("the dispenser did not say in time what lies in its tray") from None
            return False
        return True

    async def retract(self, deadline: Deadline) -> int:
        """Take back what lies in the tray into the retract bin; the number of sheets moved."""
        return await self._motion(self._take_back, deadline)

    async def reset(self, deadline: Deadline) -> None:
        """Free the path and close the shutter.

        Raise ``HardwareFault`` when a hand is needed: ``jammed``, or ``rejectBinFull`` for what is to go there.
        """
        await self._motion(self._free_path, deadline)

    async def _move(self, name: str, expected: str) -> DispensedItem:
        unit, held = self._units[name], self._held
        self._last = None
        try:
            item = await move_sheet(
                self._exchange.command, unit, expected, self._rules, held and partial(held, name)
            )
        except (DeviceNotReady, ProtocolError) as error:
            raise LinkLost(f"what the dispenser did is not known; read its sensors ({error})") from error
        self._last = item
        # The sheet has arrived: that the unit falls silent now must not be told as "nothing has moved".
        with contextlib.suppress(DeviceError):
            await self._refresh(unit)
        return item

    async def _open_tray(self) -> None:
        if not (await self._read_sensors()).tray_paper:
            raise SequenceError("nothing lies in the tray; dispense first")
        replies.moved(await self._exchange.command("P"), "P")

    async def _take_back(self) -> int:
        before = await self._read_sensors()
        moved = replies.moved(await self._exchange.command("T"), "T")
        if moved.result is not Move.OK:
            code = "retractBinFull" if moved.result is Move.FULL else "mediaJammed"
            raise HardwareFault(
                code, f"the tray could not be emptied after {moved.count} sheets; see the guide"
            )
        after = await self._read_sensors()
        if after.retracted - before.retracted != moved.count:
            raise HardwareFault("countUncertain", "the retract bin counted otherwise; count its sheets")
        return moved.count

    async def _free_path(self) -> None:
        moved = replies.moved(await self._exchange.command("Z"), "Z")
        await self._read_sensors()
        if moved.result is Move.JAM:
            raise HardwareFault("jammed", "the path is not free; see the jam guide, then reset again")
        if moved.result is Move.FULL:
            raise HardwareFault("rejectBinFull", "the reject bin is full; empty it, then reset again")

    async def _greet(self) -> None:
        self._identity = await self._introduced(replies.identity)
        async with self._lock:
            await self._refresh()

    def _pause(self) -> float:
        return self._timings.poll

    async def _see(self) -> None:
        await self._refresh()
        self._show("polled")

    def _settled(self) -> None:
        self._show("pushed")

    async def _look(self) -> Mapping[str, object]:
        async with self._lock:
            await self._refresh()
        self._show("polled")
        sensors = self._sensors
        if sensors is None:
            raise LinkLost("the dispenser is not connected; check cable and power")
        return {
            **asdict(sensors),
            "serial": (self._identity.serial or None) if self._identity is not None else None,
            "state": sensors.state.value,
            "tray": "paper" if sensors.tray_paper else "empty",
            "shutter": "open" if sensors.shutter_open else "closed",
            "units": {
                name: {
                    "status": stock.stock.value,
                    "count": stock.count,
                    "code": stock.code,
                    "number": stock.number,
                }
                for name, stock in self._stocks.items()
            },
            "last": None if self._last is None else asdict(self._last),
        }

    async def _tray_paper(self) -> bool:
        self._require()
        self._tray_stir.clear()
        async with self._lock:
            return (await self._read_sensors()).tray_paper

    async def _read_sensors(self) -> Sensors:
        self._sensors = replies.sensors(await self._exchange.command("S"))
        return self._sensors

    async def _refresh(self, only: int | None = None) -> None:
        await self._read_sensors()
        for name, unit in self._units.items():
            if only in (None, unit):
                self._stocks[name] = replies.stock(await self._exchange.command(f"U{unit}"), unit)

    def _broken(self, error: DeviceError) -> None:
        super()._broken(error)
        self._sensors = None
        self._stocks.clear()
        self._tray_stir.set()

    def _noticed(self, notice: Notice) -> None:
        """The unit says something by itself; the next look at its sensors brings the rest."""
        self._tray_stir.set()
        cover = {Event.COVER_OPEN: UnitState.COVER, Event.COVER_CLOSED: UnitState.IDLE}.get(notice.event)
        if cover is not None and self._sensors is not None:
            self._show("pushed", cover)

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
        jammed = state is UnitState.JAM
        media = Media.PRESENT if sensors.tray_paper else Media.NOT_PRESENT
        details = {
            "transport": "inoperative" if jammed or state is UnitState.ERROR else "ok",
            "shutter": "open" if sensors.shutter_open else "closed",
            "outputPosition": "notEmpty" if sensors.tray_paper else "empty",
            "media": (Media.JAMMED if jammed else media).value,
            "cover": "open" if state is UnitState.COVER else "closed",
            "units": {name: stock.stock.value for name, stock in self._stocks.items()},
        }
        self._board.publish(device, {"invoiceDispenser": details}, source)

    def _away(self) -> Mapping[str, object]:
        words = ("transport", "shutter", "outputPosition", "media", "cover")
        units = dict.fromkeys(self._units, "unknown")
        return {"invoiceDispenser": dict.fromkeys(words, "unknown") | {"units": units}}


def _who(answer: bytes) -> str | None:
    found = first_body(answer, replies.identity)
    if found is None:
        return None
    return f"invoice dispenser {found.model}, serial {found.serial}, firmware {found.firmware}"


def _is_one(answer: bytes) -> bool:
    """A stamp unit tells who it is in the same words, but has other sensors."""
    return first_body(answer, replies.sensors) is not None


_PROBE = Probe(
    encode(FIRST_SEQ, "I"),
    _who,
    (38400, 115200, 9600),
    goodbye=bytes((ACK,)),
    proof=encode(FIRST_SEQ + 1, "S"),
    proven=_is_one,
)


@driver("invoice-dispenser-serial", Traits(_PROBE, DispenserWire))
def _create(options: Options, clock: Clock) -> DispenserUnit:
    link = SerialLink(options.text("port"), options.integer("baud", 38400, 1200, 921600))
    rules = SheetRules(options.integer("max_thickness_um", 0, 0, 5000))
    return DispenserUnit(Channel(link, options.tap), clock, options.integer("units", 2, 1, 9), rules)
