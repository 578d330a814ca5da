"""What every driver keeps, each command of it, on its simulator and the real transport.

Whatever happens to the line in whichever place: the call ends by its deadline, with a result that is true or
with an error of ``drivers.errors``; paper moves at most once; and as soon as the device is well again, the next
command and a reset succeed.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import pytest

from config.clock import Deadline
from drivers.devices import registry
from drivers.errors import DeviceNotReady
from drivers.ports import Device, DeviceState
from drivers.supervision import Policy
from tests.drivers.contract.bench import GRACE_S, WELL_S, Bench, Traffic, bench, spread
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
from tests.drivers.contract.record import Case, keep, recording
from tests.drivers.contract.subject import Subject

EVERY_STEP = 1_000
FILM_STEPS = 16


class Contract:
    """All promises, for the ``subjects`` of a subclass called ``Test…``: see README.md beside this file."""

    subjects: ClassVar[tuple[type[Subject], ...]] = ()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Each test once a subject; one that asks for ``name``, once a command; for ``how``, once a spoilt answer."""
        wanted = [word for word in ("kind", "name", "how") if word in metafunc.fixturenames]
        cases: list[tuple[Any, ...]] = [(kind,) for kind in self.subjects]
        if "name" in wanted:
            cases = [(*case, name) for case in cases for name in case[0].names()]
        if "how" in wanted:
            cases = [(*case, how) for case in cases for how in SPOILT if how not in case[0].exempt]
        ids = ["-".join((kind.name, *words)) for kind, *words in cases]
        metafunc.parametrize(wanted, cases, ids=ids)

    async def test_every_command_of_a_driver_is_in_this_suite(
        self, kind: type[Subject], tmp_path: Path
    ) -> None:
        subject = kind(tmp_path)
        await subject.start()
        try:
            assert set(subject.commands(subject.device)) == set(kind.names())
        finally:
            await subject.stop()

    async def test_the_registry_builds_a_driver_that_connects_obeys_and_gives_signs_of_life(
        self, kind: type[Subject], tmp_path: Path
    ) -> None:
        subject = kind(tmp_path)
        await subject.start()
        device = registry.create(kind.name, subject.options())
        assert type(device) is kind.driver
        try:
            await device.open()
            assert device.snapshot.device is DeviceState.ONLINE
            subject.device = device
            waited_in: list[object] = []
            for command in subject.commands(device).values():
                await command.ready()
                hand = asyncio.ensure_future(command.hand())
                assert command.good(await command.call(Deadline.after(WELL_S)))
                await hand
                if device.snapshot.details not in waited_in:
                    await _sign_of_life(device)
                    waited_in.append(device.snapshot.details)
        finally:
            await device.close()
            await subject.stop()

    async def test_a_device_that_is_not_there_is_told_at_once_and_found_later(
        self, kind: type[Subject], tmp_path: Path
    ) -> None:
        subject = kind(tmp_path)
        await subject.start()
        subject.tap.cut()
        try:
            with pytest.raises(DeviceNotReady) as told:
                await subject.device.open()
            keep(Case(kind.name, "open", "absent", 0, told.value.code or told.value.completion))
            assert subject.device.snapshot.device in (DeviceState.NO_DEVICE, DeviceState.OFFLINE)
            await subject.tap.mend()
            await Bench(subject, "reset").well()
        finally:
            await subject.device.close()
            await subject.stop()

    async def test_a_cable_pulled_anywhere_is_told_and_put_back_all_is_well(
        self, kind: type[Subject], name: str, tmp_path: Path
    ) -> None:
        async with bench(kind, name, tmp_path) as it:
            traffic = await it.traffic()
            subject = it.subject
            for fault in _pulls(traffic, _steps(subject)):
                told = await it.under(fault)
                if not subject.tap.is_cut:  # the command needed fewer steps this time
                    assert it.good(told)
                    continue
                if subject.holds_line:
                    async with asyncio.timeout(WELL_S):
                        while subject.device.snapshot.device not in (
                            DeviceState.NO_DEVICE,
                            DeviceState.OFFLINE,
                        ):
                            await asyncio.sleep(0.002)
                with pytest.raises(DeviceNotReady):
                    async with asyncio.timeout(subject.limit + GRACE_S):
                        await it.command.call(Deadline.after(subject.limit))
                subject.tap.arm(SOUND)
                await subject.tap.mend()
                await it.well()

    async def test_a_silent_device_is_told_by_the_deadline_and_heard_again_later(
        self, kind: type[Subject], name: str, tmp_path: Path
    ) -> None:
        async with bench(kind, name, tmp_path) as it:
            traffic = await it.traffic()
            faults: list[Fault] = [Mute(after) for after in spread(traffic.answers, 2)]
            for fault in [Deaf(), *faults] if traffic.answers else []:
                await it.under(fault)
                await it.subject.resync()
                await it.well()

    async def test_a_spoilt_answer_is_never_believed(
        self, kind: type[Subject], name: str, how: str, tmp_path: Path
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

    async def test_an_answer_that_comes_byte_by_byte_is_the_same_answer(
        self, kind: type[Subject], name: str, tmp_path: Path
    ) -> None:
        async with bench(kind, name, tmp_path) as it:
            told = await it.under(Bytewise(kind.singles), WELL_S)
            assert it.good(told), repr(told)
            await it.well()

    async def test_an_answer_split_anywhere_is_the_same_answer(
        self, kind: type[Subject], name: str, tmp_path: Path
    ) -> None:
        async with bench(kind, name, tmp_path) as it:
            traffic = await it.traffic()
            width = it.subject.piece
            if traffic.longest < 2:
                keep(Case(kind.name, name, "split", 0, "no answer has two bytes"))
            for place in spread(min(width, traffic.longest - 1), it.subject.combs or width):
                told = await it.under(Combed(place + 1, width), WELL_S)
                assert it.good(told), f"pieces of {width} after one of {place + 1}: {told!r}"
            await it.well()

    async def test_a_command_cancelled_anywhere_ends_at_once_and_leaves_the_device_usable(
        self, kind: type[Subject], name: str, tmp_path: Path
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


async def _sign_of_life(device: Device) -> None:
    """Left alone, in whatever state the command has left it, it says again how it is before nobody believes it any more."""
    last = device.snapshot.observed_at
    async with asyncio.timeout(Policy().max_age_s):
        while last is not None and device.snapshot.observed_at == last:
            await asyncio.sleep(0.01)


def _steps(subject: Subject) -> int:
    """How many steps of a command lose the cable: some, or every one; of a film, whose frames are alike, some more."""
    if not recording():
        return subject.steps
    return FILM_STEPS if subject.combs else EVERY_STEP


def _pulls(traffic: Traffic, most: int) -> Iterator[Fault]:
    for at in spread(traffic.requests, most):
        yield PulledAtRequest(at, arrives=False)
        yield PulledAtRequest(at, arrives=True)
    for at in spread(traffic.answers, most):
        yield PulledInAnswer(at)


def subjects() -> list[type[Subject]]:
    """The subjects of all families, by name."""
    for file in Path(__file__).parent.glob("test_*.py"):
        import_module(f"{__package__}.{file.stem}")
    found = [kind for family in Contract.__subclasses__() for kind in family.subjects]
    return sorted(found, key=lambda kind: kind.name)
