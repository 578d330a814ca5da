"""A sheet comes out once for its key, whatever befalls printer, cable and program, in any order.

The real driver over its real wire to the simulated printer, under the service and its book. What the printer has put
out is counted at the printer; what was told of each key is counted here. Whole sheets are never fewer than the keys
told to be printed, and never more than those and the ones in doubt.
"""

import asyncio
import contextlib
import os
import tempfile
from abc import abstractmethod
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from config import crashpoints as traps
from config.clock import SystemClock
from drivers import crashpoints
from drivers.services.base import Identity
from drivers.services.document_printer import DocumentPrinterService
from drivers.services.receipt_printer import ReceiptPrinterService
from drivers.simulators.errors import SimulatorError
from drivers.store import Store
from drivers.supervision import Policy, Stage, Supervisor
from tests.drivers.contract.machines import PDF, SLIP, Documents, SerialReceipts
from tests.drivers.services.desk import Desk
from tests.drivers.services.test_conservation import Inline, PowerCut
from tests.drivers.xfs_client import b64

POLICY = Policy(first_s=0.01, last_s=0.05, settle_s=0.02, max_age_s=60.0, trip_drops=10_000)
POINTS = [name for name in crashpoints.registered() if name.split(".")[0] in ("print", "paper")]
WITHIN_MS = 4000
FINAL = ("printed", "notPrinted")


def _cut():
    raise PowerCut


