"""A payment whose end is not known: asked for until it is, by the terminal or by staff, and nothing else is begun."""

import asyncio
from datetime import timedelta

import pytest

from config.clock import SystemClock
from drivers.books.payment import PaymentBook
from drivers.payment import reference_of
from drivers.simulators.pos_memory import Memory
from drivers.supervision import Stage
from tests.drivers.services.pos_hall import TAP, hall, names, quick, until
from tests.drivers.xfs_client import code

__all__ = ["hall", "quick"]
"""Fixtures that this file uses by their names."""


async def test_a_lost_answer_is_asked_for_at_once(hall):
    await hall.sim.do("loseReplies")
    assert (await hall.pay())["outcome"] == "approve"
    assert len(hall.sim.bank.entries) == 1


async def test_what_stays_unknown_is_found_out_later_and_told(hall):
    await hall.sim.do("cutAt", {"at": "charged"})
    told = await hall.pay(timeout_ms=6000)
    assert (told["outcome"], told["errorCode"]) == ("unknown", "noAnswer")
    assert hall.status()["unresolved"] == 1, "the book knows, whether the terminal is there or not"
    await hall.sim.do("power", {"state": "on"})
    await until(lambda: "ResolvedEvent" in names(hall.desk.sent), 20)
    (event,) = [m for m in hall.desk.sent if m["header"]["name"].endswith("ResolvedEvent")]
    assert event["payload"]["key"] == "key-00001"
    assert event["payload"]["payment"]["errorCode"] == "reversed"
    assert (await hall.query())["payment"]["outcome"] == "decline"
    assert hall.charges() == 0
    await until(lambda: hall.status()["unresolved"] == 0)


async def test_while_one_is_unknown_no_other_is_begun_and_nothing_is_settled(hall):
    await hall.sim.do("host", {"loseAnswers": 1})
    await hall.sim.do("cutAt", {"at": "charged", "what": "host"})
    assert (await hall.pay())["outcome"] == "unknown"
    _, completion = await hall.ask("Purchase", key="key-00002", amount=1)
    assert code(completion) == "unresolvedPayment"
    assert code((await hall.ask("Settle"))[1]) == "unresolvedPayment"
    assert code((await hall.ask("Void", key="void-0001", originalKey="key-00001"))[1]) == "unresolvedPayment"
    assert hall.status()["unresolved"] == 1
    await hall.sim.do("clear")
    await until(lambda: hall.status()["unresolved"] == 0)
    assert (await hall.pay("key-00002"))["outcome"] == "approve"


async def test_a_program_that_died_in_the_middle_learns_the_end_when_it_starts(hall):
    await hall.sim.do("slow", {"seconds": 0.3})
    asking = asyncio.ensure_future(hall.ask("Purchase", key="key-00001", amount=4200))
    await until(lambda: hall.sim.state()["stage"] == "processing")
    hall.device.channel._link.close()  # no farewell: the POS hears nothing
    await hall.close()
    asking.cancel()
    await until(lambda: not hall.sim.busy)
    await hall.open()
    assert (await hall.query())["payment"]["outcome"] == "approve"
    assert hall.charges() == 1


async def test_a_key_entered_and_never_sent_is_no_payment(hall):
    from drivers.books.payment import PaymentJob
    from drivers.payment import Operation, Order

    order = Order(Operation.SALE, reference_of("key-00009"), 500)
    await hall.book.begin(PaymentJob("key-00009", order, hall.sim.serial), "kiosk-run")
    told = (await hall.query("key-00009"))["payment"]
    assert (told["outcome"], told["errorCode"]) == ("endApplication", "neverBegun")
    again = await hall.pay("key-00009", 500)
    assert again["outcome"] == "endApplication"
    assert not hall.sim.bank.entries


async def _left_open(hall):
    """A payment that was charged, and whose answer nobody heard."""
    await hall.sim.do("cutAt", {"at": "answered", "what": "line"})
    assert (await hall.pay(timeout_ms=6000))["outcome"] == "unknown"
    await until(lambda: not hall.sim.busy and hall.service.supervisor.watch.stage is not Stage.ONLINE)


