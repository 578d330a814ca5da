"""One subject at its tap: runs a command under a fault, and finds out whether all is well again."""

from __future__ import annotations

import asyncio
import contextlib
import enum
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from config.clock import Deadline
from drivers.errors import DeviceError, DeviceNotReady
from drivers.ports import DeviceState
from tests.drivers.contract.faults import SOUND, Fault, PulledAtRequest
from tests.drivers.contract.record import ANOTHER, Case, keep
from tests.drivers.contract.subject import Jams, Subject

GRACE_S = 1.0
"""For a loaded machine: a call may end so much later than its deadline."""
WELL_S = 8.0
"""For anything that works."""
CANCELLED = object()


@dataclass(frozen=True, slots=True)
class Traffic:
    """How much passed the tap in one undisturbed command."""

    requests: int
    answers: int
    longest: int


_traffic: dict[tuple[str, str], Traffic] = {}


class Bench:
    """One subject under test, and one command of it."""

    def __init__(self, subject: Subject, name: str) -> None:
        self.subject = subject
        self.name = name
        self.command = subject.commands(subject.device)[name]
        self._fault = SOUND

    async def sound(self) -> Traffic:
        """The command on a sound line: it must succeed, and exactly once."""
        await self.command.ready()
        told, moved = await self._run(SOUND, WELL_S)
        assert self.good(told), f"on a sound line: {told!r}"
        assert moved == self.command.sheets
        tap = self.subject.tap
        return Traffic(tap.requests, tap.answers, tap.longest)

    async def traffic(self) -> Traffic:
        """What an undisturbed command sends, measured once for all tests."""
        key = self.subject.name, self.name
        if key not in _traffic:
            _traffic[key] = found = await self.sound()
            assert self.subject.asks or not found.requests, "it is asked something after all"
            assert self.subject.answers or not found.answers, "it answers something after all"
        return _traffic[key]

    async def under(
        self, fault: Fault | Callable[[Callable[[], object]], Fault], limit: float | None = None
    ) -> object:
        """The command under ``fault``; what it told, or the ``DeviceError`` it raised, or ``CANCELLED``."""
        await self.command.ready()
        told, moved = await self._run(fault, limit or self.subject.limit)
        self.subject.honest(told, moved)
        outcome = self.outcome(told)
        keep(Case(self.subject.name, self.name, self._fault.family, self._fault.at, outcome))
        excused = self._fault.family in self.subject.unchecked
        assert outcome != ANOTHER or excused, (
            f"{self._fault.family} at {self._fault.at}: {told!r} was believed"
        )
        return told

    async def stuck(self, fault: PulledAtRequest) -> int:
        """The command under ``fault``, and the machine jams at the same moment; how much was out when it was told.

        What is told must be true then, and still be true when the jam is cleared and the machine has gone on.
        """
        subject = self.subject
        assert isinstance(subject, Jams), "asked of machines that can"
        await self.command.ready()
        before, jamming = subject.moved(self.name), []
        fault.then = lambda: jamming.append(asyncio.ensure_future(subject.jam()))
        subject.tap.arm(fault)
        call = asyncio.ensure_future(self.command.call(Deadline.after(subject.limit)))
        await asyncio.wait({call}, timeout=subject.limit + GRACE_S)
        assert call.done(), f"{self.name} was not back {GRACE_S} s after its deadline"
        (told,) = await asyncio.gather(call, return_exceptions=True)
        await asyncio.gather(*jamming)
        await subject.drawn()
        out = subject.moved(self.name) - before
        subject.honest(told, out)
        subject.tap.arm(SOUND)
        await subject.clear()
        await subject.still()
        subject.honest(told, subject.moved(self.name) - before)
        return out

    def outcome(self, told: object) -> str:
        """What a service would tell of it, in a word."""
        if told is CANCELLED:
            return "cancelled"
        if isinstance(told, DeviceError):
            return told.code or told.completion
        with contextlib.suppress(
            Exception
        ):  # a signature or certificate that cannot even be checked is not good
            if self.good(told):
                return "done"
        outcome = getattr(told, "outcome", None)
        return str(outcome.value) if isinstance(outcome, enum.Enum) else ANOTHER

    def good(self, told: object) -> bool:
        return not isinstance(told, DeviceError) and told is not CANCELLED and self.command.good(told)

    async def well(self) -> None:
        """The device is well: the driver must find that out, obey again at the first call, and reset."""
        device = self.subject.device
        await self.found()
        await self.subject.again()
        await self.sound()
        await device.reset(Deadline.after(WELL_S))
        assert device.snapshot.device is DeviceState.ONLINE

    async def found(self) -> None:
        """Wait until the driver is connected; polls are too seldom here to bring that about by themselves."""
        async with asyncio.timeout(WELL_S):
            while True:
                try:
                    return await self.subject.device.open()
                except DeviceNotReady:
                    await asyncio.sleep(0.02)

    async def _run(
        self, fault: Fault | Callable[[Callable[[], object]], Fault], limit: float
    ) -> tuple[object, int]:
        subject = self.subject
        before = subject.moved(self.name)
        deadline = Deadline.after(limit)
        call = asyncio.ensure_future(self.command.call(deadline))
        self._fault = fault if isinstance(fault, Fault) else fault(call.cancel)
        subject.tap.arm(self._fault)
        hand = asyncio.ensure_future(self.command.hand())
        await asyncio.wait({call}, timeout=limit + GRACE_S)
        hung = not call.done()
        for task in (call, hand):
            task.cancel()
        told, *_ = await asyncio.gather(call, hand, return_exceptions=True)
        if not subject.tap.is_cut:
            traffic = subject.tap.requests, subject.tap.answers, subject.tap.longest
            subject.tap.arm(SOUND)
            subject.tap.requests, subject.tap.answers, subject.tap.longest = traffic
        assert not hung, f"{self.name} was not back {GRACE_S} s after its deadline"
        if isinstance(told, asyncio.CancelledError):
            told = CANCELLED
        if isinstance(told, BaseException) and not isinstance(told, DeviceError):
            raise told
        await subject.still()
        return told, subject.moved(self.name) - before


@asynccontextmanager
async def bench(
    kind: type[Subject], name: str, directory: Path, *, hurried: bool = True
) -> AsyncIterator[Bench]:
    """A subject's bench; not ``hurried``: with the driver's own limits, where nothing is lost."""
    subject = kind(directory)
    subject.hurried = hurried
    await subject.start()
    try:
        await subject.device.open()
        yield Bench(subject, name)
    finally:
        await subject.device.close()
        await subject.stop()
