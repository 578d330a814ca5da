"""The program ends between any two steps, comes up again, and nothing happened twice or was forgotten."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from drivers.payment import Outcome as PaymentOutcome
from kiosk.books import ENDED
from kiosk.flow.effects import Note
from sync.errors import BureauUnreachable
from sync.records import Phase
from tests.kiosk.doubles import APPROVED, DECLINED, Cabinet, Life, Stopped
from tests.kiosk.program import Program, World, body_of, origin, visit, world

Prepare = Callable[[Cabinet], None]


def as_it_is(_cabinet: Cabinet) -> None:
    """Nothing is wrong with the cabinet."""


def jammed(cabinet: Cabinet) -> None:
    cabinet.jam_at = 2


def not_taken(cabinet: Cabinet) -> None:
    cabinet.takes = False


def card_declined(cabinet: Cabinet) -> None:
    cabinet.card = DECLINED


def answer_lost(cabinet: Cabinet) -> None:
    cabinet.mute.add("charge")


def bank_reverses(cabinet: Cabinet) -> None:
    cabinet.card, cabinet.unsure = replace(APPROVED, outcome=PaymentOutcome.END_APPLICATION), 3


async def until_settled(program: Program) -> None:
    """What goes on for ever beside the screen, a few rounds of it, with sync at work."""
    for _ in range(4):
        program.world.deliver(program.journal)
        await program.books.settle_receipts()
        await program.executor.resolve()
        await program.books.shred_finished()
        program.world.clock.passed += 100


def disagreements(program: Program) -> list[str]:
    """Everything that terminal, centre and cabinet do not agree on."""
    return [
        *_unsettled(program),
        *_moved_twice(program),
        *_certificates(program),
        *_invoices(program),
        *_money(program),
    ]


def _unsettled(program: Program) -> list[str]:
    found = [f"{h.kind} is not settled" for h in program.journal.open_effects()]
    found += [f"the key of visit {visit} is still there" for visit in program.journal.visits_with_key()]
    handed = Counter(r.record.key for r in program.records(phase=Phase.HANDOVER))
    found += [f"{key} was handed over {n} times" for key, n in handed.items() if n > 1]
    ended = Counter(r.record.visit for r in program.records(ENDED))
    begun = {r.record.visit for r in program.records("visit.begun")}
    return found + [f"visit {v} ended {ended[v]} times" for v in begun if ended[v] != 1]


def _moved_twice(program: Program) -> list[str]:
    moved = Counter(program.world.cabinet.motions)
    kinds = Counter(kind for kind, _ in moved if kind in ("print", "slip"))
    found = [f"{motion} happened {times} times" for motion, times in moved.items() if times > 1]
    return found + [f"{kind} {times} times" for kind, times in kinds.items() if times > 1]


def _certificates(program: Program) -> list[str]:
    bureau, cabinet = program.world.bureau, program.world.cabinet
    issued = len(bureau.of("certificate.issue"))
    reported = [str(body.data["outcome"]) for body in bureau.of("certificate.printed")]
    if len(reported) != issued:
        return [f"{issued} certificates, {len(reported)} reports of their paper"]
    printed = sum(kind == "print" for kind, _ in cabinet.motions)
    return [] if reported.count("printed") == printed else [f"{printed} printed, reported {reported}"]


def _invoices(program: Program) -> list[str]:
    bureau, cabinet = program.world.bureau, program.world.cabinet
    reserved = Counter(str(bureau.answers[b.key].result["reservation"]) for b in bureau.of("invoice.reserve"))
    commits = bureau.of("invoice.commit")
    found = []
    if Counter(str(b.data["reservation"]) for b in commits) != reserved:
        found.append(f"{len(reserved)} reservations, {len(commits)} commits")
    held = [
        str(item["number"])
        for job in cabinet.jobs.values()
        if job["state"] == "taken"
        for item in job["items"]
        if item["position"] == "tray"
    ]
    booked = [n for b in commits for n in _numbers(b.data["delivered"])]
    if sorted(held) != sorted(booked):
        found.append(f"in hand {held}, booked {booked}")
    told = [
        n
        for b in commits
        for part in ("delivered", "quarantined", "released")
        for n in _numbers(b.data.get(part, []))
    ]
    if commits and len(told) != 3:
        found.append(f"3 numbers were reserved, {told} were told of")
    return found


def _numbers(ranges: object) -> list[str]:
    assert isinstance(ranges, list)
    return [f"{n:08}" for r in ranges for n in range(int(r["first"]), int(r["last"]) + 1)]


def _money(program: Program) -> list[str]:
    bureau = program.world.bureau
    outcomes = [body_of(r) for r in program.records("payment.create", Phase.OUTCOME)]
    held = {body.get("order"): body.get("state") for body in outcomes}
    held |= {b["order"]: b["state"] for b in map(body_of, program.records("charge", Phase.OUTCOME))}
    found = [f"order {n} is still {o['state']}" for n, o in bureau.orders.items() if o["state"] == "created"]
    words = {"approved": ("paid",), "closed": ("expired", "ended"), "declined": ("declined",)}
    taken = {n for n, p in program.world.cabinet.charges.items() if p.outcome is PaymentOutcome.APPROVE}
    if taken != {number for number, order in bureau.orders.items() if order.get("charged_fen")}:
        found.append(f"the card was charged for {taken}, the centre holds {bureau.orders}")
    debited = {
        number for number, o in bureau.orders.items() if (o["channel"], o["state"]) == ("debit", "approved")
    }
    if sorted(bureau.debits) != sorted(debited):
        found.append(f"debited {bureau.debits}, the centre holds {bureau.orders}")
    for number, order in bureau.orders.items():
        if held.get(number) not in words[order["state"]]:
            found.append(f"order {number} is {order['state']}, the terminal holds {held[number]}")
    if len(bureau.orders) > 1 or len(bureau.of("declaration.submit")) > 1:
        found.append("something was begun twice")
    return found


async def stopped_after(world: World, name: str, step: int, *, whole: bool = True) -> str | None:
    """Play a visit that ends with its ``step``-th step; that step, or None when the visit was over before."""
    life = Life(stop_at=2 * step)
    with Program(world, life) as program:
        try:
            await visit(program, name, whole=whole)
        except Stopped:
            return life.trail[-1]
        finally:
            await program.idle()
    return None


VISITS = [
    ("certificate", as_it_is),
    ("invoices", as_it_is),
    ("invoices", jammed),
    ("invoices", not_taken),
    ("declaration", as_it_is),
    ("offline-declaration", as_it_is),
    ("payment", as_it_is),
    ("card-payment", as_it_is),
    ("card-payment", card_declined),
    ("card-payment", answer_lost),
    ("card-payment", bank_reverses),
    ("debit-payment", as_it_is),
]


@pytest.mark.parametrize(("name", "prepare"), VISITS, ids=lambda v: v if isinstance(v, str) else v.__name__)
async def test_stopped_after_each_step_and_started_again_all_parties_agree(
    name: str, prepare: Prepare
) -> None:
    for step in itertools.count(1):
        with world() as w:
            prepare(w.cabinet)
            # slip, rating and end are the same after every service
            point = await stopped_after(w, name, step, whole=name == "certificate")
            if point is None:
                assert step > 2, "the visit was stopped at every one of its steps"
                return
            w.cabinet.takes = True  # whoever comes by
            before = list(w.cabinet.motions)
            with Program(w) as again:
                await again.executor.recover()
                await until_settled(again)
                assert (point, disagreements(again)) == (point, [])
                assert w.cabinet.motions == before, f"{point}: recovery moved something"


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("certificate", "after certificate.issue.outcome+certificate.issue.settled"),
        ("invoices", "after invoice.reserve.outcome+invoice.reserve.settled"),
    ],
)
async def test_a_recovery_that_is_stopped_itself_is_finished_by_the_next(name: str, point: str) -> None:
    stop = (await clean_trail(name)).index(point) + 1
    for step in itertools.count(1):
        with world() as w:
            assert await stopped_after(w, name, stop // 2) == point
            life = Life(stop_at=2 * step)
            with Program(w, life) as second, contextlib.suppress(Stopped):
                await second.executor.recover()
            with Program(w) as third:
                await third.executor.recover()
                await until_settled(third)
                assert (step, disagreements(third)) == (step, [])
            if not life.over:
                assert step > 3, "recovery was stopped at every one of its steps"
                return


async def clean_trail(name: str) -> list[str]:
    """Every step of a visit that nothing ends."""
    with world() as w, Program(w) as program:
        await visit(program, name)
        return program.life.trail


async def test_the_centre_is_away_when_the_program_comes_up_and_everything_is_handed_over_once() -> None:
    for name, point in (
        ("certificate", "after print_pdf"),
        ("invoices", "after taken"),
        ("declaration", "after submit"),
    ):
        stop = (await clean_trail(name)).index(point) + 1
        with world() as w:
            assert await stopped_after(w, name, stop // 2) == point
            w.bureau.away = BureauUnreachable("nobody there")
            for _ in range(3):  # started over and over while the line is down
                with Program(w) as again:
                    await again.executor.recover()
                    assert await again.books.open_jobs() == []
            w.bureau.away = None
            with Program(w) as at_last:
                await until_settled(at_last)
                assert (name, disagreements(at_last)) == (name, [])


async def test_a_payment_whose_code_was_shown_is_never_written_off_because_the_centre_is_away() -> None:
    stop = (await clean_trail("payment")).index("after submit") + 1
    with world() as w:
        await stopped_after(w, "payment", stop // 2)
        (order,) = w.bureau.orders.values()
        order["state"] = "approved"  # paid with the phone while the terminal was down
        w.bureau.away = BureauUnreachable("nobody there")
        with Program(w) as again:
            await again.executor.recover()
            assert [job.kind for job in await again.books.open_jobs()] == ["payment.create"]
            w.bureau.away = None
            await until_settled(again)
            (outcome,) = again.records("payment.create", Phase.OUTCOME)
            assert body_of(outcome)["state"] == "paid"
            assert disagreements(again) == []
            assert again.records("payment.close") == []


async def test_an_order_that_the_bank_leaves_in_doubt_is_closed_once_and_then_only_asked_about() -> None:
    stop = (await clean_trail("payment")).index("after submit") + 1
    with world() as w:
        await stopped_after(w, "payment", stop // 2)
        w.bureau.pays, w.bureau.silent_bank = False, True
        with Program(w) as again:
            await again.executor.recover()
            for _ in range(50):
                await again.executor.resolve()
                w.clock.passed += 2  # as often as keep_settling looks
            assert w.bureau.asked.count("payment.status") < 10, "a silent bank is not asked every two seconds"
            assert len(again.records("payment.close", Phase.INTENT)) <= 1
            w.bureau.silent_bank = False
            await until_settled(again)
            w.bureau.orders["O1"]["state"] = "closed"
            await until_settled(again)
            assert disagreements(again) == []


async def test_a_tray_that_is_still_open_stays_in_doubt_until_somebody_has_taken_what_lies_in_it() -> None:
    stop = (await clean_trail("invoices")).index("after present") + 1
    with world() as w:
        w.cabinet.takes = False
        await stopped_after(w, "invoices", stop // 2)
        with Program(w) as again:
            await again.executor.recover()
            assert [job.kind for job in await again.books.open_jobs()] == ["dispense"]
            assert await again.books.unsettled_collection()
            assert w.bureau.of("invoice.commit") == []
            w.cabinet.takes = True
            w.clock.passed += 100
            await until_settled(again)
            assert disagreements(again) == []


async def test_a_probe_that_breaks_keeps_no_other_effect_from_being_settled() -> None:
    with world() as w:
        with Program(w) as program:
            strange = await program.books.begin("slip", {"blocks": []}, origin())
            await program.books.begin("print", {"number": "N1", "pages": 1}, origin())
            w.cabinet.papers[strange.key] = None  # type: ignore[assignment]
        w.cabinet.print_result = _breaks_for(strange.key, w.cabinet.print_result)  # type: ignore[method-assign]
        with Program(w) as again:
            await again.executor.recover()
            assert [job.key for job in await again.books.open_jobs()] == [strange.key]
            await until_settled(again)
            assert len(w.bureau.of("certificate.printed")) == 1


def _breaks_for(key: str, ask: Any) -> Any:
    async def print_result(role: str, wanted: str) -> Any:
        if wanted == key:
            raise ZeroDivisionError("a mistake of ours")
        return await ask(role, wanted)

    return print_result


async def test_a_kind_that_this_release_does_not_know_is_left_alone() -> None:
    with world() as w, Program(w) as program:
        await program.books.begin("hologram", {}, origin())
        await program.executor.recover()
        assert [job.kind for job in await program.books.open_jobs()] == ["hologram"]


async def test_a_visit_that_nobody_ended_is_ended_once_and_shredded() -> None:
    with world() as w:
        with Program(w) as program:
            await program.do(Note("visit.begun", {}), origin())
        for _ in range(2):
            with Program(w) as again:
                await again.executor.recover()
        with Program(w) as last:
            (ended,) = last.records(ENDED)
            assert ended.body is None, "its key is gone"
            assert last.journal.visits_with_key() == set()
