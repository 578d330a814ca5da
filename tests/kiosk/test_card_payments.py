"""A card payment through the executor: order, charge, and the centre's booking, with every party's word kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from kiosk.flow.effects import ClosePayment, Pay, Wipe
from kiosk.flow.events import Outcome
from sync.errors import BureauUnreachable
from sync.records import Phase
from tests.kiosk.doubles import DECLINED
from tests.kiosk.program import Program, body_of, origin, world
from tests.kiosk.test_recovery import disagreements, until_settled

CARD = Pay(("S1",), 5, "card")


@pytest.fixture
def program() -> Iterator[Program]:
    with world() as w, Program(w) as running:
        yield running


async def paid(program: Program) -> Outcome:
    outcome = await program.do(CARD, origin("pay.due"))
    assert outcome is not None
    return outcome


def states(program: Program) -> list[str]:
    return [str(o.data["state"]) for o in program.told if o.partial and "state" in o.data]


async def test_paid_by_card_with_the_voucher_of_the_centre(program: Program) -> None:
    outcome = await paid(program)
    assert (outcome.data["state"], outcome.data["amount_fen"], outcome.fault) == ("paid", 5, "")
    assert outcome.data["voucher"].startswith("V")
    (create,) = program.records("payment.create", Phase.INTENT)
    assert outcome.data["key"] == create.record.key, "the slip's code follows the order"
    assert states(program) == ["insert", "processing"]


async def test_the_orders_outcome_and_the_charges_intent_are_one_commit(program: Program) -> None:
    await paid(program)
    points = [f"{r.record.kind}.{r.record.phase}" for r in program.records()]
    at = points.index("payment.create.outcome")
    assert points[at : at + 3] == ["payment.create.outcome", "payment.create.settled", "charge.intent"]
    at = points.index("charge.outcome")
    assert points[at : at + 3] == ["charge.outcome", "charge.settled", "payment.card.intent"]


async def test_declined_says_why_and_frees_the_dues(program: Program) -> None:
    program.world.cabinet.card = DECLINED
    outcome = await paid(program)
    assert (outcome.data["state"], outcome.data["why"]) == ("declined", "insufficientFunds")
    (order,) = program.world.bureau.orders.values()
    assert order["state"] == "declined"


async def test_a_centre_that_cannot_be_told_leaves_it_to_sync_and_the_person_has_paid(
    program: Program,
) -> None:
    program.world.bureau.trouble["payment.card"] = [BureauUnreachable("away")] * 4
    outcome = await paid(program)
    assert (outcome.data["state"], outcome.data.get("voucher")) == ("paid", None)
    assert len(program.records("payment.card", Phase.HANDOVER)) == 1
    program.world.bureau.trouble.clear()
    await until_settled(program)
    (order,) = program.world.bureau.orders.values()
    assert order["state"] == "approved"


async def test_a_charge_that_nobody_can_tell_of_is_in_doubt_and_settled_later(program: Program) -> None:
    program.world.cabinet.unsure = 100
    outcome = await paid(program)
    assert outcome.data["state"] == "doubt"
    assert outcome.data["order"] in program.world.cabinet.charges
    assert [job.kind for job in await program.books.open_jobs()] == ["charge"]
    program.world.cabinet.unsure = 0
    await until_settled(program)
    assert program.world.cabinet.motions.count(("charge", outcome.data["order"])) == 1
    assert program.world.bureau.orders[outcome.data["order"]]["state"] == "approved"


@pytest.mark.parametrize(("filed", "state"), [("approved", "paid"), ("closed", "ended")])
async def test_a_charge_whose_book_was_lost_is_ended_by_the_daily_file_alone(
    program: Program, filed: str, state: str
) -> None:
    program.world.bureau.pays = False
    program.world.cabinet.unsure = 100
    order = (await paid(program)).data["order"]
    program.world.cabinet.charges.clear()
    program.world.cabinet.book = "book-2"
    await until_settled(program)
    assert [job.kind for job in await program.books.open_jobs()] == ["charge"], "not believed: never begun"
    program.world.bureau.orders[order]["state"] = filed
    program.world.clock.passed += 600
    await until_settled(program)
    (body,) = map(body_of, program.records("charge", Phase.OUTCOME))
    assert (body["state"], program.records("payment.card")) == (state, [])
    assert program.world.cabinet.motions.count(("charge", order)) == 1


async def test_what_was_paid_otherwise_meanwhile_is_said_to_be_in_doubt_not_paid(program: Program) -> None:
    program.world.bureau.paid_otherwise = True
    assert (await paid(program)).data["state"] == "doubt"


async def test_a_mistake_of_ours_in_mid_charge_is_in_doubt_and_probed(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> Any:
        program.world.cabinet.charges[next(iter(program.world.bureau.orders))] = program.world.cabinet.card
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr(program.world.cabinet, "charge", broken)
    assert (await paid(program)).data["state"] == "doubt"
    await until_settled(program)
    (body,) = map(body_of, program.records("charge", Phase.OUTCOME))
    assert body["state"] == "paid"


@pytest.mark.parametrize("leaving", ["later", "wiped"])
async def test_who_gives_up_or_leaves_stops_the_card_terminal(program: Program, leaving: str) -> None:
    cabinet, stopped, at = program.world.cabinet, asyncio.Event(), origin("pay.due")
    charge, stop = cabinet.charge, cabinet.stop_charging

    async def slow(*arguments: Any) -> Any:
        await stopped.wait()
        return await charge(*arguments)

    async def told_to_stop() -> None:
        await stop()
        stopped.set()

    cabinet.charge, cabinet.stop_charging = slow, told_to_stop  # type: ignore[method-assign]
    program.executor._means = replace(program.means, gave_up=program.executor.gave_up)
    number = program.issue(CARD, at)
    while not program.records("charge", Phase.INTENT):
        await asyncio.sleep(0)
    assert cabinet.stops == 0, "nobody has given up yet"
    program.issue(ClosePayment() if leaving == "later" else Wipe(at.visit), at)
    await program.idle()
    assert cabinet.stops == 1
    assert program.outcome(number) is not None


async def test_who_gives_up_when_it_is_just_over_does_not_give_up_the_next_order(program: Program) -> None:
    at = origin("pay.due")
    program.executor._means = replace(program.means, gave_up=program.executor.gave_up)
    program.world.cabinet.card = DECLINED
    program.issue(CARD, at)
    await program.idle()
    program.issue(ClosePayment(), at)
    assert not await program.executor.gave_up(at.transaction, 0.0)


async def test_all_parties_agree_after_a_visit(program: Program) -> None:
    await paid(program)
    await until_settled(program)
    assert [d for d in disagreements(program) if "visit" not in d] == []
