"""The stamp unit's service: a key stamps once for ever, and what is in doubt is asked of the unit, then of a person."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from config.clock import Deadline
from drivers import crashpoints
from drivers.books.paper import FINISH, SETTLE, JobStage, PaperBook, PaperJob
from drivers.cabinet_ports import StampCounts, StampUnit
from drivers.errors import DeviceError
from drivers.ports import PrintOutcome, PrintResult
from drivers.services.base import DeviceService, Identity
from drivers.services.printing import MOTION
from drivers.store import Store
from drivers.supervision import Stage, Supervisor
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import stamp_unit
from drivers.xfs.messages.stamp_unit import StampOutcome
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request

log = logging.getLogger("kiosk.devices.stampUnit")

KIND: Final = "stamp"
ASK_S: Final = 5.0
STAMP_S: Final = 30.0
"""A stamp under way is seen through whatever limit the client set."""
_TOLD: Final = {
    PrintOutcome.PRINTED: StampOutcome.STAMPED,
    PrintOutcome.NOT_PRINTED: StampOutcome.NOT_STAMPED,
    PrintOutcome.UNCERTAIN: StampOutcome.UNCERTAIN,
}
"""The book of paper has the same three outcomes under a printer's names."""


class StampUnitService(DeviceService[StampUnit]):
    """StampUnit over one machine. Every job has the unit's own number: one above the last it has stamped."""

    def __init__(self, identity: Identity, supervisor: Supervisor[StampUnit], store: Store) -> None:
        super().__init__(identity, supervisor, (stamp_unit.INTERFACE,))
        self._book = PaperBook(store, identity.name, KIND)
        self._under_way: str | None = None
        self.offer(stamp_unit.STAMP, self._stamp)
        self.offer(stamp_unit.QUERY, self._query)
        self.offer(stamp_unit.RESET, self._reset)

    # -- commands -----------------------------------------------------------------------------------

    async def _stamp(self, request: Request, payload: stamp_unit.StampIn) -> stamp_unit.StampOut:
        known = await self._book.find(payload.job_key)
        if known is not None:
            if known.service != self.name:
                raise CommandFailed("this key belongs to another job; make a new key", "keyReused")
            return _out(await self._truth(known))
        self.cabinet.interlock.check()
        if request.stopping is not None:
            raise CommandFailed("stopped before anything moved", generic=request.stopping)
        with self.supervisor.using() as device, self.guiding():
            await self.connected()  # a job still open would be hidden by the next number
            before = await device.counts(Deadline.after(ASK_S))
            job = PaperJob(
                payload.job_key, self.name, KIND, str(before.last_job + 1), before=before.impressions
            )
            self._under_way = job.key
            try:
                await self._book.begin(job, request.client.name)
                result, counts = await self._carry_out(device, job)
                if counts is not None:  # else it stays open, until the unit can be asked again
                    await self._book.finish(job.key, result, FINISH)
                    await self.care.count(stamps=counts.impressions - before.impressions)
            finally:
                self._under_way = None
        told = _out(result).model_copy(update={"impressions": counts and counts.impressions})
        if result.error_code in stamp_unit.STAMP.errors and result.outcome is PrintOutcome.NOT_PRINTED:
            raise CommandFailed("nothing was stamped", result.error_code, told)
        return told

    async def _carry_out(self, device: StampUnit, job: PaperJob) -> tuple[PrintResult, StampCounts | None]:
        """Stamp; whatever goes wrong, the unit's counts say what became of it."""
        code: str | None = None
        try:
            with crashpoints.around(MOTION):
                await device.stamp(int(job.printer_name), Deadline.after(STAMP_S))
        except DeviceError as error:
            log.warning("%s: job %s: %s", self.name, job.key, error)
            code = error.code or error.completion
        try:
            counts = await device.counts(Deadline.after(ASK_S))
        except DeviceError as error:
            log.warning("%s: what became of job %s is not known yet: %s", self.name, job.key, error)
            return PrintResult(PrintOutcome.UNCERTAIN, code), None
        return judge(job, counts, code), counts

    async def _query(self, request: Request, payload: stamp_unit.StampIn) -> stamp_unit.QueryOut:
        job = await self._book.find(payload.job_key)
        if job is None or job.service != self.name:
            return stamp_unit.QueryOut(known=False)
        if job.stage is JobStage.BEGUN and self._under_way == job.key:
            return stamp_unit.QueryOut(known=True)
        told = _out(await self._truth(job))
        return stamp_unit.QueryOut(known=True, outcome=told.outcome, error_code=told.error_code)

    async def _reset(self, request: Request, payload: Nothing) -> Nothing:
        self.cabinet.interlock.check()
        with self.supervisor.using() as device:
            await device.reset(request.deadline.within(STAMP_S))
        return Nothing()

    # -- after a power cut, or a lost line ----------------------------------------------------------

    async def connected(self) -> None:
        """Give every job left open its outcome; nothing moves."""
        for job in await self._book.unfinished():
            result = await self._truth(job)
            log.warning("%s: job %s was left open; it is %s", self.name, job.key, _TOLD[result.outcome])

    async def _truth(self, job: PaperJob) -> PrintResult:
        """The outcome of a known job. In doubt, the unit is asked, as long as no later job has hidden it."""
        if job.result is not None and job.result.outcome is not PrintOutcome.UNCERTAIN:
            return job.result
        old = job.result or PrintResult(PrintOutcome.UNCERTAIN)
        if self.supervisor.watch.stage is not Stage.ONLINE:
            return old
        try:
            with self.supervisor.using() as device:
                counts = await device.counts(Deadline.after(ASK_S))
        except DeviceError as error:
            log.info("%s: the unit cannot be asked about a job: %s", self.name, error)
            return old
        found = judge(job, counts, old.error_code)
        if found.outcome is not PrintOutcome.UNCERTAIN or job.result is None:
            await self._book.finish(job.key, found, SETTLE)
        return found

    # -- status -------------------------------------------------------------------------------------

    def class_capabilities(self) -> Mapping[str, object]:
        """What is sensed."""
        return {"stampUnit": {"inkSensor": True, "feederSensor": True, "countsImpressions": True}}

    def changed(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """The pad reached a level."""
        old, new = (status.get("stampUnit", {}).get("ink") for status in (before, after))
        if new != old and new in ("full", "low", "out"):
            self.broadcast(stamp_unit.INK, stamp_unit.InkBody(ink=new))


def judge(job: PaperJob, counts: StampCounts, code: str | None) -> PrintResult:
    """What the unit's two witnesses, its last job and its impressions, say of ``job``. They must agree."""
    number, before = int(job.printer_name), job.before
    if counts.last_job == number and before is not None and counts.impressions == before + 1:
        return PrintResult(PrintOutcome.PRINTED, sheets=1)
    if counts.last_job < number and counts.impressions == before:
        return PrintResult(PrintOutcome.NOT_PRINTED, code)
    return PrintResult(PrintOutcome.UNCERTAIN, code)


def _out(result: PrintResult) -> stamp_unit.StampOut:
    return stamp_unit.StampOut(outcome=_TOLD[result.outcome], error_code=result.error_code)
