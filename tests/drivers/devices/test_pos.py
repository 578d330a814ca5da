"""The driver against the simulated POS on a real pseudo terminal: nothing is sent twice, nothing is guessed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices import registry
from drivers.devices.ecr_exchange import Timings
from drivers.devices.ecr_profile import load_dialect
from drivers.devices.pos import PosTerminal
from drivers.errors import (
    DeadlinePassed,
    DeviceNotReady,
    DriverConfigError,
    InvalidData,
    SequenceError,
)
from drivers.payment import Channel as Way
from drivers.payment import Operation, Order, Outcome, Stage, reference_of
from drivers.ports import DeviceState
from drivers.simulators.base import Pace
from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from drivers.simulators.pos_bank import CARDS
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink

CLOCK = SystemClock()
TIMINGS = Timings(ack=0.3, gap=0.06, answer=1.0, silence=1.0, wind_down=0.3, again=0.1, poll=60)
PATIENT = Pace(8)
"""Slow enough for a hand of the test to come in between."""
TAP = {"card": "debit", "entry": "contactless"}


def soon(seconds: float = 8.0) -> Deadline:
    return Deadline.after(seconds)


def sale(key: str = "key-1", fen: int = 4200, channel: Way = Way.ANY) -> Order:
    return Order(Operation.SALE, reference_of(key), fen, channel)


def back(operation: Operation, key: str, original: str, fen: int = 4200) -> Order:
    return Order(operation, reference_of(key), fen, original=reference_of(original))


@pytest.fixture
async def sim(tmp_path: Path) -> AsyncIterator[PaymentTerminalSimulator]:
    pos = PaymentTerminalSimulator(tmp_path / "tty", Pace(300), tmp_path, CLOCK, ack_s=0.3)
    await pos.start()
    yield pos
    await pos.stop()


@pytest.fixture
async def device(sim: PaymentTerminalSimulator) -> AsyncIterator[PosTerminal]:
    terminal = PosTerminal(Channel(SerialLink(str(sim.port.link))), CLOCK, load_dialect("ecr"), TIMINGS)
    await terminal.open()
    yield terminal
    await terminal.close()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.005)


async def connected(device: PosTerminal) -> None:
    async with asyncio.timeout(8):
        while True:
            try:
                return await device.open()
            except DeviceNotReady:
                await asyncio.sleep(0.02)


def charges(sim: PaymentTerminalSimulator, key: str = "key-1") -> int:
    return len(sim.bank.moved(reference_of(key)))


async def test_it_signs_in_by_itself_and_tells_how_things_stand(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    assert sim.memory.is_open
    details = device.snapshot.details["paymentTerminal"]
    assert details == {"link": "online", "session": "idle", "stage": "idle", "batch": "open", "paper": "full"}
    assert device.snapshot.device is DeviceState.ONLINE
    assert await device.serial(soon()) == sim.serial


async def test_a_pos_whose_bank_is_slow_is_here_all_the_same_and_signs_in_later(
    sim: PaymentTerminalSimulator,
) -> None:
    sim.slow = 60.0
    waits = replace(TIMINGS, sign_in=0.5)
    terminal = PosTerminal(Channel(SerialLink(str(sim.port.link))), CLOCK, load_dialect("ecr"), waits)
    try:
        await terminal.open()
        details = terminal.snapshot.details["paymentTerminal"]
        assert (details["link"], details["batch"]) == ("online", "closed")  # type: ignore[index]
        assert terminal.snapshot.device is DeviceState.DEVICE_BUSY  # it is with the bank still
        await sim.do("power", {"state": "off"})
        await sim.do("power", {"state": "on"})
        sim.slow = None
        await terminal.login(soon())
        assert terminal.snapshot.details["paymentTerminal"]["batch"] == "open"  # type: ignore[index]
    finally:
        await terminal.close()


async def test_a_sale_goes_through_its_stages(sim: PaymentTerminalSimulator, device: PosTerminal) -> None:
    await sim.do("auto", {"card": "debit", "takes": 20})
    stages: list[object] = []
    device.on_status(lambda s: stages.append(s.details["paymentTerminal"].get("stage")))  # type: ignore[attr-defined]
    paid = await device.transact(sale(), soon())
    assert (paid.outcome, paid.amount_fen, paid.entry, paid.issuer) == (
        Outcome.APPROVE, 4200, "chip", CARDS["debit"].issuer,
    )  # fmt: skip
    assert (paid.card, paid.serial, paid.batch) == (CARDS["debit"].shown, sim.serial, "000001")
    await until(lambda: stages[-1:] == ["idle"] and Stage.REMOVE_CARD in stages)
    assert [stage for stage in dict.fromkeys(stages) if stage != "idle"] == [
        "insertCard", "cardInserted", "pinEntry", "processing", "removeCard",
    ]  # fmt: skip
    assert device.snapshot.device is DeviceState.ONLINE


@pytest.mark.parametrize(
    ("hand", "outcome", "word"),
    [
        ({"card": "poor"}, Outcome.DECLINE, "insufficientFunds"),
        ({"card": "expired"}, Outcome.DECLINE, "expiredCard"),
        ({"card": "locked"}, Outcome.DECLINE, "pinTriesExceeded"),
        ({"pin": "wrong"}, Outcome.DECLINE, "pinWrong"),
        ({"pin": "cancel"}, Outcome.END_APPLICATION, "pinCancelled"),
        ({"fault": "torn"}, Outcome.END_APPLICATION, "cardRemoved"),
        ({"on": False}, Outcome.END_APPLICATION, "noCard"),
    ],
)
async def test_what_is_not_approved_is_an_answer_with_a_reason(
    sim: PaymentTerminalSimulator,
    device: PosTerminal,
    hand: dict[str, object],
    outcome: Outcome,
    word: str,
) -> None:
    await sim.do("auto", hand)
    told = await device.transact(sale(), soon())
    assert (told.outcome, told.error_code) == (outcome, word)
    asked = await device.query(reference_of("key-1"), soon())
    assert asked is not None
    assert (asked.outcome, asked.error_code) == (outcome, word)
    assert charges(sim) == 0


async def test_a_reference_is_charged_once_however_often_it_comes(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    await sim.do("auto", TAP)
    first = await device.transact(sale(), soon())
    again = await device.transact(sale(), soon())
    assert (again.outcome, again.rrn) == (Outcome.APPROVE, first.rrn)
    other = await device.transact(sale(fen=1), soon())
    assert other.outcome is Outcome.UNKNOWN
    assert len(sim.bank.entries) == 1


async def test_a_lost_reply_is_unknown_and_the_query_tells(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    await sim.do("auto", TAP)
    await sim.do("loseReplies")
    told = await device.transact(sale(), soon())
    assert (told.outcome, told.error_code) == (Outcome.UNKNOWN, "lineLost")
    asked = await device.query(reference_of("key-1"), soon())
    assert asked is not None
    assert asked.outcome is Outcome.APPROVE
    assert charges(sim) == 1
    assert await device.query(reference_of("never"), soon()) is None


@pytest.mark.parametrize("at", ["begun", "card", "sent", "charged", "answered"])
@pytest.mark.parametrize("what", ["power", "line"])
async def test_a_cut_in_the_middle_is_unknown_until_the_pos_is_back(
    sim: PaymentTerminalSimulator, device: PosTerminal, at: str, what: str
) -> None:
    await sim.do("auto", TAP)
    await sim.do("cutAt", {"at": at, "what": what})
    assert (await device.transact(sale(), soon())).outcome is Outcome.UNKNOWN
    await sim.do("power", {"state": "on"})
    await sim.do("replug")
    await until(lambda: not sim.busy and not any(r.state == "X" for r in sim.memory.records))
    await connected(device)
    asked = await device.query(reference_of("key-1"), soon())
    assert asked is not None
    assert asked.known
    assert charges(sim) == (asked.outcome is Outcome.APPROVE)
    assert (await device.transact(sale("key-2"), soon())).outcome is Outcome.APPROVE


async def test_a_reversal_that_waits_for_the_bank_is_no_outcome_yet(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    await sim.do("auto", TAP)
    await sim.do("host", {"loseAnswers": 1})
    await sim.do("cutAt", {"at": "charged", "what": "host"})
    told = await device.transact(sale(), soon())
    assert (told.outcome, told.error_code) == (Outcome.UNKNOWN, "reversing")
    asked = await device.query(reference_of("key-1"), soon())
    assert asked is not None
    assert asked.outcome is Outcome.UNKNOWN
    await sim.do("clear")
    await until(lambda: charges(sim) == 0)
    asked = await device.query(reference_of("key-1"), soon())
    assert asked is not None
    assert (asked.outcome, asked.error_code) == (Outcome.DECLINE, "reversed")


async def test_at_the_deadline_the_terminal_is_told_to_give_up(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    sim.pace = PATIENT
    told = await device.transact(sale(), soon(0.6))
    assert (told.outcome, told.error_code) == (Outcome.END_APPLICATION, "cancelled")


async def test_what_is_with_the_bank_at_the_deadline_goes_on(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    await sim.do("auto", TAP)
    await sim.do("slow", {"seconds": 1.2})
    told = await device.transact(sale(), soon(0.8))
    assert (told.outcome, told.error_code) == (Outcome.UNKNOWN, "timeOut")
    asked = await device.query(reference_of("key-1"), soon())
    assert asked is not None
    assert asked.outcome is Outcome.APPROVE
    assert charges(sim) == 1


async def test_a_caller_who_leaves_takes_the_order_back(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    sim.pace = PATIENT
    paying = asyncio.ensure_future(device.transact(sale(), soon()))
    await until(lambda: sim.state()["stage"] == "insertCard")
    paying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await paying
    asked = await device.query(reference_of("key-1"), soon())
    assert asked is not None
    assert (asked.outcome, asked.error_code) == (Outcome.END_APPLICATION, "cancelled")


async def test_cancel_ends_what_waits_and_returns_when_all_is_quiet(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    sim.pace = PATIENT
    paying = asyncio.ensure_future(device.transact(sale(), soon()))
    await until(lambda: sim.state()["stage"] == "insertCard")
    await device.cancel(soon())
    assert not sim.busy
    assert (await paying).error_code == "cancelled"
    await device.cancel(soon())


async def test_a_terminal_at_work_for_a_program_that_died_is_freed_when_connected(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    sim.pace = PATIENT
    paying = asyncio.ensure_future(device.transact(sale(), soon()))
    await until(lambda: sim.state()["stage"] == "insertCard")
    sim.port.unplug()
    await paying
    assert sim.busy
    sim.port.plug()
    await connected(device)
    await until(lambda: not sim.busy)
    asked = await device.query(reference_of("key-1"), soon())
    assert asked is not None
    assert asked.error_code == "cancelled"


async def test_nothing_is_sent_when_it_cannot_be_or_makes_no_sense(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    wrong = [
        sale(fen=0),
        sale(fen=10**12),
        Order(Operation.SALE, "lower", 1),
        Order(Operation.SALE, "A" * 21, 1),
        Order(Operation.SALE, "A", 1, original="B"),
        Order(Operation.VOID, "A", 1),
        Order(Operation.REFUND, "A", 1, original="b"),
    ]
    for order in wrong:
        with pytest.raises(InvalidData):
            await device.transact(order, soon())
    with pytest.raises(InvalidData):
        await device.query("no good", soon())
    with pytest.raises(DeadlinePassed):
        await device.transact(sale(), soon(0))
    sim.port.unplug()
    await until(lambda: not device.connected)
    with pytest.raises(DeviceNotReady):
        await device.transact(sale(), soon())
    assert not sim.memory.records


async def test_a_second_order_waits_for_the_first(sim: PaymentTerminalSimulator, device: PosTerminal) -> None:
    sim.pace = PATIENT
    first = asyncio.ensure_future(device.transact(sale(), soon()))
    await until(lambda: sim.state()["stage"] == "insertCard")
    with pytest.raises(DeadlinePassed, match="nothing was sent"):
        await device.transact(sale("key-2"), soon(0.1))
    await sim.do("present", TAP)
    assert (await first).outcome is Outcome.APPROVE
    assert charges(sim, "key-2") == 0


@pytest.mark.parametrize("fault", ["drop", "flip", "cut", "duplicate", "delay", "split"])
@pytest.mark.parametrize("count", [1, 3])
async def test_a_bad_line_charges_once_and_the_truth_comes_out(
    sim: PaymentTerminalSimulator, device: PosTerminal, fault: str, count: int
) -> None:
    await sim.do("auto", TAP)
    await sim.do("link", {"fault": fault, "count": count, "seconds": 0.05, "seed": 3})
    told = await device.transact(sale(), soon())
    await sim.do("clear")
    await until(lambda: not sim.busy)
    if not told.known:
        await connected(device)
        asked = await device.query(reference_of("key-1"), soon())
        told = asked or told
    assert charges(sim) == (told.outcome is Outcome.APPROVE)


async def test_a_storm_of_refusals_is_told_and_passes(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    await sim.do("auto", TAP)
    await sim.do("nak", {"count": 3})
    assert (await device.transact(sale(), soon())).outcome is Outcome.APPROVE
    await sim.do("nak", {"count": 4})
    assert (await device.transact(sale("key-2"), soon())).outcome is Outcome.UNKNOWN
    assert await device.query(reference_of("key-2"), soon()) is None
    assert charges(sim, "key-2") == 0


async def test_voids_refunds_totals_and_the_end_of_the_day(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    await sim.do("auto", TAP)
    for key in ("key-1", "key-2"):
        await device.transact(sale(key), soon())
    voided = await device.transact(back(Operation.VOID, "void-1", "key-1"), soon())
    assert (voided.outcome, voided.operation) == (Outcome.APPROVE, Operation.VOID)
    asked = await device.query(reference_of("key-1"), soon())
    assert asked is not None
    assert (asked.outcome, asked.voided) == (Outcome.APPROVE, True)
    again = await device.transact(back(Operation.VOID, "void-2", "key-1"), soon())
    assert (again.outcome, again.error_code) == (Outcome.END_APPLICATION, "alreadyVoided")
    refunded = await device.transact(back(Operation.REFUND, "ref-1", "key-2", 200), soon())
    assert refunded.outcome is Outcome.APPROVE
    totals = await device.totals(soon())
    assert (totals.sale_count, totals.sale_fen, totals.void_fen, totals.refund_fen) == (2, 8400, 4200, 200)
    assert totals.net_fen == 4000
    settled = await device.settle(soon())
    assert (settled.balanced, settled.totals) == (True, totals)
    assert (await device.totals(soon())).batch == "000002"


async def test_a_batch_that_does_not_balance_is_told(
    sim: PaymentTerminalSimulator, device: PosTerminal
) -> None:
    await sim.do("mismatch", {"fen": 7})
    settled = await device.settle(soon())
    assert (settled.balanced, settled.text) == (False, "对账不平")


async def test_without_the_bank_it_says_so(sim: PaymentTerminalSimulator, device: PosTerminal) -> None:
    await sim.do("auto", TAP)
    await sim.do("host", {"reachable": False})
    told = await device.transact(sale(), soon())
    assert (told.outcome, told.error_code) == (Outcome.END_APPLICATION, "hostUnreachable")
    for work in (device.settle(soon()), device.login(soon())):
        with pytest.raises(SequenceError) as error:
            await work
        assert error.value.code == "hostUnreachable"
    await device.reset(soon())
    assert device.snapshot.details["paymentTerminal"]["link"] == "offline"  # type: ignore[index]


async def test_another_answer_than_asked_for_is_not_believed(
    sim: PaymentTerminalSimulator, device: PosTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sim.do("auto", TAP)
    told = sim._told
    monkeypatch.setattr(
        sim, "_told", lambda record, code, **how: told(record, code, **how) | {"reference": "OTHER"}
    )
    assert (await device.transact(sale(), soon())).error_code == "strangeAnswer"


async def test_logs_hold_no_card_number_even_of_a_pos_that_sends_it(
    sim: PaymentTerminalSimulator,
    device: PosTerminal,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await sim.do("auto", TAP)
    number = CARDS["debit"].number
    told = sim._told
    leak = {"card": number, "text": f"卡号 {number} 交易成功"}
    monkeypatch.setattr(sim, "_told", lambda record, code, **how: told(record, code, **how) | leak)
    paid = await device.transact(sale(), soon())
    assert paid.card == CARDS["debit"].shown
    assert number not in repr(paid) + caplog.text


def test_the_registry_reads_its_options(tmp_path: Path) -> None:
    device = registry.create("payment-terminal-ecr", {"port": str(tmp_path / "tty"), "baud": 9600})
    assert isinstance(device, PosTerminal)
    for options in ({}, {"port": "x", "profile": "nobody"}, {"port": "x", "speed": 1}):
        with pytest.raises(DriverConfigError):
            registry.create("payment-terminal-ecr", options)  # type: ignore[arg-type]
