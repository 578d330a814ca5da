"""What the dispenser's commands share: its books, its last sensed state, and the job that is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from config.clock import Deadline
from drivers.books.dispense import DispenseBook
from drivers.books.dispense_job import FEEDING, DispenseJob, JobStage
from drivers.books.stock import Stock, StockBook, UnitStock
from drivers.books.totals import Front, Totals, fronts
from drivers.errors import DeviceError
from drivers.ports import InvoiceDispenser
from drivers.services import bins
from drivers.services.base import DeviceService
from drivers.services.status import UNKNOWN
from drivers.store import Store
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import dispenser, storage
from drivers.xfs.messages.dispenser import JobState, Outcome

SENSE_S: Final = 5.0
JAMS: Final = frozenset({"jammed", "mediaJammed", "paperJammed"})
MOTION_S: Final = 30.0
"""A motion is seen through whatever limit the client set: paper does not stop half way."""

_WIRE: Final = {
    JobStage.FEEDING: JobState.DISPENSING,
    JobStage.PRESENTING: JobState.DISPENSING,
    JobStage.PRESENTED: JobState.PRESENTED,
    JobStage.RETRACTING: JobState.PRESENTED,
    JobStage.TAKEN: JobState.TAKEN,
    JobStage.RETRACTED: JobState.RETRACTED,
    JobStage.RECONCILE: JobState.RECONCILE,
}


class Bench:
    """One dispenser's shared state. Written by commands in the queue only, read by those beside it."""

    def __init__(self, service: DeviceService[InvoiceDispenser], store: Store) -> None:
        self.service = service
        self.supervisor = service.supervisor
        self.jobs = DispenseBook(store, service.name)
        self.book = StockBook(store, service.name)
        self.stock = Stock({}, {})
        self.sensors: Mapping[str, object] = {}
        self.fronts: dict[str, Front] = {}
        self.open: DispenseJob | None = None
        self._states: dict[str, storage.UnitState] = {}
        self._before: Totals | None = None
        self._worn = 0

    async def sense(self, device: InvoiceDispenser) -> Totals:
        """Read counters and sensors; raise ``DeviceError``."""
        self.sensors = await device.sensors(Deadline.after(SENSE_S))
        self.fronts = fronts(self.sensors)
        totals = Totals.read(self.sensors)
        before, self._before = self._before, totals
        if before is not None and not totals.other_machine(before):  # another counts on from where it stands
            self._worn += max(0, totals.fed - before.fed)
        return totals

    def another_in_front(self, unit: str, code: str | None, number: str | None) -> bool:
        """Whether the sheet in front, as last sensed, is certainly not that one; what cannot be read proves nothing."""
        front = self.fronts.get(unit, Front())
        return front.number not in (None, number) or front.code not in (None, code)

    def in_front(self, unit: str, number: str) -> bool:
        """Whether the sheet in front, as last sensed, certainly has that number."""
        return self.fronts.get(unit, Front()).number == number

    def remember(self, job: DispenseJob) -> DispenseJob:
        """Keep ``job`` as the open one, or forget it when it is closed."""
        if job.open:
            self.open = job
        elif self.open is not None and self.open.key == job.key:
            self.open = None
        return job

    async def job(self, key: str) -> DispenseJob:
        """The job of that key; raise ``CommandFailed`` (``unknownJob``) for one nobody knows."""
        job = await self.jobs.find(key)
        if job is None:
            raise CommandFailed("no dispense has this key", "unknownJob")
        return job

    async def refresh(self) -> None:
        """Read the stock anew and tell every connection what has changed."""
        worn, self._worn = self._worn, 0
        await self.service.care.count(
            sheets=worn
        )  # here, where every sheet that moved is in the book already
        before, self.stock = self.stock, await self.book.stock()
        for unit, now in self.stock.units.items():
            old = before.units.get(unit)
            if old is None or old != now:
                self._tell(unit, old, now)
        for key in bins.BINS:
            self._tell_bin(key, before.bins, self.stock.bins)
        self.tell_states()
        self.service.publish()

    def tell_states(self) -> None:
        """Tell of each unit that can be used now and could not be before, or the other way round."""
        for unit in self.units().values():
            now = self.unit_state(unit)
            if self._states.get(unit.unit) is not now:
                self._states[unit.unit] = now
                self._send(storage.CHANGED, unit.unit, storage.Unit(status=now))

    def _tell(self, unit: str, old: UnitStock | None, now: UnitStock) -> None:
        if old is None or old.count != now.count:
            counts = storage.CardCounts(count=now.count, initial_count=now.loaded)
            self._send(storage.COUNTS, unit, storage.Unit(card=storage.CardUnit(status=counts)))
        if old is None or old.level != now.level:
            level = storage.CardCounts(replenishment_status=storage.Level(now.level))
            self._send(storage.THRESHOLD, unit, storage.Unit(card=storage.CardUnit(status=level)))

    def _tell_bin(self, key: str, old: Mapping[str, int], now: Mapping[str, int]) -> None:
        if bins.inside(key, old) != bins.inside(key, now):
            self._send(storage.COUNTS, key, bins.counted(key, now))
        if bins.level(key, old) is not bins.level(key, now):
            self._send(storage.THRESHOLD, key, bins.levelled(key, now))

    def _send(self, event: Any, unit: str, body: storage.Unit) -> None:
        self.service.broadcast(event, storage.ChangedUnits(**{unit: body}))

    def units(self) -> dict[str, UnitStock]:
        """Every unit the machine has or the book knows."""
        known = {name: UnitStock(name) for name in self.fronts}
        return dict(sorted((known | self.stock.units).items()))

    def missing(self, unit: str) -> bool:
        """Whether the machine says that the unit is pulled out, or has none of that name.

        By its status, which it tells by itself; by what was last sensed where that says nothing of the unit.
        """
        told = self.service.status().get(dispenser.INTERFACE.key, {}).get("units") or {}
        state = told.get(unit, UNKNOWN)
        if state == UNKNOWN:
            state = self.fronts.get(unit, Front("missing" if self.fronts else UNKNOWN)).state
        return bool(state == "missing")

    def unit_state(self, unit: UnitStock) -> storage.UnitState:
        """The XFS4IoT status of a unit."""
        if self.missing(unit.unit):
            return storage.UnitState.MISSING
        if unit.status != "ok":
            return storage.UnitState.MANIPULATED
        return storage.UnitState.OK if unit.code else storage.UnitState.NOT_CONFIGURED

    def bin_states(self) -> dict[str, str]:
        """``rejectBin`` and ``retractBin`` of the status: ``full`` once a sheet found no room there."""
        return {
            f"{counter}Bin": "full" if bins.full(key, self.stock.bins) else "ok"
            for key, (_, _, counter) in bins.BINS.items()
        }

    def next_number(self, unit: str) -> str | None:
        """What lies in front of a unit, by the book."""
        found = self.stock.units.get(unit)
        return found.next if found is not None else None


def ours(error: DeviceError) -> DeviceError:
    """The error with the code our interface has for it: every jam is ``jammed``."""
    return CommandFailed(str(error), "jammed") if error.code in JAMS else error


def wire_state(job: DispenseJob) -> JobState:
    """The state of a job as told to clients."""
    if job.stage is JobStage.FED:
        return JobState.DISPENSING if job.outcome == Outcome.COMPLETE else JobState.PARTIAL
    return _WIRE[job.stage]


def wire_items(job: DispenseJob) -> list[dispenser.Item]:
    """Every sheet of a job as told to clients; one still on its way is in the transport."""
    return [
        dispenser.Item(
            number=sheet.number,
            read=sheet.read,
            position="transport" if sheet.position == FEEDING else sheet.position,
            fault=sheet.fault,
        )
        for sheet in job.sheets
    ]


def wire_outcome(job: DispenseJob) -> Outcome:
    """How far the feeding came; by the sheets in the tray when it never ended."""
    if job.outcome is not None:
        return Outcome(job.outcome)
    return Outcome.PARTIAL if job.in_tray else Outcome.NONE
