"""The bank-card terminal in the service's words, over the real driver and the simulated POS: each key pays once."""

import asyncio
from datetime import datetime, timedelta

import pytest

from config.clock import SystemClock
from drivers.client.capabilities import role_of
from drivers.payment import reference_of
from drivers.simulators.base import Pace
from drivers.simulators.pos_bank import CARDS
from drivers.store_tables import jobs
from tests.drivers.services.desk import Desk
from tests.drivers.services.pos_hall import NAME, TAP, hall, names, quick, until
from tests.drivers.xfs_client import code

__all__ = ["hall", "quick"]
"""Fixtures that this file uses by their names."""


PATIENT = Pace(8)


# -- one payment ----------------------------------------------------------------------------------


async def test_a_purchase_tells_its_way_and_its_end(hall):
    await hall.sim.do("auto", {"card": "debit", "takes": 5})
    events, completion = await hall.ask("Purchase", key="key-00001", amount=4200)
    told = completion["payload"]
    assert code(completion) == "success"
    assert (told["outcome"], told["operation"], told["amount"]) == ("approve", "sale", 4200)
    assert (told["card"], told["entry"], told["voided"]) == (CARDS["debit"].shown, "chip", False)
    assert (told["reference"], told["serial"]) == (reference_of("key-00001"), hall.sim.serial)
    assert datetime.fromisoformat(told["at"]).utcoffset() == timedelta(hours=8)
    assert names(events) == ["InsertCardEvent", "CardInsertedEvent", "PinEntryEvent", "ProcessingEvent"]
    await until(lambda: "CardRemovedEvent" in names(hall.desk.sent))
    assert hall.charges() == 1


async def test_what_the_reader_asks_of_the_person_is_told(hall):
    await hall.sim.do("auto", {**TAP, "fault": "unreadable"})
    events, _ = await hall.ask("Purchase", key="key-00001", amount=4200)
    asked = [m["payload"]["messageId"] for m in events if m["header"]["name"].endswith("ReadStatusEvent")]
    assert asked == ["tryAgain"]


async def test_a_declined_card_is_an_answer(hall):
    await hall.sim.do("auto", {**TAP, "card": "poor"})
    told = await hall.pay()
    assert (told["outcome"], told["errorCode"], told["responseCode"], told["text"]) == (
        "decline", "insufficientFunds", "51", "余额不足",
    )  # fmt: skip
    assert (await hall.query())["payment"]["outcome"] == "decline"


async def test_the_same_key_pays_once_and_tells_the_same_for_ever(hall):
    first = await hall.pay()
    assert await hall.pay() == first
    await hall.close()
    await hall.open()
    assert await hall.pay() == first
    assert len(hall.sim.bank.entries) == 1


async def test_a_key_stands_for_one_thing(hall):
    await hall.pay()
    for other in ({"amount": 4201}, {"amount": 4200, "channel": "qr"}):
        _, completion = await hall.ask("Purchase", key="key-00001", **other)
        assert code(completion) == "keyReused"
    assert len(hall.sim.bank.entries) == 1


@pytest.mark.parametrize(
    "payload",
    [{}, {"key": "short", "amount": 1}, {"key": "key-00001", "amount": 0}, {"key": "key-00001", "amount": 1.5},
     {"key": "key-00001", "amount": "1"}, {"key": "key-00001", "amount": 1, "channel": "cheque"}],
)  # fmt: skip
async def test_an_order_that_is_none_is_refused(hall, payload):
    _, completion = await hall.ask("Purchase", **payload)
    assert code(completion) == "invalidData"


async def test_with_too_little_time_nothing_is_begun(hall):
    _, completion = await hall.ask("Purchase", key="key-00001", amount=1, timeout_ms=1500)
    assert code(completion) == "timeOut"
    assert await hall.query() == hall.unknown()


async def test_a_payment_ends_in_time_when_nobody_comes(hall):
    await hall.sim.do("auto", {"on": False})
    hall.sim.pace = PATIENT
    told = await hall.pay(timeout_ms=4000)
    assert (told["outcome"], told["errorCode"]) == ("endApplication", "cancelled")


@pytest.mark.parametrize("how", ["PaymentTerminal.Cancel", "Common.Cancel"])
async def test_a_payment_can_be_taken_back_while_the_terminal_waits(hall, how):
    await hall.sim.do("auto", {"on": False})
    hall.sim.pace = PATIENT
    asking = asyncio.ensure_future(hall.ask("Purchase", key="key-00001", amount=4200))
    await until(lambda: hall.sim.state()["stage"] == "insertCard")
    assert (await hall.query()) == {"known": True, "key": "key-00001", "underWay": True}
    await hall.desk.ask(how)
    _, completion = await asking
    assert completion["payload"]["errorCode"] == "cancelled"
    assert not hall.sim.busy


async def test_a_cancel_that_comes_too_late_tells_what_was_charged(hall):
    await hall.sim.do("slow", {"seconds": 0.5})
    asking = asyncio.ensure_future(hall.ask("Purchase", key="key-00001", amount=4200))
    await until(lambda: hall.sim.state()["stage"] == "processing")
    await hall.ask("Cancel")
    _, completion = await asking
    assert completion["payload"]["outcome"] == "approve"
    assert hall.charges() == 1


# -- back, and the day's end ----------------------------------------------------------------------


