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
from drivers.binding.machine import ROOT
from drivers.devices import registry
from drivers.errors import DeviceNotReady
from drivers.ports import Device, DeviceState
from drivers.supervision import Policy
from tests.depth import WHOLE, some, spread
from tests.drivers.binding.sysfs import FakeMachine, Gadget
from tests.drivers.contract.bench import GRACE_S, WELL_S, Bench, Traffic, bench
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
FIRST_AND_LAST = 2
SOME_COMBS = 12
FILM_STEPS = 16
IN_TURN = 3
"""Each way to spoil an answer is tried at every so manieth command of a subject, another way beginning at another."""
_JAMS = 8
"""At so many requests of what moves paper the cable is pulled and the paper jams."""
_LATE = 8
"""At so many of the second half of what moves paper or money the cable is pulled."""


class Contract:
    """All promises, for the ``subjects`` of a subclass called ``Test…``: see README.md beside this file."""

    subjects: ClassVar[tuple[type[Subject], ...]] = ()

    def __init_subclass__(cls) -> None:
        """Leave out what no subject of the family can do: get another name at an address, jam without paper."""
        if not any(kind.node for kind in cls.subjects):
            cls.test_a_port_that_comes_back_under_another_name_is_found = None  # type: ignore[assignment, method-assign]
        if not any(kind.jams for kind in cls.subjects):
            cls.test_what_jams_behind_a_pulled_cable_is_never_told_as_out = None  # type: ignore[assignment, method-assign]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Each test once a subject; one that asks for ``name``, once a command; for ``how``, once a spoilt answer."""
        wanted = [word for word in ("kind", "name", "how") if word in metafunc.fixturenames]
        cases: list[tuple[Any, ...]] = [(kind,) for kind in self.subjects]
        if "name" in wanted:
            cases = [(*case, name) for case in cases for name in case[0].names()]
        if "machine" in metafunc.fixturenames:
            cases = [case for case in cases if case[0].node]
        if "jammed" in metafunc.fixturenames:
            cases = [case for case in cases if case[0].jams]
        if "how" in wanted:
            cases = [(*case, how) for case in cases for how in SPOILT if how not in case[0].exempt]
            cases = cases if WHOLE or recording() else _each_in_turn(cases)
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
            for fault in _pulls(traffic, _steps(subject), moves=bool(it.command.sheets)):
                told = await it.under(fault)
                if not subject.tap.is_cut:  # the command needed fewer steps this time
                    assert it.good(told)
                    continue
                if subject.holds_line and not (subject.closes and it.good(told)):
                    await _gone(subject.device)
                with pytest.raises(DeviceNotReady):
                    async with asyncio.timeout(subject.limit + GRACE_S):
                        await it.command.call(Deadline.after(subject.limit))
                subject.tap.arm(SOUND)
                await subject.tap.mend()
                await it.well()

    @pytest.fixture
    def machine(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
        """A machine in whose sockets nothing is yet."""
        monkeypatch.setenv(ROOT, str(tmp_path / "machine"))
        return FakeMachine(tmp_path / "machine")

    async def test_a_port_that_comes_back_under_another_name_is_found(
        self, kind: type[Subject], name: str, tmp_path: Path, machine: FakeMachine
    ) -> None:
        """The driver knows the socket alone; under the old name there is meanwhile something else."""
        subject = kind(tmp_path)
        await subject.start()
        options = dict(subject.options())
        end, options["port"] = Path(str(options["port"])), f"usb:{Gadget.vendor}:{Gadget.product}@1-1.4"
        machine.plug("1-1.4", kind.node.format(0), Gadget(), end, kind.node_class)
        subject.device = registry.create(kind.name, options)
        try:
            await subject.device.open()
            it = Bench(subject, name)
            await it.sound()
            subject.tap.cut()
            machine.unplug(kind.node.format(0), kind.node_class)
            (tmp_path / "another").touch()
            machine.plug("1-1.2", kind.node.format(0), Gadget(), tmp_path / "another", kind.node_class)
            await _gone(subject.device)
            with pytest.raises(DeviceNotReady):
                await it.command.call(Deadline.after(subject.limit))
            await subject.tap.mend()
            machine.plug("1-1.4", kind.node.format(1), Gadget(), end, kind.node_class)
            await it.well()
            keep(Case(kind.name, name, "renamed", 0, "done"))
        finally:
            await subject.device.close()
            await subject.stop()

    @pytest.fixture
    def jammed(self) -> list[int]:
        """How much had come out when the call was back, of each try."""
        return []

    async def test_what_jams_behind_a_pulled_cable_is_never_told_as_out(
        self, kind: type[Subject], tmp_path: Path, jammed: list[int]
    ) -> None:
        """A request that arrives is not yet a sheet: the machine may stop while nobody can ask it."""
        subject = kind(tmp_path)
        await subject.start()
        try:
            await subject.device.open()
            moving = [name for name in kind.names() if subject.commands(subject.device)[name].sheets]
            for it in (Bench(subject, name) for name in moving):
                for at in spread((await it.traffic()).requests, _JAMS):
                    jammed.append(await it.stuck(PulledAtRequest(at, arrives=True)))
                    if subject.tap.is_cut and subject.holds_line and not subject.closes:
                        await _gone(
                            subject.device
                        )  # else a line that is gone counts as there until it is used
                    await subject.tap.mend()
                    await it.well()
        finally:
            await subject.device.close()
            await subject.stop()
        assert 0 in jammed, "nothing was ever stopped: the test shows nothing"

    async def test_a_silent_device_is_told_by_the_deadline_and_heard_again_later(
        self, kind: type[Subject], name: str, tmp_path: Path
    ) -> None:
        async with bench(kind, name, tmp_path) as it:
            traffic = await it.traffic()
            faults: list[Fault] = [Deaf(), *(Mute(after) for after in spread(traffic.answers, 2))]
            for fault in some(faults, FIRST_AND_LAST) if traffic.answers else []:
                await it.under(fault)
                await it.subject.resync()
                await it.well()

    async def test_a_spoilt_answer_is_never_believed(
        self, kind: type[Subject], name: str, how: str, tmp_path: Path
    ) -> None:
        async with bench(kind, name, tmp_path) as it:
            traffic = await it.traffic()
            parts = range(Spoilt.PARTS if how == "flipped" else 1)
            for at, part in itertools.product(spread(traffic.answers, _places(it.subject)), parts):
                told = await it.under(Spoilt(how, at, part))
                if how in kind.heals:
                    assert it.good(told), f"answer {at}: {told!r}"
                await it.subject.resync()
                await it.found()
            await it.well()

    async def test_an_answer_that_comes_byte_by_byte_is_the_same_answer(
        self, kind: type[Subject], name: str, tmp_path: Path
    ) -> None:
        async with bench(kind, name, tmp_path, hurried=False) as it:
            told = await it.under(Bytewise(kind.singles), WELL_S)
            assert it.good(told), repr(told)
            await it.well()

    async def test_an_answer_split_anywhere_is_the_same_answer(
        self, kind: type[Subject], name: str, tmp_path: Path
    ) -> None:
        async with bench(kind, name, tmp_path, hurried=False) as it:
            traffic = await it.traffic()
            width = it.subject.piece
            if traffic.longest < 2:
                keep(Case(kind.name, name, "split", 0, "no answer has two bytes"))
            for place in spread(
                min(width, traffic.longest - 1),
                it.subject.combs or (width if WHOLE or recording() else SOME_COMBS),
            ):
                told = await it.under(Combed(place + 1, width), WELL_S)
                assert it.good(told), f"pieces of {width} after one of {place + 1}: {told!r}"
            await it.well()

    async def test_a_command_cancelled_anywhere_ends_at_once_and_leaves_the_device_usable(
        self, kind: type[Subject], name: str, tmp_path: Path
    ) -> None:
        async with bench(kind, name, tmp_path) as it:
            traffic = await it.traffic()
            places = itertools.chain(
                ((at, False) for at in spread(traffic.requests, _places(it.subject))),
                ((at, True) for at in spread(traffic.answers, _places(it.subject))),
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


async def _gone(device: Device) -> None:
    """Wait until it is told that the device is not there."""
    async with asyncio.timeout(WELL_S):
        while device.snapshot.device not in (DeviceState.NO_DEVICE, DeviceState.OFFLINE):
            await asyncio.sleep(0.002)


def _steps(subject: Subject) -> int:
    """How many steps of a command lose the cable: some, or every one; of a film, whose frames are alike, some more."""
    if not recording():
        return _places(subject)
    return FILM_STEPS if subject.combs else EVERY_STEP


def _places(subject: Subject) -> int:
    """At how many of a command's requests or answers each disturbance is tried."""
    return subject.steps if WHOLE or recording() else min(subject.steps, FIRST_AND_LAST)


def _each_in_turn(cases: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Of cases of subject, command and way to spoil an answer every third, so that each way meets each subject."""
    names = {kind: kind.names() for kind, *_ in cases}
    kept = []
    for kind, name, how in cases:
        turn = SPOILT.index(how) % min(IN_TURN, len(names[kind]))
        if names[kind].index(name) % IN_TURN == turn:
            kept.append((kind, name, how))
    return kept


def _pulls(traffic: Traffic, most: int, *, moves: bool) -> Iterator[Fault]:
    """The cable pulled at ``most`` of the requests and answers.

    Of a command that moves paper or money also at requests of its second half: there it is decided whether what is told
    of the sheet is true.
    """
    second_half = range(traffic.requests // 2, traffic.requests) if moves else ()
    late = second_half if recording() else some(second_half, _LATE)
    for at in sorted({*spread(traffic.requests, most), *late}):
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
