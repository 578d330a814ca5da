"""Sheets and numbers are conserved through faults, lost lines and power cuts at every point, in any order."""

import asyncio
import os
import tempfile
from collections import Counter
from concurrent.futures import Executor, Future
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from config import crashpoints as traps
from config.clock import SystemClock
from drivers import crashpoints
from drivers.errors import LinkLost
from drivers.services.base import Identity
from drivers.services.invoice_dispenser import InvoiceDispenserService
from drivers.store import Store
from drivers.store_tables import jobs, moves, sheets
from drivers.supervision import Policy, Stage, Supervisor
from tests.drivers.fakes import FakeDispenser, Machine
from tests.drivers.services.desk import Desk

CODE = "011002100611"
POLICY = Policy(first_s=0.001, last_s=0.002, settle_s=0.0, max_age_s=60.0, trip_drops=10_000)
POINTS = [
    name for name in crashpoints.registered() if name.split(".")[0] in ("dispense", "present", "retract")
]
FEEDING, TRAY = ["feed", "path", "gate", "moved"], ["present", "presented", "retract", "retracted"]
ENDS = ["cut", "pulled", "silent"]
"""How a motion fails: the power is cut, the line is lost, or only an answer is: the sensors still tell."""


class PowerCut(BaseException):
    """The program ends here; the machine stays as it is."""


class Inline(Executor):
    """The store's thread without the thread: the same calls in the same order, sooner."""

    def submit(self, work, /, *arguments):
        future = Future()
        try:
            future.set_result(work(*arguments))
        except BaseException as error:
            future.set_exception(error)
        return future


async def _within(work):
    async with asyncio.timeout(10):
        return await work


