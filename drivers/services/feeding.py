"""Dispense: sheet by sheet, each number entered before its sheet moves; at the first wrong one it stops.

Rules of domain note 7.3: a number other than expected, or a double feed, goes to the reject bin and locks the
unit; a jam after k of n leaves k delivered to the tray and n−k untouched.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Final

from config.clock import Deadline
from drivers import crashpoints
from drivers.books.dispense import FED
from drivers.books.dispense_job import DOUBLE, FEEDING, REJECT_FULL, DispenseJob, JobStage, Sheet
from drivers.books.numbers import count, numbers
from drivers.books.numbers import step as next_number
from drivers.books.stock import UnitStock
from drivers.books.totals import Front, Movement, Totals
from drivers.errors import DeviceError
from drivers.ports import DispensedItem, InvoiceDispenser, TellsHeldSheet
from drivers.services.bench import JAMS, MOTION_S, Bench, wire_items, wire_outcome
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages.dispenser import ITEM, DispenseIn, DispenseOut, ItemBody, Outcome
from drivers.xfs.request import Request
from drivers.xfs.words import CompletionCode

log = logging.getLogger("kiosk.devices.dispenser")

MOTION: Final = crashpoints.register("dispense.motion", "a sheet is moving")
_FAULTS: Final = {
    "numberMismatch": ("numberMismatch", "sheet {read} came where {number} was expected"),
    "unreadable": ("numberMismatch", "the number of the sheet expected as {number} cannot be read"),
    "doubleFeed": ("doubleFeed", "two sheets came where {number} was expected"),
}
"""Faults that lock the unit: the error code, and why."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one sheet came to; ``code`` ends the feeding."""

    job: DispenseJob
    totals: Totals
    code: str | None = None
    why: str = ""


