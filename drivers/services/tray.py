"""What happens to the sheets in the tray: presented, taken by the person, or taken back.

Paper that nobody takes within a minute (domain note 7.3) is to be retracted. The client is expected to ask
for it; when it does not, because it died, the service that opened the tray closes it by itself. After a
restart the service moves nothing by itself any more.

Sheets that could not be drawn back (the bin is full, the way jammed) stay in the open tray. The person's time is over
then, and whoever takes them may be the staff who came to help: they are nobody's until somebody has looked.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace
from typing import Final

from config.clock import Deadline
from drivers import crashpoints
from drivers.books import counting
from drivers.books import dispense as points
from drivers.books.dispense_job import NOT_TAKEN, RETRACT_FULL, DispenseJob, JobStage
from drivers.books.totals import Totals
from drivers.errors import DeadlinePassed, DeviceError, DeviceNotReady, ProtocolError
from drivers.ports import InvoiceDispenser
from drivers.services.bench import MOTION_S, Bench, ours
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages.dispenser import MEDIA_TAKEN, JobIn, RetractOut, TakenBody, TakenOut
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request

log = logging.getLogger("kiosk.devices.dispenser")

PRESENT_MOTION: Final = crashpoints.register("present.motion", "the shutter is moving")
RETRACT_MOTION: Final = crashpoints.register("retract.motion", "sheets go back into the retract bin")
TAKE_S: Final = 60.0
"""How long the tray stays open for the person (domain note 7.3)."""
ALONE_S: Final = 30.0
"""How much longer until the service retracts by itself."""
REPLY_S: Final = 0.2
_UNSURE: Final = (DeviceNotReady, ProtocolError, DeadlinePassed)
"""After these the shutter may have opened all the same."""


@dataclass(slots=True)
class Following:
    """The watch over one open tray. ``over`` is set when the sheets were taken or the minute has passed."""

    job: DispenseJob
    over: asyncio.Event = field(default_factory=asyncio.Event)
    taken: bool = False
    task: asyncio.Task[None] | None = None


class Tray:
    """Present, WaitTaken and Retract of one dispenser."""

    def __init__(self, bench: Bench, take_s: float = TAKE_S, alone_s: float = ALONE_S) -> None:
        self._bench = bench
        self._take_s = take_s
        self._alone_s = alone_s
        self._following: Following | None = None
        self._entering: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Stop watching."""
        await self._stop_following()

    # -- commands -----------------------------------------------------------------------------------

    async def present(self, request: Request, payload: JobIn) -> Nothing:
        """Open the tray; a tray that is open already stays so.

        Raise ``CommandFailed`` (``exchangeActive``) while staff exchange stock.
        """
        bench = self._bench
        job = await self._tray_job(payload.job_key)
        watched = job.stage is JobStage.PRESENTED and self._following is not None
        if bench.stock.exchange and not watched:
            raise CommandFailed("the staff are exchanging stock; end the exchange", "exchangeActive")
        with bench.supervisor.using() as device:
            now = await bench.sense(device)
            if watched:
                if not now.tray or bench.sensors.get("shutter") != "closed":
                    return Nothing()
                await self._stop_following()  # the program died before the shutter had moved
            if not now.tray and job.stage in (JobStage.PRESENTING, JobStage.PRESENTED):
                await self._taken(job, now)  # it had opened, and they were taken while nobody watched
                return Nothing()
            if not now.tray:
                raise await self._contradiction(job, now, "the tray is empty")
            job = replace(job, stage=JobStage.PRESENTING, totals=now)
            await bench.jobs.write(job, points.PRESENTING)
            bench.remember(job)
            try:
                with crashpoints.around(PRESENT_MOTION):
                    await device.present(Deadline.after(MOTION_S))
            except DeviceError as error:
                if not isinstance(error, _UNSURE):
                    await bench.jobs.write(replace(job, stage=JobStage.FED), points.FED)
                    bench.remember(replace(job, stage=JobStage.FED))
                raise ours(error) from error
            job = replace(job, stage=JobStage.PRESENTED)
            await bench.jobs.write(job, points.PRESENTED)
            bench.remember(job)
        self.follow(job, alone=True)
        return Nothing()

    async def wait_taken(self, request: Request, payload: JobIn) -> TakenOut:
        """True once the sheets are taken, False when the minute or the client's limit has passed.

        Raise ``CommandFailed`` (``nothingToPresent``) before ``present``.
        """
        job = await self._bench.job(payload.job_key)
        if job.stage in (JobStage.TAKEN, JobStage.RETRACTED):
            return TakenOut(taken=job.stage is JobStage.TAKEN)
        if job.overdue and not job.open:
            return TakenOut(taken=False)
        if job.stage is not JobStage.PRESENTED:
            raise CommandFailed("the sheets have not been presented", "nothingToPresent")
        following = self._following or self.follow(job, alone=False)
        remaining = request.deadline.remaining
        try:
            async with asyncio.timeout(None if remaining is None else max(0.0, remaining - REPLY_S)):
                await following.over.wait()
        except TimeoutError:
            return TakenOut(taken=False)
        return TakenOut(taken=following.taken)

    async def retract(self, request: Request, payload: JobIn) -> RetractOut:
        """Take the sheets back into the bin; what was taken back already is answered again."""
        bench = self._bench
        job = await bench.job(payload.job_key)
        if job.stage is JobStage.RETRACTED:
            return _retracted(job)
        if job.stage is JobStage.TAKEN:
            return RetractOut(count=0, numbers=[])
        _need_open(job)
        with bench.supervisor.using() as device:
            await self._stop_following()
            job = await bench.job(job.key)
            if job.stage is JobStage.TAKEN:  # at the moment the watch was ended
                return RetractOut(count=0, numbers=[])
            now = await bench.sense(device)
            if not now.tray:
                if job.stage not in (JobStage.PRESENTED, JobStage.PRESENTING):
                    raise await self._contradiction(job, now, "the tray is empty")
                await self._taken(job, now)
                return RetractOut(count=0, numbers=[])
            return _retracted(await self._take_back(device, job, now))

    # -- watching the open tray ---------------------------------------------------------------------

    def follow(self, job: DispenseJob, *, alone: bool) -> Following:
        """Watch the open tray of ``job``; with ``alone`` its sheets are retracted in the end."""
        following = Following(job)
        self._following = following
        following.task = asyncio.create_task(self._follow(following, alone), name=f"tray of {job.key}")
        return following

    async def _follow(self, following: Following, alone: bool) -> None:
        bench, job = self._bench, following.job
        try:
            with bench.supervisor.using() as device, bench.service.guiding():
                if await device.taken(Deadline.after(self._take_s)):
                    await self._saw_taken(job, device)
                    return
                following.over.set()
                log.warning("%s: sheets of job %s are not taken", bench.service.name, job.key)
                if await device.taken(Deadline.after(self._alone_s if alone else None)):
                    await self._saw_taken(job, device)
                    return
        except (
            Exception
        ) as error:  # also of a book that cannot be written: whoever waits must not wait for ever
            known = isinstance(error, DeviceError)
            log.warning(
                "%s: the open tray cannot be watched: %s", bench.service.name, error, exc_info=not known
            )
            self._following = None
            following.over.set()
            return
        log.error("%s: nobody asks for the sheets of %s; they are retracted", bench.service.name, job.key)
        bench.service.by_itself(lambda: self.draw_back(job.key))

    async def draw_back(self, key: str) -> None:
        """Retract without being asked by the client: what was left, or what found no room before.

        Raise ``DeviceError`` as ``retract`` does.
        """
        bench = self._bench
        job = await bench.jobs.find(key)
        if job is None or job.stage is not JobStage.PRESENTED:
            return
        with bench.supervisor.using() as device:
            await self._stop_following()
            now = await bench.sense(device)
            if now.tray:
                await self._take_back(device, job, now)
            else:
                await self._taken(job, now)

    async def _stop_following(self) -> None:
        following, self._following = self._following, None
        if following is not None and following.task is not None:
            following.task.cancel()
            await asyncio.gather(following.task, return_exceptions=True)
            if self._entering is not None:  # what was seen as taken is in the book before anybody reads it
                await asyncio.gather(self._entering, return_exceptions=True)
            following.over.set()

    async def _saw_taken(self, job: DispenseJob, device: InvoiceDispenser) -> None:
        """Enter it as a whole, even when the watch is being ended at this moment."""
        now = await self._bench.sense(device)
        self._entering = asyncio.create_task(self._taken(job, now))
        await asyncio.shield(self._entering)

    async def _taken(self, job: DispenseJob, now: Totals) -> None:
        bench = self._bench
        if job.overdue:
            await self._withdrawn(job, now)
            return
        taken = replace(job, stage=JobStage.TAKEN, totals=now)
        await bench.jobs.write(taken, points.TAKEN)
        bench.remember(taken)
        following = self._following
        if following is not None and following.job.key == job.key:
            following.taken = True
            following.over.set()
            self._following = None
        bench.service.broadcast(MEDIA_TAKEN, TakenBody(job_key=job.key))

    async def _withdrawn(self, job: DispenseJob, now: Totals) -> None:
        """The sheets left the tray after the person's time: not handed out, and in no place that is known."""
        bench = self._bench
        log.error("%s: sheets of job %s were taken out after their time", bench.service.name, job.key)
        gone = replace(job, stage=JobStage.RECONCILE, doubt=None, totals=now, error_code=NOT_TAKEN)
        await bench.jobs.resolve(gone, None, "unknown", None)
        bench.remember(gone)
        following = self._following
        if following is not None and following.job.key == job.key:
            following.over.set()
            self._following = None

    # -- parts --------------------------------------------------------------------------------------

    async def _tray_job(self, key: str) -> DispenseJob:
        """A job whose sheets lie in the tray."""
        job = await self._bench.job(key)
        _need_open(job)
        return job

    async def _take_back(self, device: InvoiceDispenser, job: DispenseJob, before: Totals) -> DispenseJob:
        bench = self._bench
        job = replace(job, stage=JobStage.RETRACTING, totals=before)
        await bench.jobs.write(job, points.RETRACTING)
        bench.remember(job)
        try:
            with crashpoints.around(RETRACT_MOTION):
                moved = await device.retract(Deadline.after(MOTION_S))
            now = await bench.sense(device)
        except DeviceNotReady:
            await bench.jobs.doubt(job, f"the line was lost while retracting ({job.key})")
            raise
        except DeviceError as error:
            if error.code == RETRACT_FULL:
                await bench.book.bin_full(counting.RETRACT)
                await bench.refresh()
            await self._settle_failed(device, job)
            raise ours(error) from error
        if now.tray or not moved == len(job.in_tray) == now.since(before).retracted:
            raise await self._contradiction(job, now, f"{moved} of {len(job.in_tray)} sheets came back")
        job = replace(job, stage=JobStage.RETRACTED, totals=now)
        await bench.jobs.write(job, points.RETRACTED, tray_position="retract")
        await bench.refresh()
        return bench.remember(await bench.job(job.key))

    async def _settle_failed(self, device: InvoiceDispenser, job: DispenseJob) -> None:
        """The bin was full, or the way jammed: still presented if nothing moved, else in doubt."""
        before = job.totals
        now = await self._bench.sense(device)
        if before is not None and now.tray and not now.since(before).retracted:
            again = replace(job, stage=JobStage.PRESENTED, overdue=True, totals=now)
            await self._bench.jobs.write(again, points.PRESENTED)
            self._bench.remember(again)
            self.follow(again, alone=False)
            return
        await self._contradiction(job, now, "the retraction ended half way")

    async def _contradiction(self, job: DispenseJob, now: Totals, why: str) -> CommandFailed:
        """Put the job in doubt for good; the error to raise."""
        doubtful = replace(job, stage=JobStage.RECONCILE, doubt=None, totals=now, error_code="countUncertain")
        await self._bench.jobs.resolve(doubtful, None, "unknown", f"{why} ({job.key})")
        self._bench.remember(doubtful)
        await self._bench.refresh()
        return CommandFailed(f"{why}; the staff must look", "countUncertain")


def _need_open(job: DispenseJob) -> None:
    """Refuse a job of which no sheet lies in the tray any more."""
    if job.stage is JobStage.RECONCILE:
        raise CommandFailed("this job is in doubt; the staff must look", "countUncertain")
    if not job.open:
        raise CommandFailed("no sheet of this job lies in the tray", "nothingToPresent")


def _retracted(job: DispenseJob) -> RetractOut:
    numbers = [sheet.number for sheet in job.sheets if sheet.position == "retract"]
    return RetractOut(count=len(numbers), numbers=numbers)
