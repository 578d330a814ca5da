from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from kiosk.domain.own_numbers import check_number
from kiosk.executor import ACCEPTANCE_TYPE
from kiosk.flow.effects import (
    Ask,
    CallStaff,
    ClosePayment,
    Dispense,
    Note,
    Pay,
    PrintDocument,
    PrintSlip,
    ReadDocument,
    StopWaiting,
    Submit,
    Wait,
    Wipe,
)
from kiosk.flow.events import Outcome
from sync.errors import BureauBusy, BureauDenied, BureauGarbled, BureauRejected, BureauUnreachable
from sync.records import Phase
from tests.kiosk.doubles import CODE
from tests.kiosk.program import BLOCKS, ISSUE, RESERVE, RETURN, Program, World, body_of, origin, world
from tests.kiosk.test_books import fill, pages

DISPENSE = Dispense("R1", CODE, "00004801", "00004803", "unit1")
FILE = Submit("declaration.submit", RETURN)


@pytest.fixture
def w() -> Iterator[World]:
    with world() as made:
        yield made


@pytest.fixture
def program(w: World) -> Iterator[Program]:
    with Program(w) as made:
        yield made


async def ended(program: Program, effect: Any, service: str = "declare.vat-small", **changed: Any) -> Outcome:
    """The one outcome of an effect; nothing is told after it."""
    before = len(program.told)
    outcome = await program.do(effect, origin(service, **changed))
    assert outcome is not None
    told = program.told[before:]
    assert [o.partial for o in told] == [True] * (len(told) - 1) + [False]
    return outcome


def silence(*, doubtful: bool = True) -> BureauUnreachable:
    error = BureauUnreachable("nobody there")
    error.doubtful = doubtful
    return error


# --- submit ---------------------------------------------------------------------------------------------------


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


# --- the intent cannot be written -----------------------------------------------------------------------------


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


# --- paying ---------------------------------------------------------------------------------------------------


async def test_paid_while_the_code_is_shown(program: Program) -> None:
    outcome = await ended(program, Pay(("S1",), 5))
    assert outcome.data["state"] == "paid"
    assert program.records("payment.close") == []
    shown = [o.data for o in program.told if o.partial]
    assert shown[0]["qr"]


async def test_giving_up_closes_the_order_at_once(program: Program) -> None:
    program.world.bureau.pays = False
    at = origin()
    number = program.issue(Pay(("S1",), 5), at)
    while not any(o.effect_id == number for o in program.told):
        await asyncio.sleep(0)
    program.issue(ClosePayment(), at)
    await program.idle()
    outcome = program.outcome(number)
    assert outcome is not None
    assert outcome.data["state"] == "expired"
    assert program.world.clock.passed < 30, "nobody waited for the code to expire"
    assert program.world.bureau.orders["O1"]["state"] == "closed"
    assert len(program.records("payment.close", Phase.SETTLED)) == 1


async def test_a_second_try_after_giving_up_is_not_given_up_by_itself(program: Program) -> None:
    program.world.bureau.pays = False
    at = origin()
    number = program.issue(Pay(("S1",), 5), at)
    while not any(o.effect_id == number for o in program.told):
        await asyncio.sleep(0)
    program.issue(ClosePayment(), at)
    await program.idle()
    program.world.bureau.pays = True
    outcome = await program.do(Pay(("S1",), 5), at)
    assert outcome is not None
    assert outcome.data["state"] == "paid"


async def test_giving_up_one_payment_is_not_giving_up_another(program: Program) -> None:
    mine, theirs = origin(), origin()
    program.issue(ClosePayment(), theirs)
    assert not await program.executor.gave_up(mine.transaction, 0.001)
    assert await program.executor.gave_up(theirs.transaction, 60.0)


async def test_while_a_payment_is_closing_nobody_else_settles_what_belongs_to_it(program: Program) -> None:
    bureau = program.world.bureau
    bureau.pays = False
    bureau.trouble["payment.close"] = [silence(), silence(), silence()]
    at = origin()
    number = program.issue(Pay(("S1",), 5), at)
    while not any(o.effect_id == number for o in program.told):
        await asyncio.sleep(0)
    program.issue(ClosePayment(), at)
    while program.outcome(number) is None:
        await program.executor.resolve()  # as keep_settling does every two seconds
        await asyncio.sleep(0)
    outcome = program.outcome(number)
    assert outcome is not None
    assert (outcome.fault, outcome.data["state"]) == ("", "doubt")
    assert len(program.records("payment.close", Phase.HANDOVER)) == 1


async def test_a_silent_bank_ends_in_doubt_which_names_the_order_and_its_key(program: Program) -> None:
    program.world.bureau.silent_bank = True
    outcome = await ended(program, Pay(("S1",), 5))
    assert outcome.data["state"] == "doubt"
    (intent,) = program.records("payment.create", Phase.INTENT)
    assert (outcome.data["order"], outcome.data["key"]) == ("O1", intent.record.key)


# --- dispensing -----------------------------------------------------------------------------------------------


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
    assert (len(commit.data["delivered"]), len(commit.data["quarantined"]), len(commit.data["released"])) == (
        1,
        1,
        1,
    )  # type: ignore[arg-type]


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


# --- printing -------------------------------------------------------------------------------------------------


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


# --- readers, questions, timers -------------------------------------------------------------------------------


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


async def test_a_question_brings_its_data_and_leaves_no_record(program: Program) -> None:
    program.world.bureau.data["dues.list"] = {"dues": [], "total_fen": 0}
    assert (await ended(program, Ask("dues.list", {"a": 1}))).data == {"dues": [], "total_fen": 0}
    assert program.records() == []


async def test_a_timer_comes_back(program: Program) -> None:
    assert (await ended(program, Wait(7.0))).data == {}
    assert program.world.clock.passed == 7.0


async def test_calling_staff_leaves_no_outcome(program: Program) -> None:
    assert await program.do(CallStaff(), origin()) is None


# --- between visits -------------------------------------------------------------------------------------------


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