class Dispensing(RuleBasedStateMachine):
    """One machine and one database that outlive any number of programs."""

    def __init__(self):
        super().__init__()
        memory = Path("/dev/shm")
        self.folder = tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None)
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda loop, context: None)
        self.machine = Machine()
        self.fresh = 100_001
        self.loaded = Counter()
        self.answers = {}
        self.keys = 0
        self.key = None
        self.program = None
        self.gone = asyncio.Event()

    # -- the program and its end --------------------------------------------------------------------

    def run(self, work):
        """What came of it; the program begins anew when the power was cut meanwhile."""
        found = self.loop.run_until_complete(_within(work))
        if self.gone.is_set():
            self.loop.run_until_complete(_within(self._begin_anew()))
        return found

    def cut(self):
        """The power goes, in whatever task of the program this is called."""
        self.gone.set()
        raise PowerCut

    @initialize()
    def switch_on(self):
        """Both units filled: a run that begins empty refuses most of what is asked of it."""
        self.run(self._start())
        for unit in ("unit1", "unit2"):
            self.load(unit, 6)

    async def _start(self):
        self.gone.clear()
        self.store = Store(Path(self.folder.name) / "devices.db", SystemClock())
        self.store._thread.shutdown()
        self.store._thread = Inline()
        await self.store.open()
        self.device = FakeDispenser(self.machine)
        supervisor = Supervisor("InvoiceDispenser", self.device, POLICY)
        who = Identity("InvoiceDispenser", "invoiceDispenser", "fake")
        self.program = InvoiceDispenserService(who, supervisor, self.store, take_s=0.02, alone_s=60.0)
        self.program.start()
        self.desk = Desk(self.program)
        await self._settled()

    async def _settled(self):
        while self.program.supervisor.watch.stage is not Stage.ONLINE or self.program.queue.busy:
            await asyncio.sleep(0.001)

    async def _begin_anew(self):
        """Everything in memory is gone, and nothing more is written; then the program starts."""
        traps.arm(None)
        self.device.listeners.clear()
        self.device.hook = lambda step: self.cut()
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()
        await asyncio.sleep(0)
        self.store._close()
        await self._start()

    async def _ask(self, name, body=None):
        """The completion, or None when the power was cut before it."""
        asking = asyncio.ensure_future(self.desk.ask(name, body))
        cut = asyncio.ensure_future(self.gone.wait())
        worker = self.program.queue._worker
        await asyncio.wait({asking, worker, cut}, return_when=asyncio.FIRST_COMPLETED, timeout=8)
        cut.cancel()
        if asking.done():
            if self.device.plugged and not self.gone.is_set():
                await self._settled()  # or how soon it is back would decide what comes of the next step
            return asking.result()[1]
        asking.cancel()
        assert worker.done() or self.gone.is_set(), f"{name} does not end"
        assert not worker.done() or isinstance(worker.exception(), PowerCut), worker.exception()
        return None

    def ask(self, name, body=None):
        return self.run(self._ask(f"InvoiceDispenser.{name}", body))

    def answered(self, completion):
        return completion is not None and completion["header"]["completionCode"] == "success"

    # -- what may happen ----------------------------------------------------------------------------

    @rule()
    def restart(self):
        self.run(self._stop_and_start())

    async def _stop_and_start(self):
        await self.program.close()
        await self.store.close()
        await self._start()

    @rule(unit=st.sampled_from(["unit1", "unit2"]), count=st.integers(1, 6))
    def load(self, unit, count):
        """The staff put in a fresh pack in place of what is left."""
        if not self.answered(self.run(self._ask("Storage.StartExchange"))):
            return
        first = str(self.fresh).zfill(8)
        last = str(self.fresh + count - 1).zfill(8)
        self.fresh += count
        self.machine.load(unit, CODE, first, count)
        body = {"unit": unit, "code": CODE, "kind": "vat", "first": first, "last": last}
        assert self.answered(self.ask("SetRange", body))
        self.loaded.update(str(n).zfill(8) for n in range(int(first), int(last) + 1))
        assert self.answered(self.run(self._ask("Storage.EndExchange")))

    @rule(
        faults=st.lists(
            st.sampled_from([None, None, "jam", "stuck", "double", "wrong", "smudged"]), max_size=4
        )
    )
    def faults(self, faults):
        self.machine.faults = faults

    @rule(
        point=st.sampled_from(POINTS),
        when=st.sampled_from(["before", "after"]),
        left=st.integers(1, 3),
    )
    def cut_at_point(self, point, when, left):
        """The power will be cut at a commit or around a motion."""
        traps.arm(traps.Trap(crashpoints.AREA, when, point, left, self.cut))

    @rule(step=st.sampled_from(FEEDING + TRAY), left=st.integers(1, 3), how=st.sampled_from(ENDS))
    def fail_in_motion(self, step, left, how):
        """A motion will fail in its middle."""
        device, count = self.device, [left]

        def hook(now):
            count[0] -= now == step
            if now == step and count[0] == 0:
                device.hook = lambda _: None
                if how == "cut":
                    self.cut()
                device.plugged = how != "pulled"
                raise LinkLost("no answer came")

        device.hook = hook

    @rule()
    def plug_in(self):
        self.device.plugged = True
        self.run(self._settled())

    @rule(unit=st.sampled_from(["unit1", "unit2"]), count=st.integers(1, 4))
    def dispense(self, unit, count):
        left = self.stock().get(unit)
        first = left.next if left and left.next else "00000001"
        self.keys += 1
        self.key = f"key-{self.keys:08}"
        last = str(int(first) + count - 1).zfill(8)
        body = {"jobKey": self.key, "unit": unit, "code": CODE, "first": first, "last": last}
        self.answers[self.key] = (body, None)
        completion = self.ask("Dispense", body)
        if completion is not None and self.known(self.key):
            self.answers[self.key] = (body, completion.get("payload"))

    @rule(unit=st.sampled_from(["unit1", "unit2"]), step=st.sampled_from(FEEDING), how=st.sampled_from(ENDS))
    def fail_while_feeding(self, unit, step, how):
        self.clear()
        self.fail_in_motion(step, 1, how)
        self.dispense(unit, 2)

    @rule()
    def clear(self):
        """All is made ready for the next: plugged in, the way free, the sheets handed out, what is in doubt taken out."""
        self.plug_in()
        self.ask("Reset")
        if self.machine.tray:
            self.present()
        if self.machine.shutter == "open":
            self.take()
        if self.machine.tray and self.program.bench.open is None:
            self.machine.removed += self.machine.tray
            self.machine.tray = []

    @precondition(lambda self: self.machine.tray and self.device.plugged)
    @rule(step=st.sampled_from(TRAY), how=st.sampled_from(ENDS))
    def fail_at_the_tray(self, step, how):
        self.fail_in_motion(step, 1, how)
        self.present()
        self.retract()

    @precondition(lambda self: self.answers)
    @rule(data=st.data())
    def repeat(self, data):
        """A key that is known moves nothing, ever."""
        key = data.draw(st.sampled_from(sorted(self.answers)))
        if not self.known(key):
            return
        before = dict(self.machine.totals), self.machine.everywhere()
        body, _ = self.answers[key]
        self.ask("Dispense", body)
        assert (self.machine.totals, self.machine.everywhere()) == before

    @precondition(lambda self: self.key)
    @rule()
    def present(self):
        self.ask("Present", {"jobKey": self.key})

    @precondition(lambda self: self.machine.shutter == "open")
    @rule()
    def take(self):
        self.machine.take()
        if self.device.plugged:
            self.ask("WaitTaken", {"jobKey": self.key})
            self.run(self._seen())

    async def _seen(self):
        """The watch of the tray has noticed: the person's time may have been over when they took the sheets."""
        while self.program.tray._following is not None and not self.gone.is_set():
            await asyncio.sleep(0.001)

    @precondition(lambda self: self.key)
    @rule()
    def retract(self):
        self.ask("Retract", {"jobKey": self.key})

    @rule(unit=st.sampled_from(["unit1", "unit2"]))
    def unlock(self, unit):
        """The staff unlock a unit after seeing that its next number lies in front."""
        left = self.stock().get(unit)
        stack = self.machine.stacks[unit]
        if left and left.next and stack and stack[0][1] == left.next:
            self.ask("Unlock", {"unit": unit})

    @rule()
    def reset(self):
        self.ask("Reset")

    # -- what must always be true -------------------------------------------------------------------

    def stock(self):
        return self.run(self.program.bench.book.stock()).units

    def known(self, key):
        return self.run(self.program.bench.jobs.find(key)) is not None

    @invariant()
    def book_and_machine_agree(self):
        if self.program is None:
            return
        found = self.run(
            self.store.read(lambda c: [c.execute(select(t)).all() for t in (sheets, jobs, moves)])
        )
        units = self.stock()
        self.the_machine_keeps_every_sheet()
        self.every_number_is_in_exactly_one_place(found[0], found[2], units)
        self.the_book_says_where_each_sheet_lies(found[0], {row.key: row.state for row in found[1]})
        self.a_unit_that_may_dispense_has_its_next_number_in_front(units)
        self.a_unit_that_may_dispense_claims_no_sheet_that_lies_elsewhere(units)
        self.nothing_is_delivered_that_the_book_does_not_know(found[0])

    def the_machine_keeps_every_sheet(self):
        """The model of the hardware neither makes paper nor loses it; "wrong" prints another number on it."""
        assert len(self.machine.everywhere()) == self.loaded.total()

    def every_number_is_in_exactly_one_place(self, entered, moved, units):
        found = Counter(row.number for row in entered)
        for unit in units.values():
            if unit.next is not None:
                found.update(str(n).zfill(8) for n in range(int(unit.next), int(unit.last) + 1))
        for row in moved:
            if row.what == "unloaded" and row.first is not None:
                found.update(str(n).zfill(8) for n in range(int(row.first), int(row.last) + 1))
        assert found == self.loaded

    def the_book_says_where_each_sheet_lies(self, entered, states):
        """For every job that is not in doubt, and every sheet that bore its own number."""
        places = {
            "tray": self.machine.tray + self.machine.taken,
            "reject": self.machine.reject,
            "retract": self.machine.retract,
            "transport": self.machine.path + self.machine.gate + self.machine.reject,
        }
        for row in entered:
            trusted = states[row.job_key] in ("fed", "presented", "taken", "retracted")
            fault_free = row.fault in (None, "mediaJammed", "unreadable")
            own_label = fault_free and row.read in (None, row.number)
            if trusted and own_label and row.position in places:
                lying = places[row.position]
                # What was never read, because power went on its way, may have borne another number.
                another = row.read is None and any(number not in self.loaded for _, number in lying)
                assert another or (row.code, row.number) in lying, row

    def a_unit_that_may_dispense_has_its_next_number_in_front(self, units):
        if self.machine.path or self.machine.gate:
            return
        for name, unit in units.items():
            stack = self.machine.stacks[name]
            if unit.status == "ok" and unit.next is not None and stack:
                assert stack[0][1] == unit.next, (name, unit)

    def a_unit_that_may_dispense_claims_no_sheet_that_lies_elsewhere(self, units):
        machine = self.machine
        places = (machine.path, machine.gate, machine.tray, machine.reject, machine.retract, machine.taken)
        outside = {number for place in places for _, number in place}
        for name, unit in units.items():
            if unit.status == "ok" and unit.next is not None:
                assert not [n for n in outside if int(unit.next) <= int(n) <= int(unit.last)], (name, unit)

    def nothing_is_delivered_that_the_book_does_not_know(self, entered):
        known = {(row.code, row.number) for row in entered}
        for sheet in self.machine.taken + self.machine.tray:
            assert sheet in known
        assert len(set(self.machine.taken)) == len(self.machine.taken)

    def teardown(self):
        traps.arm(None)
        if self.program is not None:
            self.run(self._stop())
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
        self.folder.cleanup()

    async def _stop(self):
        await self.program.close()
        await self.store.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


TestDispensing = Dispensing.TestCase
TestDispensing.pytestmark = [
    pytest.mark.timeout(300)
]  # 500 steps through a real store, on a busy machine too
TestDispensing.settings = settings(
    max_examples=20,
    phases=set(Phase) - {Phase.explain},  # explaining traces every line, and takes longer than all examples
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
