"""What comes out of the machine: invoices, certificates and slips, also when a line breaks in the middle."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.own_numbers import check_number
from kiosk.executor import ACCEPTANCE_TYPE
from kiosk.flow.effects import Dispense, PrintDocument, PrintSlip, Submit
from sync.errors import BureauDenied, BureauRejected
from sync.records import Phase
from tests.kiosk.executor.acting import DISPENSE, ended, silence
from tests.kiosk.program import BLOCKS, RESERVE, Program, body_of, origin


async def test_the_movement_of_the_ledger_is_the_number_of_a_collection(program: Program) -> None:
    reserved = await program.do(Submit("invoice.reserve", RESERVE), origin("invoice.collect"))
    assert reserved is not None
    told = reserved.data
    effect = Dispense(told["reservation"], told["code"], told["first"], told["last"], "unit1")
    outcome = await ended(program, effect, "invoice.collect")
    assert (outcome.data["delivered"], outcome.data["movement"]) == (3, "M2")
    (commit,) = program.world.bureau.of("invoice.commit")
    assert outcome.data["key"] == commit.key, "what the slip's code leads to is known at the centre"
    assert await program.books.unsettled() == 0


async def test_a_commit_in_silence_is_handed_over_and_its_acceptance_number_is_shown(
    program: Program,
) -> None:
    program.world.bureau.away = silence(doubtful=False)
    outcome = await ended(program, DISPENSE, "invoice.collect")
    assert outcome.data["delivered"] == 3
    assert check_number(outcome.data["movement"]).type == ACCEPTANCE_TYPE
    assert program.world.cabinet.motions[-1][0] == "present"
    program.world.bureau.away = None
    assert program.world.deliver(program.journal) == [outcome.data["commit_key"]]
    (commit,) = program.world.bureau.of("invoice.commit")
    assert commit.data["delivered"] == [{"first": "00004801", "last": "00004803"}]


@pytest.mark.parametrize("error", [BureauRejected(422, {}), BureauDenied(403, {})])
async def test_a_commit_that_the_centre_rejects_is_kept_for_a_person_to_look_at(
    program: Program, error: Any
) -> None:
    program.world.bureau.trouble["invoice.commit"] = [error]
    outcome = await ended(program, DISPENSE, "invoice.collect")
    assert outcome.data["delivered"] == 3
    assert len(program.records("invoice.commit", Phase.HANDOVER)) == 1
    assert await program.books.unsettled_collection()


async def test_a_commit_that_breaks_does_not_take_the_outcome_of_the_sheets_with_it(program: Program) -> None:
    program.world.bureau.trouble["invoice.commit"] = [ZeroDivisionError("a mistake of ours")]  # type: ignore[list-item]
    outcome = await ended(program, DISPENSE, "invoice.collect")
    assert (outcome.fault, outcome.data["delivered"], outcome.data["movement"]) == ("", 3, "")
    await program.executor.resolve()
    assert len(program.world.bureau.of("invoice.commit")) == 1
    assert await program.books.unsettled() == 0


async def test_each_sheet_is_told_as_it_comes_and_what_belongs_to_the_centre_is_not(program: Program) -> None:
    await ended(program, DISPENSE, "invoice.collect")
    partial = [o.data for o in program.told if o.partial]
    assert [p.get("expected") for p in partial] == ["00004801", "00004802", "00004803", None]
    assert partial[-1] == {"state": "take"}


async def test_a_jam_tells_what_came_and_commits_it(program: Program) -> None:
    program.world.cabinet.jam_at = 2
    outcome = await ended(program, DISPENSE, "invoice.collect")
    assert (outcome.data["delivered"], outcome.data["cause"]) == (1, "mediaJammed")
    (commit,) = program.world.bureau.of("invoice.commit")
    for part in ("delivered", "quarantined", "released"):
        assert len(commit.data[part]) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("call", ["dispense", "present", "taken", "retract"])
async def test_a_line_that_breaks_in_the_middle_is_settled_by_the_machine_s_record(
    program: Program, call: str
) -> None:
    cabinet = program.world.cabinet
    cabinet.takes = call != "retract"
    cabinet.mute = {call}
    outcome = await ended(program, DISPENSE, "invoice.collect")
    assert outcome.fault == ""
    delivered = 0 if call == "retract" else 3
    assert outcome.data["delivered"] == delivered
    (commit,) = program.world.bureau.of("invoice.commit")
    assert bool(commit.data["delivered"]) == bool(delivered)
    assert len([m for m in cabinet.motions if m[0] == "feed"]) == 3


async def test_a_printed_certificate_is_reported_by_sync(program: Program) -> None:
    outcome = await ended(program, PrintDocument("N1", 1), "certificate.iit-record")
    assert outcome.data["outcome"] == "printed"
    program.world.deliver(program.journal)
    (report,) = program.world.bureau.of("certificate.printed")
    assert report.data == {"number": "N1", "outcome": "printed", "job": outcome.data["key"]}


async def test_a_file_that_cannot_be_fetched_was_not_printed(program: Program) -> None:
    program.world.bureau.trouble["document"] = [silence()]
    outcome = await ended(program, PrintDocument("N1", 1), "certificate.iit-record")
    assert (outcome.data["outcome"], outcome.data["error"]) == ("notPrinted", "unreachable")
    assert program.world.cabinet.motions == []


@pytest.mark.parametrize("effect", [PrintDocument("N1", 1), PrintSlip(BLOCKS)], ids=["document", "slip"])
async def test_an_effect_that_breaks_is_told_as_in_doubt_and_settled_by_its_probe(
    program: Program, effect: Any
) -> None:
    cabinet = program.world.cabinet
    cabinet.breaks = {"print", "slip"}
    outcome = await ended(program, effect, "certificate.iit-record")
    (job,) = await program.books.open_jobs()
    assert (outcome.fault, outcome.data) == ("in-doubt", {"key": job.key})
    await program.executor.resolve()
    (record,) = program.records(job.kind, Phase.OUTCOME)
    assert body_of(record)["outcome"] == "notPrinted"
    assert await program.books.open_jobs() == []


async def test_a_slip_that_is_not_kept_is_printed_whole_and_no_record_holds_what_it_says(
    program: Program,
) -> None:
    outcome = await ended(program, PrintSlip(BLOCKS, kept=False), "tools.calculate")
    assert outcome.data["outcome"] == "printed"
    assert program.world.cabinet.slips == [list(BLOCKS)]
    (intent,) = program.records("slip", Phase.INTENT)
    assert set(body_of(intent)["data"]) == {"sha256", "reprint"}
    told = [str(body_of(record)) for record in program.records() if record.body is not None]
    assert told and not any("姓名" in body for body in told)


async def test_a_slip_that_is_not_kept_is_settled_by_its_probe_and_never_printed_again(
    program: Program,
) -> None:
    program.world.cabinet.breaks = {"slip"}
    await ended(program, PrintSlip(BLOCKS, kept=False), "tools.calculate")
    assert len(await program.books.open_jobs()) == 1
    await program.executor.resolve()
    assert await program.books.open_jobs() == []
    assert len(program.world.cabinet.slips) == 1


async def test_a_printer_that_cannot_be_asked_stays_in_doubt_and_is_asked_again_after_a_while(
    program: Program,
) -> None:
    cabinet = program.world.cabinet
    cabinet.away = True
    outcome = await ended(program, PrintDocument("N1", 1), "certificate.iit-record")
    assert outcome.fault == "in-doubt"
    await program.executor.resolve()
    cabinet.away = False
    before = len(program.life.trail)
    await program.executor.resolve()
    assert len(program.life.trail) == before, "not asked again at once"
    program.world.clock.passed += 60
    await program.executor.resolve()
    assert await program.books.open_jobs() == []
