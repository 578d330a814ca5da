"""Readers, questions, timers and calls for help: what only waits, and leaves no record."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kiosk.effects.base import Origin
from kiosk.flow.effects import Ask, CallStaff, Issued, PrintSlip, ReadDocument, StopWaiting, Wait
from kiosk.flow.events import Outcome
from kiosk.kept import Kept
from sync.errors import BureauBusy, BureauGarbled, BureauRejected
from tests.kiosk.executor.acting import ended, silence
from tests.kiosk.program import BLOCKS, Program, origin


async def test_what_is_read_is_told_with_its_progress(program: Program) -> None:
    program.people.answers = [("", {"name": "李"})]
    outcome = await ended(program, ReadDocument())
    assert outcome.data == {"name": "李"}
    assert program.told[0].partial
    assert program.records() == []


async def test_stop_waiting_cancels_whoever_waits_for_a_person_and_nothing_else(program: Program) -> None:
    at = origin()
    waiting = [program.issue(effect, at) for effect in (ReadDocument(), ReadDocument())]
    printing = program.issue(PrintSlip(BLOCKS), at)
    while program.people.waiting < 2:
        await asyncio.sleep(0)
    program.issue(StopWaiting(), at)
    await program.idle()
    assert (program.people.waiting, program.people.cancelled) == (0, 2)
    assert [program.outcome(number) for number in waiting] == [None, None]
    assert program.outcome(printing) is not None


async def test_a_reader_that_is_stopped_before_it_began_leaves_nothing_behind(program: Program) -> None:
    program.issue(ReadDocument(), origin())
    program.issue(StopWaiting(), origin())
    await program.idle()
    assert program.people.cancelled == 0
    assert program.told == []


async def test_a_reader_that_breaks_is_told_and_not_waited_for(program: Program) -> None:
    program.people.answers = [ZeroDivisionError("a mistake of ours")]
    assert (await ended(program, ReadDocument())).fault == "internal"


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (silence(), "unreachable"),
        (BureauBusy(503), "busy"),
        (BureauGarbled("?"), "garbled"),
        (BureauRejected(400, {}), "rejected"),
        (ZeroDivisionError(), "internal"),
    ],
)
async def test_every_trouble_of_a_question_has_its_fault(program: Program, error: Any, fault: str) -> None:
    program.world.bureau.trouble["dues.list"] = [error]
    assert (await ended(program, Ask("dues.list"))).fault == fault


@pytest.mark.parametrize("cached", [True, False])
async def test_without_the_centre_a_service_that_may_goes_on_with_what_is_kept(
    program: Program, cached: bool
) -> None:
    moment = program.world.clock.now()
    kept = {"invoice.title": Kept({"name": "云"}, moment)}

    class Keeping:
        def find(self, query: str, params: dict[str, object], at: Origin) -> Kept | None:
            assert params == {"a": 1} and at.service == "invoice.title-code"
            return kept.get(query)

    program.executor._kept = Keeping()
    program.world.bureau.away = silence()
    at, told = origin("invoice.title-code"), []
    for number, query in enumerate(("invoice.title", "person.profile")):
        fields = {name: getattr(at, name) for name in Origin.__slots__}
        program.executor.issue(Issued(id=f"k{number}", effect=Ask(query, {"a": 1}), cached=cached, **fields))
        await program.idle()
        told.append(program.outcome(f"k{number}"))
    if cached:
        held = Outcome("k0", {"name": "云"}, kept_at=moment.isoformat())
        assert told == [held, Outcome("k1", {}, "notKept")]
    else:
        assert told == [Outcome("k0", {}, "unreachable"), Outcome("k1", {}, "unreachable")]


async def test_a_question_brings_its_data_and_leaves_no_record(program: Program) -> None:
    program.world.bureau.data["dues.list"] = {"dues": [], "total_fen": 0}
    assert (await ended(program, Ask("dues.list", {"a": 1}))).data == {"dues": [], "total_fen": 0}
    assert program.records() == []


async def test_a_timer_comes_back(program: Program) -> None:
    assert (await ended(program, Wait(7.0))).data == {}
    assert program.world.clock.passed == 7.0


async def test_calling_staff_leaves_no_outcome(program: Program) -> None:
    assert await program.do(CallStaff(), origin()) is None