async def test_another_terminal_cannot_tell_and_staff_does(hall, caplog):
    await _left_open(hall)
    hall.sim.serial = "YP-NEW"
    hall.sim.memory.records.clear()
    await hall.sim.do("replug")
    await hall.online()
    for _ in range(3):
        assert (await hall.query())["payment"]["outcome"] == "unknown"
    said = [record for record in caplog.records if "another terminal" in record.getMessage()]
    assert len(said) == 1, "said once, however often it is asked"
    assert (await hall.pay("key-00002"))["outcome"] == "approve"  # the new terminal owes nothing
    (open_,) = (await hall.do("GetUnresolved"))["payments"]
    assert (open_["key"], open_["amount"], open_["operation"]) == ("key-00001", 4200, "sale")
    assert (open_["reference"], open_["serial"]) == (reference_of("key-00001"), "YP-0042173")
    told = await hall.do("Resolve", key="key-00001", charged=True, by="li-na")
    assert await hall.do("GetUnresolved") == {"payments": []}
    assert (told["outcome"], told["errorCode"]) == ("approve", "byStaff")
    job = await hall.book.find("key-00001")
    assert (job.by, job.charged) == ("li-na", True)
    assert code((await hall.ask("Resolve", key="key-00001", charged=False))[1]) == "alreadyKnown"
    assert code((await hall.ask("Resolve", key="key-99999", charged=False))[1]) == "keyUnknown"


async def test_the_terminals_own_word_comes_before_the_staffs(hall):
    await _left_open(hall)
    assert code((await hall.ask("Resolve", key="key-00001", charged=False))[1]) == "unresolvedPayment"
    await hall.sim.do("replug")
    await hall.online()
    assert code((await hall.ask("Resolve", key="key-00001", charged=False))[1]) in ("success", "alreadyKnown")
    assert (await hall.query())["payment"]["outcome"] == "approve"


async def test_a_terminal_that_may_have_forgotten_is_not_believed(hall):
    await _left_open(hall)
    await hall.close()
    hall.sim.memory.records.clear()
    await hall.sim.do("replug")
    await hall.open(SystemClock(timedelta(hours=25)))
    told = (await hall.query())["payment"]
    assert (told["outcome"], told["errorCode"]) == ("unknown", "forgotten")
    assert hall.status()["unresolved"] == 1
    assert (await hall.do("Resolve", key="key-00001", charged=True))["outcome"] == "approve"


def _wiped(sim):
    """At the acquirer's desk: the same POS, as it came from the factory."""
    sim.memory.file.unlink()
    sim.memory = Memory(sim.memory.file)


@pytest.mark.parametrize("before", ["a declined card", "a sum", "a settled batch"])
async def test_never_begun_is_not_believed_of_a_terminal_that_has_lost_its_memory(hall, monkeypatch, before):
    if before == "a declined card":
        await hall.sim.do("auto", {**TAP, "card": "poor"})
    else:  # only what the terminal has counted tells
        monkeypatch.setattr(PaymentBook, "witness", _nobody)
    await hall.pay("key-00000")
    await hall.sim.do("auto", TAP)
    if before == "a settled batch":
        assert (await hall.do("Settle"))["balanced"]
    await _left_open(hall)
    _wiped(hall.sim)
    await hall.sim.do("replug")
    await hall.online()
    told = (await hall.query())["payment"]
    assert (told["outcome"], told["errorCode"]) == ("unknown", "forgotten")
    assert (hall.status()["unresolved"], hall.charges()) == (1, 1)
    assert code((await hall.ask("Purchase", key="key-00002", amount=1))[1]) == "unresolvedPayment"
    assert (await hall.do("Resolve", key="key-00001", charged=True, by="li-na"))["outcome"] == "approve"
    assert (await hall.pay("key-00002"))["outcome"] == "approve"


async def _nobody(*_):
    """No earlier payment is known."""


