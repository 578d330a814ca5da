"""What the document printer's driver asks of a printer, in jobs and facts instead of attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyipp.enums import IppOperation, IppStatus

from config.clock import Deadline
from drivers.errors import ProtocolError
from drivers.protocols import ipp_attributes
from drivers.protocols.ipp_message import JOB_GROUP, PRINTER_GROUP
from drivers.protocols.ipp_truth import JobFacts, PrinterFacts
from drivers.transports.ipp import Attributes, IppLink, IppRefused

_NOTHING_TO_CANCEL: Final = (IppStatus.ERROR_NOT_POSSIBLE, IppStatus.ERROR_NOT_FOUND, IppStatus.ERROR_GONE)
_JOB: Final = [
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-media-sheets-completed",
    "job-impressions-completed",
    "time-at-creation",
]
_PRINTER: Final = [
    "printer-state",
    "printer-state-reasons",
    "printer-up-time",
    "printer-make-and-model",
    "printer-is-accepting-jobs",
    "printer-media-sheets-completed",
    "printer-impressions-completed",
]


@dataclass(frozen=True, slots=True)
class PrinterLook:
    """A printer's facts, and the total of its own page counter when it has one."""

    facts: PrinterFacts
    counter: int | None


class IppClient:
    """The questions to one printer; raises what ``IppLink.ask`` raises."""

    def __init__(self, link: IppLink, options: Attributes) -> None:
        self._link = link
        self._options = dict(options)

    async def printer(self, deadline: Deadline) -> PrinterLook:
        """How the printer is.

        Raise what ``IppLink.ask`` does, and ``ProtocolError`` for an answer without its state.
        """
        asked: Attributes = {"requested-attributes": _PRINTER}
        answer = await self._link.ask(IppOperation.GET_PRINTER_ATTRIBUTES, asked, deadline)
        for group in answer.group(PRINTER_GROUP):
            facts = ipp_attributes.printer(group)
            if facts is not None:
                counter = ipp_attributes.integer(group.get("printer-media-sheets-completed"))
                if counter is None:
                    counter = ipp_attributes.integer(group.get("printer-impressions-completed"))
                return PrinterLook(facts, counter)
        raise ProtocolError("the printer does not say how it is; check that it speaks IPP")

    async def send(self, name: str, pdf: bytes, copies: int, deadline: Deadline) -> int:
        """Hand a document over; the job's number at the printer.

        Raise what ``IppLink.ask`` does, and ``ProtocolError`` for an answer without a number.
        """
        head: Attributes = {
            "job-name": name,
            "document-format": "application/pdf",
            # Refuse rather than print something else than asked for (one copy of two).
            "ipp-attribute-fidelity": True,
        }
        job: Attributes = {"copies": copies, **self._options}
        answer = await self._link.ask(IppOperation.PRINT_JOB, head, deadline, job=job, document=pdf)
        for group in answer.group(JOB_GROUP):
            number = ipp_attributes.integer(group.get("job-id"))
            if number is not None:
                return number
        raise ProtocolError("the printer took the document and named no job")

    async def job(self, number: int, deadline: Deadline) -> JobFacts:
        """What has become of a job.

        Raise what ``IppLink.ask`` does, and ``ProtocolError`` for an answer about another.
        """
        asked: Attributes = {"job-id": number, "requested-attributes": _JOB}
        answer = await self._link.ask(IppOperation.GET_JOB_ATTRIBUTES, asked, deadline)
        for group in answer.group(JOB_GROUP):
            facts = ipp_attributes.job(group)
            if facts is not None and facts.job_id == number:
                return facts
        raise ProtocolError("the printer does not say what became of the job")

    async def known(self, deadline: Deadline) -> list[JobFacts]:
        """All jobs the printer still knows, whosever they are, the newest first."""
        found: dict[int, JobFacts] = {}
        for which in ("not-completed", "completed"):
            asked: Attributes = {"which-jobs": which, "my-jobs": False, "requested-attributes": _JOB}
            answer = await self._link.ask(IppOperation.GET_JOBS, asked, deadline)
            jobs = (ipp_attributes.job(group) for group in answer.group(JOB_GROUP))
            found |= {job.job_id: job for job in jobs if job is not None}
        return sorted(found.values(), key=lambda job: job.job_id, reverse=True)

    async def named(self, name: str, deadline: Deadline) -> list[JobFacts]:
        """Those of that name."""
        return [job for job in await self.known(deadline) if job.name == name]

    async def open_jobs(self, deadline: Deadline) -> list[int]:
        """The numbers of our own jobs that have not ended."""
        asked: Attributes = {"which-jobs": "not-completed", "my-jobs": True, "requested-attributes": _JOB}
        answer = await self._link.ask(IppOperation.GET_JOBS, asked, deadline)
        jobs = (ipp_attributes.job(group) for group in answer.group(JOB_GROUP))
        return [job.job_id for job in jobs if job is not None and not job.ended]

    async def cancel(self, number: int, deadline: Deadline) -> None:
        """Ask for a job to be stopped; one that has ended or is stopping needs no more (RFC 8011, 4.3.3)."""
        try:
            await self._link.ask(IppOperation.CANCEL_JOB, {"job-id": number}, deadline)
        except IppRefused as refusal:
            if refusal.status not in _NOTHING_TO_CANCEL:
                raise
