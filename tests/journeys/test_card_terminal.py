"""Taxes paid at a card terminal: the core's executor and journal, the device program, its wire, and the simulated POS.

Only the centre is a double, and the person touches nothing: what may go wrong between a card and the journal does so
here on the real wires. The bank's ledger is the truth.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.client import DeviceHub
from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.xfs.auth import OPERATOR, token_of
from kiosk.flow.effects import ClosePayment, Pay
from kiosk.flow.events import Outcome
from kiosk.machines import Machines
from sync.records import Phase
from tests.kiosk.program import Program, World, body_of, origin, world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]
FEN = 414_704
CARD = Pay(("S1",), FEN, "card")
WITHIN_S = 60.0
HASTE = 20.0
"""Pauses between questions are so much shorter than in a hall."""


@dataclass
class Hall:
    """One terminal's core over its card terminal."""

    cabinet: Cabinet
    hub: DeviceHub
    world: World

    def program(self) -> Program:
        """One life of the core, over the real machines and in real time."""
        program = Program(self.world)
        means = replace(
            program.means,
            devices=Machines(self.hub, pages_per_minute=10),
            sleep=lambda seconds: asyncio.sleep(seconds / HASTE),
            gave_up=program.executor.gave_up,
        )
        program.executor._means = means
        return program

    @property
    def charged(self) -> list[int]:
        """What the bank has booked and not reversed."""
        return [entry.amount for entry in self.cabinet.pos.bank.entries if not entry.reversed]

    @property
    def order(self) -> dict[str, Any]:
        """The one order there is at the centre."""
        (order,) = self.world.bureau.orders.values()
        return order

    async def online(self) -> None:
        """Until the device program has its card terminal."""
        async with asyncio.timeout(WITHIN_S):
            while self.hub.status("paymentTerminal").device != "online":
                await asyncio.sleep(0.02)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Cabinet(CabinetOptions(tmp_path / "cabinet", speed=50)) as cabinet:
        settings = load_devices(cabinet.directory / "devices.toml", {})
        only = [service for service in settings.services if service.role == "paymentTerminal"]
        program = DeviceProgram(settings.model_copy(update={"services": only, "port": 0}))
        await program.start()
        assert program.server is not None
        assert urlsplit(program.server.publisher_uri).port
        hub = DeviceHub(program.server.publisher_uri, token_of(settings.token_file, OPERATOR))
        await hub.start()
        try:
            with world() as w:
                there = Hall(cabinet, hub, w)
                await there.online()
                yield there
        finally:
            await hub.close()
            await program.stop()


async def paid(program: Program) -> Outcome:
    async with asyncio.timeout(WITHIN_S):
        outcome = await program.do(CARD, origin("pay.due"))
    assert outcome is not None
    return outcome


async def settled(program: Program) -> dict[str, Any]:
    """Until the charge left open has its outcome; what the journal says of it."""
    async with asyncio.timeout(WITHIN_S):
        while await program.books.is_open("charge", "payment.card"):
            program.world.clock.passed += 100  # nobody waits for the pauses between probes
            await program.executor.resolve()
            await asyncio.sleep(0.05)
    program.world.deliver(
        program.journal
    )  # nobody waits any more, so the centre hears of it as of all that is queued
    (outcome,) = program.records("charge", Phase.OUTCOME)
    return body_of(outcome)


def shown(program: Program) -> list[str]:
    return [str(o.data["state"]) for o in program.told if o.partial and "state" in o.data]


async def test_a_chip_card_and_its_pin_pay_the_order_once(hall: Hall) -> None:
    await hall.cabinet.do("pos", "auto", card="debit", entry="chip")
    with hall.program() as program:
        outcome = await paid(program)
        assert (outcome.data["state"], outcome.data["entry"]) == ("paid", "chip")
        assert {"insert", "pin", "processing"} <= set(shown(program))
        assert hall.charged == [FEN]
        assert hall.order["state"] == "approved"
        (told,) = hall.world.bureau.of("payment.card")
        assert set(str(told.data["card"])[6:-4]) == {"*"}, "no whole number leaves the terminal"