async def test_never_begun_is_believed_of_a_terminal_that_knows_its_earlier_payments(hall):
    await hall.pay("key-00000")
    await hall.sim.do("cutAt", {"at": "begun", "what": "line"})
    await hall.pay(timeout_ms=6000)
    await until(lambda: not hall.sim.busy and hall.service.supervisor.watch.stage is not Stage.ONLINE)
    hall.sim.memory.records = [r for r in hall.sim.memory.records if r.reference != reference_of("key-00001")]
    await hall.sim.do("replug")
    await hall.online()
    told = (await hall.query())["payment"]
    assert (told["outcome"], told["errorCode"]) == ("endApplication", "neverBegun")


async def test_a_terminal_that_does_not_tell_its_totals_is_paid_at_all_the_same(hall, monkeypatch):
    monkeypatch.setattr(hall.sim, "_totals", lambda question: {"code": "B2"})
    assert (await hall.pay())["outcome"] == "approve"


async def test_an_approval_of_another_amount_is_no_outcome(hall, monkeypatch):
    told = hall.sim._told
    wrong = {"amount": "000000000001"}
    monkeypatch.setattr(hall.sim, "_told", lambda record, code, **how: told(record, code, **how) | wrong)
    assert (await hall.pay())["outcome"] == "unknown"
    assert hall.status()["unresolved"] == 1


async def test_a_terminal_that_is_too_busy_to_look_says_nothing_of_the_order(hall, monkeypatch):
    await hall.sim.do("loseReplies")
    query, wrong = hall.sim._query, {"code": "B1"}
    monkeypatch.setattr(hall.sim, "_query", lambda question: hall.sim._with(question, wrong))
    told = await hall.pay(timeout_ms=6000)
    assert (told["outcome"], told["errorCode"]) == ("unknown", "busy")
    assert code((await hall.ask("Resolve", key="key-00001", charged=False))[1]) == "unresolvedPayment"
    monkeypatch.setattr(hall.sim, "_query", query)
    assert (await hall.query())["payment"]["outcome"] == "approve"
    assert hall.charges() == 1


async def test_an_approval_by_another_code_than_00_is_asked_for_and_not_taken_for_a_refusal(
    hall, monkeypatch
):
    told = hall.sim._told

    def vip(record, code, *, state=False):
        return told(record, code, state=state) | ({"result": "11"} if state else {"code": "11"})

    monkeypatch.setattr(hall.sim, "_told", vip)
    assert (await hall.pay())["outcome"] == "approve"
    assert hall.charges() == 1


@pytest.mark.parametrize("asked", ["Resolve", "QueryLast"])
async def test_what_is_being_entered_is_told_though_it_is_stopped_meanwhile(hall, monkeypatch, asked):
    await _left_open(hall)
    if asked == "Resolve":
        hall.sim.serial = "YP-NEW"
    monkeypatch.setattr(hall.service, "_retry_s", 3600)
    entering, entered, write = asyncio.Event(), asyncio.Event(), hall.store.write

    async def slow(name, work):
        entering.set()
        await entered.wait()
        return await write(name, work)

    hall.service._retrying.cancel()
    monkeypatch.setattr(hall.service, "connected", _nothing)
    await hall.sim.do("replug")
    await hall.online()
    monkeypatch.setattr(hall.store, "write", slow)
    more = {"charged": True} if asked == "Resolve" else {}
    asking = asyncio.ensure_future(hall.ask(asked, key="key-00001", **more))
    await entering.wait()
    (number,) = hall.desk.pending
    await hall.desk.ask("Common.Cancel", {"requestIds": [number]})
    entered.set()
    _, completion = await asking
    assert code(completion) == "success"
    assert "ResolvedEvent" in names(hall.desk.sent)
    assert hall.status()["unresolved"] == 0


async def _nothing():
    """The terminal is not asked by the service itself."""


async def test_unplugged_it_takes_no_order_and_answers_from_the_book(hall):
    first = await hall.pay()
    await hall.sim.do("unplug")
    await until(lambda: hall.service.supervisor.watch.stage is not Stage.ONLINE)
    assert code((await hall.ask("Purchase", key="key-00002", amount=1))[1]) == "deviceNotReady"
    assert await hall.query("key-00002") == hall.unknown()
    assert await hall.pay() == first
    assert (await hall.query())["payment"] == first
    assert hall.service.status()["paymentTerminal"]["link"] == "unknown"
