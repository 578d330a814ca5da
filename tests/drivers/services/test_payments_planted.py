"""What ``test_payments_in_any_order.py`` looks after finds what is planted: its runs can fail."""

import asyncio
import contextlib
from dataclasses import replace

import pytest

from drivers.devices.pos import PosTerminal
from drivers.payment import Outcome, Payment
from drivers.services.paying import Teller
from drivers.services.settling import Settler
from drivers.simulators.pos_memory import Memory
from tests.drivers.services import test_payments_in_any_order as runs


@contextlib.contextmanager
def playing():
    """One run by hand: each rule is looked after as hypothesis does, and all is mended in the end."""
    machine = runs.Paying()
    try:
        machine.switch_on()
        yield machine
        machine.no_key_is_charged_twice()
        machine.every_charge_is_in_the_book()
        machine.no_more_is_given_back_than_was_charged()
    except BaseException:
        machine.put_away()
        raise
    machine.teardown()


async def _opened(machine):
    while not machine.sim.memory.is_open:
        await asyncio.sleep(0.005)


def ordered_again(monkeypatch, reference):
    """A driver that orders once more when no answer came."""
    transact = PosTerminal.transact

    async def twice(terminal, order, deadline):
        told = await transact(terminal, order, deadline)
        if told.outcome is not Outcome.UNKNOWN:
            return told
        return await transact(terminal, replace(order, reference=reference(order.reference)), deadline)

    monkeypatch.setattr(PosTerminal, "transact", twice)


def test_with_nothing_planted_such_a_run_ends_well():
    with playing() as machine:
        machine.spoil("replies", 1)
        machine.pay(500, "any")
        machine.take_back(0, None, "Refund")
        machine.spoil("replies", 1)
        machine.settle()
        machine.run(_opened(machine))
        machine.pay(300, "any")
    assert len(machine.sim.bank.entries) == 3


def test_a_charge_under_a_second_reference_is_found(monkeypatch):
    ordered_again(monkeypatch, lambda reference: reference[::-1])
    with pytest.raises(AssertionError), playing() as machine:
        machine.spoil("replies", 1)
        machine.pay(500, "any")
        assert len(machine.sim.bank.entries) == 2, "planted"


def test_a_terminal_that_takes_a_reference_twice_is_found(monkeypatch):
    ordered_again(monkeypatch, lambda reference: reference)
    monkeypatch.setattr(Memory, "find", lambda memory, reference: None)
    with pytest.raises(AssertionError, match="for one key"), playing() as machine:
        machine.spoil("replies", 1)
        with contextlib.suppress(AssertionError):
            machine.pay(500, "any")


def test_a_charge_told_as_never_begun_is_found(monkeypatch):
    async def never(terminal, reference, deadline):
        return None

    monkeypatch.setattr(PosTerminal, "query", never)
    with pytest.raises(AssertionError), playing() as machine:
        machine.spoil("replies", 1)
        machine.pay(500, "any")


def test_a_charge_that_stays_unknown_is_found(monkeypatch):
    async def asked_no_more(teller, terminal, job, deadline):
        return replace(found, amount_fen=job.order.amount_fen)

    found = Payment(Outcome.UNKNOWN, None, 0, "noAnswer")
    monkeypatch.setattr(Teller, "_ask", asked_no_more)
    monkeypatch.setattr(runs, "LIMIT_S", 10)
    with pytest.raises(TimeoutError), playing() as machine:
        machine.spoil("replies", 1)
        machine.pay(500, "any")
        machine.run(machine._in_the_end())


def test_a_sale_given_back_twice_is_found(monkeypatch):
    monkeypatch.setattr(Memory, "refunded", lambda memory, reference: 0)
    with pytest.raises(AssertionError), playing() as machine:
        machine.pay(500, "any")
        machine.take_back(0, None, "Refund")
        machine.take_back(1, None, "Refund")
        assert len(machine.sim.bank.entries) == 3, "planted"


def test_a_closed_batch_whose_totals_are_nowhere_is_found(monkeypatch):
    async def nothing_closed(settler, terminal, job):
        return None

    monkeypatch.setattr(Settler, "_told", nothing_closed)
    with pytest.raises(AssertionError), playing() as machine:
        machine.pay(500, "any")
        machine.spoil("replies", 1)
        machine.settle()
        machine.run(_opened(machine))
        machine.run(machine._in_the_end())
