from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from kiosk.books import CENTRE_KINDS, ENDED
from kiosk.effects.base import Owed
from kiosk.flow.effects import Note, PrintDocument, Wipe
from sync.errors import StoreFull
from sync.journal import Journal
from sync.journal.reader import JournalReader
from sync.models import EffectAnswer, EffectBody, EffectState
from sync.records import Phase
from tests.kiosk.doubles import CODE
from tests.kiosk.program import ISSUE, RETURN, TAXPAYER, Program, World, body_of, origin, visit, world

PRINT = {"number": "N1", "pages": 1}
RANGE = {"reservation": "R1", "code": CODE, "first": "00004801", "last": "00004803", "unit": "unit1"}
RATING = {"item": "t", "level": 5, "reasons": []}
COMMIT = {"reservation": "R1", "code": CODE, "delivered": [], "released": [], "cause": None}

STOCK_IN = {"note": "KSN1:A", "taken": [], "short": [], "operator": "a", "witness": "b"}


@pytest.fixture
def w() -> Iterator[World]:
    with world() as made:
        yield made


@pytest.fixture
def program(w: World) -> Iterator[Program]:
    with Program(w) as made:
        yield made


def commits(program: Program) -> list[str]:
    """What was committed so far, each commit as ``kind.phase+kind.phase``."""
    return [step.removeprefix("after ") for step in program.life.trail if step.startswith("after ")]


async def test_what_is_queued_is_sync_s_from_the_very_commit_that_begins_it(program: Program) -> None:
    job = await program.books.begin("feedback.rate", RATING, origin(), queue=True)
    assert commits(program) == ["feedback.rate.intent+feedback.rate.handover"]
    assert await program.books.open_jobs() == []
    assert program.world.deliver(program.journal) == [job.key]


async def test_an_outcome_and_what_it_owes_are_one_commit(program: Program) -> None:
    job = await program.books.begin("dispense", RANGE, origin())
    owed = [Owed("invoice.commit", COMMIT, queue=False), Owed("feedback.rate", RATING)]
    further = await program.books.end(job, {"delivered": 3}, owed)
    assert commits(program)[1:] == [
        "dispense.outcome+dispense.settled+invoice.commit.intent+feedback.rate.intent+feedback.rate.handover"
    ]
    assert [j.kind for j in further] == ["invoice.commit"], "what is queued is not ours to send"


async def test_what_staff_did_is_delivered_in_its_order_over_visits(program: Program) -> None:
    """Stock that was taken up and handed out again by another shift: the centre hears of it in that order."""
    for way, owed in (("in", STOCK_IN), ("out", {"note": "KSN1:B"})):
        staff = replace(origin(), service="staff", subject={})
        job = await program.books.begin(f"units.{way}", {}, staff)
        await program.books.end(job, {}, [Owed(f"stock.{way}", owed)])
    await program.books.begin("feedback.rate", RATING, origin(), queue=True)
    reader = JournalReader(program.world.terminal.journal_path)
    tags = {row.kind: row.order_tag for row in reader.rows(0)}
    reader.close()
    assert tags["stock.in"] == tags["stock.out"] != tags["feedback.rate"]


async def test_whether_stock_left_is_known_after_its_visits_key_is_gone(program: Program) -> None:
    staff, books = replace(origin(), service="staff", subject={}), program.books
    job = await books.begin("units.out", {"units": ["unit1"]}, staff)
    assert await books.is_open("units.out", "units.in")
    assert not await books.began("stock.out", staff.transaction)
    await books.end(job, {}, [Owed("stock.out", {"note": "KSN1:B"})])
    await books.shred(staff.visit)
    assert program.journal.visits_with_key() == set()
    assert await books.began("stock.out", staff.transaction)
    assert not await books.began("stock.out", origin().transaction)
    assert not await books.is_open("units.out", "units.in")


