"""What every simulated device on a line of bytes shares: a line that can lie."""

from __future__ import annotations

import asyncio
import random
from abc import abstractmethod
from collections.abc import Coroutine
from typing import Literal

from pydantic import Field

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, Simulator, action, log
from drivers.simulators.link_faults import LinkFault, LinkFaults, spoilt


class Garbage(Parameters):
    """Random bytes; ``when`` = ``now`` sends them at once, ``reply`` before the next answer."""

    count: int = Field(24, ge=1, le=4096)
    when: Literal["now", "reply"] = "now"
    seed: int = 0


class Silent(Parameters):
    """``on`` makes the device deaf and dumb though its cable is in."""

    on: bool = True


class LineSimulator(Simulator):
    """A device that answers through ``send``; subclasses say in ``put`` how bytes get on their line."""

    def __init__(self, name: str, pace: Pace) -> None:
        super().__init__(name, pace)
        self.silent = False
        self._faults = LinkFaults()
        self._prefix = b""
        self._tasks: set[asyncio.Task[None]] = set()

    @abstractmethod
    def put(self, data: bytes) -> None:
        """Put bytes on the line as they are."""

    async def stop(self) -> None:
        """End what is under way."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run ``work`` beside the line; it is cancelled when the simulator stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("%s failed", self.name, exc_info=task.exception())

    def send(self, data: bytes) -> None:
        """Answer the host, through whatever faults the line has now."""
        if self.silent:
            return
        data, self._prefix = self._prefix + data, b""
        fault = self._faults.take()
        if fault is None:
            self.put(data)
        else:
            self.spawn(self._send_badly(fault, data))

    async def _send_badly(self, fault: LinkFault, data: bytes) -> None:
        async for piece in spoilt(fault, data):
            self.put(piece)

    def line_state(self) -> dict[str, object]:
        """The part of the state that all lines show."""
        return {
            "silent": self.silent,
            "linkFaults": self._faults.told(),
        }

    def clear_faults(self) -> None:
        """Take back every injected fault; subclasses add their own."""
        self.silent = False
        self._faults.clear()
        self._prefix = b""

    @action("silent", Silent)
    async def go_silent(self, how: Silent) -> Outcome:
        """Answer nothing any more (``on``), or speak again."""
        self.silent = how.on
        return {}

    @action("garbage", Garbage)
    async def garbage(self, what: Garbage) -> Outcome:
        """Put random bytes on the line."""
        data = random.Random(what.seed).randbytes(what.count)
        if what.when == "now":
            self.put(data)
        else:
            self._prefix = data
        return {"bytes": what.count}

    @action("link", LinkFault)
    async def link_fault(self, fault: LinkFault) -> Outcome:
        """Spoil the next answers."""
        self._faults.add(fault)
        return {}

    @action("clear", NoParameters)
    async def clear(self, _: NoParameters) -> Outcome:
        """Take back every injected fault."""
        self.clear_faults()
        return {}
