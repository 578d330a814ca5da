"""The bank-card terminal in the service's words, over the real driver and the simulated POS: each key pays once."""

import asyncio
from datetime import datetime, timedelta

import pytest

from config.clock import SystemClock
from drivers.books.payment import PaymentBook
from drivers.client.hub import role_of
from drivers.devices.ecr_exchange import Timings
from drivers.devices.ecr_profile import load_dialect
from drivers.devices.pos import PosTerminal
from drivers.payment import reference_of
from drivers.services import paying
from drivers.services.base import Identity
from drivers.services.payment_terminal import PaymentTerminalService
from drivers.simulators.base import Pace
from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from drivers.simulators.pos_bank import CARDS
from drivers.store import Store
from drivers.store_tables import jobs
from drivers.supervision import Stage, Supervisor
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.cabinet import POLICY
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import code

NAME = "PaymentTerminal"
TIMINGS = Timings(ack=0.3, gap=0.06, answer=1.0, silence=1.0, wind_down=0.3, again=0.1, poll=0.5)
TAP = {"card": "debit", "entry": "contactless"}
PATIENT = Pace(8)


class Hall:
    """A POS, and a program that can be started again over the same book."""

    def __init__(self, place):
        self.place = place
        self.sim = PaymentTerminalSimulator(place / "tty", Pace(300), place, SystemClock(), ack_s=0.3)

    async def open(self, clock=None, **options):
        self.store = Store(self.place / "devices.db", clock or SystemClock())
        await self.store.open()
        link = SerialLink(str(self.sim.port.link))
        self.device = PosTerminal(Channel(link), SystemClock(), load_dialect("ecr"), TIMINGS)
        who = Identity(NAME, "paymentTerminal", "payment-terminal-ecr")
        supervisor = Supervisor(NAME, self.device, POLICY)
        self.service = PaymentTerminalService(who, supervisor, self.store, **options)
        self.service.start()
        self.desk = Desk(self.service)
        self.book = PaymentBook(self.store, NAME)
        if self.sim.powered and self.sim.port.plugged:
            await self.online()

    async def online(self):
        await until(
            lambda: self.service.supervisor.watch.stage is Stage.ONLINE and not self.service.queue.busy
        )

    async def close(self):
        await self.service.close()
        await self.store.close()

    async def ask(self, name, **payload):
        limit = payload.pop("timeout_ms", 0)
        return await self.desk.ask(f"{NAME}.{name}", payload, timeout_ms=limit)

    async def do(self, name, **payload):
        """The payload of a command that must succeed."""
        _, completion = await self.ask(name, **payload)
        assert code(completion) == "success", completion
        return completion.get("payload", {})

    async def pay(self, key="key-00001", amount=4200, **more):
        return await self.do("Purchase", key=key, amount=amount, **more)

    async def query(self, key="key-00001"):
        return await self.do("QueryLast", key=key)

    def charges(self, key="key-00001"):
        return len(self.sim.bank.moved(reference_of(key)))

    def status(self):
        return self.service.status()["paymentTerminal"]


async def until(condition, seconds=10):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(paying, "ASK_S", 2.0)
    monkeypatch.setattr(paying, "LEAST_S", 3.0)


@pytest.fixture
async def hall(tmp_path):
    found = Hall(tmp_path)
    await found.sim.start()
    await found.sim.do("auto", TAP)
    await found.open(retry_s=0.2)
    yield found
    await found.close()
    await found.sim.stop()


def names(messages):
    return [message["header"]["name"].removeprefix(f"{NAME}.") for message in messages]


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
    assert await hall.query() == {"known": False, "underWay": False}


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


# -- in doubt -------------------------------------------------------------------------------------


async def test_a_lost_answer_is_asked_for_at_once(hall):
    await hall.sim.do("loseReplies")
    assert (await hall.pay())["outcome"] == "approve"
    assert len(hall.sim.bank.entries) == 1


async def test_what_stays_unknown_is_found_out_later_and_told(hall):
    await hall.sim.do("cutAt", {"at": "charged"})
    told = await hall.pay(timeout_ms=6000)
    assert (told["outcome"], told["errorCode"]) == ("unknown", "noAnswer")
    assert hall.service.status()["paymentTerminal"].get("unresolved") in (1, None)
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


async def test_another_terminal_cannot_tell_and_staff_does(hall):
    await _left_open(hall)
    hall.sim.serial = "YP-NEW"
    hall.sim.memory.records.clear()
    await hall.sim.do("replug")
    await hall.online()
    assert (await hall.query())["payment"]["outcome"] == "unknown"
    assert (await hall.pay("key-00002"))["outcome"] == "approve"  # the new terminal owes nothing
    told = await hall.do("Resolve", key="key-00001", charged=True)
    assert (told["outcome"], told["errorCode"]) == ("approve", "byStaff")
    job = await hall.book.find("key-00001")
    assert (job.by, job.charged) == ("kiosk-run", True)
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


async def test_an_approval_of_another_amount_is_no_outcome(hall, monkeypatch):
    told = hall.sim._told
    wrong = {"amount": "000000000001"}
    monkeypatch.setattr(hall.sim, "_told", lambda record, code, **how: told(record, code, **how) | wrong)
    assert (await hall.pay())["outcome"] == "unknown"
    assert hall.status()["unresolved"] == 1


async def test_unplugged_it_takes_no_order_and_answers_from_the_book(hall):
    first = await hall.pay()
    await hall.sim.do("unplug")
    await until(lambda: hall.service.supervisor.watch.stage is not Stage.ONLINE)
    assert code((await hall.ask("Purchase", key="key-00002", amount=1))[1]) == "deviceNotReady"
    assert await hall.query("key-00002") == {"known": False, "underWay": False}
    assert await hall.pay() == first
    assert (await hall.query())["payment"] == first
    assert hall.service.status()["paymentTerminal"]["link"] == "unknown"


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
    assert await hall.do("QueryLast") == {"known": False, "underWay": False}
    await hall.pay("key-00001")
    await hall.pay("key-00002", 7)
    told = await hall.do("QueryLast")
    assert (told["key"], told["payment"]["amount"]) == ("key-00002", 7)


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
