"""A debit by agreement through the executor: asked for once, then only asked about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.flow.effects import Pay
from kiosk.flow.events import Outcome
from sync.errors import BureauUnreachable
from sync.records import Phase
from tests.kiosk.program import Program, origin, world
from tests.kiosk.test_recovery import disagreements, until_settled

DEBIT = Pay(("S1",), 5, "debit")


@pytest.fixture
def program() -> Iterator[Program]:
    with world() as w, Program(w) as running:
        yield running


async def paid(program: Program) -> Outcome:
    outcome = await program.do(DEBIT, origin("pay.due"))
    assert outcome is not None
    return outcome


async def test_debited_with_the_voucher_of_the_centre(program: Program) -> None:
    outcome = await paid(program)
    assert (outcome.data["state"], outcome.data["voucher"], outcome.fault) == ("paid", "V1", "")
    (create,) = program.records("payment.create", Phase.INTENT)
    assert outcome.data["key"] == create.record.key, "the slip's code follows the order"
    assert [o.data["state"] for o in program.told if o.partial] == ["debiting"], "no code is shown"
    assert program.world.bureau.debits == [outcome.data["order"]]
    assert program.records("payment.close") == []


async def test_declined_says_why(program: Program) -> None:
    program.world.bureau.poor = True
    outcome = await paid(program)
    assert (outcome.data["state"], outcome.data["why"]) == ("declined", "insufficientFunds")
    assert program.world.bureau.debits == []


async def test_a_lost_answer_is_asked_for_and_nothing_is_debited_again(program: Program) -> None:
    program.world.bureau.lost["payment.debit"] = 1
    outcome = await paid(program)
    assert outcome.data["state"] == "paid"
    assert program.world.bureau.asked.count("payment.debit") == 1
    assert len(program.world.bureau.debits) == 1


async def test_what_the_bank_does_not_tell_is_in_doubt_and_settled_later(program: Program) -> None:
    program.world.bureau.silent_bank = True
    outcome = await paid(program)
    assert outcome.data["state"] == "doubt"
    assert program.world.bureau.asked.count("payment.debit") == 1
    program.world.bureau.silent_bank = False
    await until_settled(program)
    assert [p for p in disagreements(program) if "debited" in p] == []


async def test_what_never_got_there_is_ended_and_said_to_be_so(program: Program) -> None:
    program.world.bureau.trouble["payment.debit"] = [BureauUnreachable("away")]
    outcome = await paid(program)
    assert (outcome.data["state"], outcome.data["why"]) == ("ended", "notDebited")
    assert program.world.bureau.debits == []
    (order,) = program.world.bureau.orders.values()
    assert order["state"] == "closed"
