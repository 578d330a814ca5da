"""One document's way through an IPP printer: sent at most once, printed when the printer says completed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from pyipp.enums import IppStatus

from config.clock import Deadline
from drivers.devices.ipp_client import IppClient, PrinterLook
from drivers.errors import DeviceError
from drivers.ports import PrintOutcome, PrintResult
from drivers.protocols import ipp_truth as truth
from drivers.protocols.ipp_truth import JobFacts, JobState, PrinterFacts
from drivers.transports.ipp import IppRefused, NotSent
from drivers.transports.waiting import pause

_log = logging.getLogger("kiosk.devices.documentPrinter")

_REFUSALS: Final = {
    0x040A: "unsupportedData",  # document format not supported
    0x0411: "unsupportedData",  # document format error
    0x040B: "unsupportedData",  # attributes or values not supported
    0x0408: "mediaOverflow",  # request entity too large
    0x0401: "accessDenied",
    0x0403: "accessDenied",
    0x0506: "deviceOffline",  # not accepting jobs
    0x0507: "deviceBusy",
}
"""IPP status codes (RFC 8011, B.1) to error codes; any other is ``hardwareError``."""
_FORGOTTEN: Final = (IppStatus.ERROR_NOT_FOUND, IppStatus.ERROR_GONE)
HISTORY_S: Final = 300.0
"""So long printers keep ended jobs; RFC 8011, 5.3.7.2, leaves the time to them, and a power cut ends it."""
UP_TIME_STEP_S: Final = 1.0
"""printer-up-time is whole seconds and begins at 1 (RFC 8011, 5.4.29)."""


@dataclass(frozen=True, slots=True)
class Timings:
    """All that takes time, in seconds.

    ``hand``: how long a job stands still for want of one (jam, open cover, empty tray) before it is taken back, so
    that the person who waits for the sheet is told and may go on. ``settle``: how long after a lost answer a job may
    take to appear in the printer's list. ``longest``: how long a job may take when no limit was set.
    """

    step: float = 4.0
    job_poll: float = 0.4
    poll: float = 3.0
    reserve: float = 3.0
    counter: float = 3.0
    hand: float = 12.0
    settle: float = 5.0
    longest: float = 600.0


class PdfJob:
    """Prints or finds one document; ``seen`` is told of each look at the printer."""

    def __init__(
        self, client: IppClient, timings: Timings, name: str, seen: Callable[[PrinterLook], None]
    ) -> None:
        self._client = client
        self._timings = timings
        self._name = name
        self._seen = seen
        self.taken = False
        """Whether the printer may have had this job: if it names none of that name later, it may have forgotten it."""
        self.remembered_s = 0.0
        """For how long whoever asks has known of every job whether the printer may have had it."""
        self._number = 0
        self._before: PrinterLook | None = None
        self._looked_at = 0.0

    async def print(self, pdf: bytes, copies: int, deadline: Deadline) -> PrintResult:
        """Send the document unless the printer knows its name already, and follow it to its end.

        Raise ``NotSent`` for trouble before anything has been sent; afterwards every trouble is an outcome.
        """
        deadline = self._limited(deadline)
        try:
            before = self._before = await self._look(deadline)
            self._looked_at = _now()
            blocked = truth.fault(before.facts.reasons)
            if blocked is None and not before.facts.accepting:
                blocked = "deviceOffline"
            if blocked is not None:
                return PrintResult(PrintOutcome.NOT_PRINTED, blocked, 0, {"sent": False})
            earlier = await self._client.named(self._name, deadline.within(self._timings.step))
        except DeviceError as error:
            raise NotSent(f"the document was not sent: {error}") from error
        try:
            if earlier:
                self._have(earlier)
                self._before = None  # the page counter of now says nothing about that job
            else:
                refused = await self._send(pdf, copies, deadline)
                if refused is not None:
                    return refused
            return await self._follow(deadline)
        except asyncio.CancelledError:
            await asyncio.shield(self._withdraw())
            raise

    async def find(self, age_s: float, deadline: Deadline) -> PrintResult | None:
        """The outcome of a job of that name entered ``age_s`` ago; one still under way is followed to its end.

        A question stops no paper: a job that goes on at the deadline is left alone, and ``underWay`` in the evidence
        says that the answer is still to come. One that stands then is taken back.
        None only when the printer was on since before then and certainly never had it: because we would remember it,
        or because it still knows an older job; many keep no history at all.
        """
        deadline = self._limited(deadline)
        found = await self._client.named(self._name, deadline.within(self._timings.step))
        if not found:
            up_s = (await self._look(deadline)).facts.up_time
            if up_s is not None and 0 <= age_s <= min(up_s - UP_TIME_STEP_S, HISTORY_S):
                remembered = age_s < self.remembered_s and not self.taken
                if remembered or await self._remembers(up_s - age_s - UP_TIME_STEP_S, deadline):
                    return None
            return PrintResult(PrintOutcome.UNCERTAIN, "deviceOffline", 0, {"jobKnown": None})
        job = self._have(found)
        return truth.outcome(job) if job.ended else await self._follow(deadline, asked=True)

    def _have(self, jobs: list[JobFacts]) -> JobFacts:
        """The printer has jobs of our name: the one to follow."""
        job = _best(jobs)
        self._number, self.taken = job.job_id, True
        return job

    async def _look(self, deadline: Deadline) -> PrinterLook:
        look = await self._client.printer(deadline.within(self._timings.step))
        self._seen(look)
        return look

    async def _send(self, pdf: bytes, copies: int, deadline: Deadline) -> PrintResult | None:
        """Hand the document over; a result when it certainly was not taken, or when nobody can say."""
        self.taken = True
        try:
            self._number = await self._client.send(self._name, pdf, copies, self._earlier(deadline))
            return None
        except NotSent:
            self.taken = False
            return PrintResult(PrintOutcome.NOT_PRINTED, "deviceOffline", 0, {"sent": False})
        except IppRefused as error:
            self.taken = False
            code = _REFUSALS.get(error.status, "hardwareError")
            return PrintResult(PrintOutcome.NOT_PRINTED, code, 0, {"ippStatus": error.status})
        except DeviceError as error:
            _log.warning("the answer to the document was lost: %s", error)
            return await self._search(deadline)

    async def _search(self, deadline: Deadline) -> PrintResult | None:
        """After a lost answer: does the printer have the job? None when it does and can be followed.

        A job is listed only when its document has been taken in: one that is not there yet may still come. One that
        is not there at all may have been printed and forgotten while the printer could not be asked.
        """
        settled = Deadline.after(None)
        while not deadline.passed:
            try:
                look = await self._look(deadline)
                found = await self._client.named(self._name, deadline.within(self._timings.step))
                gone = settled.passed and not found and await self._blank_since(look, deadline)
            except DeviceError:
                await pause(self._timings.job_poll, deadline)
                continue
            if found:
                self._have(found)
                return None
            if self._restarted(look):
                break
            if gone:
                self.taken = False
                return PrintResult(PrintOutcome.NOT_PRINTED, "deviceOffline", 0, {"jobKnown": False})
            if settled.passed:
                break
            if settled.remaining is None:
                settled = deadline.within(self._timings.settle)
            await pause(self._timings.job_poll, settled)
        return PrintResult(PrintOutcome.UNCERTAIN, "deviceOffline", 0, {"jobKnown": None})

    async def _blank_since(self, look: PrinterLook, deadline: Deadline) -> bool:
        """Whether nothing that the printer does not name has come out since we looked first."""
        before = self._before
        if before is None or before.facts.up_time is None:
            return False
        if look.counter is not None and look.counter == before.counter:
            return True
        return await self._remembers(before.facts.up_time, deadline)

    async def _remembers(self, up_time: float, deadline: Deadline) -> bool:
        """Whether the printer still names a job that was created by then and has ended: later ones it names as well."""
        jobs = await self._client.known(deadline.within(self._timings.step))
        return any(job.ended and job.created is not None and job.created <= up_time for job in jobs)

    def _restarted(self, look: PrinterLook) -> bool:
        """Whether the printer has lost its memory of jobs since we looked first."""
        before = self._before.facts.up_time if self._before else None
        now = look.facts.up_time
        if before is None or now is None:
            return True
        return now < before + (_now() - self._looked_at) - 2 * UP_TIME_STEP_S

    async def _follow(self, deadline: Deadline, *, asked: bool = False) -> PrintResult:
        """Watch the job; cancel it when it stands, and shortly before the deadline: it must not come out later.

        With ``asked`` only one that stands is cancelled.
        """
        limit, stands = self._earlier(deadline), Deadline.after(None)
        last: JobFacts | None = None
        reasons: frozenset[str] = frozenset()
        cancelled = False
        while True:
            try:
                look = await self._look(deadline)
                reasons = look.facts.reasons
                found = await self._ours(deadline)
                if found is None:
                    return PrintResult(PrintOutcome.UNCERTAIN, "deviceOffline", 0, {"jobKnown": False})
                last = found
                if last.ended:
                    return await self._judge(last, reasons, deadline)
                stands = self._still(stands, look.facts, last)
            except DeviceError as error:
                _log.info("no answer about the job: %s", error)
            if deadline.passed:
                return self._open_end(last, reasons)
            if asked and limit.passed and last is not None and stands.remaining is None:
                result = truth.outcome(last)
                return replace(result, evidence={**result.evidence, "underWay": True})
            if (limit.passed or stands.passed) and not cancelled:
                cancelled = True
                await self._try_cancel(deadline)
                deadline = deadline.within(self._timings.step)
            else:
                await pause(self._timings.job_poll, deadline)

    async def _ours(self, deadline: Deadline) -> JobFacts | None:
        """Our job as the printer has it now; None when it knows none any more.

        After a restart a printer counts anew: our number may belong to another's job, and ours have another number.
        """
        limit = deadline.within(self._timings.step)
        try:
            found = await self._client.job(self._number, limit)
            if self._name.startswith(found.name):  # printers cut long names, and some tell none
                return found
        except IppRefused as refusal:
            if refusal.status not in _FORGOTTEN:
                raise
        jobs = await self._client.named(self._name, limit)
        return self._have(jobs) if jobs else None

    def _still(self, stands: Deadline, printer: PrinterFacts, job: JobFacts) -> Deadline:
        """Until when it may stand: from the first look that found it standing on, for ever while it does not."""
        if not truth.stands(printer, job):
            return Deadline.after(None)
        return Deadline.after(self._timings.hand) if stands.remaining is None else stands

    def _limited(self, deadline: Deadline) -> Deadline:
        """One that passes: who asks knows how long a document of so many pages may take."""
        return Deadline.after(self._timings.longest) if deadline.at is None else deadline

    def _earlier(self, deadline: Deadline) -> Deadline:
        left = deadline.remaining or 0.0
        return deadline.within(left - min(self._timings.reserve, left / 3))

    def _open_end(self, last: JobFacts | None, reasons: frozenset[str]) -> PrintResult:
        """Nobody waits any longer, and the job had not ended when it was last seen."""
        if last is None:
            return PrintResult(PrintOutcome.UNCERTAIN, "deviceOffline", 0, {"jobId": self._number})
        result = truth.outcome(last, reasons)
        return replace(result, error_code=result.error_code or "timeOut")

    async def _judge(self, job: JobFacts, reasons: frozenset[str], deadline: Deadline) -> PrintResult:
        """The outcome of a job that ended, as far as the page counter agrees: each sheet that came out moved it."""
        result = truth.outcome(job, reasons)
        before = self._before.counter if self._before else None
        if before is None or result.outcome is PrintOutcome.UNCERTAIN:
            return result
        if result.outcome is PrintOutcome.NOT_PRINTED:
            return await self._blank(result, before, deadline)
        limit = deadline.within(self._timings.counter)
        while True:
            grown = 0
            try:
                look = await self._look(deadline)
                grown = (look.counter if look.counter is not None else before + 1) - before
            except DeviceError as error:
                _log.info("no answer about the page counter: %s", error)
            if grown > 0:
                return replace(result, sheets=result.sheets or grown)
            if limit.passed:
                _log.warning("the printer says completed, its page counter says nothing was printed")
                evidence = {**result.evidence, "pageCounter": before}
                return PrintResult(PrintOutcome.UNCERTAIN, "hardwareError", 0, evidence)
            await pause(self._timings.job_poll, limit)

    async def _blank(self, result: PrintResult, before: int, deadline: Deadline) -> PrintResult:
        """A job that ended without a sheet, unless a printer that counts none for its jobs has let one out."""
        try:
            now = (await self._look(deadline)).counter
        except DeviceError as error:
            _log.info("no answer about the page counter: %s", error)
            return result
        if now is None or now <= before:
            return result
        evidence = {**result.evidence, "pageCounter": now - before}
        return replace(result, outcome=PrintOutcome.UNCERTAIN, sheets=now - before, evidence=evidence)

    async def _try_cancel(self, deadline: Deadline) -> None:
        try:
            job = await self._ours(deadline)
            if job is not None and not job.ended:
                await self._client.cancel(job.job_id, deadline.within(self._timings.step))
        except DeviceError as error:
            _log.info("the job could not be cancelled: %s", error)

    async def _withdraw(self) -> None:
        """The caller has gone: stop the job, best effort."""
        limit = Deadline.after(self._timings.step)
        try:
            jobs = await self._client.named(self._name, limit)
            for job in jobs:
                if not job.ended:
                    await self._client.cancel(job.job_id, limit)
        except DeviceError as error:
            _log.info("the job could not be withdrawn: %s", error)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _best(jobs: list[JobFacts]) -> JobFacts:
    """Of several jobs of one name the one that printed, else the newest."""
    return next((job for job in jobs if job.state is JobState.COMPLETED), jobs[0])