async def test_nothing_of_a_commit_is_written_when_one_of_its_records_cannot_be(program: Program) -> None:
    job = await program.books.begin("print", PRINT, origin())
    before = len(program.records())
    with pytest.raises(ValidationError):
        await program.books.end(job, {"outcome": "printed"}, [Owed("certificate.printed", {1: object()})])  # type: ignore[dict-item]
    assert len(program.records()) == before
    assert [j.key for j in await program.books.open_jobs()] == [job.key]


async def test_an_effect_that_the_centre_could_not_read_is_never_begun(program: Program) -> None:
    wrong = origin(subject={"person": None, "taxpayer": TAXPAYER, "role": "emperor"})
    with pytest.raises(ValidationError):
        await program.books.begin("declaration.submit", RETURN, wrong)
    assert program.records() == []


async def test_what_a_job_owes_after_a_restart_is_for_the_same_person_enterprise_and_service(
    w: World,
) -> None:
    at = origin("invoice.collect", lang="en-US", offline=True)
    with Program(w) as before:
        await before.books.begin("dispense", RANGE, at)
    with Program(w) as after:
        (job,) = await after.books.open_jobs()
        assert (job.data, job.origin) == (RANGE, at)
        (commit,) = await after.books.end(job, {}, [Owed("invoice.commit", COMMIT, queue=False)])
        w.bureau.take(commit.record.envelope)
        (body,) = w.bureau.of("invoice.commit")
        expected = EffectBody.model_validate(
            {
                **body.model_dump(),
                "subject": at.subject,
                "service": at.service,
                "service_hash": at.service_hash,
            }
        )
        assert body == expected
        assert (body.lang, body.offline) == ("en-US", True)


async def test_every_kind_of_the_centre_and_no_other_is_checked_as_its_own() -> None:
    assert {"invoice.commit", "payment.close", "declaration.submit"} <= CENTRE_KINDS
    assert not {"print", "slip", "dispense"} & CENTRE_KINDS


async def test_the_moment_of_acceptance_is_the_moment_it_was_journalled(program: Program) -> None:
    job = await program.books.begin("declaration.submit", RETURN, origin())
    (intent,) = program.records("declaration.submit")
    assert job.accepted_at == body_of(intent)["accepted_at"] == program.world.clock.now().isoformat()


# --- receipts ------------------------------------------------------------------------------------------------


async def test_receipts_settle_what_was_handed_over_and_leave_the_rest(program: Program) -> None:
    first = await program.books.begin("declaration.submit", RETURN, origin())
    second = await program.books.begin("declaration.submit", RETURN, origin())
    undecided = await program.books.begin("declaration.submit", RETURN, origin())
    for job in (first, second):
        await program.books.hand_over(job)
    program.world.receipts[first.key] = program.world.bureau.take(first.record.envelope)
    program.world.receipts[undecided.key] = program.world.bureau.take(undecided.record.envelope)
    await program.books.settle_receipts()
    await program.books.settle_receipts()
    assert {h.key for h in program.journal.open_effects()} == {second.key, undecided.key}
    (settled,) = program.records("declaration.submit", Phase.SETTLED)
    assert body_of(settled)["result"]["declaration"] == "D1"


async def test_a_refusal_that_came_late_is_kept_as_one(program: Program) -> None:
    program.world.bureau.refused.add("declaration.submit")
    job = await program.books.begin("declaration.submit", RETURN, origin(), queue=True)
    program.world.deliver(program.journal)
    await program.books.settle_receipts()
    (settled,) = program.records("declaration.submit", Phase.SETTLED)
    assert (settled.record.key, body_of(settled)["state"]) == (job.key, "refused")
    assert await program.books.unsettled() == 0


async def test_a_receipt_that_comes_after_the_shredding_leaves_no_key_behind(program: Program) -> None:
    await visit(program, "offline-declaration")
    assert program.journal.visits_with_key() == set()
    program.world.deliver(program.journal)
    await program.books.settle_receipts()
    await program.books.shred_finished()
    assert program.journal.visits_with_key() == set()
    assert all(r.body is None for r in program.records())
    program.journal.verify()


