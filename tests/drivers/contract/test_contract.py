"""What every driver keeps, each command of it, on its simulator and the real transport.

Whatever happens to the line in whichever place: the call ends by its deadline, with a result that is true or
with an error of ``drivers.errors``; paper moves at most once; and as soon as the device is well again, the next
command and a reset succeed.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.clock import Deadline
from drivers.devices import registry
from drivers.errors import DeviceError, DeviceNotReady
from drivers.ports import DeviceState
from tests.drivers.contract.cards import SmartCards
from tests.drivers.contract.faults import (
    SOUND,
    SPOILT,
    Bytewise,
    Combed,
    Deaf,
    Fault,
    Mute,
    PulledAtRequest,
    PulledInAnswer,
    Spoilt,
    Whenever,
)
from tests.drivers.contract.machines import Documents, Invoices, NetworkReceipts, SerialReceipts
from tests.drivers.contract.readers import FaceCamera, IdReader, Scanner
from tests.drivers.contract.scanners import MrzSwipes, Overhead, Scans
from tests.drivers.contract.subject import Subject
from tests.drivers.contract.vendors import VendorBarcodes, VendorCamera, VendorDocuments, VendorReceipts

SUBJECTS: tuple[type[Subject], ...] = (
    IdReader,
    Scanner,
    SerialReceipts,
    NetworkReceipts,
    Documents,
    Invoices,
    FaceCamera,
    VendorReceipts,
    VendorDocuments,
    VendorBarcodes,
    VendorCamera,
    SmartCards,
    Scans,
    Overhead,
    MrzSwipes,
)
GRACE_S = 1.0
"""For a loaded machine: a call may end so much later than its deadline."""
WELL_S = 8.0
"""For anything that works."""

every_command = pytest.mark.parametrize(
    ("kind", "name"),
    [pytest.param(kind, name, id=f"{kind.name}-{name}") for kind in SUBJECTS for name in kind.names()],
)
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
            _traffic[key] = await self.sound()
        return _traffic[key]

    async def under(
        self, fault: Fault | Callable[[Callable[[], object]], Fault], limit: float | None = None
    ) -> object:
        """The command under ``fault``; what it told, or the ``DeviceError`` it raised, or ``CANCELLED``."""
        await self.command.ready()
        told, moved = await self._run(fault, limit or self.subject.limit)
        self.subject.honest(told, moved)
        return told

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
        subject.tap.arm(fault if isinstance(fault, Fault) else fault(call.cancel))
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
async def bench(kind: type[Subject], name: str, directory: Path) -> AsyncIterator[Bench]:
    subject = kind(directory)
    await subject.start()
    try:
        await subject.device.open()
        yield Bench(subject, name)
    finally:
        await subject.device.close()
        await subject.stop()


def spread(count: int, most: int) -> Iterator[int]:
    """At most ``most`` of the numbers below ``count``: the first, the last, and evenly between."""
    if count <= most:
        return iter(range(count))
    return iter(sorted({round(n * (count - 1) / max(1, most - 1)) for n in range(most)}))


def test_every_registered_driver_is_in_this_suite() -> None:
    ours = {name for name in registry.names() if not _of_tests(name)}
    assert ours == {kind.name for kind in SUBJECTS}


def _of_tests(name: str) -> bool:
    """Whether another test has registered it in this process."""
    factory = registry._factories.get(name)
    return factory is not None and factory.__module__.startswith("tests.")


@pytest.mark.parametrize("kind", SUBJECTS, ids=lambda kind: kind.name)
async def test_every_command_of_a_driver_is_in_this_suite(kind: type[Subject], tmp_path: Path) -> None:
    subject = kind(tmp_path)
    await subject.start()
    try:
        assert set(subject.commands(subject.device)) == set(kind.names())
    finally:
        await subject.stop()


@pytest.mark.parametrize("kind", SUBJECTS, ids=lambda kind: kind.name)
async def test_the_registry_builds_a_driver_that_connects_and_obeys(
    kind: type[Subject], tmp_path: Path
) -> None:
    subject = kind(tmp_path)
    await subject.start()
    device = registry.create(kind.name, subject.options())
    assert type(device) is kind.driver
    try:
        await device.open()
        assert device.snapshot.device is DeviceState.ONLINE
        subject.device = device
        for command in subject.commands(device).values():
            await command.ready()
            hand = asyncio.ensure_future(command.hand())
            assert command.good(await command.call(Deadline.after(WELL_S)))
            await hand
    finally:
        await device.close()
        await subject.stop()


@pytest.mark.parametrize("kind", SUBJECTS, ids=lambda kind: kind.name)
async def test_a_device_that_is_not_there_is_told_at_once_and_found_later(
    kind: type[Subject], tmp_path: Path
) -> None:
    subject = kind(tmp_path)
    await subject.start()
    subject.tap.cut()
    try:
        with pytest.raises(DeviceNotReady):
            await subject.device.open()
        assert subject.device.snapshot.device in (DeviceState.NO_DEVICE, DeviceState.OFFLINE)
        await subject.tap.mend()
        await Bench(subject, "reset").well()
    finally:
        await subject.device.close()
        await subject.stop()


def _pulls(traffic: Traffic, most: int) -> Iterator[Fault]:
    for at in spread(traffic.requests, most):
        yield PulledAtRequest(at, arrives=False)
        yield PulledAtRequest(at, arrives=True)
    for at in spread(traffic.answers, most):
        yield PulledInAnswer(at)


@every_command
async def test_a_cable_pulled_anywhere_is_told_and_put_back_all_is_well(
    kind: type[Subject], name: str, tmp_path: Path
) -> None:
    async with bench(kind, name, tmp_path) as it:
        traffic = await it.traffic()
        subject = it.subject
        for fault in _pulls(traffic, subject.steps):
            told = await it.under(fault)
            if not subject.tap.is_cut:  # the command needed fewer steps this time
                assert it.good(told)
                continue
            if subject.holds_line:
                async with asyncio.timeout(WELL_S):
                    while subject.device.snapshot.device not in (DeviceState.NO_DEVICE, DeviceState.OFFLINE):
                        await asyncio.sleep(0.002)
            with pytest.raises(DeviceNotReady):
                async with asyncio.timeout(subject.limit + GRACE_S):
                    await it.command.call(Deadline.after(subject.limit))
            subject.tap.arm(SOUND)
            await subject.tap.mend()
            await it.well()


@every_command
async def test_a_silent_device_is_told_by_the_deadline_and_heard_again_later(
    kind: type[Subject], name: str, tmp_path: Path
) -> None:
    async with bench(kind, name, tmp_path) as it:
        traffic = await it.traffic()
        faults: list[Fault] = [Mute(after) for after in spread(traffic.answers, 2)]
        for fault in [Deaf(), *faults] if traffic.answers else []:
            await it.under(fault)
            await it.subject.resync()
            await it.well()


@pytest.mark.parametrize(
    ("kind", "name", "how"),
    [
        pytest.param(kind, name, how, id=f"{kind.name}-{name}-{how}")
        for kind in SUBJECTS
        for name in kind.names()
        for how in SPOILT
        if how not in kind.exempt
    ],
)
async def test_a_spoilt_answer_is_never_believed(
    kind: type[Subject], name: str, how: str, tmp_path: Path
) -> None:
    async with bench(kind, name, tmp_path) as it:
        traffic = await it.traffic()
        for at in spread(traffic.answers, it.subject.steps):
            told = await it.under(Spoilt(how, at))
            if how in kind.heals:
                assert it.good(told), f"answer {at}: {told!r}"
            await it.subject.resync()
            await it.found()
        await it.well()


@every_command
async def test_an_answer_that_comes_byte_by_byte_is_the_same_answer(
    kind: type[Subject], name: str, tmp_path: Path
) -> None:
    async with bench(kind, name, tmp_path) as it:
        told = await it.under(Bytewise(kind.singles), WELL_S)
        assert it.good(told), repr(told)
        await it.well()


@every_command
async def test_an_answer_split_anywhere_is_the_same_answer(
    kind: type[Subject], name: str, tmp_path: Path
) -> None:
    async with bench(kind, name, tmp_path) as it:
        traffic = await it.traffic()
        width = it.subject.piece
        for place in spread(min(width, traffic.longest - 1), it.subject.combs or width):
            told = await it.under(Combed(place + 1, width), WELL_S)
            assert it.good(told), f"pieces of {width} after one of {place + 1}: {told!r}"
        await it.well()


@every_command
async def test_a_command_cancelled_anywhere_ends_at_once_and_leaves_the_device_usable(
    kind: type[Subject], name: str, tmp_path: Path
) -> None:
    async with bench(kind, name, tmp_path) as it:
        traffic = await it.traffic()
        places = itertools.chain(
            ((at, False) for at in spread(traffic.requests, it.subject.steps)),
            ((at, True) for at in spread(traffic.answers, it.subject.steps)),
        )
        for at, answer in places:
            await it.under(lambda cancel, at=at, answer=answer: Whenever(at, cancel, answer=answer))  # type: ignore[misc]
            await it.well()
