"""The simulated receipt printer: takes ESC/POS on a serial line and on TCP and lets the paper out as PNG."""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field

from drivers.simulators.base import Outcome, Pace, Parameters, action
from drivers.simulators.escpos_stream import Op
from drivers.simulators.paper_strip import PaperStrip
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_channels import Channel
from drivers.simulators.receipt_sensors import NEAR_END_MM, ROLL_MM, Sensors
from drivers.simulators.stream_printer import StreamPrinterSimulator

BAUD = 115200
BUFFER_BYTES = 64 * 1024
TCP_CHUNK = 4096
_IDENTITY = {
    1: b"\x20",
    2: b"\x02",
    3: b"\x01",
    65: b"_1.04\0",
    66: b"_YUNCHUAN\0",
    67: b"_TP-80K\0",
    68: b"_0007031\0",
}
_REPORTED = 0x0E
"""Bits of ``GS a`` that concern us: online, errors, paper."""


class Paper(Parameters):
    """The roll: ``full``, ``low`` or ``out``; or exactly ``mm`` left, so that it ends inside a job."""

    level: Literal["full", "low", "out"] = Field(
        "full", validation_alias=AliasChoices("level", "paper", "state")
    )
    mm: float | None = Field(None, ge=0, le=100_000)


class Jam(Parameters):
    """A jam now, or after ``after_mm`` more millimetres of paper; ``broken`` only a technician mends."""

    where: Literal["paper", "cutter", "overheat", "broken"] = "paper"
    after_mm: float | None = Field(None, ge=0)


class Stuck(Parameters):
    """The paper sensor says this whatever is true; null lets it work again."""

    paper: Literal["full", "low", "out"] | None


class Power(Parameters):
    """The mains switch: off loses buffer and settings, not paper."""

    state: Literal["on", "off"] = Field(validation_alias=AliasChoices("state", "power"))