# --- shredding -----------------------------------------------------------------------------------------------


async def test_a_visit_keeps_its_key_until_its_last_effect_is_decided(program: Program) -> None:
    at = origin()
    job = await program.books.begin("print", PRINT, at)
    await program.do(Note(ENDED, {}), at)
    await program.do(Wipe(at.visit), at)
    await program.books.shred_finished()
    assert program.journal.visits_with_key() == {at.visit}
    await program.books.end(job, {"outcome": "printed"})
    await program.books.shred_finished()
    assert program.journal.visits_with_key() == set()
    assert body_of(program.records("print")[0])["data"] == PRINT, "the centre can read it all the same"


async def test_a_visit_that_goes_on_is_not_shredded(program: Program) -> None:
    at = origin()
    await program.do(Note("visit.begun", {}), at)
    await program.books.shred_finished()
    assert program.journal.visits_with_key() == {at.visit}


async def test_looking_for_what_is_over_does_not_read_years_of_journal_each_time(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = 0
    read: Callable[..., Any] = Journal.read

    def counted(journal: Journal, *arguments: Any) -> Any:
        nonlocal readings
        readings += 1
        return read(journal, *arguments)

    monkeypatch.setattr(Journal, "read", counted)
    for _ in range(3):
        await visit(program, "offline-declaration")
        await program.books.shred_finished()
    assert readings <= 1
    assert program.journal.visits_with_key() == set()


# --- what unfinished visits owe -------------------------------------------------------------------------------


async def begun_and_ended(program: Program, kind: str, data: dict[str, Any], outcome: dict[str, Any]) -> str:
    at = origin("invoice.collect" if kind.startswith("invoice") else "certificate.iit-record")
    job = await program.books.begin(kind, data, at)
    await program.books.end(job, outcome)
    return at.transaction


RESERVE = {"kind": "04", "count": 3, "unit": "unit1", "code": CODE, "next_number": "00004801"}
RESERVED = {"state": "accepted", "reservation": "R1", "code": CODE, "first": "00004801", "last": "00004803"}


async def test_a_reservation_that_nothing_was_dispensed_from_is_released_whole(program: Program) -> None:
    transaction = await begun_and_ended(program, "invoice.reserve", RESERVE, RESERVED)
    (job,) = await program.books.orphans()
    assert (job.kind, job.origin.transaction, job.origin.service) == (
        "invoice.commit",
        transaction,
        "invoice.collect",
    )
    assert job.data == {
        "reservation": "R1",
        "code": CODE,
        "delivered": [],
        "released": [{"first": "00004801", "last": "00004803"}],
        "cause": "powerLoss",
    }
    assert await program.books.orphans() == []


async def test_a_certificate_that_never_went_to_the_printer_is_reported_as_not_printed(
    program: Program,
) -> None:
    await begun_and_ended(program, "certificate.issue", ISSUE, {"state": "accepted", "number": "N1"})
    (job,) = await program.books.orphans()
    assert (job.kind, job.data) == ("certificate.printed", {"number": "N1", "outcome": "notPrinted"})
    assert await program.books.orphans() == []


@pytest.mark.parametrize(
    ("kind", "data", "outcome"),
    [
        ("invoice.reserve", RESERVE, {"state": "refused"}),
        ("invoice.reserve", RESERVE, {"fault": "unreachable"}),
        ("certificate.issue", ISSUE, {"state": "refused"}),
        ("certificate.issue", ISSUE, {"fault": "rejected"}),
        ("declaration.submit", RETURN, {"state": "accepted", "declaration": "D1"}),
    ],
)
async def test_what_was_never_accepted_owes_nothing(
    program: Program, kind: str, data: dict[str, Any], outcome: dict[str, Any]
) -> None:
    await begun_and_ended(program, kind, data, outcome)
    assert await program.books.orphans() == []


async def test_an_answer_that_makes_no_sense_does_not_keep_the_others_from_being_closed(
    program: Program,
) -> None:
    await begun_and_ended(program, "invoice.reserve", RESERVE, {"state": "accepted"})
    await begun_and_ended(program, "certificate.issue", ISSUE, {"state": "accepted", "number": "N1"})
    assert [job.kind for job in await program.books.orphans()] == ["certificate.printed"]


async def test_one_visit_with_two_services_owes_for_each(program: Program) -> None:
    both = [
        ("invoice.reserve", RESERVE, RESERVED),
        ("certificate.issue", ISSUE, {"state": "accepted", "number": "N1"}),
    ]
    shared = origin().visit
    for kind, data, outcome in both:
        job = await program.books.begin(kind, data, origin(visit=shared))
        await program.books.end(job, outcome)
    assert sorted(job.kind for job in await program.books.orphans()) == [
        "certificate.printed",
        "invoice.commit",
    ]
    assert len(program.records(ENDED)) == 1


@pytest.mark.parametrize(
    ("kind", "data", "waits"),
    [
        ("dispense", RANGE, True),
        ("invoice.commit", COMMIT, True),
        ("print", PRINT, False),
        ("slip", {}, False),
    ],
)
async def test_a_collection_waits_to_be_settled_until_ledger_and_cabinet_are(
    program: Program, kind: str, data: dict[str, Any], waits: bool
) -> None:
    job = await program.books.begin(kind, data, origin())
    assert await program.books.unsettled_collection() is waits
    if kind == "invoice.commit":
        await program.books.hand_over(job)
        assert await program.books.unsettled_collection(), "handed over is not settled"
        answer = EffectAnswer(
            key=job.key, state=EffectState.ACCEPTED, received_at=program.world.clock.now(), incarnation="i"
        )
        program.world.receipts[job.key] = answer
        await program.books.settle_receipts()
    else:
        await program.books.end(job, {})
    assert not await program.books.unsettled_collection()


# --- a full disk ---------------------------------------------------------------------------------------------


def pages(journal: Journal, more: int) -> None:
    """How many more pages the file may have."""
    connection = journal._file.connection
    with connection.begin():
        count = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {count + more}")


async def fill(program: Program) -> None:
    pages(program.journal, 0)
    with pytest.raises(StoreFull):
        for _ in range(50):
            await program.books.begin("slip", {"blocks": ["x" * 300]}, origin())


async def test_an_outcome_that_finds_no_room_is_not_half_written_and_the_probe_finds_it_again(
    program: Program,
) -> None:
    number = program.issue(PrintDocument("N1", 1), origin("certificate.iit-record"))
    program.world.cabinet.print_pdf = _filling(program, program.world.cabinet.print_pdf)  # type: ignore[method-assign]
    await program.idle()
    outcome = program.outcome(number)
    assert outcome is not None
    assert outcome.fault == "in-doubt"
    assert [job.kind for job in await program.books.open_jobs() if job.kind == "print"] == ["print"]
    assert program.records("print", Phase.OUTCOME) == []
    pages(program.journal, 1000)
    await program.executor.resolve()
    assert len(program.records("print", Phase.OUTCOME)) == 1
    assert len(program.records("certificate.printed", Phase.HANDOVER)) == 1
    assert len(program.world.cabinet.motions) == 1
    program.journal.verify()


def _filling(program: Program, act: Any) -> Any:
    """The disk fills while the machine works."""

    async def print_pdf(*arguments: Any) -> Any:
        result = await act(*arguments)
        await fill(program)
        return result

    return print_pdf


async def test_on_a_full_disk_nothing_is_begun(program: Program) -> None:
    await fill(program)
    before = len(program.records())
    with pytest.raises(StoreFull):
        await program.books.begin("payment.create", {"blocks": "x" * 3000}, origin())
    assert len(program.records()) == before


async def test_the_tag_in_acceptance_numbers_has_four_digits_and_is_always_the_same(program: Program) -> None:
    assert 0 <= program.books.terminal_tag <= 9999
    with world() as other, Program(other) as again:
        assert again.books.terminal_tag == program.books.terminal_tag
