"""One order, one charge, and none without a known outcome."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from drivers.client.errors import (
    BookLost,
    DeviceCommandFailed,
    DeviceRefused,
    DeviceTimeout,
    DeviceUnavailable,
)
from drivers.payment import Outcome, Payment
from kiosk.effects import REGISTRY
from kiosk.effects.base import StillInDoubt
from tests.kiosk.doubles import APPROVED, DECLINED
from tests.kiosk.effects.world import World, accepted, job, refused, silence

CHARGE = {"order": "41990026101200000017", "amount_fen": 414_704}
CREATE = {"dues": ["D1"], "amount_fen": 414_704, "channel": "card"}
UNKNOWN = Payment(Outcome.UNKNOWN, error_code="noAnswer")
LOST = DeviceUnavailable("paymentTerminal", "the line broke", under_way=True)
GONE = DeviceUnavailable("paymentTerminal", "no service plays this role now")
NO_BOOK = BookLost("paymentTerminal")


async def charge(world: World) -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
    """Outcome, what is owed to the centre, and what the screen was told."""
    told: list[Any] = []
    outcome, (owed,) = await REGISTRY["charge"].act(world.means(), job("charge", CHARGE), told.append)
    assert owed.kind == "payment.card" and not owed.queue, "told at once, and by sync when that fails"
    return dict(outcome), dict(owed.data), told


async def test_what_the_card_terminal_asks_for_reaches_the_screen_and_the_money_the_centre() -> None:
    outcome, owed, told = await charge(World(shows=("insert", "pin", "processing")))
    assert [t["state"] for t in told] == ["insert", "pin", "processing"]
    assert (outcome["state"], outcome["order"], outcome["entry"]) == ("paid", CHARGE["order"], "contactless")
    assert (owed["outcome"], owed["rrn"], owed["amount_fen"]) == ("charged", "000000000001", 414_704)
    assert owed["card"] == "629900*********1234"


async def test_the_charge_has_the_orders_number_and_no_other() -> None:
    world = World()
    await charge(world)
    assert world.motions == ["charge 41990026101200000017 414704"]


@pytest.mark.parametrize(
    ("payment", "state", "why", "said"),
    [
        (DECLINED, "declined", "insufficientFunds", "declined"),
        (Payment(Outcome.DECLINE), "declined", "decline", "declined"),
        (Payment(Outcome.END_APPLICATION, error_code="noCard"), "ended", "noCard", "notCharged"),
        (Payment(Outcome.TRY_ANOTHER_INTERFACE), "ended", "tryAnotherInterface", "notCharged"),
        (replace(APPROVED, voided=True), "ended", "voided", "notCharged"),
    ],
)
async def test_what_was_not_charged_says_why(payment: Payment, state: str, why: str, said: str) -> None:
    world = World(card=payment)
    outcome, owed, _ = await charge(world)
    assert (outcome["state"], outcome["why"]) == (state, why)
    assert (owed["outcome"], owed["reason"]) == (said, why)
    assert "ask" not in world.motions, "a clear answer is enough"


@pytest.mark.parametrize(
    ("payment", "entry"),
    [
        (replace(DECLINED, entry="chip"), "chip"),
        (Payment(Outcome.END_APPLICATION, error_code="pinCancelled", entry="chip"), "chip"),
        (Payment(Outcome.END_APPLICATION, error_code="noCard"), None),
        (Payment(Outcome.END_APPLICATION, error_code="cardRemoved", entry="chip"), None),
        (replace(APPROVED, entry="chip", voided=True), None),
    ],
)
async def test_a_card_that_was_not_charged_and_is_still_in_the_terminal_is_told(
    payment: Payment, entry: str | None
) -> None:
    outcome, _, _ = await charge(World(card=payment))
    assert outcome["state"] in ("declined", "ended")
    assert outcome.get("entry") == entry


@pytest.mark.parametrize("answer", [LOST, UNKNOWN, DeviceTimeout("paymentTerminal")])
async def test_no_clear_answer_is_asked_about_and_never_charged_again(answer: Payment | Exception) -> None:
    world = World(card=answer, charges=[LOST, UNKNOWN, APPROVED])
    outcome, owed, told = await charge(world)
    assert (outcome["state"], owed["outcome"]) == ("paid", "charged")
    assert told == [{"state": "asking"}]
    assert world.motions == ["charge 41990026101200000017 414704", "ask", "ask", "ask"]


async def test_never_begun_is_believed_when_it_is_said_twice() -> None:
    world = World(card=LOST, charges=[None, APPROVED])
    assert (await charge(world))[0]["state"] == "paid", "the request was still on its way in"
    world = World(card=LOST, charges=[None])
    outcome, owed, _ = await charge(world)
    assert (outcome["state"], outcome["why"], owed["outcome"]) == ("ended", "neverBegun", "notCharged")
    assert world.motions.count("ask") == 2


async def test_a_refusal_by_the_device_program_keeps_its_word() -> None:
    failed = DeviceCommandFailed("paymentTerminal", "commandErrorCode", "unresolvedPayment")
    outcome, owed, _ = await charge(World(card=failed, charges=[None]))
    assert (outcome["state"], outcome["why"], owed["reason"]) == (
        "ended",
        "unresolvedPayment",
        "unresolvedPayment",
    )


@pytest.mark.parametrize("error", [GONE, DeviceRefused("paymentTerminal", "tooManyRequests")])
async def test_what_was_never_sent_needs_no_asking(error: Exception) -> None:
    world = World(card=error)
    outcome, _, _ = await charge(world)
    assert (outcome["state"], outcome["why"]) == ("ended", "offline")
    assert "ask" not in world.motions


@pytest.mark.parametrize("told", [LOST, GONE, UNKNOWN])
async def test_a_terminal_that_does_not_know_leaves_it_in_doubt(told: Payment | Exception) -> None:
    with pytest.raises(StillInDoubt) as doubt:
        await charge(World(card=LOST, charges=[told]))
    assert "daily file" in doubt.value.resolver


async def test_who_gives_up_stops_the_terminal_and_is_told_how_it_ended() -> None:
    ended = Payment(Outcome.END_APPLICATION, error_code="cancelled")
    world = World(card=ended, gives_up=True, waits=asyncio.Event())
    outcome, _, _ = await charge(world)
    assert (outcome["state"], outcome["why"]) == ("ended", "cancelled")
    assert "stop" in world.motions
    world = World(card=APPROVED, gives_up=True, waits=asyncio.Event())
    assert (await charge(world))[0]["state"] == "paid", "too late: the bank had it already"


async def test_a_probe_asks_and_charges_nothing() -> None:
    for told, state in (([None], "ended"), ([APPROVED], "paid"), ([DECLINED], "declined")):
        world = World(charges=told)
        outcome, (owed,) = await REGISTRY["charge"].probe(world.means(), job("charge", CHARGE))
        assert (outcome["state"], owed.kind, set(world.motions)) == (state, "payment.card", {"ask"})
        assert owed.queue, "nobody stands there any more: the centre tells who paid"
    with pytest.raises(StillInDoubt):
        await REGISTRY["charge"].probe(World(charges=[GONE]).means(), job("charge", CHARGE))


@pytest.mark.parametrize(
    ("filed", "state"), [("approved", "paid"), ("closed", "ended"), ("declined", "ended")]
)
async def test_what_no_terminal_can_tell_any_more_ends_as_the_daily_file_has_it(
    filed: str, state: str
) -> None:
    world = World(charges=[NO_BOOK], states=[{"state": filed, "paid_at": None}])
    outcome, owed = await REGISTRY["charge"].probe(world.means(), job("charge", CHARGE))
    assert (outcome["state"], owed) == (state, ()), "the centre knows it already, and tells who paid"
    assert world.asked == [("payment.status", {"order": CHARGE["order"]})]


@pytest.mark.parametrize("said", [{"state": "created"}, {"state": "unknown"}, silence()])
async def test_until_the_daily_file_tells_it_is_in_doubt(said: dict[str, Any] | Exception) -> None:
    world = World(charges=[NO_BOOK], states=[said])
    with pytest.raises(StillInDoubt):
        await REGISTRY["charge"].probe(world.means(), job("charge", CHARGE))


async def test_the_centre_is_not_asked_while_the_terminal_may_still_tell() -> None:
    """The file's word would end the asking, and what the terminal tells later would be lost."""
    for told in ([GONE], [UNKNOWN], [NO_BOOK, GONE], [NO_BOOK, UNKNOWN]):
        world = World(charges=told, states=[{"state": "closed"}])
        with pytest.raises(StillInDoubt):
            await REGISTRY["charge"].probe(world.means(), job("charge", CHARGE))
        assert world.asked == []