async def test_money_is_taken_back_once(hall):
    await hall.pay("key-00001", 1000)
    await hall.pay("key-00002", 1000)
    voided = await hall.do("Void", key="void-0001", originalKey="key-00001")
    assert (voided["outcome"], voided["operation"], voided["amount"]) == ("approve", "void", 1000)
    assert await hall.do("Void", key="void-0001", originalKey="key-00001") == voided
    assert (await hall.query("key-00001"))["payment"]["voided"] is True
    again = await hall.do("Void", key="void-0002", originalKey="key-00001")
    assert again["errorCode"] == "alreadyVoided"
    part = await hall.do("Refund", key="back-0001", originalKey="key-00002", amount=400)
    assert (part["outcome"], part["amount"]) == ("approve", 400)
    assert (await hall.do("Refund", key="back-0002", originalKey="key-00002"))[
        "errorCode"
    ] == "refundTooLarge"
    for key in ("nobody-01", "void-0001", "back-0001"):
        assert code((await hall.ask("Void", key="void-0009", originalKey=key))[1]) == "originalUnknown"


async def test_totals_and_settlement_compare_terminal_bank_and_book(hall):
    await hall.pay("key-00001", 1000)
    await hall.pay("key-00002", 500)
    await hall.do("Void", key="void-0001", originalKey="key-00002")
    told = await hall.do("GetTotals")
    assert told["agrees"] is True
    assert (told["terminal"]["saleAmount"], told["book"]["voidAmount"]) == (1500, 500)
    settled = await hall.do("Settle")
    assert (settled["batch"], settled["balanced"], settled["agrees"]) == ("000001", True, True)
    assert await hall.do("Start") == {"batch": "000002"}
    assert (await hall.do("GetTotals"))["book"]["saleCount"] == 0


async def test_a_spare_that_begins_with_the_same_batch_number_is_counted_by_itself(hall):
    await hall.pay("key-00001", 1000)
    before = hall.sim.serial
    hall.sim.serial = "YP-NEW"
    await hall.pay("key-00002", 500)
    assert (await hall.do("GetTotals"))["book"]["saleAmount"] == 500
    hall.sim.serial = before
    assert (await hall.do("GetTotals"))["book"]["saleAmount"] == 1000


async def test_a_bank_that_counts_otherwise_is_told(hall):
    await hall.pay()
    await hall.sim.do("mismatch", {"fen": 100})
    settled = await hall.do("Settle")
    assert (settled["balanced"], settled["agrees"], settled["text"]) == (False, True, "对账不平")


async def test_the_bank_out_of_reach(hall):
    await hall.sim.do("host", {"reachable": False})
    assert (await hall.pay())["errorCode"] == "hostUnreachable"
    for name in ("Start", "Settle"):
        assert code((await hall.ask(name))[1]) == "hostUnreachable"
    await hall.do("Reset")
    await until(lambda: hall.status()["link"] == "offline")


async def test_only_staff_settles_and_resolves(hall):
    customer = Desk(hall.service, "kiosk-run", ("application",))
    for name, body in (("Settle", {}), ("Resolve", {"key": "key-00001", "charged": True})):
        _, completion = await customer.ask(f"{NAME}.{name}", body)
        assert code(completion) == "authorisationRequired"


# -- what else is told ----------------------------------------------------------------------------


async def test_the_last_one_is_found_without_its_key(hall):
    assert await hall.do("QueryLast") == hall.unknown()
    await hall.pay("key-00001")
    await hall.pay("key-00002", 7)
    told = await hall.do("QueryLast")
    assert (told["key"], told["payment"]["amount"]) == ("key-00002", 7)


async def test_which_book_it_is_is_told_and_another_one_after_it_was_lost(hall):
    await hall.pay()
    first = hall.status()["bookId"]
    await hall.close()
    await hall.open()
    assert hall.status()["bookId"] == first and (await hall.query())["known"]
    await hall.close()
    for file in hall.place.glob("devices.db*"):
        file.unlink()
    await hall.open()
    told = await hall.query()
    assert told == hall.unknown()
    assert told["bookId"] == hall.status()["bookId"] != first


async def test_the_last_one_is_the_one_entered_last_though_the_clock_was_set_back(hall):
    await hall.pay("key-00002", 7)
    await hall.close()

    class Earlier(SystemClock):
        def now(self):
            return super().now() - timedelta(days=1)

    await hall.open(Earlier())
    await hall.pay("key-00001", 9)
    assert (await hall.do("QueryLast"))["key"] == "key-00001"


async def test_capabilities_say_what_it_is(hall):
    told = hall.service.capabilities()
    assert role_of(told) == "paymentTerminal"
    assert told["paymentTerminal"]["channels"] == {"card": True, "qr": True}


async def test_the_book_holds_no_card_number(hall):
    for number, name in enumerate(CARDS):
        await hall.sim.do("auto", {"card": name, "entry": "contactless"})
        await hall.pay(f"key-1000{number}")
    rows = await hall.store.read(lambda c: [tuple(row) for row in c.execute(jobs.select())])
    assert len(rows) == len(CARDS)
    assert not [card for card in CARDS.values() if card.number in str(rows)]


async def test_a_payment_under_way_is_not_told_as_one_that_nobody_knows_the_end_of(hall):
    """Else the terminal would be called faulty during each payment."""
    told = []

    def changed():
        status = hall.status()
        told.append((status.get("stage"), status["unresolved"]))

    hall.service.supervisor.on_change(changed)
    await hall.pay()
    assert {"insertCard", "processing"} <= {stage for stage, _ in told}
    assert {unresolved for _, unresolved in told} == {0}
