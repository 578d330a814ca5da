"""What a simulated device at a network cable has: it can be pulled out, put back, hang, and lie."""

from __future__ import annotations

import asyncio

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, Simulator, action
from drivers.simulators.link_faults import SEGMENTS, LinkFault, LinkFaults, spoilt


class Silent(Parameters):
    """``on`` keeps connections open and lets nothing come."""

    on: bool = True


class CabledSimulator(Simulator):
    """``stop`` and ``start`` are the cable: its address stays the same."""

    def __init__(self, name: str, pace: Pace) -> None:
        super().__init__(name, pace)
        self._silent = False
        self._faults = LinkFaults()

    async def answer(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        """Send ``data`` through whatever fault the connection has now; one that is cut off ends with it."""
        fault = self._faults.take()
        async for piece in spoilt(fault, data, SEGMENTS):
            writer.write(piece)
            await writer.drain()
        if fault is not None and fault.fault == "cut":
            writer.close()
            raise ConnectionAbortedError("cut off by a fault")

    def clear_link(self) -> None:
        """Speak again, and truly."""
        self._silent = False
        self._faults.clear()

    @action("link", LinkFault)
    async def link_fault(self, fault: LinkFault) -> Outcome:
        """Spoil the next answers."""
        self._faults.add(fault)
        return {}

    @action("silent", Silent)
    async def go_silent(self, how: Silent) -> Outcome:
        """Hang: connections stand, nothing comes."""
        self._silent = how.on
        return {}

    @action("unplug", NoParameters)
    async def unplug(self, _: NoParameters) -> Outcome:
        """Pull the cable."""
        await self.stop()
        return {}

    @action("replug", NoParameters)
    async def replug(self, _: NoParameters) -> Outcome:
        """Put it back in, at the same address."""
        await self.start()
        return {}
