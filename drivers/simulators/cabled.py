"""What a simulated device at a network cable has: it can be pulled out, put back, and hang."""

from __future__ import annotations

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, Simulator, action


class Silent(Parameters):
    """``on`` keeps connections open and lets nothing come."""

    on: bool = True


class CabledSimulator(Simulator):
    """``stop`` and ``start`` are the cable: its address stays the same."""

    def __init__(self, name: str, pace: Pace) -> None:
        super().__init__(name, pace)
        self._silent = False

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
