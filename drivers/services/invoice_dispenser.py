"""The invoice dispenser's service: feeding, tray and storage over one book that survives any power cut."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from drivers import crashpoints
from drivers.books import counting
from drivers.books.dispense_job import FEEDING, NOT_TAKEN, REJECT_FULL, DispenseJob, JobStage
from drivers.books.numbers import count
from drivers.books.totals import Front, Totals
from drivers.errors import DeviceError
from drivers.ports import InvoiceDispenser
from drivers.services.base import DeviceService, Identity
from drivers.services.bench import MOTION_S, Bench, ours, wire_items, wire_outcome, wire_state
from drivers.services.feeding import Feeding
from drivers.services.reconcile import judge
from drivers.services.storage import StorageCommands
from drivers.services.tray import ALONE_S, TAKE_S, Tray
from drivers.store import Store
from drivers.supervision import Stage, Supervisor
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import dispenser, storage
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request

log = logging.getLogger("kiosk.devices.dispenser")

RESET_MOTION: Final = crashpoints.register("reset.motion", "the machine clears its way")


class InvoiceDispenserService(DeviceService[InvoiceDispenser]):
    """Storage and InvoiceDispenser over one machine.

    ``take_s`` and ``alone_s`` are how long an open tray waits for the person, and then for the client.
    """

    def __init__(
        self,
        identity: Identity,
        supervisor: Supervisor[InvoiceDispenser],
        store: Store,
        take_s: float = TAKE_S,
        alone_s: float = ALONE_S,
    ) -> None:
        super().__init__(identity, supervisor, (storage.INTERFACE, dispenser.INTERFACE))
        self.bench = Bench(self, store)
        self.tray = Tray(self.bench, take_s, alone_s)
        self.offer(dispenser.DISPENSE, Feeding(self.bench).dispense)
        self.offer(dispenser.PRESENT, self.tray.present)
        self.offer(dispenser.WAIT_TAKEN, self.tray.wait_taken)
        self.offer(dispenser.RETRACT, self.tray.retract)
        self.offer(dispenser.QUERY, self._query)
        self.offer(dispenser.RESET, self._reset)
        self.storage = StorageCommands(self.bench)

    async def close(self) -> None:
        """End commands and the watch over the tray, then close the device."""
        await self.tray.close()
        await super().close()

    def held(self) -> bool:
        """While sheets lie in the tray the machine does not change hands."""
        return self.bench.open is not None

    def exchange_active(self) -> bool:
        """True while the staff exchange stock."""
        return self.bench.stock.exchange

    def changed(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """A unit that was pulled out or put back is told as a change of the storage, too."""
        self.bench.tell_states()

    # -- after a power cut, or a lost line ----------------------------------------------------------

    async def starting(self) -> None:
        """Before any command: what was moving when the program ended is in doubt, and its unit quarantined."""
        for job in await self.bench.jobs.open_jobs():
            if job.stage in (JobStage.FEEDING, JobStage.RETRACTING):
                job = await self.bench.jobs.doubt(job, f"the program ended in the middle ({job.key})")
                log.error("%s: job %s was interrupted; it waits for the counters", self.name, job.key)
            self.bench.remember(job)
        await self.bench.refresh()

    async def connected(self) -> None:
        """Compare counters and book; nothing is moved."""
        bench = self.bench
        try:
            with self.supervisor.using() as device:
                now = await bench.sense(device)
        except DeviceError as error:
            log.warning("%s: its counters cannot be read: %s", self.name, error)
            self.supervisor.reconnect()
            return
        await self._reconcile(now)
        if now.serial is not None and (before := await bench.book.met(now.serial)) is not None:
            log.error(
                "%s: dispenser %s stands where %s was; its units wait to be looked at",
                self.name,
                now.serial,
                before,
            )
        await bench.refresh()

    async def _reconcile(self, now: Totals) -> int:
        """Settle what is open; how often the machine has rejected for it."""
        rejected = 0
        for job in await self.bench.jobs.open_jobs():
            found, more = await self._settle(job, now)
            rejected += more
            if found.stage is JobStage.PRESENTED:
                await self.tray.close()
                self.tray.follow(found, alone=False)
        return rejected

    async def _settle(self, job: DispenseJob, now: Totals) -> tuple[DispenseJob, int]:
        front = self.bench.fronts.get(job.unit, Front()).number
        wanted = count(job.first, job.last)
        verdict = judge(job.doubt or job.stage, job.sheets, wanted, job.totals, now, front)
        doubtful = verdict.stage is JobStage.RECONCILE
        withdrawn = job.overdue and verdict.stage is JobStage.TAKEN  # by whom is not known
        flying = next((sheet for sheet in job.sheets if sheet.position == FEEDING), None)
        settled = replace(
            job,
            stage=JobStage.RECONCILE if withdrawn else verdict.stage,
            doubt=None,
            outcome=verdict.outcome.value if verdict.outcome else job.outcome,
            error_code=NOT_TAKEN
            if withdrawn
            else "countUncertain"
            if doubtful or verdict.quarantine
            else job.error_code,
            totals=now,
        )
        position = verdict.sheet_position
        before = flying.before if flying is not None else job.totals
        rejected = 0 if doubtful or before is None else now.since(before).rejected
        await self.bench.jobs.resolve(
            settled,
            (flying, position) if flying is not None and position is not None else None,
            "unknown" if withdrawn else verdict.tray_position,
            f"{verdict.quarantine} ({job.key})" if verdict.quarantine else None,
            rejected,
        )
        if settled.stage is not job.stage:
            log.warning("%s: job %s is %s (was %s)", self.name, job.key, settled.stage, job.stage)
        return self.bench.remember(await self.bench.job(job.key)), rejected

    # -- commands -----------------------------------------------------------------------------------

    async def _query(self, request: Request, payload: dispenser.JobIn) -> dispenser.QueryOut:
        """What the book says; with what is sensed now, when the machine answers."""
        sensors: Mapping[str, object] | None = None
        if self.supervisor.watch.stage is Stage.ONLINE:
            try:
                with self.supervisor.using() as device:
                    await self.bench.sense(device)
                sensors = self.bench.sensors
            except DeviceError as error:
                log.info("%s: asked for a job, but it does not answer: %s", self.name, error)
        job = await self.bench.jobs.find(payload.job_key)
        if job is None:
            return dispenser.QueryOut(known=False, sensors=dict(sensors) if sensors else None)
        ended = job.outcome is not None
        return dispenser.QueryOut(
            known=True,
            state=wire_state(job),
            outcome=wire_outcome(job) if ended else None,
            error_code=job.error_code,
            items=wire_items(job),
            next_number=self.bench.next_number(job.unit),
            sensors=dict(sensors) if sensors else None,
        )

    async def _reset(self, request: Request, payload: Nothing) -> Nothing:
        """Clear the machine's way; with sheets in the tray only the staff may, for a reset can take them.

        Sheets that could not be drawn back when the person's time was over are drawn back now.
        """
        bench = self.bench
        if bench.open is not None and not request.client.operator:
            raise CommandFailed("sheets lie in the tray; present or retract them first", "mediaRetained")
        with self.supervisor.using() as device:
            await self.tray.close()
            try:
                before = await bench.sense(device)
                with crashpoints.around(RESET_MOTION):
                    await device.reset(request.deadline.within(MOTION_S))
                now = await bench.sense(device)
            except DeviceError as error:
                if error.code == REJECT_FULL:
                    await bench.book.bin_full(counting.REJECT)
                    await bench.refresh()
                if bench.open is not None and bench.open.stage is JobStage.PRESENTED:
                    self.tray.follow(bench.open, alone=False)  # what is taken from it now is still noticed
                raise ours(error) from error
        await bench.book.bins_tried_anew()
        more = now.since(before).rejected - await self._reconcile(now)
        if more > 0:  # of no job that was open
            await bench.jobs.rejected(more)
        await bench.refresh()
        if bench.open is not None and bench.open.waits_for_staff:
            await self.tray.draw_back(bench.open.key)
        return Nothing()

    def own_status(self) -> Mapping[str, object]:
        """Which bins are full: the machine says it once, when a sheet finds no room."""
        return {dispenser.INTERFACE.key: self.bench.bin_states()}

    def class_capabilities(self) -> Mapping[str, object]:
        """The units and what is checked."""
        return {
            "invoiceDispenser": {
                "units": sorted({*self.bench.fronts, *self.bench.stock.units}),
                "readsNumbers": True,
                "rejectBin": True,
                "retractBin": True,
                "takenSensor": True,
            }
        }
