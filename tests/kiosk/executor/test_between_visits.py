"""What is left when a person has gone: nothing of theirs, and what acts comes to its end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kiosk.flow.effects import (
    ClosePayment,
    Note,
    Pay,
    PrintDocument,
    PrintSlip,
    ReadDocument,
    StopWaiting,
    Wipe,
)
from sync.records import Phase
from tests.kiosk.executor.acting import FILE
from tests.kiosk.program import BLOCKS, Program, body_of, origin


async def test_the_wipe_forgets_pictures_and_keys(program: Program) -> None:
    at = origin()
    await program.do(FILE, at)
    await program.do(Note("visit.ended", {}), at)
    await program.do(Wipe(at.visit), at)
    assert program.people.forgotten == 1
    assert all(record.body is None for record in program.records())


async def test_nothing_of_a_visit_is_left_in_the_executor(program: Program) -> None:
    program.world.bureau.pays = False
    at = origin()
    number = program.issue(Pay(("S1",), 5), at)
    while not any(o.effect_id == number for o in program.told):
        await asyncio.sleep(0)
    program.issue(ClosePayment(), at)
    await program.idle()
    executor = program.executor
    assert not executor._give_up
    assert not executor._in_hand
    assert not executor._acting
    assert not executor._waiting
    assert "李秀兰" not in repr(vars(executor))


async def test_a_payment_goes_on_to_its_end_after_the_person_has_gone(program: Program) -> None:
    program.world.bureau.pays = False
    at = origin()
    number = program.issue(Pay(("S1",), 5), at)
    while not any(o.effect_id == number for o in program.told):
        await asyncio.sleep(0)
    for effect in (StopWaiting(), Note("visit.ended", {}), Wipe(at.visit)):
        program.issue(effect, at)
    program.world.bureau.pays = True  # a phone was quicker
    await program.idle()
    (record,) = program.records("payment.create", Phase.OUTCOME)
    assert body_of(record)["state"] == "paid"
    await program.books.shred_finished()
    assert program.journal.visits_with_key() == set()


async def test_closing_stops_waiting_and_lets_what_acts_come_to_its_end(program: Program) -> None:
    program.issue(ReadDocument(), origin())
    printing = program.issue(PrintSlip(BLOCKS), origin())
    while not program.people.waiting:
        await asyncio.sleep(0)
    await program.executor.close()
    outcome = program.outcome(printing)
    assert outcome is not None
    assert outcome.data["outcome"] == "printed"


async def test_settling_goes_on_after_a_round_that_failed(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = 0
    settle = program.books.settle_receipts

    async def failing() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise ZeroDivisionError("a mistake of ours")
        await settle()

    monkeypatch.setattr(program.books, "settle_receipts", failing)
    job = await program.books.begin(
        "feedback.rate", {"item": "t", "level": 5, "reasons": []}, origin(), queue=True
    )
    program.world.deliver(program.journal)
    settling = asyncio.create_task(program.executor.keep_settling())
    while await program.books.unsettled():
        await asyncio.sleep(0)
    settling.cancel()
    history = program.journal.effect(job.key)
    assert history is not None
    assert history.settled
    assert rounds >= 2


async def test_what_was_acted_on_while_the_list_was_made_is_not_probed_from_the_stale_list(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow probe stands before it in the list; meanwhile the effect comes to its own end."""
    cabinet = program.world.cabinet
    slow = await program.books.begin("slip", {"blocks": []}, origin())
    gate, looking = asyncio.Event(), asyncio.Event()
    ask, printed = cabinet.print_result, cabinet.print_pdf

    async def slowly(role: str, key: str) -> Any:
        if key == slow.key:
            looking.set()
            await gate.wait()
        return await ask(role, key)

    monkeypatch.setattr(cabinet, "print_result", slowly)
    acting = asyncio.Event()

    async def acts(*arguments: Any) -> Any:
        await acting.wait()
        return await printed(*arguments)

    monkeypatch.setattr(cabinet, "print_pdf", acts)
    number = program.issue(PrintDocument("N1", 1), origin("certificate.iit-record"))
    while "before print_pdf" not in program.life.trail:
        await asyncio.sleep(0)
    resolving = asyncio.create_task(program.executor.resolve())
    await looking.wait()
    acting.set()
    while program.outcome(number) is None:
        await asyncio.sleep(0)
    gate.set()
    await resolving
    assert "before print_result" in program.life.trail
    assert program.life.trail.count("before print_result") == 1, "only the slip was asked about"
    assert await program.books.open_jobs() == []


async def test_the_power_must_stay_on_while_a_visitors_or_a_members_effect_is_under_way(
    program: Program,
) -> None:
    executor = program.executor
    assert not executor.busy
    program.issue(FILE, origin())
    assert executor.busy
    await program.idle()
    assert not executor.busy
    by_staff = asyncio.ensure_future(executor.by_staff(FILE.kind, FILE.data, origin()))
    await asyncio.sleep(0)
    assert executor.busy
    await by_staff
    assert not executor.busy