async def test_a_declined_card_says_why_and_the_next_card_pays_another_order(hall: Hall) -> None:
    await hall.cabinet.do("pos", "auto", card="poor", entry="chip")
    with hall.program() as program:
        outcome = await paid(program)
        assert (outcome.data["state"], outcome.data["why"]) == ("declined", "insufficientFunds")
        assert (hall.charged, hall.order["state"]) == ([], "declined")
        await hall.cabinet.do("pos", "auto", card="credit", entry="chip")
        assert (await paid(program)).data["state"] == "paid"
        assert hall.charged == [FEN]


@pytest.mark.parametrize("at", ["card", "sent", "charged", "answered"])
async def test_a_cable_pulled_in_mid_sale_ends_in_what_the_bank_holds(hall: Hall, at: str) -> None:
    await hall.cabinet.do("pos", "auto", card="debit", entry="contactless")
    await hall.cabinet.do("pos", "cutAt", at=at, what="line")
    with hall.program() as program:
        outcome = await paid(program)
        assert outcome.data["state"] == "doubt"
        await hall.cabinet.do("pos", "replug")
        await hall.online()
        body = await settled(program)
        assert (body["state"] == "paid") == (hall.charged == [FEN])
        assert hall.order["state"] == ("approved" if hall.charged else "closed")
        assert len(hall.charged) <= 1


@pytest.mark.parametrize("at", ["pin", "charged"])
async def test_a_power_cut_at_the_card_terminal_leaves_no_charge_without_outcome(hall: Hall, at: str) -> None:
    await hall.cabinet.do("pos", "auto", card="debit", entry="chip")
    await hall.cabinet.do("pos", "cutAt", at=at, what="power")
    with hall.program() as program:
        outcome = await paid(program)
        assert outcome.data["state"] in ("doubt", "ended", "declined")
        await hall.cabinet.do("pos", "power", state="on")
        await hall.online()
        body = await settled(program)
        assert body["state"] in ("ended", "declined")
        assert hall.charged == [], "what the bank had booked was reversed"
        assert hall.order["state"] in ("closed", "declined")


async def test_an_answer_of_the_bank_that_comes_too_late_is_reversed(hall: Hall) -> None:
    await hall.cabinet.do("pos", "auto", card="debit", entry="contactless")
    await hall.cabinet.do("pos", "host", loseAnswers=1)
    with hall.program() as program:
        outcome = await paid(program)
        if outcome.data["state"] == "doubt":
            assert (await settled(program))["why"] == "reversed"
        else:
            assert (outcome.data["state"], outcome.data["why"]) == ("declined", "reversed")
        assert (hall.charged, hall.order["state"]) == ([], "declined")


async def test_the_core_that_dies_in_mid_sale_finds_the_truth_when_it_is_back(hall: Hall) -> None:
    await hall.cabinet.do("pos", "auto", card="debit", entry="contactless")
    await hall.cabinet.do("pos", "slow", seconds=2)
    first = hall.program()
    first.issue(CARD, origin("pay.due"))
    async with asyncio.timeout(WITHIN_S):
        while "processing" not in shown(first):
            await asyncio.sleep(0.02)
    for task in [*first.executor._acting]:
        task.cancel()  # as a killed process leaves it: an intent, no outcome
    await first.idle()
    first.close()
    with hall.program() as again:
        await again.executor.recover()
        body = await settled(again)
        assert (body["state"] == "paid") == (hall.charged == [FEN])
        assert hall.order["state"] == ("approved" if hall.charged else "closed")
        assert (
            again.records("charge", Phase.INTENT) and len(again.records("payment.create", Phase.INTENT)) == 1
        )


async def test_who_gives_up_before_a_card_is_there_is_not_charged(hall: Hall) -> None:
    with hall.program() as program:
        at = origin("pay.due")
        number = program.issue(CARD, at)
        async with asyncio.timeout(WITHIN_S):
            while "insert" not in shown(program):
                await asyncio.sleep(0.02)
            program.issue(ClosePayment(), at)
            await program.idle()
        outcome = program.outcome(number)
        assert outcome is not None
        assert (outcome.data["state"], outcome.data["why"]) == ("ended", "cancelled")
        assert (hall.charged, hall.order["state"]) == ([], "closed")
