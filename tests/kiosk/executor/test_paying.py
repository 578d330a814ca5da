"""Paying by a code that is shown: paid, given up, in doubt."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.flow.effects import ClosePayment, Pay
from sync.records import Phase
from tests.kiosk.executor.acting import ended, silence
from tests.kiosk.program import Program, origin


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
    program.world.bureau.pays = False
    mine, theirs = origin(), origin()
    number = program.issue(Pay(("S1",), 5), theirs)
    while not any(o.effect_id == number for o in program.told):
        await asyncio.sleep(0)
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


async def test_a_charge_in_doubt_for_longer_than_it_may_be_is_an_error_that_names_who_settles_it_once(
    program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    charge = {"order": "O1", "amount_fen": 5}
    job = await program.books.begin("charge", charge, origin())
    program.world.cabinet.away = True
    for hours, errors in ((0, 0), (71, 0), (2, 1), (24, 1)):
        program.world.clock.passed += hours * 3600
        await program.executor.resolve()
        told = [record for record in caplog.records if job.key in record.getMessage()]
        assert len(told) == errors
    assert "the card acquirer's daily file" in told[0].getMessage()