class ReceiptPrinterSimulator(StreamPrinterSimulator):
    """80 mm thermal printer with cutter.

    Real-time questions are answered at once, also while it is offline; everything else waits in a buffer
    of 64 KiB and is printed at paper speed. When paper ends in the middle, the rest is printed on the next
    roll; a jam that staff clears loses what waited. ``baud`` paces the serial line. With ``input_bytes`` the
    buffer has that size and holds nobody back: what comes when it is full is lost and counted.
    """

    nothing_out = "nothing has been cut off yet; there is no slip to take"
    sensors: Sensors

    def __init__(
        self,
        link: Path,
        store: PrintedStore,
        pace: Pace,
        *,
        tcp_port: int = 0,
        baud: int | None = None,
        input_bytes: int | None = None,
        name: str = "receiptPrinter",
    ) -> None:
        super().__init__(name, link, store, pace, tcp_port=tcp_port, baud=baud, chunk=TCP_CHUNK)
        self.sensors = Sensors()
        self._strip = PaperStrip(name, store, self.sensors, pace)
        self._queue: deque[tuple[Channel, Op]] = deque()
        self._buffered = 0
        self._input = input_bytes
        self._reported = b""

    def state(self) -> dict[str, object]:
        """Sensors, buffer, what hangs out and what lies in the tray."""
        return {
            **self.printer_state(),
            "paper": self.sensors.paper,
            "rollMm": round(self.sensors.roll_mm),
            "buffered": self._buffered,
            "hangingDots": self._strip.dots,
        }

    # -- receiving ----------------------------------------------------------------------------------

    def heard(self, channel: Channel, data: bytes) -> None:
        """Answer real-time operations at once, queue the others."""
        if self.silent or not self._powered:
            return
        for op in channel.reader.feed(data):
            if op.name == "DLE EOT":
                answer = self.sensors.real_time(op.args[0])
                if answer is not None:
                    self._reply(channel, bytes([answer]))
            elif op.name == "DLE ENQ":
                self._recover(discard=op.args[0] == 2)
            elif op.name == "DLE DC4":
                if op.args[0] == 8:
                    self._discard()
            elif self._input is not None and self._buffered + op.size > self._input:
                self.lost += op.size
            else:
                self._queue.append((channel, op))
                self._buffered += op.size
        self.port.hold(self._buffered > BUFFER_BYTES)
        self._moved.set()

    async def room(self) -> None:
        """Wait until less than a full buffer is waiting."""
        while self._buffered > BUFFER_BYTES:
            await asyncio.sleep(0.01)

    def _recover(self, *, discard: bool) -> None:
        """``DLE ENQ``: a head that cooled down goes on; a jam needs hands first."""
        if discard:
            self._discard()
        if self.sensors.fault == "overheat":
            self.sensors.fault = None
        self._changed()

    def _discard(self) -> None:
        self._queue.clear()
        self._buffered = 0
        self._strip.initialise()
        self.port.hold(False)

    # -- printing -----------------------------------------------------------------------------------

    async def _print(self) -> None:
        while True:
            if not self._queue or self.sensors.offline or not self._powered:
                await self._stirred()
                continue
            channel, op = self._queue.popleft()
            await self._obey(channel, op)
            self._buffered = max(0, self._buffered - op.size)
            if self._buffered < BUFFER_BYTES // 2:
                self.port.hold(False)

    async def _obey(self, channel: Channel, op: Op) -> None:
        if op.name == "GS r":
            self._reply(channel, bytes([self.sensors.queued_paper() if op.args[0] in (1, 49) else 0]))
        elif op.name == "GS I":
            self._reply(channel, _IDENTITY.get(op.args[0], b""))
        elif op.name == "GS a":
            channel.automatic = op.args[0] & _REPORTED
            if channel.automatic:
                self._reply(channel, self.sensors.automatic())
                self._reported = self.sensors.automatic()
        else:
            await self._strip.obey(op, self._ready, self._changed)

    async def _ready(self) -> bool:
        """Wait while offline; False when what was being printed has been thrown away meanwhile."""
        generation = self._strip.generation
        while self.sensors.offline or not self._powered:
            await self._stirred()
        return generation == self._strip.generation

    def _changed(self) -> None:
        """Tell the hosts that asked for it, and let the mechanism look again."""
        report = self.sensors.automatic()
        if report != self._reported and self._powered:
            self._reported = report
            for channel in (self._serial, *self.tcp.channels):
                if channel.automatic:
                    self._reply(channel, report)
        self._moved.set()

    # -- hands --------------------------------------------------------------------------------------

    def clear_faults(self) -> None:
        """Staff: lid closed, jam removed, a new roll when there was none."""
        super().clear_faults()
        if self.sensors.fault is not None:
            self.sensors.fault = None
            self._discard()
            self._strip.tear("jammed")
        self._strip.jam_after = None
        self.sensors.stuck = None
        self.sensors.cover_open = False
        if self.sensors.paper != "full":
            self._new_roll(ROLL_MM)
        self._changed()

    def _new_roll(self, mm: float) -> None:
        if self.sensors.roll_mm <= 0 and mm > 0:
            self._strip.tear("ranOut")
        self.sensors.roll_mm = mm

    @action("paper", Paper)
    async def paper(self, what: Paper) -> Outcome:
        """Put another roll in."""
        level = {"full": ROLL_MM, "low": NEAR_END_MM / 2, "out": 0.0}[what.level]
        self._new_roll(level if what.mm is None else what.mm)
        self._changed()
        return {"paper": self.sensors.paper}

    @action("jam", Jam)
    async def jam(self, how: Jam) -> Outcome:
        """Jam now or a little later."""
        fault = {"paper": "paperJam", "cutter": "cutterJam"}.get(how.where, how.where)
        if how.after_mm is not None:
            self._strip.jam_after = (how.after_mm, fault)
            return {}
        self.sensors.fault = fault
        self._changed()
        return {}

    @action("stuck", Stuck)
    async def stuck(self, what: Stuck) -> Outcome:
        """Let the paper sensor lie."""
        self.sensors.stuck = what.paper
        self._changed()
        return {}

    @action("power", Power)
    async def power(self, what: Power) -> Outcome:
        """Switch it off or on."""
        self._powered = what.state == "on"
        self._discard()
        self._serial.reset()
        for channel in self.tcp.channels:
            channel.reset()
        self._reported = b""
        self._changed()
        return {}
