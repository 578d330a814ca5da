"""Money is moved once for each key and always accounted for, through lost lines, power cuts and dead programs, in any order.

The simulated POS, its bank's ledger (the truth), the driver on a real pseudo terminal, the service and its book. A
small number of runs is part of the tests; ``KIOSK_SOAK=10000`` makes as many. That the ledger shows what is planted
says ``test_payments_planted.py``.
"""

import asyncio
import contextlib
import logging
import os
import tempfile
from collections import Counter
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from config import crashpoints as traps
from config.clock import SystemClock
from drivers import crashpoints
from drivers.books.payment import PaymentBook
from drivers.books.settlement import SettlementBook
from drivers.devices import supervised
from drivers.devices.ecr_exchange import Timings
from drivers.devices.ecr_profile import load_dialect
from drivers.devices.pos import PosTerminal
from drivers.payment import Operation, Outcome, SettlementState, reference_of
from drivers.services import paying
from drivers.services.base import Identity
from drivers.services.payment_terminal import PaymentTerminalService
from drivers.simulators.base import Pace
from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from drivers.simulators.pos_memory import REVERSING
from drivers.store import Store
from drivers.store_tables import jobs as jobs_table
from drivers.supervision import Policy, Stage, Supervisor
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.services.desk import Desk
from tests.drivers.services.test_conservation import Inline, PowerCut

SOAK = "KIOSK_SOAK"
RUNS = int(os.environ.get(SOAK, "12"))
NAME = "PaymentTerminal"
POLICY = Policy(first_s=0.001, last_s=0.01, settle_s=0.0, max_age_s=60.0, trip_drops=10_000)
TIMINGS = Timings(ack=0.06, gap=0.02, answer=0.2, silence=0.2, wind_down=0.05, again=0.03, poll=0.2)
POINTS = [name for name in crashpoints.registered() if name.startswith(("payment.", "settlement."))]
AT = ["begun", "card", "pin", "sent", "charged", "answered", "settled"]
HANDS = [
    {"card": "debit", "entry": "contactless"},
    {"card": "debit", "entry": "contactless"},
    {"card": "credit", "entry": "chip", "takes": 0},
    {"card": "poor", "entry": "contactless"},
    {"card": "debit", "entry": "chip", "pin": "wrong", "takes": 0},
    {"card": "debit", "entry": "chip", "fault": "torn", "takes": 0},
    {"card": "wallet", "entry": "qr"},
    {"card": "debit", "entry": "contactless", "fault": "unreadable"},
    {"on": False},
]
LIMIT_S = 25
WHICH = st.integers(0, 99)


