"""What is sent to the centre: answered, refused, lost on the way, queued; and what cannot be written is not begun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from kiosk.domain.own_numbers import check_number
from kiosk.executor import ACCEPTANCE_TYPE
from kiosk.flow.effects import Pay, PrintDocument, PrintSlip, Submit
from sync.errors import BureauBusy, BureauDenied, BureauGarbled, BureauRejected
from sync.records import Phase
from tests.kiosk.executor.acting import DISPENSE, FILE, ended, silence
from tests.kiosk.program import BLOCKS, ISSUE, RESERVE, RETURN, Program, body_of, origin
from tests.kiosk.test_books import fill, pages


async def test_an_answered_submit_is_settled_with_its_answer(program: Program) -> None:
    outcome = await ended(program, FILE)
    assert (outcome.fault, outcome.data["state"], outcome.data["declaration"]) == ("", "accepted", "D1")
    (record,) = program.records("declaration.submit", Phase.OUTCOME)
    assert body_of(record)["declaration"] == "D1"
    assert await program.books.unsettled() == 0


async def test_a_refused_submit_is_settled_and_brings_the_words(program: Program) -> None:
    program.world.bureau.refused.add("declaration.submit")
    outcome = await ended(program, FILE)
    assert (outcome.fault, outcome.data["state"]) == ("", "refused")
    assert outcome.data["refusal"]["text"]["en-US"] == "no"
    assert await program.books.unsettled() == 0


async def test_an_answer_that_got_lost_is_asked_for_again_under_the_same_key(program: Program) -> None:
    program.world.bureau.lost["declaration.submit"] = 2
    outcome = await ended(program, FILE)
    assert outcome.data["state"] == "accepted"
    assert len(program.world.bureau.of("declaration.submit")) == 1


async def test_a_silent_submit_is_handed_over_with_our_own_number(program: Program) -> None:
    program.world.bureau.away = silence(doubtful=False)
    outcome = await ended(program, FILE)
    assert outcome.data["queued"]
    number = check_number(outcome.data["declaration"])
    assert (number.type, number.region) == (ACCEPTANCE_TYPE, f"{program.books.terminal_tag:04}")
    program.world.bureau.away = None
    (delivered,) = program.world.deliver(program.journal)
    assert delivered == outcome.data["key"]
    await program.books.settle_receipts()
    assert await program.books.unsettled() == 0
    assert program.records("declaration.submit", Phase.OUTCOME) == []


async def test_what_the_slip_says_about_the_moment_is_what_the_centre_reads_in_the_record(
    program: Program,
) -> None:
    program.world.bureau.away = silence()
    began = program.world.clock.now()
    outcome = await ended(program, FILE)
    assert program.world.clock.now() > began, "the terminal tried for some seconds"
    program.world.bureau.away = None
    program.world.deliver(program.journal)
    (body,) = program.world.bureau.of("declaration.submit")
    assert outcome.data["accepted_at"] == body.accepted_at.isoformat() == began.isoformat()


async def test_a_return_taken_offline_is_queued_in_one_commit_and_never_sent_by_the_core(
    program: Program,
) -> None:
    outcome = await ended(program, Submit("declaration.submit", RETURN, queue=True), offline=True)
    assert outcome.data["queued"]
    assert outcome.data["total_fen"] == RETURN["total_fen"]
    assert "before submit" not in program.life.trail
    assert program.life.trail[0] == "before declaration.submit.intent+declaration.submit.handover"


async def test_two_acceptances_of_a_day_have_two_numbers(program: Program) -> None:
    program.world.bureau.away = silence(doubtful=False)
    numbers = {(await ended(program, FILE)).data["declaration"] for _ in range(3)}
    assert len(numbers) == 3


async def test_an_acceptance_number_can_be_made_however_long_the_journal_is(program: Program) -> None:
    from dataclasses import replace

    job = await program.books.begin("declaration.submit", RETURN, origin())
    told = program.executor._accepted(replace(job, seq=123_456_789_012))
    assert check_number(told["declaration"]).sequence == 6_789_012


@pytest.mark.parametrize(
    ("kind", "data", "service"),
    [
        ("certificate.issue", ISSUE, "certificate.iit-record"),
        ("invoice.reserve", RESERVE, "invoice.collect"),
    ],
)
async def test_what_is_worth_nothing_later_is_abandoned_after_a_silence(
    program: Program, kind: str, data: Mapping[str, Any], service: str
) -> None:
    program.world.bureau.away = silence()
    outcome = await ended(program, Submit(kind, data), service)
    assert outcome.fault == "unreachable"
    assert await program.books.unsettled() == 0
    assert program.records(phase=Phase.HANDOVER) == []


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (BureauRejected(422, {"title": "no"}), "rejected"),
        (BureauDenied(403, {}), "rejected"),
        (BureauBusy(503), "busy"),
        (BureauGarbled("?"), "garbled"),
    ],
)
async def test_every_trouble_of_a_certificate_has_its_fault(program: Program, error: Any, fault: str) -> None:
    program.world.bureau.trouble["certificate.issue"] = [error] * 3
    outcome = await ended(program, Submit("certificate.issue", ISSUE), "certificate.iit-record")
    assert outcome.fault == fault
    assert await program.books.unsettled() == 0


@pytest.mark.parametrize(
    "effect",
    [
        FILE,
        Submit("declaration.submit", RETURN, queue=True),
        Pay(("S1",), 5),
        PrintDocument("N1", 1),
        PrintSlip(BLOCKS),
        DISPENSE,
    ],
    ids=lambda e: type(e).__name__ + ("-queued" if getattr(e, "queue", False) else ""),
)
async def test_on_a_full_disk_no_effect_is_begun_and_the_person_is_told(
    program: Program, effect: Any
) -> None:
    await fill(program)
    program.life.trail.clear()
    outcome = await ended(program, effect)
    assert outcome.fault == "internal"
    assert program.world.cabinet.motions == []
    assert program.world.bureau.bodies == {}
    assert [step for step in program.life.trail if ".intent" not in step] == []
    pages(program.journal, 1000)
    assert (await ended(program, PrintSlip(BLOCKS))).data["outcome"] == "printed"


@pytest.mark.parametrize("queue", [False, True])
async def test_an_effect_that_the_centre_could_not_read_is_told_and_not_waited_for(
    program: Program, queue: bool
) -> None:
    subject = {"person": {"kind": "martian", "number": "1", "name": "x", "evidence": "document"}}
    outcome = await ended(program, Submit("declaration.submit", RETURN, queue), subject=subject)
    assert outcome.fault == "internal"
    assert program.records() == []
