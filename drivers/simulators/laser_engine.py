"""The mechanics of the simulated A4 printer: a tray of paper, toner, a path that can jam, jobs in turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from drivers.simulators.base import Pace

_WARM_UP_S, _SHEET_S = 0.6, 1.5
_KEPT_JOBS = 100
TRAY_SHEETS = 250
LOW_SHEETS = 25


class JobState(IntEnum):
    """RFC 8011, 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


@dataclass(slots=True)
class Job:
    """One print job; times in seconds of printer up-time."""

    id: int
    name: str
    user: str
    copies: int
    two_sided: bool
    created: int
    document: bytes = b""
    """Until the job is over; as in a printer, the history has no room for it."""
    octets: int = 0
    pages: int = 0
    state: JobState = JobState.HELD
    reasons: list[str] = field(default_factory=lambda: ["job-incoming"])
    sheets: int = 0
    begun: int | None = None
    ended: int | None = None
    canceled: bool = False

    @property
    def needed(self) -> int:
        """Sheets of the whole job."""
        each = (self.pages + 1) // 2 if self.two_sided else self.pages
        return each * self.copies

    @property
    def over(self) -> bool:
        """True when nothing can change any more."""
        return self.state >= JobState.CANCELED


class LaserEngine:
    """Prints one job after the other. ``finished`` is told of every job that ended with paper out.

    A jam, an open cover, an empty tray and empty toner stop it. ``stall`` ``begin`` lets a job hang before
    its first sheet, ``end`` behind its last; ``aborting`` throws the next job out; ``lying`` says completed
    although no sheet came.
    """

    def __init__(self, pace: Pace, finished: Callable[[Job], None]) -> None:
        self._pace = pace
        self._finished = finished
        self._moved = asyncio.Event()
        self.tray = TRAY_SHEETS
        self.toner = 80
        self.jammed = self.cover_open = self.lying = self.aborting = False
        self.stall: str | None = None
        self.jam_after: int | None = None
        self.empty_after: int | None = None
        self.sheets_total = 0
        self.switch_on()

    def switch_on(self) -> None:
        """Begin with no jobs and no up-time; paper and toner are as they were."""
        self._since = time.monotonic()
        self.jobs: dict[int, Job] = {}
        self._last = 0
        self._moved.set()

    @property
    def up_time(self) -> int:
        """Seconds since switched on, at least 1 as RFC 8011 wants."""
        return int(time.monotonic() - self._since) + 1

    @property
    def reasons(self) -> list[str]:
        """printer-state-reasons, worst first."""
        found = []
        if self.jammed:
            found.append("media-jam-error")
        if self.cover_open:
            found.append("cover-open-error")
        if self.tray == 0:
            found += ["media-empty-error", "media-needed-error"]
        elif self.tray <= LOW_SHEETS:
            found.append("media-low-report")
        if self.toner == 0:
            found.append("toner-empty-error")
        elif self.toner <= 10:
            found.append("toner-low-warning")
        return found or ["none"]

    @property
    def stopped(self) -> bool:
        """True while no sheet can move."""
        return self.jammed or self.cover_open or self.tray == 0 or self.toner == 0

    @property
    def current(self) -> Job | None:
        """The job on the machine."""
        return next(
            (job for job in self.jobs.values() if job.state in (JobState.PROCESSING, JobState.STOPPED)), None
        )

    @property
    def state(self) -> int:
        """printer-state: 3 idle, 4 processing, 5 stopped."""
        if self.stopped:
            return 5
        return 4 if self.current else 3

    def new_job(self, name: str, user: str, copies: int, two_sided: bool) -> Job:
        """A job that waits for its document."""
        self._last += 1
        job = Job(self._last, name, user, copies, two_sided, self.up_time)
        self.jobs[job.id] = job
        for old in [number for number, kept in self.jobs.items() if kept.over][:-_KEPT_JOBS]:
            del self.jobs[old]
        return job

    def begin(self, job: Job, document: bytes, pages: int) -> None:
        """The document is complete: the job may be printed."""
        job.document, job.octets, job.pages = document, len(document), pages
        job.state, job.reasons = JobState.PENDING, ["none"]
        self._moved.set()

    def reject(self, job: Job, reason: str) -> None:
        """The document cannot be printed."""
        self._end(job, JobState.ABORTED, reason)

    def cancel(self, job: Job) -> None:
        """Stop a job; the sheet on its way still comes out."""
        job.canceled = True
        if job.state in (JobState.PENDING, JobState.HELD):
            self._end(job, JobState.CANCELED, "job-canceled-by-user")
        else:
            job.reasons = ["processing-to-stop-point"]
        self._moved.set()

    def wake(self) -> None:
        """A fault came or went."""
        self._moved.set()

    async def run(self) -> None:
        """Print jobs until cancelled."""
        while True:
            job = next((one for one in self.jobs.values() if one.state is JobState.PENDING), None)
            if job is None:
                self._moved.clear()
                await self._moved.wait()
                continue
            await self._print(job)

    async def _print(self, job: Job) -> None:
        job.state, job.reasons, job.begun = JobState.PROCESSING, ["job-printing"], self.up_time
        await self._pace.sleep(_WARM_UP_S)
        if self.aborting:
            self.aborting = False
            self._end(job, JobState.ABORTED, "aborted-by-system")
        while not job.over:
            if job.canceled:
                self._end(job, JobState.CANCELED, "job-canceled-by-user")
            elif self.lying or (job.sheets >= job.needed and self.stall != "end"):
                self._end(job, JobState.COMPLETED, "job-completed-successfully")
            elif self._blocked(job):
                self._moved.clear()
                await self._moved.wait()
            else:
                await self._pace.sleep(_SHEET_S)
                self._sheet_out(job)

    def _blocked(self, job: Job) -> bool:
        """True while the next sheet cannot move; faults that were set for this sheet happen now."""
        if self.jam_after is not None and self.jam_after <= 0:
            self.jammed, self.jam_after = True, None
        if self.empty_after is not None and self.empty_after <= 0:
            self.tray, self.empty_after = 0, None
        job.state = JobState.STOPPED if self.stopped else JobState.PROCESSING
        job.reasons = ["printer-stopped"] if self.stopped else ["job-printing"]
        return self.stopped or self.stall == "begin" or job.sheets >= job.needed

    def _sheet_out(self, job: Job) -> None:
        self.tray = max(0, self.tray - 1)
        if job.over:  # switched off while the sheet was on its way: it is purged blank
            return
        self.sheets_total += 1
        job.sheets += 1
        if self.jam_after is not None:
            self.jam_after -= 1
        if self.empty_after is not None:
            self.empty_after -= 1

    def _end(self, job: Job, state: JobState, reason: str) -> None:
        if job.over:
            return
        job.state, job.reasons, job.ended = state, [reason], self.up_time
        if job.sheets:
            self._finished(job)
        job.document = b""
        self._moved.set()

    def switch_off(self) -> None:
        """Power lost: jobs are gone; what already came out stays out."""
        for job in self.jobs.values():
            self._end(job, JobState.ABORTED, "aborted-by-system")
        self.jobs = {}
