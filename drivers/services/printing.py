"""What both printers have in common: jobs that print once for ever, and the standard's Printer commands."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import uuid
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final, TypeVar

from config.clock import Deadline
from drivers import crashpoints
from drivers.books.paper import SETTLE, JobStage, Numbered, PaperBook, PaperJob
from drivers.errors import DeviceError, DeviceNotReady, LinkLost, UnsupportedData, UnsupportedOperation
from drivers.ports import Device, PrintOutcome, PrintResult
from drivers.services.base import DeviceService, Identity
from drivers.store import Store
from drivers.supervision import Stage, Supervisor
from drivers.xfs.catalogue import Interface
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import paper_job, printer
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request
from drivers.xfs.words import CompletionCode

log = logging.getLogger("kiosk.devices.printing")

MOTION: Final = crashpoints.register("print.motion", "the job is with the printer; paper may be moving")
LONGEST_S: Final = 180.0
"""How long a job may take when the client sets no limit."""
LEAST_S: Final = 2.0
"""With less time left than this a job is not begun: it would end in doubt."""
REPLY_S: Final = 0.2
"""Kept back from the client's limit, so that the outcome still arrives within it."""
ASK_AGAIN_S: Final = 0.5
"""Between two questions about a job that an earlier program left under way."""
_MOVED_NOTHING: Final = frozenset({"invalidData", "unsupportedData", "unsupportedCommand", "sequenceError"})

P = TypeVar("P", bound=Device)
Print = Callable[[P, Deadline], Awaitable[PrintResult]]