async def test_the_person_is_told_that_a_charge_whose_book_was_lost_is_in_doubt() -> None:
    with pytest.raises(StillInDoubt):
        await charge(World(card=LOST, charges=[NO_BOOK]))


# --- the order of a card ------------------------------------------------------------------------------------


ORDERED = {**CHARGE, "qr": "", "expires_at": "2026-10-12T09:52:00+08:00"}


async def test_a_cards_order_owes_its_charge_and_shows_no_code() -> None:
    world = World(answers=[accepted(ORDERED)])
    told: list[Any] = []
    outcome, owed = await REGISTRY["payment.create"].act(
        world.means(), job("payment.create", CREATE), told.append
    )
    assert (outcome["state"], told) == ("ordered", [])
    assert [(o.kind, o.data, o.queue) for o in owed] == [("charge", CHARGE, False)]


async def test_the_book_of_the_time_before_the_charge_is_kept_with_it_and_asked_for() -> None:
    """The device program may lose its book: a new one has no word about what the old one held."""
    world = World(answers=[accepted(ORDERED)], book="book-1")
    outcome, (owed,) = await REGISTRY["payment.create"].act(
        world.means(), job("payment.create", CREATE), lambda _: None
    )
    assert owed.data == {**CHARGE, "book": "book-1"} and "book" not in outcome
    world = World(card=LOST, charges=[None], book="book-2")
    await REGISTRY["charge"].act(world.means(), job("charge", owed.data), lambda _: None)
    await REGISTRY["charge"].probe(world.means(), job("charge", owed.data))
    assert set(world.believed) == {"book-1"}


async def test_an_order_refused_or_unheard_is_never_charged() -> None:
    for answer in (refused(), silence()):
        _, owed = await REGISTRY["payment.create"].act(
            World(answers=[answer]).means(), job("payment.create", CREATE), lambda _: None
        )
        assert owed == ()


async def test_after_a_crash_an_order_without_charge_is_closed_not_charged() -> None:
    world = World(answers=[accepted(ORDERED)])
    outcome, owed = await REGISTRY["payment.create"].probe(world.means(), job("payment.create", CREATE))
    assert outcome["state"] == "expired"
    assert [(o.kind, o.data, o.queue) for o in owed] == [("payment.close", {"order": CHARGE["order"]}, True)]
    assert world.motions == []
