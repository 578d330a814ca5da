"""The line to an ESC/P printer: sends no faster than it is printed, stops when told, asks how the printer is."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from config.clock import Deadline
from drivers.devices.escpos_engine import StatusEngine, Timings
from drivers.errors import DeadlinePassed, HardwareFault
from drivers.protocols.escp_terms import fault
from drivers.protocols.escpos_status import PrinterFacts
from drivers.protocols.xon_xoff import FlowControl
from drivers.transports.serial import LINE_BITS

CHUNK: Final = 64
"""Bytes sent at once. Models say XOFF with 256 bytes of room left, so a chunk under way always fits."""


@dataclass(frozen=True, slots=True)
class Speed:
    """``baud`` of the serial line (None on a network), ``buffer_bytes`` and ``line_s`` of the printer."""

    baud: int | None
    buffer_bytes: int
    line_s: float


class PacedLine:
    """Keeps count of what the head has still to do. One printer, one job at a time.

    Args:
        engine: the back channel.
        speed: of line and printer.
        asks: whether the printer answers DLE EOT.
        stop_bit: whether its word that it stopped for want of paper is to be believed.
        ready: what its DSR line says now, None when there is no such line.
        timings: seconds, changed in tests only.
    """

    def __init__(
        self,
        engine: StatusEngine,
        speed: Speed,
        asks: bool,
        stop_bit: bool,
        ready: Callable[[], Awaitable[bool | None]],
        timings: Timings,
    ) -> None:
        self.flow = FlowControl()
        self._engine = engine
        self._speed = speed
        self._asks = asks
        self._stop_bit = stop_bit
        self._ready = ready
        self._timings = timings
        self._under_way: deque[tuple[float, int]] = deque()
        self._busy_until = 0.0

    def begin(self) -> None:
        """A new job: the printer has nothing to do, and room; a word to go on that was lost is not waited for."""
        self.flow.held = False
        self._under_way.clear()
        self._busy_until = 0.0

    @property
    def left_s(self) -> float:
        """Seconds until the head has done what was sent."""
        return max(0.0, self._busy_until - self._now)

    async def send(self, data: bytes, seconds: float, deadline: Deadline) -> PrinterFacts:
        """Send what takes the printer ``seconds``, when it has room; raise ``HardwareFault`` for what it reports."""
        await self._room(len(data), deadline)
        for start in range(0, len(data), CHUNK):
            await self._chunk(data[start : start + CHUNK], deadline)
        self._busy_until = max(self._busy_until, self._now) + seconds
        self._under_way.append((self._busy_until, len(data)))
        return await self.check(deadline)

    async def throw(self, data: bytes, deadline: Deadline) -> None:
        """Send a short order at once, whatever waits."""
        await self._engine.send(data, deadline)

    async def done(self, deadline: Deadline) -> None:
        """Wait until the head must have done everything, looking at the printer meanwhile."""
        while (left := self.left_s) > 0:
            await self._pause(left, deadline)

    async def ask(self, deadline: Deadline) -> PrinterFacts:
        """How the printer is: what its answers say, or its DSR line, or nothing at all."""
        if self._asks:
            return self._believed(await self._engine.refresh(deadline))
        ready = await self._ready()
        self._engine.facts = PrinterFacts(offline=None if ready is None else not ready)
        return self._engine.facts

    async def looked(self, deadline: Deadline) -> PrinterFacts:
        """The same, asked until it has told all that it is asked, or has not for ``Timings.stall``."""
        if not self._asks:
            return await self.ask(deadline)
        return self._believed(await self._engine.looked(deadline))

    async def check(self, deadline: Deadline) -> PrinterFacts:
        """How the printer is; raise ``HardwareFault`` for a fault that it confirms when asked again.

        Its answers are of four moments: a form of a stack that comes in between them looks like one.
        """
        facts = await self.looked(deadline)
        if not self._asks:
            return facts  # a DSR line that is down may only mean a full buffer
        if facts.complete and fault(facts) is not None:
            facts = await self.looked(deadline)
        code = fault(facts) if facts.complete else "deviceOffline"
        if code is not None:
            raise HardwareFault(code)
        return facts

    def _believed(self, facts: PrinterFacts) -> PrinterFacts:
        return facts if self._stop_bit else replace(facts, paper_stop=False)

    async def _room(self, size: int, deadline: Deadline) -> None:
        """Wait until the buffer can take ``size`` bytes more, by what the head must have done since."""
        while self._under_way:
            while self._under_way and self._under_way[0][0] <= self._now:
                self._under_way.popleft()
            if sum(n for _, n in self._under_way) + size <= self._speed.buffer_bytes or not self._under_way:
                return
            await self._pause(self._under_way[0][0] - self._now, deadline)

    async def _chunk(self, data: bytes, deadline: Deadline) -> None:
        await self._released(deadline)
        await self._engine.send(data, deadline)
        if self._speed.baud is not None:
            # Else the kernel takes it all at once, and a word to stop would come too late.
            await asyncio.sleep(len(data) * LINE_BITS / self._speed.baud)

    async def _released(self, deadline: Deadline) -> None:
        """Wait while the printer has no room: XOFF, or its DSR line is down."""
        since = self._now
        while self.flow.held or (not self._asks and await self._ready() is False):
            if self._now - since > self._timings.stall + self.left_s:
                raise HardwareFault("deviceOffline", "the printer takes no data; put it on line")
            await self._pause(self._timings.look, deadline)

    async def _pause(self, seconds: float, deadline: Deadline) -> None:
        """Wait at most ``seconds``, shorter when anything is heard; look at the printer when it has been quiet."""
        if deadline.passed:
            raise DeadlinePassed("the printer did not finish in time")
        if not await self._engine.stirred(min(seconds, self._timings.look), deadline):
            await self.check(deadline)

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()