class PrinterService(DeviceService[P]):
    """Base of the receipt and the document printer. Jobs run in the queue, so one key is printed by one job."""

    kind: str
    """``receipt`` or ``document``: the standard's printer type."""
    can_ask = False
    """Whether the printer can tell what became of an earlier job."""
    asking_s = 0.0
    """How long it may take to tell."""
    controls: frozenset[str] = frozenset({"eject"})
    """What happens to every page anyhow; anything else the printer cannot do."""
    form_fields: frozenset[str] = frozenset()
    """What ``PrintForm`` fills in, by the standard's names (``writeForm``); nothing where it is not offered."""
    native = True
    """Whether it takes documents by PrintNative."""
    book_kind: type[PaperBook] = PaperBook

    def __init__(
        self, identity: Identity, supervisor: Supervisor[P], store: Store, interfaces: tuple[Interface, ...]
    ) -> None:
        super().__init__(identity, supervisor, interfaces)
        self.book = self.book_kind(store, identity.name)
        self._printing: str | None = None
        self.offer(paper_job.PRINT, self._print)
        self.offer(paper_job.QUERY, self._query)
        if self.native:
            self.offer(printer.PRINT_NATIVE, self._print_native)
        self.offer(printer.CONTROL_MEDIA, self._control_media)
        self.offer(printer.RESET, self._reset)

    @abstractmethod
    def prepare(self, job: paper_job.PrintIn, printer_name: str) -> Print[P]:
        """How to print the job; raise ``InvalidData`` or ``UnsupportedData`` for what cannot be printed."""

    def prepare_native(self, data: bytes, printer_name: str) -> Print[P]:
        """The same for a document in the printer's own format, where there is one (``native``)."""
        raise UnsupportedOperation("this printer has no document format of its own")

    async def admit(self, job: paper_job.PrintIn, device: P) -> None:
        """What a new key needs besides, with the device at hand; raise ``CommandFailed`` or ``DeviceError``."""

    async def probe(self, device: P, job: PaperJob) -> PrintResult | None:
        """What the printer itself knows of an earlier job; None when it cannot tell."""
        return None

    # -- PaperJob -----------------------------------------------------------------------------------

    async def _print(self, request: Request, job: paper_job.PrintIn) -> paper_job.PrintOut:
        fingerprint = fingerprint_of(job)
        known = await self.book.find(job.job_key)
        if known is not None:
            if known.fingerprint != fingerprint or known.service != self.name:
                why = "this key has printed something else; make a new key for a new job"
                raise CommandFailed(why, "keyReused")
            return _out(await self._joined(request, known))
        name = printer_name(job.name, job.job_key)
        act = self.prepare(job, name)
        _still_time(request)
        with self.supervisor.using() as device:
            await self.admit(job, device)
            entry = PaperJob(job.job_key, self.name, fingerprint, name, numbered=_number_of(job))
            self._printing = job.job_key  # before it can be found: nobody may ask the printer about it yet
            try:
                entry = await self.book.begin(entry, request.client.name)
                result = await self._carry_out(device, act, _limit(request), entry)
                if not _under_way(result):
                    await self.book.finish(job.job_key, result)
            finally:
                self._printing = None
            await self.care.count(**worn(result))
        return _out(await self._joined(request, entry) if _under_way(result) else result)

    async def _carry_out(
        self, device: P, act: Print[P], deadline: Deadline, entry: PaperJob | None = None
    ) -> PrintResult:
        """Print; whatever goes wrong becomes an outcome."""
        try:
            with crashpoints.around(MOTION), self.guiding():
                return await act(device, deadline)
        except DeviceError as error:
            log.warning("%s: a job failed: %s", self.name, error)
            result = outcome_of(error)
        if result.outcome is PrintOutcome.UNCERTAIN and entry is not None:
            return await self._ask_printer(device, entry) or result
        return result

    async def _ask_printer(self, device: P, job: PaperJob) -> PrintResult | None:
        try:
            return await self.probe(device, job)
        except DeviceError as error:
            log.info("%s: the printer cannot be asked about a job: %s", self.name, error)
            return None

    async def _joined(self, request: Request, job: PaperJob) -> PrintResult:
        """The outcome of a known job, waited for while the printer still has it under way.

        Raise ``CommandFailed`` (timeOut, or why it was stopped) when that goes on: it has no outcome yet.
        """
        limit = _limit(request)
        while _under_way(result := await self._truth(job)):
            if request.stopping is not None or (limit.remaining or 0.0) <= self.asking_s:
                why = "the printer still has this job; ask PaperJob.Query what became of it"
                raise CommandFailed(why, generic=request.stopping or CompletionCode.TIME_OUT)
            await asyncio.sleep(ASK_AGAIN_S)
        return result

    async def _truth(self, job: PaperJob) -> PrintResult:
        """The outcome of a known job; one left open or in doubt is asked for again."""
        if job.result is not None and job.result.outcome is not PrintOutcome.UNCERTAIN:
            return job.result
        found = None
        if self.supervisor.watch.stage is Stage.ONLINE:
            with self.supervisor.using() as device:
                found = await self._ask_printer(device, job)
        if found is not None and found.outcome is not PrintOutcome.UNCERTAIN:
            await self.book.finish(job.key, found, SETTLE)
        return found or job.result or PrintResult(PrintOutcome.UNCERTAIN)

    async def connected(self) -> None:
        """After a restart: give every job left open its outcome, without moving any paper.

        One that the printer has forgotten stays in doubt, and is not asked for at every start.
        """
        for job in await self.book.unfinished():
            result = await self._truth(job)
            forgotten = not self.can_ask or "jobKnown" in result.evidence
            if result.outcome is PrintOutcome.UNCERTAIN and forgotten:
                await self.book.finish(job.key, result, SETTLE)
            log.warning("%s: job %s was left open; it is %s", self.name, job.key, result.outcome)

    async def _query(self, request: Request, payload: paper_job.QueryIn) -> paper_job.QueryOut:
        was_printing = self._printing == payload.job_key
        job = await self.book.find(payload.job_key)
        if job is None or job.service != self.name:
            return paper_job.QueryOut(known=False)
        if job.stage is JobStage.BEGUN and self._printing == job.key:
            return paper_job.QueryOut(known=True)
        if job.stage is JobStage.BEGUN and was_printing:  # it ended while the book was read
            job = await self.book.find(job.key) or job
        result = await self._truth(job)
        if _under_way(result):
            return paper_job.QueryOut(known=True)
        return paper_job.QueryOut(
            known=True,
            outcome=result.outcome,
            sheets=result.sheets,
            error_code=result.error_code,
            partly=result.partly or None,
        )

    # -- Printer ------------------------------------------------------------------------------------

    async def _print_native(self, request: Request, payload: printer.PrintNativeIn) -> Nothing:
        self.refuse_controls(payload.media_control)
        if payload.paper_source not in (None, "any", "upper"):
            raise UnsupportedData(f"there is no paper source {payload.paper_source!r}; use 'any'")
        await self.print_now(
            request, self.prepare_native(payload.data, printer_name("native", uuid.uuid4().hex))
        )
        return Nothing()

    async def print_now(self, request: Request, act: Print[P]) -> None:
        """Print without a key, as the standard's commands do; raise ``CommandFailed`` when it did not come out."""
        _still_time(request)
        with self.supervisor.using() as device:
            result = await self._carry_out(device, act, _limit(request))
        await self.care.count(**worn(result))
        if result.outcome is not PrintOutcome.PRINTED:
            raise CommandFailed(f"the document is {result.outcome}", result.error_code)
        request.event(printer.MEDIA_PRESENTED, printer.Presented(wad_index=1, total_wads=1))

    async def _control_media(self, request: Request, payload: printer.ControlMediaIn) -> Nothing:
        self.refuse_controls(payload.media_control)
        raise CommandFailed("every page has already left the printer", "noMediaPresent")

    async def _reset(self, request: Request, payload: printer.ResetIn) -> Nothing:
        if payload.media_control not in (None, "eject"):
            raise UnsupportedData(f"paper cannot go to {payload.media_control!r}; use 'eject'")
        with self.supervisor.using() as device:
            await device.reset(request.deadline.within(LONGEST_S))
        return Nothing()

    def refuse_controls(self, control: printer.MediaControl | None) -> None:
        """Raise ``UnsupportedData`` for anything but what happens to every page."""
        if control is not None and (extra := control.asked() - self.controls):
            raise UnsupportedData(f"this printer cannot {', '.join(sorted(extra))}")

    # -- status -------------------------------------------------------------------------------------

    def class_capabilities(self) -> Mapping[str, object]:
        """Type, controls and paper source."""
        return {
            "printer": {
                "type": {self.kind: True},
                "control": dict.fromkeys(sorted(self.controls), True),
                **self._forms(),
                "paperSources": {"upper": True},
                "mediaPresented": True,
                "mediaTaken": False,
                "acceptMedia": False,
                "dispensePaper": False,
            }
        }

    def _forms(self) -> Mapping[str, object]:
        return {"writeForm": dict.fromkeys(sorted(self.form_fields), True)} if self.form_fields else {}

    def changed(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Supplies that reached a level."""
        old, new = before.get("printer", {}), after.get("printer", {})
        levels = {level.value for level in printer.Threshold}
        for source, level in new.get("paper", {}).items():
            if level in levels and level != old.get("paper", {}).get(source):
                body = printer.PaperThreshold(paper_source=source, threshold=printer.Threshold(level))
                self.broadcast(printer.PAPER_THRESHOLD, body)
                self.by_itself(partial(self.care.sensed, source, level == printer.Threshold.OUT))
        if (toner := new.get("toner")) in levels and toner != old.get("toner"):
            self.broadcast(printer.TONER_THRESHOLD, printer.SupplyThreshold(state=printer.Threshold(toner)))


def _under_way(result: PrintResult) -> bool:
    """Whether the printer still has the job of a program or driver that is no more: there is no outcome yet."""
    return bool(result.evidence.get("underWay"))


def worn(result: PrintResult) -> dict[str, int]:
    """What a job has worn: sheets, and what the driver counted of ``mm`` and ``cuts``."""
    counted = {name: result.evidence.get(name) for name in ("mm", "cuts")}
    return {"sheets": result.sheets} | {name: n for name, n in counted.items() if isinstance(n, int)}


def outcome_of(error: DeviceError) -> PrintResult:
    """What an error says about the paper: only what certainly came before it counts as not printed."""
    early = isinstance(error, DeviceNotReady) and not isinstance(error, LinkLost)
    code = error.code or (error.completion if early else None)
    if early or error.completion in _MOVED_NOTHING:
        return PrintResult(PrintOutcome.NOT_PRINTED, code or error.completion)
    return PrintResult(PrintOutcome.UNCERTAIN, code)


def fingerprint_of(job: paper_job.PrintIn) -> str:
    """A digest of what is printed, so that a key cannot be used for something else."""
    parts = job.receipt if job.invoice is None else job.invoice.wire()
    body = job.data or json.dumps(parts, sort_keys=True, ensure_ascii=False).encode("utf-8")
    return hashlib.sha256(f"{job.format}:{job.copies}:".encode() + body).hexdigest()


def _number_of(job: paper_job.PrintIn) -> Numbered | None:
    sheet = job.invoice
    return None if sheet is None else Numbered(sheet.form, sheet.code, sheet.number)


def printer_name(name: str, key: str) -> str:
    """A job name that is unique and plain ASCII, for the printer's own list."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:32] or "job"
    return f"{plain}-{key}"


def _out(result: PrintResult) -> paper_job.PrintOut:
    return paper_job.PrintOut(
        outcome=result.outcome,
        sheets=result.sheets,
        error_code=result.error_code,
        partly=result.partly or None,
    )


def _still_time(request: Request) -> None:
    """End here, with nothing moved, when there is no time left or nobody wants the job any more."""
    remaining = request.deadline.remaining
    if request.stopping is not None:
        raise CommandFailed("stopped before anything was printed", generic=request.stopping)
    if remaining is not None and remaining < LEAST_S:
        raise CommandFailed("too little time left to print", generic=CompletionCode.TIME_OUT)


def _limit(request: Request) -> Deadline:
    remaining = request.deadline.remaining
    return Deadline.after(LONGEST_S if remaining is None else remaining - REPLY_S)