class Printing(RuleBasedStateMachine):
    """One printer and one database that outlive any number of programs."""

    subject_kind = None
    service_kind = None
    role = ""
    faults: tuple = ()
    mending: tuple = ()

    def __init__(self):
        super().__init__()
        memory = Path("/dev/shm")
        self.folder = tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None)
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda loop, context: None)
        self.told = {}
        self.program = None

    def run(self, work):
        async def within():
            async with asyncio.timeout(20):
                return await work

        return self.loop.run_until_complete(within())

    # -- the program and its end --------------------------------------------------------------------

    @initialize()
    def switch_on(self):
        async def first():
            self.subject = self.subject_kind(Path(self.folder.name))
            await self.subject.start()
            self.sim = self.subject.sim
            await self._start()

        self.run(first())

    async def _start(self):
        self.store = Store(Path(self.folder.name) / "devices.db", SystemClock())
        self.store._thread.shutdown()
        self.store._thread = Inline()
        await self.store.open()
        self.forget()
        supervisor = Supervisor("Printer", self.subject.device, POLICY)
        self.program = self.service_kind(Identity("Printer", self.role, "fake"), supervisor, self.store)
        self.program.start()
        self.desk = Desk(self.program)
        await self._settled()

    def forget(self):
        """The driver is made anew with each program: what it kept in memory is gone."""

    async def _settled(self):
        """Connected and idle, or as long as a disconnected printer is given to come back."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                while self.program.supervisor.watch.stage is not Stage.ONLINE or self.program.queue.busy:
                    await asyncio.sleep(0.005)

    async def _die(self):
        """Everything in memory is gone, nothing more is written; the system closes the line."""
        traps.arm(None)
        mine = self._tasks()
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)
        self.store._close()
        await self.subject.device.close()

    def _tasks(self):
        """Those of the program: the printer's own go on."""
        names = ("supervisor", "queue", "worker", "PaperJob", "Printer.")
        worker = {self.program.queue._worker, self.program.supervisor._task}
        running = asyncio.all_tasks() - {asyncio.current_task()}
        return {t for t in running if t in worker or t.get_name().startswith(names)} - {None}

    async def _ask(self, name, body):
        """The completion, or None when the power was cut before it."""
        asking = asyncio.ensure_future(self.desk.ask(name, body, timeout_ms=WITHIN_MS))
        worker = self.program.queue._worker
        await asyncio.wait({asking, worker}, return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            return asking.result()[1]
        assert isinstance(worker.exception(), PowerCut), worker.exception()
        asking.cancel()
        await self._die()
        await self._start()
        return None

    # -- what may happen ----------------------------------------------------------------------------

    @abstractmethod
    def body(self, key): ...

    def print_key(self, key):
        completion = self.run(self._ask("PaperJob.Print", self.body(key)))
        if completion is not None and "payload" in completion and "outcome" in completion["payload"]:
            self.learn(key, completion["payload"]["outcome"])
        elif completion is not None:
            self.told.setdefault(key, None)  # it was refused before its key was known

    def learn(self, key, outcome):
        before = self.told.get(key)
        assert before not in FINAL or before == outcome, f"{key} was {before} and is {outcome} now"
        self.told[key] = outcome

    @rule()
    def print_new(self):
        key = f"job-{len(self.told):08}"
        self.told[key] = None
        self.print_key(key)

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def print_again(self, data):
        key = data.draw(st.sampled_from(sorted(self.told)))
        before, known = self.out(), self.told[key]
        self.print_key(key)
        if known in FINAL:
            assert self.out() == before, f"{key} was {known} and moved paper again"

    @rule(data=st.data())
    def fault(self, data):
        self.hand(*data.draw(st.sampled_from(self.faults)))

    @rule()
    def mend(self):
        for action, parameters in self.mending:
            self.hand(action, parameters)
        self.run(self._settled())

    def hand(self, action, parameters):
        with contextlib.suppress(SimulatorError):
            self.run(self.sim.do(action, parameters))

    @rule()
    def restart(self):
        async def again():
            await self.program.close()
            await self.store.close()
            await self._start()

        self.run(again())

    @rule(point=st.sampled_from(POINTS), when=st.sampled_from(["before", "after"]))
    def cut_at_point(self, point, when):
        """The power will be cut at a commit or around the motion of the next job."""
        traps.arm(traps.Trap(crashpoints.AREA, when, point, 1, _cut))

    @rule()
    def unplug_in_motion(self):
        """The cable is pulled while the next job is on its way."""
        self.loop.call_later(0.03, lambda: self.loop.create_task(self._pull()))

    async def _pull(self):
        with contextlib.suppress(SimulatorError):
            await self.sim.do("unplug", {})

    # -- what must always be true -------------------------------------------------------------------

    def out(self):
        """Whole sheets that have left the printer since it was made."""
        self.run(self._still())
        return self.subject.moved(self.command)

    async def _still(self):
        with contextlib.suppress(TimeoutError):  # one that waits for paper stands still with a job inside
            async with asyncio.timeout(0.3):
                await self.subject.still()

    @invariant()
    def sheets_and_words_agree(self):
        if self.program is None:
            return
        out = self.out()
        outcomes = list(self.told.values())
        printed = outcomes.count("printed")
        doubtful = len(outcomes) - printed - outcomes.count("notPrinted")
        assert printed <= out <= printed + doubtful, f"{out} sheets came out; told: {self.told}"

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
        await self.subject.stop()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class Receipts(Printing):
    """The receipt printer on a serial line."""

    subject_kind = SerialReceipts
    service_kind = ReceiptPrinterService
    role = "receiptPrinter"
    command = "print_receipt"
    faults = (
        ("paper", {"level": "out"}),
        ("paper", {"mm": 20}),
        ("cover", {"state": "open"}),
        ("jam", {"where": "paper"}),
        ("jam", {"where": "cutter", "afterMm": 10}),
        ("unplug", {}),
        ("power", {"state": "off"}),
    )
    mending = (
        ("power", {"state": "on"}),
        ("replug", {}),
        ("clear", {}),
        ("cover", {"state": "closed"}),
        ("paper", {"level": "full"}),
    )

    def body(self, key):
        return {"jobKey": key, "format": "receipt", "receipt": SLIP}

    def forget(self):
        self.subject.device._remnant = False

    @invariant()
    def no_slip_hangs_on_what_an_earlier_one_left(self):
        if self.program is not None:
            whole = self.subject._whole[self.command]
            assert max((item["dots"] for item in self.subject.store.items()), default=0) <= whole


class Sheets(Printing):
    """The document printer by IPP."""

    subject_kind = Documents
    service_kind = DocumentPrinterService
    role = "documentPrinter"
    command = "print_pdf"
    faults = (
        ("media-empty", {}),
        ("media-empty", {"afterSheets": 1}),
        ("jam", {"afterSheets": 1}),
        ("jam", {}),
        ("cover", {"state": "open"}),
        ("toner", {"percent": 0}),
        ("stall", {"at": "begin"}),
        ("stall", {"at": "end"}),
        ("silent", {}),
        ("garbage", {"count": 2}),
        ("abort", {}),
        ("unplug", {}),
        ("power", {"state": "off"}),
    )
    mending = (("power", {"state": "on"}), ("replug", {}), ("clear", {}), ("load", {}))
    forgetful = False

    def body(self, key):
        return {"jobKey": key, "format": "pdf", "data": b64(PDF), "name": "certificate"}

    def forget(self):
        device = self.subject.device
        device._taken.clear()
        device._since = device.clock.monotonic()
        jobs = self.sim._engine.jobs
        for number in [number for number, job in jobs.items() if job.over and self.forgetful]:
            del jobs[number]

    @rule(yes=st.booleans())
    def keep_no_history(self, yes):
        """Many printers name no job that has ended, however well; it matters to a driver that was made anew."""
        self.forgetful = yes


SETTINGS = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    phases=[
        Phase.generate
    ],  # wires and clocks are real: what is found is not made smaller by playing it again
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
TestReceipts = Receipts.TestCase
TestReceipts.settings = SETTINGS
TestSheets = Sheets.TestCase
TestSheets.settings = SETTINGS