class Feeding:
    """The Dispense command of one dispenser."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._moving: tuple[DispenseJob, int] | None = None
        self._read: str | None = None
        self._told_held: TellsHeldSheet | None = None

    async def dispense(self, request: Request, payload: DispenseIn) -> DispenseOut:
        """Feed the numbers asked for; a key that was used before gets its stored answer and moves nothing."""
        bench = self._bench
        known = await bench.jobs.find(payload.job_key)
        if known is not None:
            return self._stored(known, payload)
        if await bench.jobs.key_used(payload.job_key):
            raise self._refused(payload, "keyReused", "this key has done something else; make a new key")
        unit = self._usable(payload)
        with bench.supervisor.using() as device:
            now = await self._ready(device, unit, payload, request)
            job = DispenseJob(
                payload.job_key, unit.unit, payload.code, payload.first, payload.last, request.client.name,
                totals=now,
            )  # fmt: skip
            await bench.jobs.begin(job)
            bench.remember(job)
            step = await self._all(request, device, Step(job, now))
        return self._answer(request, step)

    # -- before anything moves ----------------------------------------------------------------------

    def _stored(self, job: DispenseJob, payload: DispenseIn) -> DispenseOut:
        asked = f"{payload.unit}:{payload.code}:{payload.first}-{payload.last}"
        if job.fingerprint != asked:
            raise self._refused(payload, "keyReused", "this key has dispensed something else; make a new key")
        result = self._result(job)
        if job.stage is JobStage.RECONCILE or job.outcome is None:
            raise CommandFailed("what became of this job is not known; ask again", "countUncertain", result)
        if job.error_code is not None:
            raise CommandFailed("as answered before", job.error_code, result)
        return result

    def _usable(self, payload: DispenseIn) -> UnitStock:
        bench = self._bench
        if (why := bench.service.cabinet.interlock.why) is not None:
            raise self._refused(payload, "cabinetOpen", why)
        if bench.stock.exchange:
            raise self._refused(payload, "exchangeActive", "the staff are exchanging stock; end the exchange")
        if bench.open is not None:
            raise self._refused(payload, "mediaRetained", "sheets of another job lie in the tray")
        if bench.bin_states()["rejectBin"] == "full":  # and what is to go there lies in the way
            raise self._refused(
                payload, REJECT_FULL, "the reject bin is full; empty it, then reset the dispenser"
            )
        unit = bench.stock.units.get(payload.unit)
        if unit is None or unit.code is None:
            raise self._refused(payload, "invalidUnit", f"{payload.unit} holds no numbers; load it first")
        if unit.status != "ok":
            raise self._refused(payload, "unitLocked", f"{payload.unit} is {unit.status}: {unit.reason}")
        if unit.next is None or payload.code != unit.code:
            code = "empty" if payload.code == unit.code else "invalidUnit"
            raise self._refused(payload, code, f"{payload.unit} does not hold {payload.code} any more")
        if payload.first != unit.next:
            why = f"the next number of {payload.unit} is another one; ask for its ranges"
            raise self._refused(payload, "numberMismatch", why)
        if count(payload.first, payload.last) > unit.count:
            raise self._refused(payload, "empty", f"{payload.unit} has only {unit.count} sheets left")
        return unit

    async def _ready(
        self, device: InvoiceDispenser, unit: UnitStock, payload: DispenseIn, request: Request
    ) -> Totals:
        """The totals before the first sheet; refuse a full tray and a front sheet that is another."""
        bench = self._bench
        if request.stopping is not None:
            raise CommandFailed("stopped before anything moved", generic=request.stopping)
        if isinstance(device, TellsHeldSheet) and device is not self._told_held:
            device.on_held(self._held)
            self._told_held = device
        now = await bench.sense(device)
        if now.tray:
            raise self._refused(payload, "mediaRetained", "paper lies in the tray; take it out")
        if unit.unit not in bench.fronts:
            raise self._refused(payload, "invalidUnit", f"the dispenser has no {unit.unit}")
        if bench.fronts[unit.unit].state == "missing":  # nothing is wrong with its numbers: it is not locked
            raise self._refused(payload, "unitLocked", f"{unit.unit} is pulled out; push it in")
        if bench.another_in_front(unit.unit, payload.code, payload.first):
            why = await self._lock(request, unit.unit)
            await bench.refresh()
            raise self._refused(payload, "numberMismatch", why)
        return now

    async def _lock(self, request: Request, unit: str) -> str:
        """Another sheet lies in front of a unit: it may not dispense. Why, in words."""
        why = f"another sheet lies in front of {unit}"
        await self._bench.book.lock(unit, why, request.client.name)
        return why

    # -- moving -------------------------------------------------------------------------------------

    async def _all(self, request: Request, device: InvoiceDispenser, step: Step) -> Step:
        for index, number in enumerate(numbers(step.job.first, step.job.last)):
            if request.stopping is not None:
                break
            if (why := self._bench.service.cabinet.interlock.why) is not None:
                step = replace(step, code="cabinetOpen", why=why)
                break
            step = await self._one(request, device, step, index, number)
            await self._bench.refresh()
            if step.code is not None:
                break
        job = step.job
        if job.stage is JobStage.FEEDING:
            job = _ended(replace(job, totals=step.totals), step.code)
            await self._bench.jobs.write(job, FED)
        return replace(step, job=self._bench.remember(job))

    async def _one(
        self, request: Request, device: InvoiceDispenser, step: Step, index: int, number: str
    ) -> Step:
        bench, job = self._bench, step.job
        if bench.another_in_front(job.unit, job.code, number):
            return replace(step, code="numberMismatch", why=await self._lock(request, job.unit))
        await bench.jobs.feed(job, index, number, step.totals)
        self._moving, self._read = (job, index), None
        try:
            with crashpoints.around(MOTION):
                item = await device.dispense_one(job.unit, number, Deadline.after(MOTION_S))
            now = await bench.sense(device)
        except DeviceError as error:
            return await self._broken(request, device, step, index, number, error)
        finally:
            self._moving = None
        moved = now.since(step.totals)
        if item.fault in JAMS and not moved.fed and bench.in_front(job.unit, number):
            # The way was blocked by another sheet: this one never left its unit.
            await bench.jobs.unfed(job, index, number, None)
            return replace(step, totals=now, code="jammed", why="the way is jammed; nothing was fed")
        code, why, status = weigh(item, moved)
        after = _with(job, index, item, now)
        if code == "countUncertain":  # the counters contradict what was seen: only a person can tell
            after = replace(after, stage=JobStage.RECONCILE, error_code=code)
        elif code is not None:
            after = _ended(after, code)
        second = self._came_along(job, item)
        if second is not None:
            after = _with(after, index + 1, second, now)
        await bench.jobs.rest(after, index, item, (status, f"{why} ({job.key})") if status else None, second)
        for place, one in enumerate((item, second), index):
            if one is not None:
                self._tell(request, place, one)
        return Step(after, now, code, why)

    def _came_along(self, job: DispenseJob, item: DispensedItem) -> DispensedItem | None:
        """The sheet that a double feed took with it, when what lies in front now proves that it was the next one."""
        unit = self._bench.stock.units.get(job.unit)
        if item.fault != DOUBLE or unit is None or item.expected == unit.last:
            return None
        number = next_number(item.expected)
        after = next_number(number) if number is not None and number != unit.last else None
        front = self._bench.fronts.get(job.unit, Front())
        gone = front.state == "empty" if after is None else front.number == after
        return DispensedItem(number, None, item.position, DOUBLE) if number is not None and gone else None

    async def _broken(
        self,
        request: Request,
        device: InvoiceDispenser,
        step: Step,
        index: int,
        number: str,
        error: DeviceError,
    ) -> Step:
        """The motion ended in an error: what the counters say about the sheet."""
        bench, job = self._bench, step.job
        try:
            now = await bench.sense(device)
        except DeviceError:
            return await self._lost(step, index, number, error)
        moved = now.since(step.totals)
        jammed = error.code in JAMS
        front, empty = bench.fronts.get(job.unit, Front()), error.code == "empty"
        gone = front.state == "empty" and not empty  # it was the last one, and no counter has seen it yet
        still_there = front.number == number or (front.number is None and not jammed and not gone)
        if not moved.fed and not moved.exited and still_there:
            lock = ("locked", f"{job.unit} is empty before its last number ({job.key})") if empty else None
            await bench.jobs.unfed(job, index, number, lock)
            code = "jammed" if jammed else error.code or error.completion
            return replace(step, totals=now, code=code, why=str(error))
        position = "tray" if moved.exited else "reject" if moved.rejected else "transport"
        item = DispensedItem(number, self._read, position, None if moved.exited else "mediaJammed")
        status = None if jammed else ("quarantined", f"{error} ({job.key})")
        code = "jammed" if jammed else error.code or "countUncertain"
        after = _ended(_with(job, index, item, now), code)
        await bench.jobs.rest(after, index, item, status)
        self._tell(request, index, item)
        return Step(after, now, code, str(error))

    async def _lost(self, step: Step, index: int, number: str, error: DeviceError) -> Step:
        """Nobody can be asked now: in doubt until the line is back."""
        flying = Sheet(index, number, self._read, FEEDING, None, step.totals)
        job = replace(step.job, sheets=(*step.job.sheets, flying))
        log.error("%s: lost in the middle of job %s: %s", self._bench.service.name, job.key, error)
        job = await self._bench.jobs.doubt(job, f"the line was lost in the middle ({job.key})")
        self._bench.supervisor.reconnect()  # and then ask the counters
        return Step(job, step.totals, "countUncertain", str(error))

    async def _held(self, unit: str, read: str | None) -> None:
        if self._moving is not None:
            job, index = self._moving
            self._read = read
            await self._bench.jobs.held(job, index, read)

    # -- telling ------------------------------------------------------------------------------------

    def _tell(self, request: Request, index: int, item: DispensedItem) -> None:
        body = ItemBody(
            index=index, expected=item.expected, read=item.read, position=item.position, fault=item.fault
        )
        request.event(ITEM, body)

    def _answer(self, request: Request, step: Step) -> DispenseOut:
        result = self._result(step.job)
        if step.code is not None:
            raise CommandFailed(step.why, step.code, result)
        if result.outcome is not Outcome.COMPLETE:
            raise CommandFailed(
                "stopped between two sheets", None, result, request.stopping or CompletionCode.CANCELED
            )
        return result

    def _result(self, job: DispenseJob) -> DispenseOut:
        return DispenseOut(
            outcome=wire_outcome(job), items=wire_items(job), next_number=self._bench.next_number(job.unit)
        )

    def _refused(self, payload: DispenseIn, code: str, why: str) -> CommandFailed:
        nothing = DispenseOut(
            outcome=Outcome.NONE, items=[], next_number=self._bench.next_number(payload.unit)
        )
        return CommandFailed(why, code, nothing)


def weigh(item: DispensedItem, moved: Movement) -> tuple[str | None, str, str | None]:
    """Error code, reason and new unit status after a sheet came to rest; all None for a good one."""
    fault = item.fault
    if fault is None and item.position == "tray" and item.read != item.expected:
        fault = "numberMismatch" if item.read else "unreadable"
    expected = {"tray": (1, 1, 0), "reject": (1, 0, 1)}.get(item.position)
    seen = (moved.fed, moved.exited, moved.rejected)
    several = item.position == "reject" and fault == "doubleFeed" and moved.exited == 0
    wrong = expected is not None and seen != expected and not several
    if moved.retracted or wrong or fault == "countUncertain":
        return "countUncertain", f"the counters contradict sheet {item.expected}", "quarantined"
    if fault in JAMS:
        return "jammed", f"sheet {item.expected} is jammed in the transport", None
    if fault in _FAULTS:
        code, why = _FAULTS[fault]
        why = why.format(number=item.expected, read=item.read or "without a number")
        if item.held_by == REJECT_FULL:
            return (
                REJECT_FULL,
                f"{why}; it waits in the transport, for the reject bin is full: empty it",
                "locked",
            )
        return code, why, "locked"
    if item.position != "tray":
        return "countUncertain", f"sheet {item.expected} did not reach the tray", "quarantined"
    return None, "", None


def _with(job: DispenseJob, index: int, item: DispensedItem, now: Totals) -> DispenseJob:
    """The job with one more sheet at rest, while the counters stand at ``now``."""
    sheet = Sheet(index, item.expected, item.read, item.position, item.fault)
    return replace(job, sheets=(*job.sheets, sheet), totals=now)


def _ended(job: DispenseJob, code: str | None) -> DispenseJob:
    """The job when no more is fed; ``code`` is what ended it before its last number."""
    wanted, got = count(job.first, job.last), len(job.in_tray)
    outcome = Outcome.COMPLETE if got == wanted else Outcome.PARTIAL if got else Outcome.NONE
    return replace(job, stage=JobStage.FED, outcome=outcome.value, error_code=code)
