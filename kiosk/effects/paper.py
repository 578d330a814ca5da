"""Printing: the device program journals each job by our key, so that the same sheet never comes out twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from drivers.client.errors import DeviceClientError
from drivers.ports import PrintOutcome, PrintResult
from kiosk.effects.base import UNREACHABLE_S, Job, Means, Owed, StillInDoubt, Tell, register
from kiosk.flow.effects import COPIES_SPENT
from sync.errors import BureauRejected, SyncError


class _Paper:
    """What both printers share: ask the device program for the job's truth by key."""

    role: ClassVar[str]
    max_doubt_s: ClassVar[float] = 300.0
    resolver: ClassVar[str] = "the technician at the cabinet"

    async def probe(self, means: Means, job: Job) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """A job the device program never began was not printed; one it cannot tell of is *not delivered*."""
        try:
            result = await means.devices.print_result(self.role, job.key)
        except DeviceClientError as error:
            raise StillInDoubt(self.resolver, UNREACHABLE_S) from error
        outcome = _outcome(result or PrintResult(PrintOutcome.NOT_PRINTED), job)
        return outcome, self.owes(job, outcome)

    def owes(self, job: Job, outcome: Mapping[str, Any]) -> Sequence[Owed]:
        """Nothing, unless the paper has a life at the centre."""
        return ()


@register
class PrintDocument(_Paper):
    """``body``: number, pages, and copy when an earlier job's copy is printed now.

    The centre gives each copy its number and marks every one behind the first; it learns what came out.
    """

    kinds: ClassVar[tuple[str, ...]] = ("print",)
    role: ClassVar[str] = "documentPrinter"

    async def act(self, means: Means, job: Job, tell: Tell) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """Fetch the sealed file as it is and print it under our key."""
        try:
            pdf = await means.centre.document(str(job.data["number"]), _copy(job))
        except BureauRejected as error:
            said = (
                {"error": COPIES_SPENT, "texts": error.problem.get("texts")}
                if error.code == "copies-spent"
                else {}
            )
            outcome: Mapping[str, Any] = {
                "outcome": "notPrinted",
                "error": "unreachable",
                "key": job.key,
                **said,
            }
            return outcome, self.owes(job, outcome)
        except SyncError:
            outcome = {"outcome": "notPrinted", "error": "unreachable", "key": job.key}
            return outcome, self.owes(job, outcome)
        tell({"progress": 0.3})
        try:
            result = await means.devices.print_pdf(job.key, str(job.data["number"]), pdf)
        except DeviceClientError:
            return await self.probe(means, job)
        outcome = _outcome(result, job)
        return outcome, self.owes(job, outcome)

    async def probe(self, means: Means, job: Job) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """The device program's word for the job."""
        return await super().probe(means, job)

    def owes(self, job: Job, outcome: Mapping[str, Any]) -> Sequence[Owed]:
        """``certificate.printed``."""
        data = {"number": job.data["number"], "outcome": outcome["outcome"], "job": _copy(job)}
        return (Owed("certificate.printed", data),)


@register
class PrintSlip(_Paper):
    """``body``: receipt blocks. A slip in doubt is not worth a second one by itself."""

    kinds: ClassVar[tuple[str, ...]] = ("slip",)
    role: ClassVar[str] = "receiptPrinter"

    async def act(self, means: Means, job: Job, tell: Tell) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """Print under our key."""
        try:
            return _outcome(await means.devices.print_slip(job.key, job.data["blocks"]), job), ()
        except DeviceClientError:
            return await self.probe(means, job)

    async def probe(self, means: Means, job: Job) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """The device program's word for the job."""
        return await super().probe(means, job)


def _copy(job: Job) -> str:
    """The key under which the centre gives out the copy."""
    return str(job.data.get("copy") or job.key)


def _outcome(result: PrintResult, job: Job) -> Mapping[str, Any]:
    return {
        "outcome": str(result.outcome),
        "error": result.error_code,
        "sheets": result.sheets,
        "key": job.key,
        **({"partly": True} if result.partly else {}),
    }