class Paying(RuleBasedStateMachine):
    """One POS, one bank and one database that outlive any number of programs."""

    def __init__(self):
        super().__init__()
        logging.disable(logging.CRITICAL)
        memory = Path("/dev/shm")
        self.folder = tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None)
        self.place = Path(self.folder.name)
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda loop, context: None)
        self.quick = contextlib.ExitStack()
        self.quick.enter_context(patch.object(supervised, "FIRST_RETRY_S", 0.002))
        self.quick.enter_context(patch.object(supervised, "LAST_RETRY_S", 0.02))
        self.quick.enter_context(patch.multiple(paying, LONGEST_S=1.5, ASK_S=0.7, END_S=1.5, LOOK_S=0.005))
        self.keys = {}
        self.program = None
        self.device = None
        self.dark = None
        """Done when the power was cut: in the queue, or in a command that waits in none, as a query does."""

    # -- the program and its end --------------------------------------------------------------------

    def run(self, work):
        async def within():
            async with asyncio.timeout(LIMIT_S):
                return await work

        return self.loop.run_until_complete(within())

    @initialize()
    def switch_on(self):
        self.run(self._switch_on())

    async def _switch_on(self):
        self.sim = PaymentTerminalSimulator(
            self.place / "tty", Pace(1000), self.place, SystemClock(), ack_s=0.06
        )
        await self.sim.start()
        await self.sim.do("auto", HANDS[0])
        await self._start()

    async def _start(self):
        self.dark = self.loop.create_future()
        self.store = Store(self.place / "devices.db", SystemClock())
        self.store._thread.shutdown()
        self.store._thread = Inline()
        await self.store.open()
        channel = Channel(SerialLink(str(self.place / "tty")))
        self.device = PosTerminal(channel, SystemClock(), load_dialect("ecr"), TIMINGS)
        who = Identity(NAME, "paymentTerminal", "payment-terminal-ecr")
        self.program = PaymentTerminalService(
            who, Supervisor(NAME, self.device, POLICY), self.store, retry_s=0.03
        )
        self.program.start()
        self.desk = Desk(self.program)
        if self.sim.powered and self.sim.port.plugged:
            await self._connected()

    async def _connected(self):
        while self.program.supervisor.watch.stage is not Stage.ONLINE or self.program.queue.busy:
            if self.dark.done():
                await self._die()
                await self._start()
                return
            await asyncio.sleep(0.002)

    async def _die(self):
        """Everything in memory is gone; nothing more is written or sent. The POS lives on."""
        traps.arm(None)
        spared = {asyncio.current_task(), *self.sim._tasks}
        others = [task for task in asyncio.all_tasks() if task not in spared]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self.device.channel.close()
        self.store._close()

    async def _ask(self, name, body=None, timeout_ms=0):
        """The completion, or None when the power was cut before it."""
        asking = asyncio.ensure_future(self.desk.ask(f"{NAME}.{name}", body, timeout_ms=timeout_ms))
        dark, worker = self.dark, self.program.queue._worker
        await asyncio.wait({asking, dark, worker}, return_when=asyncio.FIRST_COMPLETED, timeout=LIMIT_S - 5)
        assert dark.done() or not worker.done(), worker.exception()
        if dark.done():
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            await self._die()
            await self._start()
            return None
        assert asking.done(), f"{name} does not end"
        return asking.result()[1]

    def ask(self, name, body=None, timeout_ms=0):
        return self.run(self._ask(name, body, timeout_ms))

    # -- what may happen ----------------------------------------------------------------------------

    @rule()
    def restart(self):
        self.run(self._restart())

    async def _restart(self):
        await self.program.close()
        await self.store.close()
        await self._start()

    @rule()
    def kill(self):
        self.run(self._kill())

    async def _kill(self):
        await self._die()
        await self._start()

    @rule(point=st.sampled_from(POINTS), when=st.sampled_from(["before", "after"]))
    def kill_at_point(self, point, when):
        """The program will be killed at a commit, or around the order."""
        traps.arm(traps.Trap(crashpoints.AREA, when, point.lower(), 1, self._cut))

    def _cut(self):
        if not self.dark.done():
            self.dark.set_result(None)
        raise PowerCut

    @rule(hand=st.sampled_from(HANDS))
    def person(self, hand):
        self.run(self.sim.do("auto", hand))

    @rule(at=st.sampled_from(AT), what=st.sampled_from(["power", "line", "host"]))
    def cut_at(self, at, what):
        """At that moment of the next order the POS loses its power, its cable or its bank."""
        self.run(self.sim.do("cutAt", {"at": at, "what": what}))

    @rule(what=st.sampled_from(["replies", "naks", "garbage", "drop", "flip", "cut", "duplicate", "delay", "answers"]),
          count=st.integers(1, 4))  # fmt: skip
    def spoil(self, what, count):
        """Something on the way goes wrong."""
        action, parameters = {
            "replies": ("loseReplies", {"count": count}),
            "naks": ("nak", {"count": count}),
            "garbage": ("garbage", {"count": 8, "seed": count, "when": "reply"}),
            "answers": ("host", {"loseAnswers": count}),
        }.get(what, ("link", {"fault": what, "count": count, "seed": count, "seconds": 0.3}))
        self.run(self.sim.do(action, parameters))

    @rule(amount=st.integers(1, 200_000), channel=st.sampled_from(["any", "card", "qr"]))
    def pay(self, amount, channel):
        key = f"sale-{len(self.keys):06}"
        self.keys[key] = ("Purchase", {"key": key, "amount": amount, "channel": channel})
        self._told(key, self.ask(*self.keys[key]))

    @rule(amount=st.integers(1, 100_000))
    def pay_and_change_mind(self, amount):
        key = f"sale-{len(self.keys):06}"
        self.keys[key] = ("Purchase", {"key": key, "amount": amount})
        self._told(key, self.run(self._pay_and_cancel(key)))

    async def _pay_and_cancel(self, key):
        async def change_mind():
            await asyncio.sleep(0.004)
            await self.desk.ask(f"{NAME}.Cancel")

        changing = asyncio.ensure_future(change_mind())
        completion = await self._ask(*self.keys[key])
        changing.cancel()
        return completion

    @precondition(lambda self: self.keys)
    @rule(which=WHICH)
    def repeat(self, which):
        """The same key again charges nothing that it has not charged, whatever has happened to it."""
        key = self._one(which)
        if self.run(self.program._teller.book.find(key)) is None:
            return
        booked = len(self.sim.bank.entries)
        self._told(key, self.ask(*self.keys[key]))
        assert len(self.sim.bank.entries) == booked

    @precondition(lambda self: self.keys)
    @rule(which=WHICH, part=st.sampled_from([None, 0.5]), operation=st.sampled_from(["Void", "Refund"]))
    def take_back(self, which, part, operation):
        original = self._one(which)
        key = f"back-{len(self.keys):06}"
        body = {"key": key, "originalKey": original}
        amount = self.keys[original][1].get("amount")
        if operation == "Refund" and part is not None and amount:
            body["amount"] = max(1, int(amount * part))
        self.keys[key] = (operation, body)
        self._told(key, self.ask(operation, body))

    def _one(self, which):
        """One of the keys so far. Not drawn from them: the program's own timing must not decide what is drawn."""
        return sorted(self.keys)[which % len(self.keys)]

    @precondition(lambda self: self.keys)
    @rule(which=WHICH)
    def query(self, which):
        key = self._one(which)
        completion = self.ask("QueryLast", {"key": key})
        if completion is not None and completion["payload"].get("payment"):
            self._told(key, {"header": completion["header"], "payload": completion["payload"]["payment"]})

    @rule()
    def settle(self):
        completion = self.ask("Settle")
        if completion is not None and completion["header"]["completionCode"] == "success":
            assert completion["payload"]["balanced"]
            assert completion["payload"]["agrees"], completion["payload"]

    @rule()
    def mend(self):
        self.run(self._mend())

    async def _mend(self):
        await self.sim.do("clear")
        await self.sim.do("power", {"state": "on"})
        await self.sim.do("replug")
        await self.sim.do("auto", HANDS[0])
        await self._connected()

    def _told(self, key, completion):
        """An outcome that was told is what the ledger says, at once and for ever."""
        if completion is None or completion["header"]["completionCode"] != "success":
            return
        outcome = Outcome(completion["payload"]["outcome"])
        if outcome is not Outcome.UNKNOWN:
            assert len(self.sim.bank.moved(reference_of(key))) == (outcome is Outcome.APPROVE), (key, outcome)

    # -- what must always be true -------------------------------------------------------------------

    @invariant()
    def no_key_is_charged_twice(self):
        if self.program is None:
            return
        references = [entry.reference for entry in self.sim.bank.entries]
        assert len(references) == len(set(references)), "the bank was asked twice for one key"

    @invariant()
    def every_charge_is_in_the_book(self):
        """Entered before it was made: there is none that the book does not know, and none it knows wrongly."""
        if self.program is None:
            return
        found = {key: self.run(self.program._teller.book.find(key)) for key in self.keys}
        known = {job.order.reference: job for job in found.values() if job is not None}
        for entry in self.sim.bank.entries:
            assert entry.reference in known
            assert entry.amount == known[entry.reference].order.amount_fen
        for reference, job in known.items():
            if not job.open:
                assert len(self.sim.bank.moved(reference)) == job.charged, job

    @invariant()
    def no_more_is_given_back_than_was_charged(self):
        if self.program is None:
            return
        given = Counter()
        for entry in self.sim.bank.entries:
            if entry.original is not None and not entry.reversed:
                given[entry.original] += entry.amount
        for reference, back in given.items():
            (sale,) = self.sim.bank.moved(reference)
            assert sale.operation == Operation.SALE
            assert back <= sale.amount

    def teardown(self):
        try:
            if self.program is not None:
                self.run(self._in_the_end())
        finally:
            self.put_away()

    def put_away(self):
        """End it all, however it stands."""
        traps.arm(None)
        self.run(self._stop())
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
        self.quick.close()
        self.folder.cleanup()
        logging.disable(logging.NOTSET)

    async def _in_the_end(self):
        """All is mended: nothing stays open, and ledger, terminal and book say the same."""
        traps.arm(None)
        await self._mend()
        book, settlements = PaymentBook(self.store, NAME), SettlementBook(self.store, NAME)
        while (
            await book.unfinished()
            or await settlements.unfinished()
            or any(r.state == REVERSING for r in self.sim.memory.records)
        ):
            await asyncio.sleep(0.005)
        for key in self.keys:
            job = await book.find(key)
            charges = self.sim.bank.moved(reference_of(key))
            assert len(charges) == (job is not None and job.charged), key
        totals = await book.totals(self.sim.memory.batch_number, self.sim.serial)
        counted = {name.value: self.sim.bank.counted(totals.batch, name) for name in Operation}
        assert counted == {
            "sale": (totals.sale_count, totals.sale_fen),
            "void": (totals.void_count, totals.void_fen),
            "refund": (totals.refund_count, totals.refund_fen),
        }
        await self._closed_batches_are_known(settlements)

    async def _closed_batches_are_known(self, settlements):
        """The totals of every batch that was closed with money in it stand in the book, as bank and POS counted them."""
        jobs = await settlements._select(jobs_table.c.state == SettlementState.SETTLED)
        told = {job.batch: job.result for job in jobs}  # an empty batch gives its number to the next
        charged = {entry.batch for entry in self.sim.bank.entries if not entry.reversed}
        for batch in charged - {self.sim.memory.batch_number}:
            assert batch in told
            assert told[batch].balanced
            counted = told[batch].totals
            assert (counted.sale_count, counted.sale_fen) == self.sim.bank.counted(batch, Operation.SALE)
            assert (counted.void_count, counted.void_fen) == self.sim.bank.counted(batch, Operation.VOID)
            assert (counted.refund_count, counted.refund_fen) == self.sim.bank.counted(
                batch, Operation.REFUND
            )

    async def _stop(self):
        if self.program is not None:
            await self.program.close()
            await self.store.close()
            await self.sim.stop()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


TestPaying = Paying.TestCase
TestPaying.settings = settings(
    max_examples=RUNS,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
    phases=(Phase.explicit, Phase.generate),  # what threads and lines do cannot be made smaller
)
